// Parameters whose prior has parameters as arguments: theta ~ family(mu, sigma), sigma ~ hyperprior.
//
// Such a pair forms a funnel (Neal 2003, Ann. Stat. 31(3), sec. 8): theta is sampled through x by
//   whole line    theta = mu + sigma^(1 - lambda) x
//   positive      ln theta = (1 - lambda) ln sigma + x
//   log_normal    ln(theta - shift) = mu + sigma^(1 - lambda) x
// with lambda from 0 (non-centred, for parameters that data say little of) to 1 (centred), fixed before sampling
// (partial non-centring: Papaspiliopoulos, Roberts & Skold 2007, Stat. Sci. 22(1); Gorinova, Moore & Hoffman 2020, ICML).
#pragma once

#include "core/model/prior.hpp"

namespace mmm {

// The location and scale of a family of may_be_hierarchical(), and the positions of these among its arguments (-1: none).
struct LocationScale {
    double mu = 0;
    double sigma = 1;
    int mu_position = -1;
    int sigma_position = -1;
};
LocationScale location_scale(PriorFamily family, const double* arguments);

// ln f(x | arguments), constants that depend on no argument left out, and its derivatives by x, mu and sigma.
struct HierarchicalDensity {
    double value = 0;
    double d_x = 0, d_mu = 0, d_sigma = 0;
};
HierarchicalDensity hierarchical_log_density(PriorFamily family, const double* arguments, double x);

// theta as a function of x, mu and sigma, with ln |d theta / d x|, and their derivatives.
struct HierarchicalValue {
    double value = 0;
    double d_x = 0, d_mu = 0, d_sigma = 0;
    double log_jacobian = 0;
    double j_x = 0, j_mu = 0, j_sigma = 0;  // of log_jacobian
};
HierarchicalValue hierarchical_value(PriorFamily family, const double* arguments, double lambda, double x);

// For Laplace laws: theta = mu + sigma z with |z| = -ln erfc(|x| / sqrt 2), sign z = sign x, which makes x standard normal a priori.
// The kink of the density, over which a leapfrog step errs by the square of the step instead of the cube, becomes one of the
// second derivative. Not the coordinate of a mode: it has none at the kink.
HierarchicalValue smooth_laplace_value(const double* arguments, double x);

// The x of a theta inside the support.
double hierarchical_coordinate(PriorFamily family, const double* arguments, double lambda, double theta);

}  // namespace mmm
