#include "core/model/linear.hpp"

#include <algorithm>

namespace mmm {

LinearPredictor::LinearPredictor(const Design& design, const std::function<bool(int term)>& use)
    : periods_(design.n_periods), geos_(design.n_geos), over_periods_(Vec::Zero(design.n_periods)) {
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

void LinearPredictor::forward(ConstVecRef parameters, VecRef mean) {
    for (const auto& block : blocks_) {
        auto head = coefficients_.head(block.columns.cols());
        if (!block.by_geo) {
            gather(block, parameters, 0);
            if (block.by_row) {
                mean.noalias() += block.columns * head;
                continue;
            }
            over_periods_.noalias() = block.columns * head;
            for (Eigen::Index g = 0; g < geos_; ++g) mean.segment(g * periods_, periods_) += over_periods_;
            continue;
        }
        for (Eigen::Index g = 0; g < geos_; ++g) {
            gather(block, parameters, g);
            auto rows = mean.segment(g * periods_, periods_);
            if (block.by_row) rows.noalias() += block.columns.middleRows(g * periods_, periods_) * head;
            else rows.noalias() += block.columns * head;
        }
    }
}

void LinearPredictor::reverse(ConstVecRef d_mean, VecRef d_parameters) {
    for (const auto& block : blocks_) {
        auto head = coefficients_.head(block.columns.cols());
        if (!block.by_geo) {
            if (block.by_row) {
                head.noalias() = block.columns.transpose() * d_mean;
            } else {
                over_periods_ = d_mean.head(periods_);
                for (Eigen::Index g = 1; g < geos_; ++g) over_periods_ += d_mean.segment(g * periods_, periods_);
                head.noalias() = block.columns.transpose() * over_periods_;
            }
            scatter(block, 0, d_parameters);
            continue;
        }
        for (Eigen::Index g = 0; g < geos_; ++g) {
            const auto rows = d_mean.segment(g * periods_, periods_);
            if (block.by_row) head.noalias() = block.columns.middleRows(g * periods_, periods_).transpose() * rows;
            else head.noalias() = block.columns.transpose() * rows;
            scatter(block, g, d_parameters);
        }
    }
}

}  // namespace mmm
