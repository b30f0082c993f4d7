#include "core/model/linear.hpp"

#include <algorithm>

namespace mmm {

LinearPredictor::LinearPredictor(const Design& design, const std::function<bool(int term)>& use)
    : kernels_(&kernels()), periods_(design.n_periods), geos_(design.n_geos), over_periods_(Vec::Zero(design.n_periods)) {
    Eigen::Index most = 0;
    for (const auto& block : design.blocks) {
        LinearBlock kept{block.by_row, block.by_geo, Mat(block.columns.rows(), block.columns.cols()), {}, {}};
        Eigen::Index n = 0;
        for (std::size_t c = 0; c < block.term.size(); ++c) {
            if (!use(block.term[c])) continue;
            kept.columns.col(n++) = block.columns.col(static_cast<Eigen::Index>(c));
            kept.term.push_back(block.term[c]);
            kept.parameter.push_back(block.parameter[c]);
        }
        if (n == 0) continue;
        kept.columns.conservativeResize(Eigen::NoChange, n);
        most = std::max(most, n);
        blocks_.push_back(std::move(kept));
    }
    coefficients_ = Vec::Zero(most);
}

void LinearPredictor::gather(const LinearBlock& block, ConstVecRef parameters, Eigen::Index geo) {
    const Eigen::Index offset = block.by_geo ? geo : 0;
    for (std::size_t c = 0; c < block.parameter.size(); ++c)
        coefficients_[static_cast<Eigen::Index>(c)] = parameters[block.parameter[c] + offset];
}

void LinearPredictor::scatter(const LinearBlock& block, Eigen::Index geo, VecRef d_parameters) const {
    const Eigen::Index offset = block.by_geo ? geo : 0;
    for (std::size_t c = 0; c < block.parameter.size(); ++c)
        d_parameters[block.parameter[c] + offset] += coefficients_[static_cast<Eigen::Index>(c)];
}

// Columns times the coefficients that were gathered, added to `out`, for the rows of one geo or all of a panel.
void LinearPredictor::multiply(const LinearBlock& block, Eigen::Index first_row, Eigen::Index rows, double* out) const {
    const Mat& x = block.columns;
    kernels_->multiply(x.data() + first_row, x.rows(), rows, x.cols(), coefficients_.data(), out);
}

void LinearPredictor::multiply_transposed(const LinearBlock& block, Eigen::Index first_row, Eigen::Index rows, const double* d) {
    const Mat& x = block.columns;
    kernels_->multiply_transposed(x.data() + first_row, x.rows(), rows, x.cols(), d, coefficients_.data());
}

void LinearPredictor::forward(ConstVecRef parameters, VecRef mean) {
    for (const auto& block : blocks_) {
        if (!block.by_geo) gather(block, parameters, 0);
        if (!block.by_geo && block.by_row) {
            multiply(block, 0, mean.size(), mean.data());
            continue;
        }
        if (!block.by_geo) {
            over_periods_.setZero();
            multiply(block, 0, periods_, over_periods_.data());
        }
        for (Eigen::Index g = 0; g < geos_; ++g) {
            double* rows = mean.data() + g * periods_;
            if (!block.by_geo) {
                kernels_->add_scaled(1, over_periods_.data(), periods_, rows);
                continue;
            }
            gather(block, parameters, g);
            multiply(block, block.by_row ? g * periods_ : 0, periods_, rows);
        }
    }
}

void LinearPredictor::reverse(ConstVecRef d_mean, VecRef d_parameters) {
    for (const auto& block : blocks_) {
        if (block.by_geo) {
            for (Eigen::Index g = 0; g < geos_; ++g) {
                multiply_transposed(block, block.by_row ? g * periods_ : 0, periods_, d_mean.data() + g * periods_);
                scatter(block, g, d_parameters);
            }
            continue;
        }
        if (block.by_row) {
            multiply_transposed(block, 0, d_mean.size(), d_mean.data());
        } else {
            over_periods_ = d_mean.head(periods_);
            for (Eigen::Index g = 1; g < geos_; ++g) kernels_->add_scaled(1, d_mean.data() + g * periods_, periods_, over_periods_.data());
            multiply_transposed(block, 0, periods_, over_periods_.data());
        }
        scatter(block, 0, d_parameters);
    }
}

}  // namespace mmm
