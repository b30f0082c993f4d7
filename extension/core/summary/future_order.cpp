#include "core/summary/future_order.hpp"

#include <algorithm>
#include <numeric>

#include "core/format.hpp"

namespace mmm {

namespace {

// Of each of the table's geos, its position among the model's; false where one is not there.
bool match_geos(const Dataset& history, const Table& table, std::vector<std::size_t>& position, ColumnChecks& checks) {
    for (const auto& name : table.geo_names) {
        const auto found = std::lower_bound(history.geos.begin(), history.geos.end(), name);
        if (found == history.geos.end() || *found != name) {
            checks.add("error", "unknown_geo", "geo",
                       "the model has no geo \"" + name + "\"" + did_you_mean(name, history.geos),
                       "Filter to the geos that the model was fitted to: nothing is known of others.");
            return false;
        }
        position.push_back(static_cast<std::size_t>(found - history.geos.begin()));
    }
    return true;
}

std::string future_cell(const Dataset& history, std::size_t geo, Timestamp time) {
    return (history.geos.empty() ? "" : "geo \"" + history.geos[geo] + "\", ") + "time " + format_timestamp(time);
}

// Whether each period is one step after the one before it.
bool times_follow(const Dataset& history, const std::vector<Timestamp>& times, ColumnChecks& checks) {
    const Timestamp last = history.time.back();
    const std::string end = "The history of the model ends at " + format_timestamp(last) + ".";
    Timestamp previous = last;
    for (std::size_t i = 0; i < times.size(); ++i) {
        const Timestamp expected = add_steps(last, history.step, static_cast<int>(i) + 1);
        if (times[i] == expected) {
            previous = expected;
            continue;
        }
        if (times[i] <= last)
            checks.add("error", "inside_history", "time",
                       "time " + format_timestamp(times[i]) + " is not after the fitted history",
                       end + " Filter to later rows.");
        else
            checks.add("error", i == 0 ? "gap" : "irregular_steps", "time",
                       "time " + format_timestamp(times[i]) + " follows " + format_timestamp(previous) + ", expected " +
                           format_timestamp(expected),
                       end + " Add a row for every period in its step; generate_series() lists them.");
        return false;  // one such finding tells it all
    }
    return true;
}

}  // namespace

FutureOrder future_order(const Dataset& history, const Table& table, ColumnChecks& checks) {
    FutureOrder order;
    std::vector<std::size_t> position;
    if (!match_geos(history, table, position, checks)) return order;
    const auto key = [&](std::size_t row) {
        return std::pair(table.geo.empty() ? std::size_t{0} : position[static_cast<std::size_t>(table.geo[row])],
                         table.time[row]);
    };
    order.row.resize(table.rows());
    std::iota(order.row.begin(), order.row.end(), std::size_t{0});
    std::stable_sort(order.row.begin(), order.row.end(), [&](auto a, auto b) { return key(a) < key(b); });
    order.time = table.time;
    std::sort(order.time.begin(), order.time.end());
    order.time.erase(std::unique(order.time.begin(), order.time.end()), order.time.end());

    for (std::size_t i = 1; i < order.row.size(); ++i) {
        const auto [geo, time] = key(order.row[i]);
        if (key(order.row[i - 1]) != std::pair(geo, time)) continue;
        checks.add("error", "duplicate_time", "time", future_cell(history, geo, time) + " occurs more than once",
                   history.geos.empty()
                       ? "A national model has one row a period: aggregate with GROUP BY, or filter to one market."
                       : "A panel has one row for each geo and period: aggregate with GROUP BY.");
        return order;
    }
    if (!times_follow(history, order.time, checks)) return order;
    const std::size_t periods = order.time.size(), cells = periods * static_cast<std::size_t>(history.n_geos());
    if (order.row.size() == cells) return order;
    std::size_t i = 0;
    while (i < order.row.size() && key(order.row[i]) == std::pair(i / periods, order.time[i % periods])) ++i;
    checks.add(
        "error", "missing_rows", "time",
        "there is no row for " + future_cell(history, i / periods, order.time[i % periods]) + " (" +
            std::to_string(cells - order.row.size()) + " of " + std::to_string(cells) + " rows are missing)",
        "Every geo of the model needs a row for every period that is forecast, with 0 where no exposure is planned.");
    return order;
}

}  // namespace mmm
