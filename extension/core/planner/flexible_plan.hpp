// Plans whose total is not given but follows from what money must return.
//
// target mROI: money goes to a cell as long as the next unit returns at least the target there, inside the bounds: the
// best plan for sum f_i(x_i) - target x_i. A cell at its lower bound may return less.
// target ROI: the largest outcome with sum f_i / sum x_i >= target. Its Lagrangian is sum f_i - nu x_i with
// 0 <= nu <= target, the ROI of whose best plan rises with nu, so nu is found by bisection; for concave curves exact.
#pragma once

#include "core/planner/problem.hpp"

namespace mmm {

Vec plan_for_marginal_roi(const Curves& curves, const Region& region, double target, const Poll& poll);

// Throws Error(invalid_argument) with the best ROI there is when the target cannot be reached.
Vec plan_for_roi(const Curves& curves, const Region& region, double target, const Poll& poll);

}  // namespace mmm
