#include "core/model/posterior.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "core/limits.hpp"
#include "core/model/constrain.hpp"

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

// Parameters under hyperpriors that are whitened, or sampled on their own scale.
std::vector<int> hierarchical_elsewhere(const PosteriorData& data) {
    std::vector<int> found;
    for (const auto* list : {&data.whitened, &data.transformed})
        for (const int index : *list)
            if (data.layout.at(index).hierarchical()) found.push_back(index);
    return found;
}

}  // namespace

Posterior::Posterior(const PosteriorData& data, Jacobian jacobian, const StopFlag* stop)
    : data_(data), kernels_(&kernels()), jacobian_(jacobian), all_fitted_((data.design.weight.array() == 1).all()),
      linear_(data.design, [&](int term) {
          const bool gone = !data.marginal.empty() && data.marginal.term[static_cast<std::size_t>(term)];
          return !gone && !(term == 0 && data.layout.intercept_varies());
      }),
      abreast_(data.abreast, data.spec, data.layout, stop),
      hierarchical_(data.layout, data.hierarchical, data.centring, hierarchical_elsewhere(data), jacobian == Jacobian::include) {
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
        media_.emplace_back(medium, data.layout.media[m], abreast_.has(m) ? 0 : geos, design.n_periods, stop);
        other_.emplace_back(medium, data.layout.media[m], has_alternative(medium) ? geos : 0, design.n_periods, stop);
        coefficients_.emplace_back(data.spec, data.layout, design, m);
    }
    for (std::size_t i = 0; i < data.layout.variations.size(); ++i)
        variations_.emplace_back(data.layout.variations[i], design.variations[i]);
    d_variations_.assign(variations_.size(), Vec::Zero(design.n_periods));
    for (const auto& position : data.layout.variations)
        if (position.basis > process_.size()) process_ = process_out_ = Vec::Zero(position.basis);
    for (std::size_t m = 0; m < media_.size(); ++m) varied_.emplace_back(Vec::Zero(data.layout.media_variation[m] < 0 ? 0 : n));
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
    processes_to_parameters();
    hierarchical_jacobian_ = hierarchical_.to_parameters(u.tail(static_cast<Eigen::Index>(data_.hierarchical.size())), parameters_);
}

// z_j = v_j / sqrt(S_j), v = factor u.
void Posterior::processes_to_parameters() {
    for (std::size_t i = 0; i < variations_.size(); ++i) {
        variations_[i].load(parameters_);
        const ProcessCoordinates& process = data_.processes[i];
        const auto n = static_cast<Eigen::Index>(process.chosen.size());
        const int first = data_.layout.variations[i].first;
        for (Eigen::Index k = 0; k < n; ++k) process_[k] = parameters_[first + process.chosen[static_cast<std::size_t>(k)]];
        process_out_.head(n).noalias() = process.factor.triangularView<Eigen::Upper>() * process_.head(n);
        log_jacobian_ += process.log_determinant;
        for (Eigen::Index k = 0; k < n; ++k) {
            const int j = process.chosen[static_cast<std::size_t>(k)];
            const double root = variations_[i].root_density()[j];
            parameters_[first + j] = process_out_[k] / root;
            log_jacobian_ -= std::log(root);
        }
    }
}

// z_j and its Jacobian fall with amplitude and lengthscale as 1 / sqrt(S_j) does. What is left in d_parameters_ of z is d / d u.
void Posterior::processes_to_gradient() {
    for (std::size_t i = 0; i < variations_.size(); ++i) {
        const ProcessCoordinates& process = data_.processes[i];
        const VariationPosition& position = data_.layout.variations[i];
        const auto n = static_cast<Eigen::Index>(process.chosen.size());
        double d_log_amplitude = 0, d_log_lengthscale = 0;
        for (Eigen::Index k = 0; k < n; ++k) {
            const int j = process.chosen[static_cast<std::size_t>(k)];
            const double d = d_parameters_[position.first + j];
            const double d_log_root = -d * parameters_[position.first + j] - (jacobian_ == Jacobian::include ? 1 : 0);
            d_log_amplitude += d_log_root;
            d_log_lengthscale += d_log_root * variations_[i].by_lengthscale(j);
            process_[k] = d / variations_[i].root_density()[j];
        }
        process_out_.head(n).noalias() = process.factor.triangularView<Eigen::Upper>().transpose() * process_.head(n);
        for (Eigen::Index k = 0; k < n; ++k) d_parameters_[position.first + process.chosen[static_cast<std::size_t>(k)]] = process_out_[k];
        d_parameters_[position.amplitude] += d_log_amplitude / parameters_[position.amplitude];
        d_parameters_[position.lengthscale] += d_log_lengthscale / parameters_[position.lengthscale];
    }
}

