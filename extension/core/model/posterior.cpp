#include "core/model/posterior.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "core/limits.hpp"
#include "core/model/constrain.hpp"
#include "core/model/hierarchy.hpp"

namespace mmm {

namespace {

constexpr double start_range = 5;

const Vec& no_rows() {
    static const Vec empty;
    return empty;
}

// The reach of a medium, no elements for media without.
Eigen::Map<const Vec> reach_of(const Design& design, const Medium& medium, Eigen::Index m) {
    if (!medium.has_frequency()) return {nullptr, 0};
    return {design.reach.data() + m * design.rows(), design.rows()};
}

}  // namespace

Posterior::Posterior(const PosteriorData& data, Jacobian jacobian, const StopFlag* stop)
    : data_(data), jacobian_(jacobian), linear_(data.design, [&](int term) {
          return data.marginal.empty() || !data.marginal.term[static_cast<std::size_t>(term)];
      }) {
    const Design& design = data.design;
    const Eigen::Index n = design.rows(), geos = design.n_geos;
    parameters_ = Vec::Zero(data.layout.size());
    d_parameters_ = parameters_;
    for (int i = 0; i < data.layout.size(); ++i)
        if (!data.layout.at(i).sampled()) parameters_[i] = data.layout.at(i).prior.p[0];
    slope_ = Vec::Zero(static_cast<Eigen::Index>(data.transformed.size()));
    d_log_jacobian_ = slope_;
    gamma_ = Vec::Zero(static_cast<Eigen::Index>(data.whitened.size()));
    mean_ = tape_.residual = tape_.d_mean = d_response_ = Vec::Zero(n);
    tape_.sigma = tape_.d_sigma = tape_.fitted_rows = d_by_geo_ = Vec::Zero(geos);
    for (Eigen::Index g = 0; g < geos; ++g) tape_.fitted_rows[g] = design.weight.segment(g * design.n_periods, design.n_periods).sum();
    if (!data.marginal.empty()) marginal_.emplace(data.marginal, design);
    for (std::size_t m = 0; m < data.spec.media.size(); ++m) {
        const Medium& medium = data.spec.media[m];
        media_.emplace_back(medium, data.layout.media[m], geos, design.n_periods, stop);
        other_.emplace_back(medium, data.layout.media[m], has_alternative(medium) ? geos : 0, design.n_periods, stop);
        coefficients_.emplace_back(data.spec, data.layout, design, m);
    }
    for (const auto& scenario : design.lifts) lifts_.emplace_back(scenario, data.spec, data.layout, stop);
    if (design.alternative.cols() > 0) d_other_ = Vec::Zero(n);
    outcome_ = Vec::Zero(static_cast<Eigen::Index>(media_.size()));
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
        const Interval& support = data_.layout.at(index).support;
        const double softness = data_.softness[k];
        const Constrained c = softness > 0 ? constrain_softly(support, softness, u[n_whitened + k])
                                           : mmm::constrain(support, u[n_whitened + k]);
        parameters_[index] = c.value;
        slope_[k] = c.slope;
        d_log_jacobian_[k] = c.d_log_jacobian;
        log_jacobian_ += c.log_jacobian;
    }
    hierarchical_to_parameters(u.tail(static_cast<Eigen::Index>(data_.hierarchical.size())));
}

// The arguments of a hierarchical prior at the current parameters.
const double* Posterior::arguments_of(const Parameter& parameter) {
    for (std::size_t i = 0; i < arguments_.size(); ++i)
        arguments_[i] = parameter.argument[i] >= 0 ? parameters_[parameter.argument[i]] : parameter.prior.p[i];
    return arguments_.data();
}

void Posterior::hierarchical_to_parameters(ConstVecRef u) {
    hierarchical_jacobian_ = 0;
    for (std::size_t j = 0; j < data_.hierarchical.size(); ++j) {
        const Parameter& parameter = data_.layout.at(data_.hierarchical[j]);
        const auto k = static_cast<Eigen::Index>(j);
        const HierarchicalValue v = hierarchical_value(parameter.prior.family, arguments_of(parameter), data_.centring[k], u[k]);
        parameters_[data_.hierarchical[j]] = v.value;
        hierarchical_jacobian_ += v.log_jacobian;
    }
}

void Posterior::to_gradient(ConstVecRef u, VecRef gradient) {
    const auto n_whitened = static_cast<Eigen::Index>(data_.whitened.size());
    const auto n_hierarchical = static_cast<Eigen::Index>(data_.hierarchical.size());
    hierarchical_to_gradient(u.tail(n_hierarchical), gradient.tail(n_hierarchical));
    for (Eigen::Index j = 0; j < n_whitened; ++j) gamma_[j] = d_parameters_[data_.whitened[static_cast<std::size_t>(j)]];
    gradient.head(n_whitened).noalias() = data_.factor.triangularView<Eigen::Upper>().transpose() * gamma_;
    for (std::size_t j = 0; j < data_.transformed.size(); ++j) {
        const auto k = static_cast<Eigen::Index>(j);
        gradient[n_whitened + k] = d_parameters_[data_.transformed[j]] * slope_[k] +
                                   (jacobian_ == Jacobian::include ? d_log_jacobian_[k] : 0);
    }
}

