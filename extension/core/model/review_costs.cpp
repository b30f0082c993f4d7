// Spend against what it bought.
#include <algorithm>
#include <cmath>

#include "core/format.hpp"
#include "core/model/column_statistics.hpp"
#include "core/model/data_review.hpp"

namespace mmm {

namespace {

constexpr std::size_t least_costs = 8;  // fewer have no quartiles worth the name

std::string row_name(const Dataset& data, Eigen::Index row) {
    std::string name = format_timestamp(data.time[static_cast<std::size_t>(row % data.periods())]);
    if (!data.geos.empty()) name += " in " + data.geos[static_cast<std::size_t>(row / data.periods())];
    return name;
}

std::string rows_word(const Specification& spec, std::size_t n) {
    return std::to_string(n) + (spec.is_panel() ? (n == 1 ? " row" : " rows") : n == 1 ? " period" : " periods");
}

struct Cost {
    Eigen::Index row;
    double value;
};

void report_waste(const Specification& spec, const Dataset& data, const Medium& medium, ConstVecRef units,
                  ConstVecRef spend, ColumnChecks& checks) {
    std::vector<Eigen::Index> rows;
    for (Eigen::Index i = 0; i < units.size(); ++i)
        if (spend[i] > 0 && !(units[i] > 0) && !data.holdout[static_cast<std::size_t>(i)]) rows.push_back(i);
    if (rows.empty()) return;
    checks.add("warning", "spend_without_exposure", medium_path(medium),
               "there is spend without exposure in " + rows_word(spec, rows.size()) + ", first at " +
                   row_name(data, rows[0]) + ": " + figure(spend[rows[0]]) + " spent on nothing",
               "Check that spend and exposure are booked in the same period; such spend lowers the ROI and explains no "
               "sales.");
}

void report_outliers(const Specification& spec, const Dataset& data, const Medium& medium,
                     const std::vector<Cost>& costs, ColumnChecks& checks) {
    if (costs.size() < least_costs) return;
    std::vector<double> values;
    for (const Cost& cost : costs) values.push_back(cost.value);
    const Fences fences = tukey_fences(values);
    std::size_t outside = 0, far = 0;
    const Cost* worst = nullptr;
    double worst_distance = 0;
    for (const Cost& cost : costs) {
        if (cost.value >= fences.lower && cost.value <= fences.upper) continue;
        ++outside;
        far += cost.value < fences.far_lower || cost.value > fences.far_upper ? 1 : 0;
        const double distance = std::max(fences.lower - cost.value, cost.value - fences.upper);
        if (worst != nullptr && !(distance > worst_distance)) continue;
        worst = &cost;
        worst_distance = distance;
    }
    if (outside == 0) return;
    checks.add(
        far > 0 ? "warning" : "info", "cost_outliers", medium_path(medium),
        "spend per unit of exposure is outside " + figure(std::max(fences.lower, 0.0)) + " to " + figure(fences.upper) +
            " (quartiles and 1.5 interquartile ranges) in " + rows_word(spec, outside) + ", " + std::to_string(far) +
            " of them beyond 3; the farthest is " + figure(worst->value) + " at " + row_name(data, worst->row),
        "Check spend and exposure of these rows: a slipped decimal or a booking in another period moves the ROI.");
}

}  // namespace

void review_costs(const Specification& spec, const Dataset& data, ColumnChecks& checks, const Poll& poll) {
    for (std::size_t m = 0; m < spec.media.size(); ++m) {
        poll();
        const Medium& medium = spec.media[m];
        if (!medium.paid() || (!medium.has_frequency() && medium.exposure == medium.spend)) continue;
        const auto index = static_cast<Eigen::Index>(m);
        const Vec units = data.media_units(index), spend = data.spend.col(index);
        report_waste(spec, data, medium, units, spend, checks);
        std::vector<Cost> costs;
        for (Eigen::Index i = 0; i < units.size(); ++i)
            if (spend[i] > 0 && units[i] > 0) costs.push_back({i, spend[i] / units[i]});
        report_outliers(spec, data, medium, costs, checks);
    }
}

}  // namespace mmm