void Posterior::to_gradient(VecRef gradient) {
    const auto n_whitened = static_cast<Eigen::Index>(data_.whitened.size());
    const auto n_hierarchical = static_cast<Eigen::Index>(data_.hierarchical.size());
    // First: what depends on hyperparameters through their children belongs to them.
    hierarchical_.to_gradient(d_parameters_, gradient.tail(n_hierarchical));
    processes_to_gradient();
    for (Eigen::Index j = 0; j < n_whitened; ++j) gamma_[j] = d_parameters_[data_.whitened[static_cast<std::size_t>(j)]];
    gradient.head(n_whitened).noalias() = data_.factor.triangularView<Eigen::Upper>().transpose() * gamma_;
    for (std::size_t j = 0; j < data_.transformed.size(); ++j) {
        const auto k = static_cast<Eigen::Index>(j);
        gradient[n_whitened + k] = d_parameters_[data_.transformed[j]] * slope_[k] +
                                   (jacobian_ == Jacobian::include ? d_log_jacobian_[k] : 0);
    }
}

double Posterior::add_priors() {
    double sum = hierarchical_.add_densities(parameters_, d_parameters_), derivative = 0;
    for (const auto* list : {&data_.whitened, &data_.transformed}) {
        for (const int index : *list) {
            const Parameter& parameter = data_.layout.at(index);
            if (parameter.hierarchical()) continue;
            sum += prior_log_density(parameter.prior, parameters_[index], derivative);
            d_parameters_[index] += derivative;
        }
    }
    return sum;
}

// The response of a medium (or of its other scenario) times what varies over time.
void Posterior::vary(const MediaResponse& response, std::size_t m, Vec& out) const {
    const Vec& v = variations_[static_cast<std::size_t>(data_.layout.media_variation[m])].value();
    const Eigen::Index periods = data_.design.n_periods;
    out.resize(data_.design.rows());
    for (Eigen::Index g = 0; g < data_.design.n_geos; ++g)
        out.segment(g * periods, periods) = response.value().segment(g * periods, periods).cwiseProduct(v);
}

// With the response known, the effect of a medium that is sampled through its contribution.
void Posterior::set_contribution(std::size_t m) {
    const int coordinate = data_.contribution_coordinate[m];
    if (coordinate < 0) return;
    const auto k = static_cast<Eigen::Index>(m);
    outcome_[k] = abreast_.has(m) ? abreast_.outcome(m).sum() : kernels_->sum(media_[m].value().data(), media_[m].value().size());
    parameters_[data_.layout.media[m].effect.first] /= outcome_[k];
    slope_[coordinate] /= outcome_[k];
    log_jacobian_ -= std::log(outcome_[k]);
}

// v of a medium, no elements where it does not vary.
const Vec& Posterior::variation_of(std::size_t m) const {
    const int which = data_.layout.media_variation[m];
    return which < 0 ? no_rows() : variations_[static_cast<std::size_t>(which)].value();
}

// What a medium that is not abreast of others brings in each row but for its coefficient.
const Vec& Posterior::response_of(std::size_t m) const { return data_.layout.media_variation[m] >= 0 ? varied_[m] : media_[m].value(); }

// The response of a medium, and its coefficient.
void Posterior::respond(std::size_t m) {
    if (abreast_.has(m)) {
        abreast_.forward(m, parameters_);
        set_contribution(m);
        coefficients_[m].forward_summed(abreast_.outcome(m), parameters_);
        abreast_.set_coefficient(m, coefficients_[m].by_geo());
        return;
    }
    const Design& design = data_.design;
    const Medium& medium = data_.spec.media[m];
    const auto k = static_cast<Eigen::Index>(m);
    const auto reach = reach_of(design, medium, k);
    const bool varies = data_.layout.media_variation[m] >= 0;
    media_[m].forward(design.media.col(k), reach, parameters_);
    set_contribution(m);
    if (varies) vary(media_[m], m, varied_[m]);
    if (!has_alternative(medium)) return coefficients_[m].forward(response_of(m), no_rows(), parameters_);
    if (medium.has_frequency()) other_[m].forward(design.media.col(k), design.alternative.col(k), parameters_);
    else other_[m].forward(design.alternative.col(k), reach, parameters_);
    if (varies) vary(other_[m], m, varied_other_);
    coefficients_[m].forward(response_of(m), varies ? varied_other_ : other_[m].value(), parameters_);
}