// Before the gradients of hyperparameters are used: what depends on them through their children belongs to them.
void Posterior::hierarchical_to_gradient(ConstVecRef u, VecRef gradient) {
    for (std::size_t j = 0; j < data_.hierarchical.size(); ++j) {
        const Parameter& parameter = data_.layout.at(data_.hierarchical[j]);
        const auto k = static_cast<Eigen::Index>(j);
        const double* arguments = arguments_of(parameter);
        const LocationScale at = location_scale(parameter.prior.family, arguments);
        const HierarchicalValue v = hierarchical_value(parameter.prior.family, arguments, data_.centring[k], u[k]);
        const double d = d_parameters_[data_.hierarchical[j]];
        gradient[k] = d * v.d_x + v.j_x;
        const int mu = at.mu_position < 0 ? -1 : parameter.argument[static_cast<std::size_t>(at.mu_position)];
        const int sigma = parameter.argument[static_cast<std::size_t>(at.sigma_position)];
        if (mu >= 0) d_parameters_[mu] += d * v.d_mu + v.j_mu;
        if (sigma >= 0) d_parameters_[sigma] += d * v.d_sigma + v.j_sigma;
    }
}

double Posterior::add_priors() {
    double sum = 0, derivative = 0;
    for (const auto* list : {&data_.whitened, &data_.transformed}) {
        for (const int index : *list) {
            const Parameter& parameter = data_.layout.at(index);
            if (parameter.hierarchical()) {
                sum += add_hierarchical_prior(index);
                continue;
            }
            sum += prior_log_density(parameter.prior, parameters_[index], derivative);
            d_parameters_[index] += derivative;
        }
    }
    for (const int index : data_.hierarchical) sum += add_hierarchical_prior(index);
    return sum;
}

double Posterior::add_hierarchical_prior(int index) {
    const Parameter& parameter = data_.layout.at(index);
    const double* arguments = arguments_of(parameter);
    const LocationScale at = location_scale(parameter.prior.family, arguments);
    const HierarchicalDensity d = hierarchical_log_density(parameter.prior.family, arguments, parameters_[index]);
    d_parameters_[index] += d.d_x;
    const int mu = at.mu_position < 0 ? -1 : parameter.argument[static_cast<std::size_t>(at.mu_position)];
    const int sigma = parameter.argument[static_cast<std::size_t>(at.sigma_position)];
    if (mu >= 0) d_parameters_[mu] += d.d_mu;
    if (sigma >= 0) d_parameters_[sigma] += d.d_sigma;
    return d.value;
}

// With the response known, the effect of a medium that is sampled through its contribution.
void Posterior::set_contribution(std::size_t m) {
    const int coordinate = data_.contribution_coordinate[m];
    if (coordinate < 0) return;
    const auto k = static_cast<Eigen::Index>(m);
    outcome_[k] = media_[m].value().sum();
    parameters_[data_.layout.media[m].effect.first] /= outcome_[k];
    slope_[coordinate] /= outcome_[k];
    log_jacobian_ -= std::log(outcome_[k]);
}

void Posterior::forward() {
    const Design& design = data_.design;
    mean_.setZero();
    linear_.forward(parameters_, mean_);
    for (std::size_t m = 0; m < media_.size(); ++m) {
        const Medium& medium = data_.spec.media[m];
        const auto k = static_cast<Eigen::Index>(m);
        const auto reach = reach_of(design, medium, k);
        media_[m].forward(design.media.col(k), reach, parameters_);
        set_contribution(m);
        if (!has_alternative(medium)) {
            coefficients_[m].forward(media_[m].value(), no_rows(), parameters_);
        } else {
            if (medium.has_frequency()) other_[m].forward(design.media.col(k), design.alternative.col(k), parameters_);
            else other_[m].forward(design.alternative.col(k), reach, parameters_);
            coefficients_[m].forward(media_[m].value(), other_[m].value(), parameters_);
        }
        const Vec& by_geo = coefficients_[m].by_geo();
        for (Eigen::Index g = 0; g < by_geo.size(); ++g)
            mean_.segment(g * design.n_periods, design.n_periods) +=
                by_geo[g] * media_[m].value().segment(g * design.n_periods, design.n_periods);
    }
    tape_.residual = (design.y - mean_).cwiseProduct(design.weight);
}

double Posterior::likelihood() {
    const Eigen::Index periods = data_.design.n_periods;
    const Slot sigma = data_.layout.sigma;
    if (marginal_) return marginal_->evaluate(tape_.residual, parameters_[sigma.first], tape_.d_mean, d_parameters_[sigma.first]);
    for (Eigen::Index g = 0; g < tape_.sigma.size(); ++g) tape_.sigma[g] = parameters_[sigma.at(g)];
    tape_.d_sigma.setZero();
    double value = 0;
    switch (data_.spec.likelihood) {
        case Likelihood::normal: value = normal_log_likelihood(tape_, periods); break;
        case Likelihood::student_t:
            value = student_log_likelihood(tape_, periods, parameters_[data_.layout.nu], d_parameters_[data_.layout.nu]);
            break;
        default: value = log_likelihood_above_zero(data_.spec.likelihood, data_.design, mean_, tape_);
    }
    for (Eigen::Index g = 0; g < tape_.sigma.size(); ++g) d_parameters_[sigma.at(g)] += tape_.d_sigma[g];
    return value;
}

