// Rows that passed every check, by the part they play. A panel is geo-major: with T periods, geo g holds rows
// g T .. (g + 1) T - 1 in the order of time. A national model is a panel of one geo without a name.
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
    std::vector<Timestamp> time;     // one a period
    TimeStep step;
    std::vector<std::string> geos;   // in alphabetical order; empty for a national model
    Vec population;                  // per geo; ones where none is named
    Vec kpi;
    Vec revenue_per_kpi;  // ones for a KPI that is revenue, or whose value is not known
    Mat spend;            // rows x media, zeros where there is no spend
    Mat exposure;         // rows x media; of reach and frequency, the frequency
    Mat reach;            // rows x media, zeros for other media; no columns where no medium has reach and frequency
    Mat controls;         // rows x controls
    std::vector<bool> holdout;
    std::vector<bool> kpi_unknown;     // rows held out because their KPI is missing (kpi holds 0 there); empty where there are none
    Eigen::Index history_periods = 0;  // the first periods, which only carry over (Specification::fit_from)
    FilledReport filled;               // what rules of missing.hpp put in

    bool kpi_known(Eigen::Index row) const { return kpi_unknown.empty() || !kpi_unknown[static_cast<std::size_t>(row)]; }
    Eigen::Index rows() const { return kpi.size(); }
    Eigen::Index periods() const { return static_cast<Eigen::Index>(time.size()); }
    Eigen::Index n_geos() const { return geos.empty() ? 1 : static_cast<Eigen::Index>(geos.size()); }
    Eigen::Index fitted_rows() const;
    // What a medium did in each row: exposure, or reach times frequency.
    Vec media_units(Eigen::Index medium) const;
    // The geo named by the specification, or the one of the largest population.
    int baseline_geo(const Specification& spec) const;
};

// Every check at once. `dataset` is filled when no finding is an error.
// `poll` is called between steps; it throws to stop.
std::vector<Finding> check_data(const Specification& spec, const Table& table, Dataset& dataset, const Poll& poll = [] {});

// Marks the rows held out by number of periods or by chance; those held out by a column stay as they are.
void mark_holdout(const Specification& spec, Dataset& dataset);

// The values of a column in the fitted rows.
Vec fitted_values(const Dataset& dataset, ConstVecRef column);

bool has_errors(const std::vector<Finding>& findings);

// Throws Error(invalid_data): the first error finding is the message, all of them the detail.
[[noreturn]] void throw_findings(const std::vector<Finding>& findings, const std::string& source);

}  // namespace mmm
