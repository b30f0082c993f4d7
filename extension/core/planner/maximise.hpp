// The best plan for curves of any shape.
//
// Concave curves go to maximise_concave(). Where a curve is S-shaped (Hill with a slope above 1), several starts are
// climbed from: the best plan on a grid of spends (dynamic programming over the budget, which sees every combination
// of channels that are on or off), what water-filling makes of the curves, and points of a Halton sequence. A climb
// maximises a model of the curves in a trust region: the curve itself where it is concave there, its tangent where it
// is not. Every plan lies in the region; the best by the curves themselves is kept.
#pragma once

#include <optional>

#include "core/planner/problem.hpp"

namespace mmm {

// Throws check_feasible()'s errors when the region is empty.
Vec maximise(const Curves& curves, const Region& region, const Poll& poll);

bool is_concave(const Curves& curves, const Region& region);

// Point `index` (from 0) of the Halton sequence, scaled into the bounds.
Vec halton_point(const Region& region, std::size_t index);

}  // namespace mmm
