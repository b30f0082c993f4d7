// Where rows of the future stand: sorted by geo and time, for each geo of the model the same periods, which follow its
// history without a gap.
#pragma once

#include <vector>

#include "core/model/column_checks.hpp"
#include "core/model/dataset.hpp"

namespace mmm {

struct FutureOrder {
    std::vector<std::size_t> row;  // the table's row of each cell, geo-major
    std::vector<Timestamp> time;   // one a period
};

// Findings: geos that the history does not have (unknown_geo), repeated cells (duplicate_time), times that do not
// follow (inside_history, gap, irregular_steps), cells without a row (missing_rows). The order is of use where there
// are none. Times and geos have been checked for nulls.
FutureOrder future_order(const Dataset& history, const Table& table, ColumnChecks& checks);

}  // namespace mmm
