// Where the rows of a table stand in a panel: sorted by geo and time, every geo with the same periods.
#pragma once

#include <string>
#include <vector>

#include "core/model/column_checks.hpp"
#include "core/transform/calendar.hpp"

namespace mmm {

struct PanelOrder {
    std::vector<std::size_t> row;  // the table's row of each cell, geo-major
    std::vector<Timestamp> time;   // one a period
    std::vector<std::string> geos;
    TimeStep step;
};

// Findings: repeated cells (duplicate_time), cells without a row (missing_rows), uneven steps (irregular_steps). The
// order is of use where there are none. Times and geos have been checked for nulls.
PanelOrder panel_order(const Table& table, ColumnChecks& checks);

}  // namespace mmm
