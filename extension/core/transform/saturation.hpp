// Saturation: diminishing returns of adstocked media, value and derivatives side by side.
//
//   none                       h = x
//   hill(half, slope)          h = x^s / (x^s + k^s)                          Jin et al. 2017, Google, eq. 5
//   logistic(rate)             h = (1 - e^(-r x)) / (1 + e^(-r x)) = tanh(r x / 2)
//   inverse_scaled_logistic(half)  the logistic with rate ln 3 / half, so that h(half) = 1/2
//   tanh(scale)                h = tanh(x / c)
//   michaelis_menten(half)     h = x / (x + k)
//   root(power)                h = x^a
//   log                        h = ln(1 + x)
//
// x >= 0; half, rate, scale, slope, power > 0.
#pragma once

#include <string_view>

#include "core/eigen.hpp"

namespace mmm {

enum class SaturationFamily { none, hill, logistic, inverse_scaled_logistic, tanh, michaelis_menten, root, log };

constexpr int max_saturation_parameters = 2;

int saturation_parameter_count(SaturationFamily family);

// Over a vector: h, and the derivatives dh/dx, dh/dp1, dh/dp2 (those of missing parameters are left alone).
// At x = 0, where a derivative may be infinite (root, hill with slope < 1), it is taken as 0: x is data there, or an
// adstocked value that no parameter can move away from 0.
struct SaturationTape {
    Vec value, d_input, d_first, d_second;
    bool wants_second = true;  // false: p2 is known, and d_second may be left without meaning
    void resize(Eigen::Index n);
};
void saturation_forward(SaturationFamily family, ConstVecRef x, double p1, double p2, SaturationTape& tape);

// One value, for SQL scalars and curves. Throws Error(invalid_argument) for parameters outside their range and x < 0.
double saturation_value(SaturationFamily family, double x, double p1, double p2);

}  // namespace mmm
