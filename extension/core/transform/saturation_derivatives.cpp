#include "core/transform/saturation_derivatives.hpp"

#include <cmath>

namespace mmm {

namespace {

constexpr double least_exposure = 1e-9;

using Values = Eigen::Ref<Vec>;

void hyperbolic_shape(ConstVecRef x, double c, Values h, Values slope, Values curvature) {
    h = (-2 * c * x.array()).exp().matrix();
    h = (1 - h.array()) / (1 + h.array());
    slope = c * (1 - h.array().square());
    curvature = -2 * c * h.array() * slope.array();
}

void half_shape(ConstVecRef x, double half, Values h, Values slope, Values curvature) {
    curvature = (x.array() + half).inverse();
    h = x.array() * curvature.array();
    slope = half * curvature.array().square();
    curvature = -2 * slope.array() * curvature.array();
}

void hill_shape(ConstVecRef x, double half, double s, Values h, Values slope, Values curvature) {
    if (s == 1) return half_shape(x, half, h, slope, curvature);
    const double least = least_exposure * half, log_half = std::log(half);
    h = (1 + (-s * (x.array().max(least).log() - log_half)).exp()).inverse();
    slope = s * h.array() * (1 - h.array()) / x.array().max(least);
    curvature = slope.array() * (s * (1 - 2 * h.array()) - 1) / x.array().max(least);
    h = (x.array() > 0).select(h, 0.0);
}

void root_shape(ConstVecRef x, double power, Values h, Values slope, Values curvature) {
    h = (power * x.array().max(least_exposure).log()).exp();
    slope = power * h.array() / x.array().max(least_exposure);
    curvature = (power - 1) * slope.array() / x.array().max(least_exposure);
    h = (x.array() > 0).select(h, 0.0);
}

}  // namespace

void SaturationShape::resize(Eigen::Index n) {
    for (Vec* v : {&value, &slope, &curvature}) v->setZero(n);
}

void saturation_shape(SaturationFamily family, double p1, double p2, ConstVecRef x, SaturationShape& shape) {
    const Eigen::Index n = x.size();
    const Values h = shape.value.head(n), slope = shape.slope.head(n), curvature = shape.curvature.head(n);
    switch (family) {
        case SaturationFamily::none:
            shape.value.head(n) = x;
            shape.slope.head(n).setOnes();
            shape.curvature.head(n).setZero();
            return;
        case SaturationFamily::hill: return hill_shape(x, p1, p2, h, slope, curvature);
        case SaturationFamily::logistic: return hyperbolic_shape(x, p1 / 2, h, slope, curvature);
        case SaturationFamily::inverse_scaled_logistic:
            return hyperbolic_shape(x, std::log(3.0) / (2 * p1), h, slope, curvature);
        case SaturationFamily::tanh: return hyperbolic_shape(x, 1 / p1, h, slope, curvature);
        case SaturationFamily::michaelis_menten: return half_shape(x, p1, h, slope, curvature);
        case SaturationFamily::root: return root_shape(x, p1, h, slope, curvature);
        case SaturationFamily::log:
            shape.value.head(n) = x.array().log1p();
            shape.slope.head(n) = (1 + x.array()).inverse();
            shape.curvature.head(n) = -shape.slope.head(n).array().square();
            return;
    }
}

}  // namespace mmm
