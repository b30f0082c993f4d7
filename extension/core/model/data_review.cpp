#include "core/model/data_review.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/format.hpp"
#include "core/model/column_statistics.hpp"
#include "core/model/knots.hpp"
#include "core/model/parameters.hpp"

namespace mmm {

namespace {

constexpr double least_spread = 1e-4;
constexpr double least_rows_per_column = 10;
constexpr double too_few_rows_per_effect = 4;

Vec per_head(const Dataset& data, ConstVecRef column) {
    Vec values = column;
    for (Eigen::Index i = 0; i < values.size(); ++i) values[i] /= data.population[i / data.periods()];
    return values;
}

void report_spread(const std::string& path, const std::string& noun, ConstVecRef values, ColumnChecks& checks) {
    const double spread = relative_spread(values);
    if (!(spread < least_spread)) return;
    checks.add("warning", "little_variation", path,
               noun + " varies by " + figure(spread) + " of its largest value (standard deviation), less than " +
                   figure(least_spread) + ", so there is next to nothing to learn from",
               "Check the column's units and digits, or remove it.");
}

void check_spread(const Specification& spec, const Dataset& data, const ReviewedData& reviewed, ColumnChecks& checks) {
    report_spread("kpi", "column \"" + spec.kpi + "\"", fitted_values(data, data.kpi), checks);
    for (const auto& column : reviewed.columns) report_spread(column.path, column.noun, column.values, checks);
}

// How many effects there are to tell apart: media, controls, baseline, trend, seasonality and events; adstock and
// saturation do not count, as in Meridian's guide. `by_geo`: as if geos shared nothing.
Eigen::Index effects(const Specification& spec, const Dataset& data, bool by_geo) {
    Specification placed = spec;
    // Selected knots are not known before the fit; their number is small.
    if (spec.trend.family == TrendFamily::knots && spec.trend.positions.empty())
        placed.trend.positions =
            spec.trend.placement == KnotPlacement::automatic ? std::vector<int>{0} : place_knots(spec, data);
    const Layout layout = make_layout(placed, data.geos, data.baseline_geo(placed));
    const Eigen::Index geos = data.n_geos();
    Eigen::Index count = 0;
    for (const LinearTerm& term : layout.terms) {
        const bool geo_intercept = layout.at(term.coefficient.first).name.starts_with("geo_intercept");
        count += geo_intercept ? geos - 1 : term.coefficient.by_geo && by_geo ? geos : 1;
    }
    for (std::size_t m = 0; m < spec.media.size(); ++m) {
        const bool varies = spec.media[m].geo_effect != GeoEffect::common || layout.media[m].effect.by_geo;
        count += varies && by_geo ? geos : 1;
    }
    return count;
}

void check_rows(const Specification& spec, const Dataset& data, const ReviewedData& reviewed, ColumnChecks& checks) {
    const auto rows = static_cast<double>(data.fitted_rows()), columns = static_cast<double>(reviewed.columns.size());
    const std::string counted = format_number(rows) + (spec.is_panel() ? " rows" : " periods");
    if (rows < least_rows_per_column * columns)
        checks.add("warning", "few_rows_per_column", "time",
                   counted + " for " + format_number(columns) + " columns of media and controls are " +
                       figure(rows / columns) + " for each, less than " + format_number(least_rows_per_column),
                   "Use more periods or geos, or merge columns.");
    const auto pooled = static_cast<double>(effects(spec, data, false)),
               apart = static_cast<double>(effects(spec, data, true));
    if (rows >= least_rows_per_column * pooled) return;
    std::string message =
        counted + " for " + format_number(pooled) + " effects are " + figure(rows / pooled) + " for each";
    if (apart > pooled)
        message += " (" + figure(rows / apart) + " if geos shared nothing: " + format_number(apart) + " effects)";
    const bool few = rows <= too_few_rows_per_effect * pooled;
    checks.add(
        few ? "warning" : "info", "few_rows_per_effect", "time",
        message + (few ? ", no more than 4, which is too few"
                       : ", less than 10; 4 are too few and 15 enough for a direction"),
        "Use more periods or geos, fewer knots, media or controls; or informative priors, and expect them to speak.");
}

}  // namespace

std::string figure(double value) {
    char text[40];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

std::string listed(const std::vector<std::string>& names, std::size_t most) {
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), most); ++i) text += (i == 0 ? "" : ", ") + names[i];
    if (names.size() > most) text += " and " + std::to_string(names.size() - most) + " more";
    return text;
}

ReviewedData reviewed_data(const Specification& spec, const Dataset& data) {
    ReviewedData reviewed;
    for (std::size_t m = 0; m < spec.media.size(); ++m) {
        const Medium& medium = spec.media[m];
        const bool treatment = medium.kind == MediumKind::treatment, head = spec.by_population && medium.per_capita;
        const Vec units = data.media_units(static_cast<Eigen::Index>(m));
        reviewed.columns.push_back({medium_path(medium), treatment ? "the treatment" : "exposure",
                                    fitted_values(data, head ? per_head(data, units) : units), !treatment, head});
    }
    for (std::size_t c = 0; c < spec.controls.size(); ++c) {
        const bool head = spec.by_population && spec.controls[c].per_capita;
        const Vec values = data.controls.col(static_cast<Eigen::Index>(c));
        reviewed.columns.push_back({"controls." + spec.controls[c].name, "the control",
                                    fitted_values(data, head ? per_head(data, values) : values), false, head});
    }
    for (Eigen::Index row = 0; row < data.rows(); ++row) {
        if (data.holdout[static_cast<std::size_t>(row)]) continue;
        reviewed.geo.push_back(row / data.periods());
        reviewed.period.push_back(row % data.periods());
    }
    return reviewed;
}

void review_data(const Specification& spec, const Dataset& data, const Table& table, std::vector<Finding>& findings,
                 const Poll& poll) {
    const bool few_rows =
        std::any_of(findings.begin(), findings.end(), [](const Finding& f) { return f.code == "few_rows"; });
    const ReviewedData reviewed = reviewed_data(spec, data);
    ColumnChecks checks(table, findings);
    check_spread(spec, data, reviewed, checks);
    review_collinearity(spec, data, reviewed, checks, poll);
    review_costs(spec, data, checks, poll);
    if (spec.is_panel()) review_panel(spec, data, reviewed, checks, poll);
    if (!few_rows) check_rows(spec, data, reviewed, checks);
}

}  // namespace mmm
