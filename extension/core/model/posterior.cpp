#include "core/model/posterior.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include <boost/math/special_functions/digamma.hpp>

#include "core/limits.hpp"
#include "core/model/constrain.hpp"

namespace mmm {

namespace {

constexpr double start_range = 5;

}  // namespace

double media_coefficient(EffectKind kind, double effect, double outcome, double spend_total, double outcome_total) {
    switch (kind) {
        case EffectKind::roi: return effect * spend_total / outcome;
        case EffectKind::contribution: return effect * outcome_total / outcome;
        case EffectKind::coefficient: break;
    }
    return effect;
}

Posterior::Posterior(const PosteriorData& data, Jacobian jacobian, const StopFlag* stop) : data_(data), jacobian_(jacobian) {
    const Eigen::Index n = data.design.periods();
    parameters_ = Vec::Zero(data.layout.size());
    d_parameters_ = parameters_;
    for (int i = 0; i < data.layout.size(); ++i) {
        const auto& parameter = data.layout.parameters[static_cast<std::size_t>(i)];
        if (!parameter.sampled()) parameters_[i] = parameter.prior.p[0];
    }
    slope_ = Vec::Zero(static_cast<Eigen::Index>(data.transformed.size()));
    d_log_jacobian_ = slope_;
    gamma_ = Vec::Zero(static_cast<Eigen::Index>(data.whitened.size()));
    mean_ = residual_ = d_mean_ = d_response_ = Vec::Zero(n);
    for (const auto& medium : data.spec.media) {
        media_.emplace_back(medium, n);
        media_.back().stop = stop;
    }
    coefficient_ = outcome_ = Vec::Zero(static_cast<Eigen::Index>(media_.size()));
}

void Posterior::to_parameters(ConstVecRef u) {
    const auto n_whitened = static_cast<Eigen::Index>(data_.whitened.size());
    gamma_ = data_.center;
    gamma_.noalias() += data_.factor.triangularView<Eigen::Upper>() * u.head(n_whitened);
    for (Eigen::Index j = 0; j < n_whitened; ++j) parameters_[data_.whitened[static_cast<std::size_t>(j)]] = gamma_[j];
    log_jacobian_ = 0;
    for (std::size_t j = 0; j < data_.transformed.size(); ++j) {
        const int index = data_.transformed[j];
        const auto k = static_cast<Eigen::Index>(j);
        const Interval& support = data_.layout.parameters[static_cast<std::size_t>(index)].support;
        const double softness = data_.softness[k];
        const Constrained c = softness > 0 ? constrain_softly(support, softness, u[n_whitened + k])
                                           : mmm::constrain(support, u[n_whitened + k]);
        parameters_[index] = c.value;
        slope_[k] = c.slope;
        d_log_jacobian_[k] = c.d_log_jacobian;
        log_jacobian_ += c.log_jacobian;
    }
}

void Posterior::to_gradient(VecRef gradient) {
    const auto n_whitened = static_cast<Eigen::Index>(data_.whitened.size());
    for (Eigen::Index j = 0; j < n_whitened; ++j) gamma_[j] = d_parameters_[data_.whitened[static_cast<std::size_t>(j)]];
    gradient.head(n_whitened).noalias() = data_.factor.triangularView<Eigen::Upper>().transpose() * gamma_;
    for (std::size_t j = 0; j < data_.transformed.size(); ++j) {
        const auto k = static_cast<Eigen::Index>(j);
        gradient[n_whitened + k] = d_parameters_[data_.transformed[j]] * slope_[k] +
                                   (jacobian_ == Jacobian::include ? d_log_jacobian_[k] : 0);
    }
}

double Posterior::add_priors() {
    double sum = 0, derivative = 0;
    for (const auto* list : {&data_.whitened, &data_.transformed}) {
        for (const int index : *list) {
            sum += prior_log_density(data_.layout.parameters[static_cast<std::size_t>(index)].prior, parameters_[index],
                                     derivative);
            d_parameters_[index] += derivative;
        }
    }
    return sum;
}

// To be called with the response known: the coefficient, and its parameter where that is sampled through the contribution.
void Posterior::set_coefficient(std::size_t m) {
    const auto k = static_cast<Eigen::Index>(m);
    double& effect = parameters_[data_.layout.media[m].effect];
    const EffectKind kind = data_.spec.media[m].effect;
    if (const int coordinate = data_.contribution_coordinate[m]; coordinate >= 0) {
        outcome_[k] = media_[m].response.sum();
        effect /= outcome_[k];
        slope_[coordinate] /= outcome_[k];
        log_jacobian_ -= std::log(outcome_[k]);
    } else if (kind != EffectKind::coefficient) {
        outcome_[k] = media_[m].response.dot(data_.design.revenue_of(kind));
    }
    coefficient_[k] = media_coefficient(kind, effect, outcome_[k], data_.design.spend_total[k], data_.design.outcome_total);
}

void Posterior::forward() {
    mean_.noalias() = data_.design.linear * parameters_.head(data_.layout.linear);
    for (std::size_t m = 0; m < media_.size(); ++m) {
        const auto& position = data_.layout.media[m];
        const auto k = static_cast<Eigen::Index>(m);
        const double* p = parameters_.data();
        media_forward(data_.spec.media[m], data_.design.media.col(k), p + position.adstock, p + position.saturation,
                      media_[m]);
        set_coefficient(m);
        mean_ += coefficient_[k] * media_[m].response;
    }
}

double Posterior::normal_likelihood() {
    const double sigma = parameters_[data_.layout.sigma];
    const double n = data_.design.weight.sum();
    const double precision = 1 / (sigma * sigma);
    const double squares = residual_.squaredNorm() * precision;
    d_mean_ = precision * residual_;
    d_parameters_[data_.layout.sigma] += (squares - n) / sigma;
    return -n * std::log(sigma) - 0.5 * squares;
}

// ln p(e) = lgamma((nu + 1) / 2) - lgamma(nu / 2) - ln(nu) / 2 - ln sigma - (nu + 1) / 2 ln(1 + z^2 / nu), z = e / sigma
double Posterior::student_likelihood() {
    const double sigma = parameters_[data_.layout.sigma], nu = parameters_[data_.layout.nu];
    const double n = data_.design.weight.sum();
    double logs = 0, pulls = 0;  // sum ln(1 + z^2 / nu), sum z^2 / (nu + z^2); both 0 for held-out periods
    for (Eigen::Index t = 0; t < residual_.size(); ++t) {
        const double z = residual_[t] / sigma, z2 = z * z;
        logs += std::log1p(z2 / nu);
        pulls += z2 / (nu + z2);
        d_mean_[t] = (nu + 1) * z / ((nu + z2) * sigma);
    }
    d_parameters_[data_.layout.sigma] += ((nu + 1) * pulls - n) / sigma;
    d_parameters_[data_.layout.nu] +=
        0.5 * (n * (boost::math::digamma(0.5 * (nu + 1)) - boost::math::digamma(0.5 * nu) - 1 / nu) - logs +
               (nu + 1) * pulls / nu);
    return n * (std::lgamma(0.5 * (nu + 1)) - std::lgamma(0.5 * nu) - 0.5 * std::log(nu) - std::log(sigma)) -
           0.5 * (nu + 1) * logs;
}

double Posterior::likelihood() {
    residual_ = (data_.design.y - mean_).cwiseProduct(data_.design.weight);
    return data_.spec.likelihood == Likelihood::normal ? normal_likelihood() : student_likelihood();
}

// Adds the gradient of the effect, and to d_response_ what flows back through the coefficient.
void Posterior::reverse_coefficient(std::size_t m, double d_coefficient) {
    const auto k = static_cast<Eigen::Index>(m);
    const EffectKind kind = data_.spec.media[m].effect;
    double& d_effect = d_parameters_[data_.layout.media[m].effect];
    d_effect += d_coefficient * media_coefficient(kind, 1, outcome_[k], data_.design.spend_total[k], data_.design.outcome_total);
    if (data_.contribution_coordinate[m] >= 0) {
        // beta = contribution / h: everything that depends on ln beta, the Jacobian included, falls as ln h grows.
        const double d_log = d_effect * coefficient_[k] + (jacobian_ == Jacobian::include ? 1 : 0);
        d_response_.array() -= d_log / outcome_[k];
    } else if (kind != EffectKind::coefficient) {
        // coefficient = effect * constant / outcome, and the outcome moves with adstock and saturation.
        d_response_ -= (d_coefficient * coefficient_[k] / outcome_[k]) * data_.design.revenue_of(kind);
    }
}

void Posterior::reverse() {
    d_parameters_.head(data_.layout.linear).noalias() += data_.design.linear.transpose() * d_mean_;
    double* d = d_parameters_.data();
    for (std::size_t m = 0; m < media_.size(); ++m) {
        const auto& medium = data_.spec.media[m];
        const auto& position = data_.layout.media[m];
        const auto k = static_cast<Eigen::Index>(m);
        const double d_coefficient = d_mean_.dot(media_[m].response);
        d_response_ = coefficient_[k] * d_mean_;
        reverse_coefficient(m, d_coefficient);
        media_reverse(medium, data_.design.media.col(k), d_response_, media_[m], d + position.adstock,
                      d + position.saturation);
    }
}

double Posterior::evaluate(ConstVecRef u, VecRef gradient) {
    d_parameters_.setZero();
    to_parameters(u);
    forward();
    double log_density = add_priors() + likelihood();
    if (jacobian_ == Jacobian::include) log_density += log_jacobian_;
    if (!std::isfinite(log_density)) return -infinity;
    reverse();
    to_gradient(gradient);
    return gradient.allFinite() ? log_density : -infinity;
}

void Posterior::constrain(ConstVecRef u, VecRef parameters) {
    to_parameters(u);
    forward();
    parameters = parameters_;
}

Vec Posterior::initial_point(RandomStream& random) const {
    Vec u(data_.dimension());
    const auto n_whitened = static_cast<Eigen::Index>(data_.whitened.size());
    for (Eigen::Index j = 0; j < n_whitened; ++j) u[j] = random.normal();
    for (std::size_t j = 0; j < data_.transformed.size(); ++j) {
        // Chains that start apart show when they do not meet: adstock and saturation start anywhere their priors allow,
        // where a second mode may hide; effects, which are linear given those, around the regression's answer.
        const auto& parameter = data_.layout.parameters[static_cast<std::size_t>(data_.transformed[j])];
        if (data_.starts_from_prior[j]) {
            const double drawn = unconstrain(parameter.support, prior_draw(parameter.prior, parameter.support, random));
            if (!std::isnan(drawn)) {
                u[n_whitened + static_cast<Eigen::Index>(j)] = std::clamp(drawn, -start_range, start_range);
                continue;
            }
        }
        u[n_whitened + static_cast<Eigen::Index>(j)] =
            data_.middle[static_cast<Eigen::Index>(j)] + 2 * random.uniform() - 1;
    }
    return u;
}

Density make_density(const PosteriorData& data, Jacobian jacobian, const StopFlag* stop) {
    auto posterior = std::make_shared<Posterior>(data, jacobian, stop);
    return {data.dimension(), [posterior](ConstVecRef u, VecRef gradient) { return posterior->evaluate(u, gradient); }};
}

}  // namespace mmm
