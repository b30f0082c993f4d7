// Maps between a parameter's support and the whole line (Stan reference manual, constraint transforms):
//   (-inf, inf)  x = u                 (a, inf)  x = a + e^u
//   (-inf, b)    x = b - e^u           (a, b)    x = a + (b - a) / (1 + e^-u)
#pragma once

#include <cmath>

#include "core/model/prior.hpp"

namespace mmm {

struct Constrained {
    double value;
    double slope;            // dx/du
    double log_jacobian;     // ln |dx/du|
    double d_log_jacobian;   // d ln |dx/du| / du
};

inline bool is_whole_line(const Interval& support) { return std::isinf(support.lower) && std::isinf(support.upper); }

inline Constrained constrain(const Interval& support, double u) {
    if (is_whole_line(support)) return {u, 1, 0, 0};
    if (std::isinf(support.upper)) {
        const double e = std::exp(u);
        return {support.lower + e, e, u, 1};
    }
    if (std::isinf(support.lower)) {
        const double e = std::exp(u);
        return {support.upper - e, -e, u, 1};
    }
    // Written for either sign of u without overflow.
    const double width = support.upper - support.lower, e = std::exp(-std::fabs(u));
    const double small = e / (1 + e), large = 1 / (1 + e);
    const double s = u >= 0 ? large : small;
    return {support.lower + width * s, width * small * large, std::log(width) - std::fabs(u) - 2 * std::log1p(e),
            (u >= 0 ? small : large) - s};
}

// x = a + k ln(1 + e^u), or b - k ln(1 + e^u) for a support without lower end: linear in u far from the bound, exponential near it.
inline Constrained constrain_softly(const Interval& support, double k, double u) {
    const double e = std::exp(-std::fabs(u));
    const double softplus = std::log1p(e) + (u > 0 ? u : 0), sigmoid = u >= 0 ? 1 / (1 + e) : e / (1 + e);
    const double direction = std::isinf(support.lower) ? -1 : 1;
    const double bound = std::isinf(support.lower) ? support.upper : support.lower;
    return {bound + direction * k * softplus, direction * k * sigmoid, std::log(k * sigmoid), 1 - sigmoid};
}

// The inverses, for a value inside the support.
inline double unconstrain(const Interval& support, double x) {
    if (is_whole_line(support)) return x;
    if (std::isinf(support.upper)) return std::log(x - support.lower);
    if (std::isinf(support.lower)) return std::log(support.upper - x);
    return std::log((x - support.lower) / (support.upper - x));
}

inline double unconstrain_softly(const Interval& support, double k, double x) {
    const double distance = (std::isinf(support.lower) ? support.upper - x : x - support.lower) / k;
    return distance > 30 ? distance : std::log(std::expm1(distance));
}

}  // namespace mmm