void Posterior::add_trend_variation() {
    if (data_.layout.trend_variation < 0) return;
    const Vec& v = variations_[static_cast<std::size_t>(data_.layout.trend_variation)].value();
    const Slot intercept = data_.layout.terms.front().coefficient;
    const Eigen::Index periods = data_.design.n_periods;
    for (Eigen::Index g = 0; g < data_.design.n_geos; ++g)
        mean_.segment(g * periods, periods) += (data_.layout.intercept_varies() ? parameters_[intercept.at(g)] : 1) * v;
}

void Posterior::forward() {
    const Design& design = data_.design;
    for (auto& variation : variations_) variation.evaluate(parameters_);
    mean_.setZero();
    linear_.forward(parameters_, mean_);
    add_trend_variation();
    for (std::size_t m = 0; m < media_.size(); ++m) {
        respond(m);
        if (abreast_.has(m)) continue;
        const Vec& response = response_of(m);
        const Vec& by_geo = coefficients_[m].by_geo();
        for (Eigen::Index g = 0; g < by_geo.size(); ++g)
            kernels_->add_scaled(by_geo[g], response.data() + g * design.n_periods, design.n_periods, mean_.data() + g * design.n_periods);
    }
    if (!abreast_.empty()) abreast_.add_to(mean_);
    kernels_->combine(1, design.y.data(), -1, mean_.data(), mean_.size(), tape_.residual.data());
    if (!all_fitted_) tape_.residual = tape_.residual.cwiseProduct(design.weight);
}

double Posterior::likelihood_of_rows() {
    const Eigen::Index periods = data_.design.n_periods;
    if (data_.spec.is_gaussian()) return normal_log_likelihood(tape_, periods);
    if (data_.spec.likelihood == Likelihood::student_t)
        return student_log_likelihood(tape_, periods, parameters_[data_.layout.nu], d_parameters_[data_.layout.nu]);
    return log_likelihood_above_zero(data_.spec, data_.design, mean_, tape_);
}

double Posterior::likelihood() {
    const Slot sigma = data_.layout.sigma;
    if (marginal_) return marginal_->evaluate(tape_.residual, parameters_[sigma.first], tape_.d_mean, d_parameters_[sigma.first]);
    for (Eigen::Index g = 0; g < tape_.sigma.size(); ++g) tape_.sigma[g] = parameters_[sigma.at(g)];
    tape_.d_sigma.setZero();
    const double value = likelihood_of_rows();
    for (Eigen::Index g = 0; g < tape_.sigma.size(); ++g) d_parameters_[sigma.at(g)] += tape_.d_sigma[g];
    return value;
}

// beta = contribution / h: everything that depends on ln beta, the Jacobian included, falls as ln h grows.
double Posterior::d_outcome(std::size_t m) const {
    if (data_.contribution_coordinate[m] < 0) return 0;
    const int effect = data_.layout.media[m].effect.first;
    const double d_log = d_parameters_[effect] * parameters_[effect] + (jacobian_ == Jacobian::include ? 1 : 0);
    return -d_log / outcome_[static_cast<Eigen::Index>(m)];
}

void Posterior::reverse_trend_variation() {
    if (data_.layout.trend_variation < 0) return;
    const auto which = static_cast<std::size_t>(data_.layout.trend_variation);
    const Slot intercept = data_.layout.terms.front().coefficient;
    const Eigen::Index periods = data_.design.n_periods;
    for (Eigen::Index g = 0; g < data_.design.n_geos; ++g) {
        const auto rows = tape_.d_mean.segment(g * periods, periods);
        if (data_.layout.intercept_varies()) {
            d_variations_[which] += parameters_[intercept.at(g)] * rows;
            d_parameters_[intercept.at(g)] += rows.dot(variations_[which].value());
        } else {
            d_variations_[which] += rows;
        }
    }
}

// d / d (response times v) becomes d / d response, and what v gets of it is added.
void Posterior::reverse_response(std::size_t m, const MediaResponse& response, Vec& d_value) {
    const int which = data_.layout.media_variation[m];
    if (which < 0) return;
    const Vec& v = variations_[static_cast<std::size_t>(which)].value();
    const Eigen::Index periods = data_.design.n_periods;
    for (Eigen::Index g = 0; g < data_.design.n_geos; ++g) {
        auto rows = d_value.segment(g * periods, periods);
        d_variations_[static_cast<std::size_t>(which)] += rows.cwiseProduct(response.value().segment(g * periods, periods));
        rows = rows.cwiseProduct(v);
    }
}

