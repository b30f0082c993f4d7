#include "support/tables.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/model/json.hpp"
#include "core/model/specification.hpp"
#include "core/transform/calendar.hpp"

namespace mmm::test {

namespace {

std::string plain_name(const std::string& column) {
    const auto dot = column.rfind('.');
    return dot == std::string::npos ? column : column.substr(dot + 1);
}

void add_column(Table& table, const std::string& name, std::vector<double> values) {
    TableColumn column;
    column.name = name;
    column.type_name = "double precision";
    for (const double value : values) column.is_null.push_back(std::isnan(value));
    column.values = std::move(values);
    table.columns.push_back(std::move(column));
    table.available.push_back(name);
}

void add_geo(Table& table, const std::string& name) {
    const auto found = std::find(table.geo_names.begin(), table.geo_names.end(), name);
    table.geo.push_back(static_cast<int>(found - table.geo_names.begin()));
    if (found == table.geo_names.end()) table.geo_names.push_back(name);
}

std::vector<std::string> split(const std::string& line) {
    std::vector<std::string> cells;
    std::stringstream stream(line);
    std::string cell;
    while (std::getline(stream, cell, ',')) {
        if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"') cell = cell.substr(1, cell.size() - 2);
        cells.push_back(cell);
    }
    return cells;
}

}  // namespace

Table simulated_table(const std::string& spec_json, std::int64_t seed) {
    const Specification spec = read_specification(Json::parse(spec_json));
    const SimulatedRows rows = simulate(spec_json, seed);
    Table table;
    table.source = "simulated";
    table.time_column = spec.time;
    table.time = rows.time;
    table.time_is_null.assign(rows.time.size(), false);
    table.geo_column = spec.geo;
    for (const auto& geo : rows.geo) add_geo(table, geo);
    for (const auto& name : spec.columns) {
        if (name == spec.kpi) {
            add_column(table, name, rows.kpi);
            continue;
        }
        for (std::size_t i = 0; i < rows.columns.size(); ++i)
            if (rows.columns[i] == plain_name(name)) add_column(table, name, rows.values[i]);
    }
    return table;
}

Table first_rows(const Table& table, std::size_t n) {
    Table part = table;
    part.time.resize(n);
    part.time_is_null.resize(n);
    if (!part.geo.empty()) part.geo.resize(n);
    for (auto& column : part.columns) {
        column.values.resize(n);
        column.is_null.resize(n);
    }
    return part;
}

std::string shared_file(const std::string& relative) {
    const char* root = std::getenv("MMM_SHARED");
    const std::filesystem::path path = std::filesystem::path(root != nullptr ? root : MMM_SOURCE_DIR "/../shared") / relative;
    return std::filesystem::exists(path) ? path.string() : std::string{};
}

Table csv_table(const std::string& path, const std::string& spec_json) {
    const Specification spec = read_specification(Json::parse(spec_json));
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    const auto names = split(line);
    std::vector<std::vector<double>> values(names.size());
    Table table;
    table.source = std::filesystem::path(path).filename().string();
    table.time_column = spec.time;
    table.geo_column = spec.geo;
    while (std::getline(file, line)) {
        const auto cells = split(line);
        for (std::size_t c = 0; c < cells.size(); ++c) {
            char* end = nullptr;
            const double value = std::strtod(cells[c].c_str(), &end);
            values[c].push_back(*end == '\0' && !cells[c].empty() ? value : std::nan(""));
            if (!spec.geo.empty() && names[c] == spec.geo) add_geo(table, cells[c]);
            if (names[c] == spec.time) table.time.push_back(parse_timestamp(cells[c]).value());
        }
    }
    table.time_is_null.assign(table.time.size(), false);
    for (const auto& column : spec.columns)
        for (std::size_t c = 0; c < names.size(); ++c)
            if (names[c] == column) add_column(table, column, values[c]);
    return table;
}

}  // namespace mmm::test
