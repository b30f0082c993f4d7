// Rows as they come from a reader, before anything is known of their meaning: one vector a column, problems counted
// instead of thrown so that all of them can be reported at once.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/timestamp.hpp"

namespace mmm {

enum class ColumnStatus { ok, missing, wrong_type };

struct TableColumn {
    std::string name;           // as written in the specification: `tv_spend` or `metrics.tv_spend`
    std::string type_name;      // PostgreSQL's name of the type, for messages
    ColumnStatus status = ColumnStatus::ok;
    std::vector<double> values; // NaN where null or not numeric
    std::vector<bool> is_null;
    std::int64_t not_numeric = 0;  // jsonb keys whose value is not a number
};

struct Table {
    std::string source;                  // name for messages and progress
    std::string time_column;
    ColumnStatus time_status = ColumnStatus::ok;
    std::string time_type_name;
    std::vector<Timestamp> time;
    std::vector<bool> time_is_null;      // also infinite times
    std::string geo_column;              // empty for a national model
    ColumnStatus geo_status = ColumnStatus::ok;
    std::vector<int> geo;                // of each row: position in geo_names, -1 where null; empty for a national model
    std::vector<std::string> geo_names;  // each once, in the order of appearance
    std::vector<TableColumn> columns;    // in the order of Specification::columns()
    std::vector<std::string> available;  // every column name of the source, for "did you mean"
    std::vector<bool> kpi_unknown;       // rows whose KPI is skipped by a rule of missing.hpp; empty where there is none
    std::size_t rows() const { return time.size(); }
};

}  // namespace mmm