// beta = contribution / h: everything that depends on ln beta, the Jacobian included, falls as ln h grows.
void Posterior::reverse_contribution(std::size_t m) {
    if (data_.contribution_coordinate[m] < 0) return;
    const int effect = data_.layout.media[m].effect.first;
    const double d_log = d_parameters_[effect] * parameters_[effect] + (jacobian_ == Jacobian::include ? 1 : 0);
    d_response_.array() -= d_log / outcome_[static_cast<Eigen::Index>(m)];
}

void Posterior::reverse() {
    const Design& design = data_.design;
    const Eigen::Index periods = design.n_periods;
    linear_.reverse(tape_.d_mean, d_parameters_);
    for (std::size_t m = 0; m < media_.size(); ++m) {
        const Medium& medium = data_.spec.media[m];
        const auto k = static_cast<Eigen::Index>(m);
        const auto reach = reach_of(design, medium, k);
        const bool other = has_alternative(medium);
        const double sign = medium.effect == EffectKind::mroi ? -1 : 1;
        const Vec& by_geo = coefficients_[m].by_geo();
        for (Eigen::Index g = 0; g < by_geo.size(); ++g)
            d_by_geo_[g] = tape_.d_mean.segment(g * periods, periods).dot(media_[m].value().segment(g * periods, periods));
        for (auto& lift : lifts_)
            if (lift.medium() == m) lift.reverse(by_geo, d_by_geo_, d_parameters_);
        coefficients_[m].reverse(d_by_geo_, d_parameters_);
        for (Eigen::Index g = 0; g < by_geo.size(); ++g) {
            auto rows = d_response_.segment(g * periods, periods);
            rows = by_geo[g] * tape_.d_mean.segment(g * periods, periods);
            if (!coefficients_[m].derived()) continue;
            const auto revenue = design.revenue_of(medium.effect).segment(g * periods, periods);
            const double d = coefficients_[m].d_incremental(g) * (other ? sign : 1);
            rows += d * revenue;
            if (other) d_other_.segment(g * periods, periods) = -d * revenue;
        }
        reverse_contribution(m);
        media_[m].reverse(design.media.col(k), reach, d_response_, d_parameters_);
        if (!other) continue;
        if (medium.has_frequency()) other_[m].reverse(design.media.col(k), design.alternative.col(k), d_other_, d_parameters_);
        else other_[m].reverse(design.alternative.col(k), reach, d_other_, d_parameters_);
    }
}

double Posterior::total_jacobian() const {
    return hierarchical_jacobian_ + (jacobian_ == Jacobian::include ? log_jacobian_ : 0);
}

double Posterior::evaluate(ConstVecRef u, VecRef gradient) {
    d_parameters_.setZero();
    to_parameters(u);
    forward();
    double log_density = add_priors() + likelihood() + total_jacobian();
    for (auto& lift : lifts_) log_density += lift.evaluate(parameters_, coefficients_[lift.medium()].by_geo());
    if (!std::isfinite(log_density)) return -infinity;
    reverse();
    to_gradient(u, gradient);
    return gradient.allFinite() ? log_density : -infinity;
}

void Posterior::constrain(ConstVecRef u, RandomStream& random, VecRef parameters) {
    to_parameters(u);
    forward();
    if (marginal_) marginal_->draw(tape_.residual, parameters_[data_.layout.sigma.first], random, parameters_);
    parameters = parameters_;
}

Vec Posterior::initial_point(RandomStream& random) const {
    Vec u(data_.dimension());
    const auto n_whitened = static_cast<Eigen::Index>(data_.whitened.size());
    for (Eigen::Index j = 0; j < n_whitened; ++j) u[j] = random.normal();
    for (std::size_t j = 0; j < data_.transformed.size(); ++j) {
        // Chains that start apart show when they do not meet: adstock and saturation start anywhere their priors allow,
        // where a second mode may hide; effects, which are linear given those, around the regression's answer.
        const auto& parameter = data_.layout.at(data_.transformed[j]);
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
    for (Eigen::Index j = data_.dimension() - static_cast<Eigen::Index>(data_.hierarchical.size()); j < u.size(); ++j)
        u[j] = random.uniform() - 0.5;
    return u;
}

Density make_density(const PosteriorData& data, Jacobian jacobian, const StopFlag* stop) {
    auto posterior = std::make_shared<Posterior>(data, jacobian, stop);
    return {data.dimension(), [posterior](ConstVecRef u, VecRef gradient) { return posterior->evaluate(u, gradient); }};
}

}  // namespace mmm
