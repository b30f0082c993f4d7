// Rows that carry a fit: those without which the posterior would be another, told by the tail of their importance
// ratios 1 / p(y_i | theta) (Pareto k of psis.hpp; Vehtari, Gelman, Gabry 2017, Statistics and Computing 27).
//
// In large panels k is estimated only for rows whose ln p(y_i | theta) varies over the draws by 0.1 or more (variance):
// ratios that vary less have no heavy tail (0.4 is where Vehtari, Gelman & Gabry find WAIC of a row unreliable).
#pragma once

#include <vector>

#include "core/summary/loo.hpp"
#include "core/summary/review_draws.hpp"

namespace mmm {

struct InfluentialRow {
    Eigen::Index row;
    double pareto_k;
};

// The rows looked at, the largest k first.
std::vector<InfluentialRow> influence(const FittedModel& model, const ReviewDraws& draws, const Poll& poll);

}  // namespace mmm
