// Mean and interval over the posterior draws of many quantities, some at a time, so that memory stays bounded.
#pragma once

#include <functional>
#include <vector>

#include "core/eigen.hpp"
#include "core/host.hpp"

namespace mmm {

struct DrawSummary {
    double mean, lower, upper;  // equal-tailed interval at the level asked for; NaN bounds where there is one draw
};

// Writes the quantities first .. first + values.size() - 1 of one draw.
using FillDraw = std::function<void(std::size_t draw, std::size_t first, VecRef values)>;

// Of `count` quantities. `fill` is called for every draw in ascending order, once for each stretch that fits into
// memory.
std::vector<DrawSummary> summarise_draws(std::size_t count, std::size_t draws, double level, const FillDraw& fill,
                                         const Poll& poll);

}  // namespace mmm
