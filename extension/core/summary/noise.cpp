#include "core/summary/noise.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <boost/math/distributions/students_t.hpp>

#include "core/model/noise_law.hpp"

namespace mmm {

Noise::Noise(Likelihood likelihood, double scale, double nu) : likelihood_(likelihood), scale_(scale), nu_(nu) {
    log_constant_ = -std::log(scale);
    if (likelihood == Likelihood::normal)
        log_constant_ -= 0.5 * std::log(2 * std::numbers::pi);
    else if (likelihood == Likelihood::student_t)
        log_constant_ += std::lgamma(0.5 * (nu + 1)) - std::lgamma(0.5 * nu) - 0.5 * std::log(nu * std::numbers::pi);
}

double Noise::draw(double mean, RandomStream& random) const {
    if (is_law_above_zero(likelihood_)) return noise_draw(likelihood_, mean, scale_, random);
    if (likelihood_ == Likelihood::normal) return mean + scale_ * random.normal();
    // By inversion: one uniform number a draw, whatever its value.
    const boost::math::students_t law(nu_);
    return mean + scale_ * boost::math::quantile(law, std::clamp(random.uniform(), 1e-12, 1 - 1e-12));
}

double Noise::log_density(double kpi, double mean) const {
    if (is_law_above_zero(likelihood_)) return noise_density(likelihood_, kpi, mean, scale_).value;
    const double z = (kpi - mean) / scale_;
    if (likelihood_ == Likelihood::normal) return log_constant_ - 0.5 * z * z;
    return log_constant_ - 0.5 * (nu_ + 1) * std::log1p(z * z / nu_);
}

Noise noise_of(const FittedModel& model, const Contributions& contributions, Eigen::Index row) {
    const bool without_unit = is_law_above_zero(model.spec.likelihood) && model.spec.likelihood != Likelihood::truncated_normal;
    const double sigma = contributions.sigma(row);
    return {model.spec.likelihood, without_unit ? sigma / model.design.row_scale[row] : sigma,
            model.layout.nu >= 0 ? contributions.parameter(model.layout.nu) : 0};
}

}  // namespace mmm
