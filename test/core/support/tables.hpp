// Tables for tests: simulated rows in the shape a reader delivers them, and CSV files of the public data sets.
#pragma once

#include <string>

#include "core/api.hpp"

namespace mmm::test {

// Rows of mmm_simulate(spec, seed) under the column names that `spec` uses.
Table simulated_table(const std::string& spec_json, std::int64_t seed);

// Copies `table` with only the first n rows.
Table first_rows(const Table& table, std::size_t n);

// A CSV with a header; "" where the file is not there. Values that are not numbers become NaN and are not numeric.
std::string shared_file(const std::string& relative);
Table csv_table(const std::string& path, const std::string& spec_json);

}  // namespace mmm::test
