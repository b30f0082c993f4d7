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
#include "core/kernel/kernels.hpp"

namespace mmm {

enum class SaturationFamily { none, hill, logistic, inverse_scaled_logistic, tanh, michaelis_menten, root, log };

constexpr int max_saturation_parameters = 2;

int saturation_parameter_count(SaturationFamily family);

// A saturation at given parameters, in the kernel's terms. Parameters are taken to be inside their ranges.
// At x = 0, where a derivative may be infinite (root, hill with slope < 1), it is taken as 0: x is data there, or an
// adstocked value that no parameter can move away from 0.
struct SaturationCurve {
    const SaturationKernel* kernel = nullptr;
    double a = 0, b = 0;
    double a_by_first = 1;  // da / dp1; b is p2
};

// `known_slope`: no derivative by the second parameter will be asked for.
SaturationCurve saturation_curve(SaturationFamily family, double p1, double p2, bool known_slope, const Kernels& kernels);

// h(x) over a vector, in place.
void saturate(SaturationFamily family, double p1, double p2, VecRef x);

// One value, for SQL scalars: what saturate() gives but for rounding, and the same on every processor. Throws
// Error(invalid_argument) for parameters outside their range and x < 0.
double saturation_value(SaturationFamily family, double x, double p1, double p2);

}  // namespace mmm
