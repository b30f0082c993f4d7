// What stands for values and rows that are missing. Nothing does unless the specification says so; what is put in is counted.
//
//   "missing": {"values": {"<column or role>": rule}, "periods": "refuse" | "fill"}
//
//   role              rules besides "refuse"   what they say of a NULL
//   media             zero, carry              spend, exposure, reach, frequency: 0; the last value before it in the same geo
//   controls          zero, carry
//   treatments        zero, carry
//   kpi               skip, zero               skip: the row is not in the likelihood (held out, and fitted like any other)
//   revenue_per_kpi   carry
//   population        carry                    the geo's population in any other row
//   holdout           zero                     not held out
//
// A key that is a column in use means that column, and goes before the role. "fill" adds the rows that a panel lacks, and
// periods that are missing in a grid of the smallest step seen; in them every column is NULL, and its rule applies.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/model/json.hpp"

namespace mmm {

class Specification;
class ColumnChecks;
struct Dataset;
struct Finding;
struct Table;

enum class MissingRule { refuse, zero, carry, skip };

struct MissingRules {
    std::vector<std::pair<std::string, MissingRule>> values;  // column or role, in the order written
    bool fill_periods = false;

    bool any() const { return fill_periods || !values.empty(); }
};

// What a rule put into one column.
struct FilledCells {
    std::string column;
    MissingRule rule = MissingRule::refuse;
    std::int64_t cells = 0;
};

// A row that was added, or a value put in, is known by these.
struct FilledReport {
    std::vector<FilledCells> cells;
    std::int64_t rows = 0;  // added by "fill"

    bool empty() const { return cells.empty() && rows == 0; }
};

const std::vector<std::string>& missing_rule_names();

// Reads "missing" of a specification whose columns are known (`spec.columns`). Errors: a key that is neither a column nor a
// role, a rule that the column cannot have, two roles of one column with different rules.
MissingRules parse_missing(const Json* value, const Specification& spec);
Json missing_json(const MissingRules& rules);

// The rule of a column for the role it plays.
MissingRule rule_of(const Specification& spec, const std::string& column);

// What to write where `column` holds NULL, for hints; "" where nothing can be written.
std::string missing_advice(const Specification& spec, const std::string& column);

// The table with the rules applied, in which a KPI that is skipped is marked in Table::kpi_unknown. Values that no rule covers
// stay NULL. `history`: for rows of the future, what came before them; nullptr otherwise. Tables that cannot be put in order
// (no time, a time without step, rows that occur twice) come back without added rows: the checks say what is wrong with them.
Table fill_missing(const Specification& spec, const Table& table, const Dataset* history, FilledReport& report);

// One finding for each column and rule: info, or warning where more than a tenth of the rows is made up.
void report_filled(const FilledReport& report, std::size_t rows, ColumnChecks& checks);

}  // namespace mmm
