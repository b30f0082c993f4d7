// Rows that passed every check, sorted by time, by the part they play.
#pragma once

#include <string>
#include <vector>

#include "core/eigen.hpp"
#include "core/host.hpp"
#include "core/model/finding.hpp"
#include "core/model/specification.hpp"
#include "core/model/table.hpp"
#include "core/transform/calendar.hpp"

namespace mmm {

struct Dataset {
    std::vector<Timestamp> time;
    TimeStep step;
    Vec kpi;
    Vec revenue_per_kpi;  // ones for a KPI that is revenue, or whose value is not known
    Mat spend;            // periods x media, zeros for organic media
    Mat exposure;         // periods x media
    Mat controls;         // periods x controls
    std::vector<bool> holdout;

    Eigen::Index periods() const { return kpi.size(); }
    Eigen::Index fitted_periods() const;
};

// Every check at once. `dataset` is filled when no finding is an error.
// `poll` is called between steps; it throws to stop.
std::vector<Finding> check_data(const Specification& spec, const Table& table, Dataset& dataset, const Poll& poll = [] {});

// Marks the periods held out by number or by chance; those held out by a column stay as they are.
void mark_holdout(const Specification& spec, Dataset& dataset);

// The values of a column in the fitted periods.
Vec fitted_values(const Dataset& dataset, ConstVecRef column);

bool has_errors(const std::vector<Finding>& findings);

// Throws Error(invalid_data): the first error finding is the message, all of them the detail.
[[noreturn]] void throw_findings(const std::vector<Finding>& findings, const std::string& source);

}  // namespace mmm
