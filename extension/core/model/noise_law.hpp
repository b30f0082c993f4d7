// Laws of the KPI around its mean that are not those of a residual: they depend on where 0 is. With k the KPI and m its
// mean, both above 0 KPI in any one unit, and s the parameter sigma:
//
//   truncated_normal    normal(m, s) cut at 0: its location is m, s in the unit of k        (PyMC's TruncatedNormal, lower = 0)
//   lognormal           ln k ~ normal(ln m - s^2 / 2, s), so that m is the mean
//   gamma               mean m, standard deviation s m: shape 1 / s^2, rate 1 / (s^2 m)
//   negative_binomial   counts of mean m and variance m + s^2 m^2 (NB2; Hilbe 2011, Negative Binomial Regression, ch. 8)
//
// All but the first need m > 0; towards 0 their density falls without a step, so that no chain meets a wall.
#pragma once

#include "core/model/specification.hpp"
#include "core/random.hpp"

namespace mmm {

// ln density (of a count: ln probability) and its derivatives; -infinity where m <= 0 has no law.
struct NoiseDensity {
    double value, d_mean, d_sigma;
};

// Whether `likelihood` is one of these laws.
constexpr bool is_law_above_zero(Likelihood likelihood) {
    return likelihood != Likelihood::normal && likelihood != Likelihood::student_t;
}

// k >= 0 (lognormal, gamma: > 0), s > 0. `count`: how many counts one unit of k is, for negative_binomial.
NoiseDensity noise_density(Likelihood likelihood, double k, double m, double s, double count = 1);

// A random k; NaN where m <= 0 has no law.
double noise_draw(Likelihood likelihood, double m, double s, RandomStream& random, double count = 1);

// "truncated_normal", ...: in the order of the enumeration.
const std::vector<std::string>& likelihood_names();

}  // namespace mmm
