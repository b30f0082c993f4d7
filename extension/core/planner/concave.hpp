// The best plan for concave curves.
//
// With at most one row, water-filling: at the optimum every cell inside its bounds has the same marginal return per
// unit of the row (the price), those at the lower bound have less, those at the upper bound more; the price is found
// by bracketing. With more rows, an interior-point method. Both are exact up to rounding for concave curves.
#pragma once

#include "core/planner/problem.hpp"

namespace mmm {

// `region` must not be empty (check_feasible).
Vec maximise_concave(const Curves& curves, const Region& region, const Poll& poll);

// The point of the region nearest to `spend`, each cell measured by the width of its bounds.
Vec nearest_feasible(const Region& region, ConstVecRef spend, const Poll& poll);

// How much more a linearisation at `spend` promises anywhere in the region (Frank & Wolfe 1956): for concave curves an
// upper bound of what the plan misses, and 0 where the KKT conditions hold.
double optimality_gap(const Curves& curves, const Region& region, ConstVecRef spend, const Poll& poll);

}  // namespace mmm
