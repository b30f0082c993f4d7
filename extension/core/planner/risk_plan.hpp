// The best plan for an objective on the draws other than the mean.
//
// Near a plan each such objective moves as a weighted mean over draws (objective.hpp), and a weighted mean is maximised
// exactly (maximise.hpp). So the weights are followed: the plan that is best for the current ones gives the next,
// averaged in with ever smaller steps (for cvar this is Frank & Wolfe's method on the dual, min over weights of the
// best weighted mean). Several starts, from the mean and from weights that favour bad or good draws and random subsets
// of them, then a search along lines between good plans and pairs of cells. The mean plan is among the candidates, so
// the result is never worse than it under the objective.
#pragma once

#include <functional>

#include "core/planner/objective.hpp"
#include "core/planner/problem.hpp"

namespace mmm {

Vec total_outcomes(const DrawCurves& curves, ConstVecRef spend);

// A plan as the search sees it: what it brings in each draw, and the best one for the mean weighted by draw.
struct RiskProblem {
    Eigen::Index draws;
    std::function<Vec(const Vec& spend)> totals;
    std::function<Vec(const Vec& weights)> best_for;
    int rounds;        // in which the weights of a start are followed
    bool many_starts;  // where best_for costs little
};

// The best of the plans that best_for() gives and those between them.
Vec search_risk(const RiskProblem& problem, const Region& region, const Objective& objective, const Poll& poll);

// Throws check_feasible()'s errors when the region is empty.
Vec maximise_objective(const DrawCurves& curves, const Region& region, const Objective& objective, const Poll& poll);

}  // namespace mmm
