// The best plan for an objective on the draws other than the mean.
//
// Near a plan each such objective moves as a weighted mean over draws (objective.hpp), and a weighted mean is maximised
// exactly (maximise.hpp). So the weights are followed: the plan that is best for the current ones gives the next,
// averaged in with ever smaller steps (for cvar this is Frank & Wolfe's method on the dual, min over weights of the
// best weighted mean). Several starts, from the mean and from weights that favour bad or good draws and random subsets
// of them, then a search along lines between good plans and pairs of cells. The mean plan is among the candidates, so
// the result is never worse than it under the objective.
#pragma once

#include "core/planner/objective.hpp"
#include "core/planner/problem.hpp"

namespace mmm {

Vec total_outcomes(const DrawCurves& curves, ConstVecRef spend);

// Throws check_feasible()'s errors when the region is empty.
Vec maximise_objective(const DrawCurves& curves, const Region& region, const Objective& objective, const Poll& poll);

}  // namespace mmm
