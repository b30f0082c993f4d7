// The budget plan of a fitted model by period: money of each paid channel in each block of periods of the window, or
// spread over them by a given pattern. Effects are counted as with carryover "after": only the window's own money
// changes, and what it brings counts as long as it lasts, to the end of the data. Geos keep their shares of each block.
#pragma once

#include <vector>

#include "core/api.hpp"
#include "core/planner/plan_options.hpp"

namespace mmm {

// A row for each paid channel and block, channels in the order of the specification.
std::vector<BudgetRow> plan_by_period(const FittedModel& model, const PlanOptions& options, const Poll& poll);

}  // namespace mmm
