// What the model review asks of the posterior, gathered in one walk over the draws.
#pragma once

#include <vector>

#include "core/eigen.hpp"
#include "core/host.hpp"
#include "core/model/fitted_model.hpp"

namespace mmm {

struct ReviewDraws {
    Vec mean;                      // of each row: the posterior mean of the fitted KPI
    double negative_baseline = 0;  // the share of draws whose baseline (all but media) has a negative sum over all rows
    Vec total;                     // of each draw: the expected outcome of the fitted rows, KPI times revenue per KPI
    Mat outcome;                   // draws x media: the incremental outcome of all rows
    Vec log_likelihood;            // of each draw: sum over the fitted rows of ln p(y_i | theta)

    std::vector<Eigen::Index> fitted;  // the fitted rows
    Vec density_variance;              // of each of them: the variance over draws of ln p(y_i | theta)
    // Rows whose densities are at hand: all that are fitted, or in large panels those that vary in a first sample of
    // draws.
    std::vector<Eigen::Index> kept;  // positions in `fitted`, ascending
    Mat log_density;                 // draws x kept of ln p(y_i | theta)
};

// `densities`: how many may be kept where not all of them are.
ReviewDraws review_draws(const FittedModel& model, const Poll& poll, std::size_t densities = 8'000'000);

}  // namespace mmm
