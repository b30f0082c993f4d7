// The best plan on a grid of spends, for curves of any shape: dynamic programming over what one row (the first whose
// weights are all equal and positive: a total) leaves to spend. Bellman's recursion,
//   V_i(b) = max_{k <= b} f_i(lower_i + k h) + V_{i-1}(b - k),
// costs cells * levels^2 / 2. Without such a row each cell takes its own best. Other rows are not looked at.
#pragma once

#include "core/planner/problem.hpp"

namespace mmm {

Vec grid_plan(const Curves& curves, const Region& region, const Poll& poll);

}  // namespace mmm
