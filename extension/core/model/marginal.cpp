#include "core/model/marginal.hpp"

#include <array>
#include <cmath>

#include "core/model/constrain.hpp"

namespace mmm {

namespace {

bool may_leave(const Parameter& parameter) {
    return parameter.prior.family == PriorFamily::normal && !parameter.hierarchical() && is_whole_line(parameter.support);
}

// So that no column ends inside a register.
Eigen::Index whole_registers(Eigen::Index n) { return (n + 7) / 8 * 8; }

int parameter_count(const Design& design) {
    int most = 0;
    for (const auto& block : design.blocks)
        for (const int p : block.parameter) most = std::max(most, p + (block.by_geo ? static_cast<int>(design.n_geos) : 1));
    return most;
}

}  // namespace

Mat dense_columns(const Design& design, const std::vector<int>& parameters, const StopFlag& stop) {
    std::vector<Eigen::Index> position(static_cast<std::size_t>(parameter_count(design)), -1);
    for (std::size_t i = 0; i < parameters.size(); ++i) position[static_cast<std::size_t>(parameters[i])] = static_cast<Eigen::Index>(i);
    Mat x = Mat::Zero(design.rows(), static_cast<Eigen::Index>(parameters.size()));
    const Eigen::Index periods = design.n_periods;
    for (const auto& block : design.blocks)
        for (std::size_t c = 0; c < block.parameter.size(); ++c) {
            stop_if_asked(stop);
            const auto column = block.columns.col(static_cast<Eigen::Index>(c));
            for (Eigen::Index g = 0; g < design.n_geos; ++g) {
                const Eigen::Index to = position[static_cast<std::size_t>(block.parameter[c] + (block.by_geo ? g : 0))];
                if (to < 0) continue;
                const auto weight = design.weight.segment(g * periods, periods);
                const auto values = block.by_row ? column.segment(g * periods, periods) : column.head(periods);
                x.col(to).segment(g * periods, periods) = values.cwiseProduct(weight);
            }
        }
    return x;
}

MarginalBlock make_marginal_block(const Layout& layout, const Design& design, const StopFlag& stop) {
    MarginalBlock block;
    for (const auto& term : layout.terms) {
        // The baseline geo's deviation is fixed among free ones.
        const Parameter& first = layout.at(term.coefficient.first);
        const bool skip = term.coefficient.by_geo && !first.sampled() && layout.geos > 1;
        const bool varies = layout.intercept_varies() && &term == &layout.terms.front();
        const bool leaves = !varies && may_leave(skip ? layout.at(term.coefficient.first + 1) : first);
        block.term.push_back(leaves);
        for (int g = 0; leaves && g < (term.coefficient.by_geo ? layout.geos : 1); ++g)
            if (layout.at(term.coefficient.first + g).sampled()) block.parameter.push_back(term.coefficient.first + g);
    }
    if (block.empty()) return block;
    const Mat x = dense_columns(design, block.parameter, stop);
    block.prior_mean.resize(block.size());
    Vec scale(block.size());
    for (Eigen::Index i = 0; i < block.size(); ++i) {
        const Prior& prior = layout.at(block.parameter[static_cast<std::size_t>(i)]).prior;
        block.prior_mean[i] = prior.p[0];
        scale[i] = prior.p[1];
    }
    stop_if_asked(stop);
    Mat product = Mat::Zero(x.cols(), x.cols());
    constexpr Eigen::Index at_once = 64;
    for (Eigen::Index first = 0; first < x.cols(); first += at_once) {
        stop_if_asked(stop);
        const Eigen::Index n = std::min(at_once, x.cols() - first);
        product.middleCols(first, n).noalias() = x.transpose() * x.middleCols(first, n);
    }
    const Eigen::SelfAdjointEigenSolver<Mat> eigen(scale.asDiagonal() * product * scale.asDiagonal());
    block.eigenvalue = eigen.eigenvalues().cwiseMax(0);
    block.map = Mat::Zero(whole_registers(block.size()), block.size());
    block.map.topRows(block.size()) = scale.asDiagonal() * eigen.eigenvectors();
    block.offset = Vec::Zero(design.rows());
    Vec parameters = Vec::Zero(layout.size());
    for (Eigen::Index i = 0; i < block.size(); ++i) parameters[block.parameter[static_cast<std::size_t>(i)]] = block.prior_mean[i];
    LinearPredictor(design, [&](int term) { return block.term[static_cast<std::size_t>(term)]; }).forward(parameters, block.offset);
    return block;
}

MarginalLikelihood::MarginalLikelihood(const MarginalBlock& block, const Design& design)
    : block_(block),
      design_(design),
      kernels_(&kernels()),
      predictor_(design, [&](int term) { return block.term[static_cast<std::size_t>(term)]; }),
      all_parameters_(Vec::Zero(parameter_count(design))),
      scores_(Vec::Zero(block.map.rows())),
      coefficients_(scores_),
      fitted_(Vec::Zero(design.rows())),
      fitted_rows_(design.weight.sum()),
      all_fitted_((design.weight.array() == 1).all()) {
    if (!block.offset.isZero(0)) offset_ = block.offset.cwiseProduct(design.weight);
}

// scores_ = X' (r - X m); fitted_ becomes r - X m
void MarginalLikelihood::score(ConstVecRef residual) {
    fitted_ = residual;
    if (offset_.size() > 0) fitted_ -= offset_;
    all_parameters_.setZero();
    predictor_.reverse(fitted_, all_parameters_);
    for (Eigen::Index i = 0; i < block_.size(); ++i) scores_[i] = all_parameters_[block_.parameter[static_cast<std::size_t>(i)]];
}

// coefficients_ = V^1/2 U q with q_i = each(i, p_i), p = U' V^1/2 scores_. A few columns at a time, which are then still at hand.
template <typename Each>
void MarginalLikelihood::map_through(Each&& each) {
    constexpr Eigen::Index at_once = 8;
    const Eigen::Index n = block_.map.rows();
    coefficients_.setZero();
    for (Eigen::Index first = 0; first < block_.size(); first += at_once) {
        const Eigen::Index columns = std::min(at_once, block_.size() - first);
        const double* map = block_.map.col(first).data();
        std::array<double, at_once> p;
        kernels_->multiply_transposed(map, n, n, columns, scores_.data(), p.data());
        for (Eigen::Index i = 0; i < columns; ++i) p[static_cast<std::size_t>(i)] = each(first + i, p[static_cast<std::size_t>(i)]);
        kernels_->multiply(map, n, n, columns, p.data(), coefficients_.data());
    }
}

double MarginalLikelihood::evaluate(ConstVecRef residual, double sigma, VecRef d_mean, double& d_sigma) {
    score(residual);
    const double variance = sigma * sigma;
    double squares = kernels_->dot(fitted_.data(), fitted_.data(), fitted_.size()), log_terms = 0, trace = fitted_rows_;
    map_through([&](Eigen::Index i, double p) {
        const double d = block_.eigenvalue[i], inverse = 1 / (variance + d);
        squares -= p * p * inverse;
        log_terms += std::log1p(d / variance);
        trace -= d * inverse;
        return p * inverse;
    });
    all_parameters_.setZero();
    for (Eigen::Index i = 0; i < block_.size(); ++i) all_parameters_[block_.parameter[static_cast<std::size_t>(i)]] = coefficients_[i];
    d_mean.setZero();
    predictor_.forward(all_parameters_, d_mean);
    if (!all_fitted_) d_mean = d_mean.cwiseProduct(design_.weight);
    kernels_->combine(1 / variance, fitted_.data(), -1 / variance, d_mean.data(), d_mean.size(), d_mean.data());
    d_sigma += sigma * kernels_->dot(d_mean.data(), d_mean.data(), d_mean.size()) - trace / sigma;
    return -fitted_rows_ * std::log(sigma) - 0.5 * log_terms - 0.5 * squares / variance;
}

void MarginalLikelihood::draw(ConstVecRef residual, double sigma, RandomStream& random, VecRef parameters) {
    score(residual);
    const double variance = sigma * sigma;
    map_through([&](Eigen::Index i, double p) {
        const double both = variance + block_.eigenvalue[i];
        return p / both + random.normal() * sigma / std::sqrt(both);
    });
    for (Eigen::Index i = 0; i < block_.size(); ++i)
        parameters[block_.parameter[static_cast<std::size_t>(i)]] = block_.prior_mean[i] + coefficients_[i];
}

}  // namespace mmm
