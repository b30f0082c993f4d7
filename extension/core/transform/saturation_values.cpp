#include "core/transform/saturation_values.hpp"

#include <cmath>

namespace mmm {

namespace {

// tanh(c x); Eigen's exp is vectorised for doubles, its tanh is not.
void hyperbolic_values(double c, VecRef x) {
    x = (-2 * c * x.array()).exp().matrix();
    x = (1 - x.array()) / (1 + x.array());
}

// x^s / (x^s + k^s) = 1 / (1 + e^(-s ln(x / k))); at x = 0 the exponential is infinite.
void hill_values(double half, double slope, VecRef x) {
    if (slope == 1) {
        x = x.array() / (x.array() + half);
        return;
    }
    const double log_half = std::log(half);
    x = (x.array() > 0).select((1 + (-slope * (x.array().log() - log_half)).exp()).inverse(), 0.0);
}

}  // namespace

void saturate(SaturationFamily family, double p1, double p2, VecRef x) {
    switch (family) {
        case SaturationFamily::none: return;
        case SaturationFamily::hill: return hill_values(p1, p2, x);
        case SaturationFamily::logistic: return hyperbolic_values(p1 / 2, x);
        case SaturationFamily::inverse_scaled_logistic: return hyperbolic_values(std::log(3.0) / (2 * p1), x);
        case SaturationFamily::tanh: return hyperbolic_values(1 / p1, x);
        case SaturationFamily::michaelis_menten: x = x.array() / (x.array() + p1); return;
        case SaturationFamily::root: x = (x.array() > 0).select((p1 * x.array().log()).exp(), 0.0); return;
        case SaturationFamily::log: x = x.array().log1p(); return;
    }
}

}  // namespace mmm
