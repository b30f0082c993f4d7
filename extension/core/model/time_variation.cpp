#include "core/model/time_variation.hpp"

#include <cmath>
#include <numbers>

namespace mmm {

namespace {

double softplus(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }

double logistic_of(double x) { return x > 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x)); }

}  // namespace

VariationBasis make_variation_basis(int basis, Eigen::Index history, Eigen::Index periods) {
    VariationBasis result;
    result.history = history;
    const double half = std::max(0.5, 0.5 * static_cast<double>(history - 1)), boundary = 2 * half;
    result.frequency = std::numbers::pi / (2 * boundary) * Vec::LinSpaced(basis, 1, basis);
    result.phi.resize(periods, basis);
    for (Eigen::Index t = 0; t < periods; ++t) {
        // Beyond the boundary the process has its mean; the sines would start again.
        const double at = std::min(static_cast<double>(t) - half, boundary);
        result.phi.row(t) = (result.frequency.array() * (at + boundary)).sin().matrix().transpose() / std::sqrt(boundary);
    }
    return result;
}

TimeVariation::TimeVariation(const VariationPosition& position, const VariationBasis& basis)
    : position_(position),
      basis_(&basis),
      root_density_(Vec::Zero(position.basis)),
      f_(Vec::Zero(basis.phi.rows())),
      soft_(f_),
      value_(f_),
      d_f_(f_),
      d_coefficient_(Vec::Zero(position.basis)) {}

void TimeVariation::forward(ConstVecRef parameters) {
    const double a = parameters[position_.amplitude], l = parameters[position_.lengthscale];
    const double front = a * std::sqrt(16 * std::pow(5, 2.5) / (3 * std::pow(l, 5)));
    root_density_ = front * (5 / (l * l) + basis_->frequency.array().square()).pow(-1.5);
    d_coefficient_ = root_density_.cwiseProduct(parameters.segment(position_.first, position_.basis));
    f_.noalias() = basis_->phi * d_coefficient_;
    if (position_.form == VariationForm::additive) {
        mean_ = f_.head(basis_->history).mean();
        value_ = f_.array() - mean_;
        return;
    }
    soft_ = f_.unaryExpr(&softplus);
    mean_ = soft_.head(basis_->history).mean();
    value_ = soft_ / mean_;
}

void TimeVariation::reverse(ConstVecRef d_value, ConstVecRef parameters, VecRef d_parameters) {
    const auto n = static_cast<double>(basis_->history);
    if (position_.form == VariationForm::additive) {
        d_f_ = d_value;
        d_f_.head(basis_->history).array() -= d_value.sum() / n;
    } else {
        d_f_ = d_value / mean_;
        d_f_.head(basis_->history).array() -= d_value.dot(soft_) / (mean_ * mean_ * n);
        d_f_ = d_f_.cwiseProduct(f_.unaryExpr(&logistic_of));
    }
    d_coefficient_.noalias() = basis_->phi.transpose() * d_f_;
    const double a = parameters[position_.amplitude], l = parameters[position_.lengthscale];
    double d_log_a = 0, d_log_l = 0;
    for (Eigen::Index j = 0; j < d_coefficient_.size(); ++j) {
        const double w = basis_->frequency[j], z = parameters[position_.first + j];
        d_parameters[position_.first + j] += d_coefficient_[j] * root_density_[j];
        const double d_log_root = d_coefficient_[j] * root_density_[j] * z;
        d_log_a += d_log_root;
        d_log_l += d_log_root * (-2.5 + 15 / (l * l) / (5 / (l * l) + w * w));
    }
    d_parameters[position_.amplitude] += d_log_a / a;
    d_parameters[position_.lengthscale] += d_log_l / l;
}

}  // namespace mmm
