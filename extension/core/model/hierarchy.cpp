#include "core/model/hierarchy.hpp"

#include <cmath>

namespace mmm {

namespace {

bool is_half(PriorFamily family) {
    return family == PriorFamily::half_normal || family == PriorFamily::half_student_t || family == PriorFamily::half_cauchy;
}

// Siblings share their scale, and follow one another.
double log_of_scale(double sigma) {
    thread_local double last = 1, log_of_last = 0;
    if (sigma != last) {
        last = sigma;
        log_of_last = std::log(sigma);
    }
    return log_of_last;
}

// sigma^(1 - lambda)
double stretch_of(double sigma, double lambda) {
    if (lambda == 0) return sigma;
    return lambda == 1 ? 1 : std::exp((1 - lambda) * log_of_scale(sigma));
}

// ln g(z) of the standard law and its derivative.
double standard_log_density(PriorFamily family, double nu, double z, double& derivative) {
    switch (family) {
        case PriorFamily::laplace:
            derivative = z > 0 ? -1 : z < 0 ? 1 : 0;
            return -std::fabs(z);
        case PriorFamily::cauchy:
        case PriorFamily::half_cauchy: nu = 1; [[fallthrough]];
        case PriorFamily::student_t:
        case PriorFamily::half_student_t:
            derivative = -(nu + 1) * z / (nu + z * z);
            return -0.5 * (nu + 1) * std::log1p(z * z / nu);
        default: derivative = -z; return -0.5 * z * z;
    }
}

// z of a standard Laplace law as a function of a standard normal x, and its derivatives: for x > 0, z = -ln(2 (1 - Phi(x))), whose
// slope is the normal law's hazard h and whose curvature is h (h - x); odd in x.
struct LaplaceOfNormal {
    double z, slope, curvature_by_slope;
};

LaplaceOfNormal laplace_of_normal(double x) {
    constexpr double far = 37, half_log_half_pi = 0.2257913526447274;  // beyond `far` erfc runs out of exponents
    const double a = std::fabs(x), sign = x < 0 ? -1 : 1;
    const double r = 1 / (a * a);  // its powers: Abramowitz & Stegun 7.1.23
    const double tail = a < far ? std::erfc(a * M_SQRT1_2) : 0;
    const double z = a < far ? -std::log(tail) : 0.5 * a * a + std::log(a) + half_log_half_pi + r - 2.5 * r * r;
    const double hazard = a < far ? std::sqrt(M_2_PI) * std::exp(-0.5 * a * a) / tail : a * (1 + r * (1 - r * (2 - 10 * r)));
    return {sign * z, hazard, sign * (hazard - a)};
}

}  // namespace

LocationScale location_scale(PriorFamily family, const double* a) {
    switch (family) {
        case PriorFamily::half_normal:
        case PriorFamily::half_cauchy: return {0, a[0], -1, 0};
        case PriorFamily::half_student_t: return {0, a[1], -1, 1};
        case PriorFamily::student_t: return {a[1], a[2], 1, 2};
        default: return {a[0], a[1], 0, 1};  // normal, log_normal, laplace, cauchy
    }
}

HierarchicalDensity hierarchical_log_density(PriorFamily family, const double* a, double x) {
    const LocationScale at = location_scale(family, a);
    const bool log_scale = family == PriorFamily::log_normal;
    const double inner = log_scale ? std::log(x - a[2]) : x, inner_slope = log_scale ? 1 / (x - a[2]) : 1;
    const double z = (inner - at.mu) / at.sigma;
    double d_z = 0;
    HierarchicalDensity d;
    d.value = standard_log_density(family, a[0], z, d_z) - log_of_scale(at.sigma) - (log_scale ? inner : 0);
    d.d_x = (d_z / at.sigma - (log_scale ? 1 : 0)) * inner_slope;
    d.d_mu = -d_z / at.sigma;
    d.d_sigma = -(1 + z * d_z) / at.sigma;
    return d;
}

HierarchicalValue hierarchical_value(PriorFamily family, const double* a, double lambda, double x) {
    const LocationScale at = location_scale(family, a);
    HierarchicalValue v;
    if (is_half(family)) {
        v.log_jacobian = (1 - lambda) * log_of_scale(at.sigma) + x;
        v.value = std::exp(v.log_jacobian);
        v.d_x = v.value;
        v.d_sigma = (1 - lambda) * v.value / at.sigma;
        v.j_x = 1;
        v.j_sigma = (1 - lambda) / at.sigma;
        return v;
    }
    const double stretch = stretch_of(at.sigma, lambda);
    v.value = at.mu + stretch * x;
    v.d_x = stretch;
    v.d_mu = 1;
    v.d_sigma = (1 - lambda) * stretch * x / at.sigma;
    v.log_jacobian = lambda == 1 ? 0 : (1 - lambda) * log_of_scale(at.sigma);
    v.j_sigma = (1 - lambda) / at.sigma;
    if (family != PriorFamily::log_normal) return v;
    const double inner = v.value, e = std::exp(inner);
    v.log_jacobian += inner;
    v.j_x = v.d_x;
    v.j_mu = 1;
    v.j_sigma += v.d_sigma;
    v.value = a[2] + e;
    v.d_x *= e;
    v.d_mu = e;
    v.d_sigma *= e;
    return v;
}

HierarchicalValue smooth_laplace_value(const double* arguments, double x) {
    const LocationScale at = location_scale(PriorFamily::laplace, arguments);
    const LaplaceOfNormal l = laplace_of_normal(x);
    HierarchicalValue v;
    v.value = at.mu + at.sigma * l.z;
    v.d_x = at.sigma * l.slope;
    v.d_mu = 1;
    v.d_sigma = l.z;
    v.log_jacobian = log_of_scale(at.sigma) + std::log(l.slope);
    v.j_x = l.curvature_by_slope;
    v.j_sigma = 1 / at.sigma;
    return v;
}

double hierarchical_coordinate(PriorFamily family, const double* a, double lambda, double theta) {
    const LocationScale at = location_scale(family, a);
    if (is_half(family)) return std::log(theta) - (1 - lambda) * std::log(at.sigma);
    const double inner = family == PriorFamily::log_normal ? std::log(theta - a[2]) : theta;
    return (inner - at.mu) / stretch_of(at.sigma, lambda);
}

}  // namespace mmm
