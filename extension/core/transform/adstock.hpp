// Adstock: the carry-over of media exposure into later periods, value and derivatives side by side.
//
//   A_t = sum_{l = 0..max_lag} w_l x_{t-l}        (x = 0 before the first row)
//
// Raw weights w_l by family, l = 0..L with L = max_lag:
//   none                           w_0 = 1, all others 0
//   geometric(alpha)               alpha^l                              alpha in [0, 1)   Jin et al. 2017, Google, eq. 2
//   delayed(alpha, theta)          alpha^((l - theta)^2)                alpha in (0, 1), theta >= 0   ibid., eq. 3
//   binomial(alpha)                (1 - l / (L + 1))^(1 / alpha - 1)    alpha in (0, 1]   Meridian's binomial decay
//   weibull_cdf(shape, scale)      prod_{j = 1..l} exp(-(j / scale)^shape)                shape, scale > 0   Robyn's Weibull CDF
//   weibull_pdf(shape, scale)      f((l + 1); shape, scale) of the Weibull density        shape, scale > 0   Robyn's Weibull PDF
// When normalised, the weights are divided by their sum.
#pragma once

#include <string_view>

#include "core/eigen.hpp"
#include "core/transform/adstock_state.hpp"

namespace mmm {

constexpr int max_adstock_parameters = 2;

struct AdstockForm {
    AdstockFamily family = AdstockFamily::geometric;
    int max_lag = 8;
    bool normalize = true;
};

int adstock_parameter_count(AdstockFamily family);

// Weights w (max_lag + 1 values) and, column by column, their derivatives by each parameter ((max_lag + 1) x 2; columns
// beyond the family's parameters are left alone). Parameters are taken to be inside their ranges.
void adstock_weights(const AdstockForm& form, const double* parameters, VecRef weights, MatRef derivatives);

// Throws Error(invalid_argument) with the parameter's name when one is outside its range.
void check_adstock_parameters(AdstockFamily family, const double* parameters);

// out_t = sum_l w_l x_{t-l}. `out` must not alias `x`.
void adstock_forward(ConstVecRef x, ConstVecRef weights, VecRef out);

// d_x_t = sum_l w_l d_out_{t+l} (overwritten): the reverse of adstock_forward by its input.
void adstock_reverse_input(ConstVecRef weights, ConstVecRef d_out, VecRef d_x);

}  // namespace mmm
