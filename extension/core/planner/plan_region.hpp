// What a plan's options ask of its cells, whether they are channels, channels in geos or channels in periods.
#pragma once

#include <string>
#include <vector>

#include "core/model/fitted_model.hpp"
#include "core/planner/plan_options.hpp"
#include "core/planner/problem.hpp"

namespace mmm {

struct PlanMoney {
    std::string name;     // of the cell, for messages
    std::size_t channel;  // among the paid channels
    double current;
    double typical;  // spend that says what much is; 0: there is no spend whose flighting or price could be scaled
};

std::vector<std::string> paid_channels(const FittedModel& model);

// `count` of `total` draws, evenly spread.
std::vector<std::size_t> spread_draws(std::size_t total, std::size_t count);

// Bounds of each cell, and rows: budget, max_budget, constraints and groups over the cells of a channel, and that of a
// locked channel whose spend can move between its cells. Throws Error(invalid_argument) where there is no spend at all,
// or bounds ask for some where there was none.
Region plan_region(const PlanOptions& options, const std::vector<std::string>& channels,
                   const std::vector<PlanMoney>& cells);

// Throws Error(invalid_argument) where a cell could be given more than 1000 times what is typical of it.
void check_reach(const Region& region, const std::vector<PlanMoney>& cells);

}  // namespace mmm
