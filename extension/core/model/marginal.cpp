#include "core/model/marginal.hpp"

#include <cmath>

#include "core/model/constrain.hpp"

namespace mmm {

namespace {

bool may_leave(const Parameter& parameter) {
    return parameter.prior.family == PriorFamily::normal && !parameter.hierarchical() && is_whole_line(parameter.support);
}

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
    block.map = scale.asDiagonal() * eigen.eigenvectors();
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
      projected_(Vec::Zero(block.size())),
      shrunk_(projected_),
      fitted_(Vec::Zero(design.rows())),
      fitted_rows_(design.weight.sum()),
      all_fitted_((design.weight.array() == 1).all()) {
    if (!block.offset.isZero(0)) offset_ = block.offset.cwiseProduct(design.weight);
}

// p = U' V^1/2 X' (r - X m); fitted_ becomes r - X m
void MarginalLikelihood::project(ConstVecRef residual) {
    fitted_ = residual;
    if (offset_.size() > 0) fitted_ -= offset_;
    all_parameters_.setZero();
    predictor_.reverse(fitted_, all_parameters_);
    for (Eigen::Index i = 0; i < block_.size(); ++i) shrunk_[i] = all_parameters_[block_.parameter[static_cast<std::size_t>(i)]];
    kernels_->multiply_transposed(block_.map.data(), block_.map.rows(), block_.map.rows(), block_.map.cols(), shrunk_.data(), projected_.data());
}

// shrunk_ = V^1/2 U projected_
void MarginalLikelihood::map_back() {
    shrunk_.setZero();
    kernels_->multiply(block_.map.data(), block_.map.rows(), block_.map.rows(), block_.map.cols(), projected_.data(), shrunk_.data());
}

double MarginalLikelihood::evaluate(ConstVecRef residual, double sigma, VecRef d_mean, double& d_sigma) {
    project(residual);
    const double variance = sigma * sigma;
    double squares = kernels_->dot(fitted_.data(), fitted_.data(), fitted_.size()), log_terms = 0, trace = fitted_rows_;
    for (Eigen::Index i = 0; i < block_.size(); ++i) {
        const double d = block_.eigenvalue[i];
        projected_[i] /= variance + d;
        squares -= projected_[i] * projected_[i] * (variance + d);
        log_terms += std::log1p(d / variance);
        trace -= d / (variance + d);
    }
    map_back();
    all_parameters_.setZero();
    for (Eigen::Index i = 0; i < block_.size(); ++i) all_parameters_[block_.parameter[static_cast<std::size_t>(i)]] = shrunk_[i];
    d_mean.setZero();
    predictor_.forward(all_parameters_, d_mean);
    if (!all_fitted_) d_mean = d_mean.cwiseProduct(design_.weight);
    kernels_->combine(1 / variance, fitted_.data(), -1 / variance, d_mean.data(), d_mean.size(), d_mean.data());
    d_sigma += sigma * kernels_->dot(d_mean.data(), d_mean.data(), d_mean.size()) - trace / sigma;
    return -fitted_rows_ * std::log(sigma) - 0.5 * log_terms - 0.5 * squares / variance;
}

void MarginalLikelihood::draw(ConstVecRef residual, double sigma, RandomStream& random, VecRef parameters) {
    project(residual);
    const double variance = sigma * sigma;
    for (Eigen::Index i = 0; i < block_.size(); ++i) {
        const double d = block_.eigenvalue[i];
        projected_[i] = projected_[i] / (variance + d) + random.normal() * sigma / std::sqrt(variance + d);
    }
    map_back();
    for (Eigen::Index i = 0; i < block_.size(); ++i)
        parameters[block_.parameter[static_cast<std::size_t>(i)]] = block_.prior_mean[i] + shrunk_[i];
}

}  // namespace mmm
