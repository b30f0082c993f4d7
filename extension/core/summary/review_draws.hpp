// What the model review asks of the posterior, gathered in one walk over the draws.
#pragma once

#include <vector>

#include "core/eigen.hpp"
#include "core/host.hpp"
#include "core/model/fitted_model.hpp"

namespace mmm {

struct ReviewDraws {
    Vec mean;                      // of each row: the posterior mean of the fitted KPI
    double negative_baseline = 0;  // the share of draws whose baseline (all but media), summed over all rows, is below 0
    Vec total;                     // of each draw: the expected outcome of the fitted rows, KPI times revenue per KPI
    Mat outcome;                   // draws x media: the incremental outcome of all rows
    Vec log_likelihood;            // of each draw: sum over the fitted rows of ln p(y_i | theta)

    std::vector<Eigen::Index> fitted;  // the fitted rows, and of each of them:
    Vec density_variance;              // the variance over draws of ln p(y_i | theta)
    Mat log_density;                   // draws x fitted rows of ln p(y_i | theta); no elements where there are too many
};

ReviewDraws review_draws(const FittedModel& model, const Poll& poll);

}  // namespace mmm
