#include "core/model/column_checks.hpp"

#include <algorithm>
#include <cmath>

#include "core/format.hpp"
#include "core/transform/calendar.hpp"

namespace mmm {

namespace {

constexpr Timestamp earliest = -62'135'596'800LL * 1'000'000;  // 0001-01-01
constexpr std::size_t most_geos = 5000;
constexpr Timestamp latest = 253'402'300'800LL * 1'000'000;    // 10000-01-01

std::string rows_text(std::int64_t n) { return n == 1 ? "1 row" : std::to_string(n) + " rows"; }

std::string quoted(const std::string& name) { return "column \"" + name + "\""; }

}  // namespace

void ColumnChecks::add(const std::string& severity, const std::string& code, const std::string& field,
                       const std::string& message, const std::string& hint) {
    findings_.push_back({severity, code, field, message, hint});
}

std::string ColumnChecks::time_at(std::size_t row) const {
    if (row >= table_.time.size() || table_.time_is_null[row]) return "row " + std::to_string(row + 1);
    const Timestamp time = table_.time[row];
    return time < earliest || time >= latest ? "row " + std::to_string(row + 1) : format_timestamp(time);
}

void ColumnChecks::check_time() {
    if (table_.time_status == ColumnStatus::missing) {
        add("error", "missing_column", "time",
            quoted(table_.time_column) + " does not exist" + did_you_mean(table_.time_column, table_.available),
            "Name a column of type date, timestamp or timestamptz.");
        return;
    }
    if (table_.time_status == ColumnStatus::wrong_type) {
        add("error", "wrong_type", "time", quoted(table_.time_column) + " is of type " + table_.time_type_name,
            "Use a column of type date, timestamp or timestamptz, or cast it in a view.");
        return;
    }
    std::int64_t nulls = 0, outside = 0;
    for (std::size_t i = 0; i < table_.rows(); ++i) {
        if (table_.time_is_null[i])
            ++nulls;
        else if (table_.time[i] < earliest || table_.time[i] >= latest)
            ++outside;
    }
    if (nulls > 0)
        add("error", "null_time", "time", quoted(table_.time_column) + " is null or infinite in " + rows_text(nulls),
            "Filter these rows in a view.");
    if (outside > 0)
        add("error", "time_out_of_range", "time",
            quoted(table_.time_column) + " is outside the years 1 to 9999 in " + rows_text(outside),
            "Filter these rows in a view.");
}

void ColumnChecks::check_geo() {
    if (table_.geo_column.empty()) return;
    if (table_.geo_status == ColumnStatus::missing) {
        add("error", "missing_column", "geo", quoted(table_.geo_column) + " does not exist" + did_you_mean(table_.geo_column, table_.available),
            "Name the column that tells geos apart.");
        return;
    }
    if (table_.geo_status == ColumnStatus::wrong_type) {
        add("error", "wrong_type", "geo", quoted(table_.geo_column) + " is not of a type that names geos",
            "Use a column of type text, varchar, uuid or an integer type, or cast it in a view.");
        return;
    }
    const auto nulls = std::count(table_.geo.begin(), table_.geo.end(), -1);
    if (nulls > 0)
        add("error", "null_geo", "geo", quoted(table_.geo_column) + " is null in " + rows_text(nulls), "Filter these rows in a view.");
    if (table_.geo_names.size() > most_geos)
        add("error", "too_many_geos", "geo",
            quoted(table_.geo_column) + " has " + std::to_string(table_.geo_names.size()) + " values, more than " + std::to_string(most_geos),
            "Group small geos into larger ones.");
}

const TableColumn* ColumnChecks::use(const std::string& name, const std::string& field, Range range,
                                     const std::string& null_hint) {
    const TableColumn* column = nullptr;
    for (const auto& candidate : table_.columns)
        if (candidate.name == name) column = &candidate;
    if (column == nullptr || column->status == ColumnStatus::missing) {
        add("error", "missing_column", field, quoted(name) + " does not exist" + did_you_mean(name, table_.available),
            "Name a column of the source; a key of a jsonb column is written as column.key.");
        return nullptr;
    }
    if (column->status == ColumnStatus::wrong_type) {
        add("error", "not_numeric", field, quoted(name) + " is of type " + column->type_name + ", expected a number",
            "Use a numeric column, or cast it in a view.");
        return nullptr;
    }
    check_cells(*column, field, range, null_hint);
    return column;
}

void ColumnChecks::check_cells(const TableColumn& column, const std::string& field, Range range,
                               const std::string& null_hint) {
    std::int64_t nulls = 0, not_finite = 0, outside = 0;
    std::size_t first_null = 0, first_not_finite = 0, first_outside = 0;
    for (std::size_t i = 0; i < column.values.size(); ++i) {
        const double value = column.values[i];
        if (column.is_null[i]) {
            if (nulls++ == 0) first_null = i;
        } else if (!std::isfinite(value)) {
            if (not_finite++ == 0) first_not_finite = i;
        } else if ((range == Range::not_negative && value < 0) || (range == Range::positive && value <= 0)) {
            if (outside++ == 0) first_outside = i;
        }
    }
    if (nulls > 0)
        add("error", "null_value", field,
            quoted(column.name) + " is null in " + rows_text(nulls) + ", first at " + time_at(first_null), null_hint);
    if (not_finite > 0)
        add("error", "not_a_number", field,
            quoted(column.name) + " is not a finite number in " + rows_text(not_finite) + ", first at " +
                time_at(first_not_finite),
            "Correct or filter these rows.");
    if (outside > 0)
        add("error", range == Range::positive ? "not_positive" : "negative_value", field,
            quoted(column.name) + " is " + format_number(column.values[first_outside]) + " at " +
                time_at(first_outside) + " (" + rows_text(outside) + "), expected " +
                (range == Range::positive ? "numbers above 0" : "numbers of 0 or more"),
            "Correct these rows; refunds and corrections belong to the period they correct.");
}

}  // namespace mmm