// With d / d coefficient of each geo by the mean in d_by_geo_.
void Posterior::reverse_coefficient(std::size_t m) {
    const Vec& by_geo = coefficients_[m].by_geo();
    Vec& d_variation = data_.layout.media_variation[m] < 0 ? unused_ : d_variations_[static_cast<std::size_t>(data_.layout.media_variation[m])];
    for (auto& lift : lifts_)
        if (lift.medium() == m) lift.reverse(by_geo, variation_of(m), d_by_geo_, d_variation, d_parameters_);
    coefficients_[m].reverse(d_by_geo_, d_parameters_);
}

void Posterior::reverse_abreast(std::size_t m) {
    d_by_geo_ = abreast_.d_by_geo(m);
    reverse_coefficient(m);
    if (coefficients_[m].derived()) d_by_geo_ = coefficients_[m].d_incremental();
    else d_by_geo_.setConstant(d_outcome(m));
    abreast_.reverse_medium(m, d_by_geo_, d_parameters_);
}

void Posterior::reverse_medium(std::size_t m) {
    const Design& design = data_.design;
    const Eigen::Index periods = design.n_periods;
    const Medium& medium = data_.spec.media[m];
    const bool other = has_alternative(medium);
    const double sign = medium.effect == EffectKind::mroi ? -1 : 1;
    const Vec& by_geo = coefficients_[m].by_geo();
    for (Eigen::Index g = 0; g < by_geo.size(); ++g)
        d_by_geo_[g] = kernels_->dot(tape_.d_mean.data() + g * periods, response_of(m).data() + g * periods, periods);
    reverse_coefficient(m);
    for (Eigen::Index g = 0; g < by_geo.size(); ++g) {
        const double* d_mean = tape_.d_mean.data() + g * periods;
        double* rows = d_response_.data() + g * periods;
        if (!coefficients_[m].derived()) {
            kernels_->combine(by_geo[g], d_mean, 0, d_mean, periods, rows);
            continue;
        }
        const double* revenue = design.revenue_of(medium.effect).data() + g * periods;
        const double d = coefficients_[m].d_incremental()[g] * (other ? sign : 1);
        kernels_->combine(by_geo[g], d_mean, d, revenue, periods, rows);
        if (other) kernels_->combine(-d, revenue, 0, revenue, periods, d_other_.data() + g * periods);
    }
}

void Posterior::reverse() {
    const Design& design = data_.design;
    for (auto& d : d_variations_) d.setZero();
    linear_.reverse(tape_.d_mean, d_parameters_);
    reverse_trend_variation();
    if (!abreast_.empty()) abreast_.reverse(tape_.d_mean);
    for (std::size_t m = 0; m < media_.size(); ++m) {
        if (abreast_.has(m)) {
            reverse_abreast(m);
            continue;
        }
        const Medium& medium = data_.spec.media[m];
        const auto k = static_cast<Eigen::Index>(m);
        const auto reach = reach_of(design, medium, k);
        reverse_medium(m);
        reverse_response(m, media_[m], d_response_);
        if (data_.contribution_coordinate[m] >= 0) d_response_.array() += d_outcome(m);
        media_[m].reverse(design.media.col(k), reach, d_response_, d_parameters_);
        if (!has_alternative(medium)) continue;
        reverse_response(m, other_[m], d_other_);
        if (medium.has_frequency()) other_[m].reverse(design.media.col(k), design.alternative.col(k), d_other_, d_parameters_);
        else other_[m].reverse(design.alternative.col(k), reach, d_other_, d_parameters_);
    }
    for (std::size_t i = 0; i < variations_.size(); ++i) variations_[i].reverse(d_variations_[i], parameters_, d_parameters_);
}

double Posterior::total_jacobian() const {
    return hierarchical_jacobian_ + (jacobian_ == Jacobian::include ? log_jacobian_ : 0);
}

double Posterior::evaluate(ConstVecRef u, VecRef gradient) {
    d_parameters_.setZero();
    to_parameters(u);
    forward();
    double log_density = add_priors() + likelihood() + total_jacobian();
    for (auto& lift : lifts_) log_density += lift.evaluate(parameters_, coefficients_[lift.medium()].by_geo(), variation_of(lift.medium()));
    if (!std::isfinite(log_density)) return -infinity;
    reverse();
    to_gradient(gradient);
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
    for (Eigen::Index j = 0; j < data_.hierarchical_start.rows(); ++j)
        u[u.size() - data_.hierarchical_start.rows() + j] = data_.hierarchical_start(j, 0) + (2 * random.uniform() - 1) * data_.hierarchical_start(j, 1);
    return u;
}

Density make_density(const PosteriorData& data, Jacobian jacobian, const StopFlag* stop) {
    auto posterior = std::make_shared<Posterior>(data, jacobian, stop);
    return {data.dimension(), [posterior](ConstVecRef u, VecRef gradient) { return posterior->evaluate(u, gradient); }};
}

}  // namespace mmm
