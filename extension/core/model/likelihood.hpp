// ln p(y | mean, noise) summed over fitted rows, with its gradient.
#pragma once

#include "core/model/design.hpp"

namespace mmm {

// What a likelihood reads and writes: `residual` is y - mean, 0 where held out; `sigma` of each geo, all the same where it is
// common. Gradients of sigma are added by geo.
struct LikelihoodTape {
    Vec residual, d_mean;
    Vec sigma, d_sigma;
    Vec fitted_rows;  // of each geo
};

// -N ln sigma - sum e^2 / (2 sigma^2)
double normal_log_likelihood(LikelihoodTape& tape, Eigen::Index periods);

// lgamma((nu + 1) / 2) - lgamma(nu / 2) - ln(nu) / 2 - ln sigma - (nu + 1) / 2 ln(1 + z^2 / nu), z = e / sigma; nu > 1.
// Adds the gradient by nu.
double student_log_likelihood(LikelihoodTape& tape, Eigen::Index periods, double nu, double& d_nu);

// The laws of noise_law.hpp, row by row. `mean` of every row, in the model's units (under link log: its logarithm); writes
// the derivative by it to d_mean.
double log_likelihood_above_zero(const Specification& spec, const Design& design, ConstVecRef mean, LikelihoodTape& tape);

}  // namespace mmm
