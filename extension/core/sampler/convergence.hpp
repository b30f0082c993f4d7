// Convergence statistics of Vehtari, Gelman, Simpson, Carpenter, Buerkner 2021 (Bayesian Analysis 16(2), 667-718).
#pragma once

#include <vector>

#include "core/eigen.hpp"

namespace mmm {

struct Convergence {
    double mean = 0;
    double sd = 0;
    double rhat = 0;       // maximum of rank-normalised split R-hat and its folded form
    double ess_bulk = 0;
    double ess_tail = 0;   // minimum of the ESS of the 5 % and 95 % quantile indicators
    double mcse_mean = 0;  // sd / sqrt(ESS of the mean)
};

// `draws`: iterations x chains, of one quantity. A constant quantity has R-hat, ESS and MCSE of NaN, as in `posterior`.
Convergence convergence(ConstMatRef draws);

// Effective sample size of the mean of `draws` (split chains, not rank-normalised); NaN for a constant quantity or fewer
// than six draws a chain.
double ess_mean(ConstMatRef draws);

// Energy Bayesian fraction of missing information of one chain (Betancourt 2016, arXiv:1604.00695):
// sum (E_n - E_{n-1})^2 / sum (E_n - mean E)^2.
double e_bfmi(const std::vector<float>& energy);

// Quantile of sorted values, linear interpolation (type 7 of Hyndman & Fan 1996).
double quantile_sorted(const double* sorted, std::size_t n, double probability);

}  // namespace mmm
