// Pareto smoothed importance sampling (Vehtari, Simpson, Gelman, Yao, Gabry 2024, JMLR 25(72), algorithm 1).
#pragma once

#include "core/eigen.hpp"

namespace mmm {

// Generalised Pareto with location 0: F(x) = 1 - (1 + k x / sigma)^(-1 / k).
struct ParetoFit {
    double k = 0, sigma = 0;
};

// The estimate of Zhang & Stephens 2009 (Technometrics 51(3), 316-325), with k drawn towards 0.5 as ten observations
// would (appendix C of the paper above). `sorted`: exceedances in ascending order, the last above 0.
ParetoFit fit_pareto(ConstVecRef sorted);

// sigma ((1 - p)^-k - 1) / k
double pareto_quantile(double probability, const ParetoFit& fit);

// Replaces the largest log ratios by the expected order statistics of a Pareto fitted to them, at most the largest raw
// one, and normalises so that the weights' exponentials add up to 1. Returns k-hat of the tail: infinite where there
// are too few draws (fewer than 5 in the tail) to tell, minus infinity where the largest ratios are all the same.
// `relative_efficiency`: effective sample size over number of draws. The tail holds min(S / 5, 3 sqrt(S / r_eff)) of S
// draws.
// Ratios that are not all finite give infinite k-hat and weights that are not numbers.
double smooth_weights(VecRef log_ratios, double relative_efficiency);

// k-hat above this calls an estimate from `draws` draws into question: min(1 - 1 / log10(S), 0.7).
double pareto_k_threshold(double draws);

// ln sum exp, without overflow.
double log_sum_exp(ConstVecRef values);

}  // namespace mmm
