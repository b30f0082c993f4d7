// The options of a budget plan, read from JSON. Every error names the field, the value and the remedy.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/eigen.hpp"
#include "core/model/json.hpp"
#include "core/planner/objective.hpp"
#include "core/timestamp.hpp"

namespace mmm {

struct SpendBounds {
    double least, most;
    bool in_spend = false;  // otherwise multiples of the current spend
};

// Linear in the spend of channels (all geos together).
struct PlanConstraint {
    std::string name;  // "constraints[0]", "groups.digital"
    Vec weights;       // one a channel
    double least, most;
};

enum class Carryover { steady, after };

struct PlanOptions {
    std::optional<double> budget, target_roi, target_mroi, max_budget;
    std::vector<std::optional<SpendBounds>> bounds;  // one a channel
    std::vector<bool> locked;                        // one a channel
    std::vector<PlanConstraint> constraints;
    bool by_geo = false, by_period = false;
    int every = 1;                               // periods that are planned as one
    std::vector<std::vector<double>> flighting;  // one a channel: money by block as shares of their sum; empty: free
    std::optional<Timestamp> from, to;           // inclusive
    Objective objective;
    Carryover carryover = Carryover::steady;
    double level = 0.9;

    bool flexible() const { return target_roi || target_mroi; }
};

// `channels`: the paid channels, which are all that can be named.
PlanOptions read_plan_options(const Json& document, const std::vector<std::string>& channels);

}  // namespace mmm
