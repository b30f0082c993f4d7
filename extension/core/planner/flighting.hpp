// How the money of a plan by period becomes exposure. The window is cut into blocks of `every` periods; of each paid
// medium, with S_b the money of block b,
//
//   exposure of row (g, t) = base + S_b(t) * unit
//
// A block with spend keeps its own price of exposure and its split over its periods and geos. One without is given the
// mean price and split over geos of the window, evenly over its periods; what exposure it had without spend stays
// (base). Of reach and frequency it is reach that is bought, at the frequency of the row, or the mean one where there
// was none.
#pragma once

#include <string>
#include <vector>

#include "core/model/fitted_model.hpp"
#include "core/planner/plan_options.hpp"

namespace mmm {

struct PlanBlocks {
    Eigen::Index first = 0, periods = 0;  // of the window
    Eigen::Index every = 1, count = 0;

    Eigen::Index of(Eigen::Index period) const { return (period - first) / every; }
    Eigen::Index begin(Eigen::Index block) const { return first + block * every; }
    Eigen::Index length(Eigen::Index block) const { return std::min(every, first + periods - begin(block)); }
};

// Throws Error(invalid_argument) where the window is empty or has more blocks than a plan can have.
PlanBlocks plan_blocks(const FittedModel& model, const PlanOptions& options);

struct Flight {
    std::size_t medium;
    Vec current;     // spend of each block
    Vec base, unit;  // rows, in the model's scale
    Vec frequency;   // rows; no elements for other media
};

Flight flight_of(const FittedModel& model, std::size_t medium, const PlanBlocks& blocks);

}  // namespace mmm
