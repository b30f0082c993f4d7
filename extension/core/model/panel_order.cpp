#include "core/model/panel_order.hpp"

#include <algorithm>
#include <numeric>

namespace mmm {

namespace {

// Geos in alphabetical order, and the position of each of the table's among them.
std::vector<std::size_t> rank_geos(const Table& table, PanelOrder& order) {
    order.geos = table.geo_names;
    std::sort(order.geos.begin(), order.geos.end());
    std::vector<std::size_t> rank;
    for (const auto& name : table.geo_names)
        rank.push_back(static_cast<std::size_t>(std::lower_bound(order.geos.begin(), order.geos.end(), name) - order.geos.begin()));
    return rank;
}

std::string cell_name(const PanelOrder& order, std::size_t geo, Timestamp time) {
    return order.geos.empty() ? "time " + format_timestamp(time) : "geo \"" + order.geos[geo] + "\", time " + format_timestamp(time);
}

void report_repeated(const PanelOrder& order, std::size_t geo, Timestamp time, std::size_t count, ColumnChecks& checks) {
    checks.add("error", "duplicate_time", "time",
               cell_name(order, geo, time) + " occurs more than once (" + std::to_string(count) + " rows too many)",
               order.geos.empty() ? "A national model has one row a period: aggregate with GROUP BY, filter to one market, or "
                                    "name the column of the geos as \"geo\"."
                                  : "A panel has one row for each geo and period: aggregate with GROUP BY.");
}

void check_steps(PanelOrder& order, ColumnChecks& checks) {
    order.step = detect_step(order.time);
    if (order.time.size() < 2 || order.step.kind != TimeStep::Kind::irregular) return;
    const auto& at = order.time;
    checks.add("error", "irregular_steps", "time",
               "times are not evenly spaced: " + format_timestamp(at[order.step.first_irregular]) + " follows " +
                   format_timestamp(at[order.step.first_irregular - 1]) + ", the first step is from " +
                   format_timestamp(at[0]) + " to " + format_timestamp(at[1]),
               "Add a row for every period (generate_series() lists them), or let missing rows follow the rules of their columns: "
               R"("missing": {"periods": "fill", "values": ...}, where most of the rows are there.)");
}

}  // namespace

PanelOrder panel_order(const Table& table, ColumnChecks& checks) {
    PanelOrder order;
    const auto rank = rank_geos(table, order);
    const auto geo_of = [&](std::size_t row) { return table.geo.empty() ? std::size_t{0} : rank[static_cast<std::size_t>(table.geo[row])]; };
    order.time = table.time;
    std::sort(order.time.begin(), order.time.end());
    order.time.erase(std::unique(order.time.begin(), order.time.end()), order.time.end());
    // Sorted rather than laid out as geos x periods: a source of many geos and many times need not be a panel at all.
    order.row.resize(table.rows());
    std::iota(order.row.begin(), order.row.end(), std::size_t{0});
    const auto key = [&](std::size_t row) { return std::pair(geo_of(row), table.time[row]); };
    std::stable_sort(order.row.begin(), order.row.end(), [&](auto a, auto b) { return key(a) < key(b); });
    std::size_t repeated = 0, first_repeated = 0;
    for (std::size_t i = 1; i < order.row.size(); ++i)
        if (key(order.row[i]) == key(order.row[i - 1]) && repeated++ == 0) first_repeated = order.row[i];
    if (repeated > 0) report_repeated(order, geo_of(first_repeated), table.time[first_repeated], repeated, checks);
    check_steps(order, checks);
    if (repeated > 0) return order;
    const std::size_t geos = std::max<std::size_t>(1, order.geos.size()), cells = geos * order.time.size();
    if (order.row.size() == cells) return order;
    std::size_t i = 0;
    while (i < order.row.size() && key(order.row[i]) == std::pair(i / order.time.size(), order.time[i % order.time.size()])) ++i;
    checks.add("error", "missing_rows", "time",
               "there is no row for " + cell_name(order, i / order.time.size(), order.time[i % order.time.size()]) + " (" +
                   std::to_string(cells - order.row.size()) + " of " + std::to_string(cells) + " rows of the panel are missing)",
               "Every geo needs a row for every period: add them in a view, with 0 where nothing was spent and the KPI that was "
               "measured, leave out the geo, or let missing rows follow the rules of their columns: "
               R"("missing": {"periods": "fill", "values": ...}.)");
    return order;
}

}  // namespace mmm
