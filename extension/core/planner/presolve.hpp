// What the rows of a region leave no choice about, found before a method that needs room inside the region is run:
// cells that the rows and the other cells' bounds pin to one spend, rows that the bounds keep by themselves, and rows
// that are multiples of each other. Bounds are propagated through the rows (Andersen & Andersen 1995, Mathematical
// Programming 71, section 3).
#pragma once

#include "core/planner/problem.hpp"

namespace mmm {

// The same set of plans (to a relative 1e-12) with pinned cells fixed and idle rows left out.
Region presolved(const Region& region);

}  // namespace mmm
