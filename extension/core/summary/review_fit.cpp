#include <algorithm>
#include <cmath>

#include "core/model/column_statistics.hpp"
#include "core/model/data_review.hpp"
#include "core/summary/influence.hpp"
#include "core/summary/psis.hpp"
#include "core/summary/review_posterior.hpp"
#include "core/transform/calendar.hpp"

namespace mmm {

namespace {

// Meridian: the share of draws whose expected total is at least as far from the posterior mean as the observed total
// is.
DiagnosticRow total_outcome(const FittedModel& model, const ReviewDraws& draws) {
    constexpr double least = 0.05;
    double actual = 0;
    for (const Eigen::Index row : draws.fitted) actual += model.data.kpi[row] * model.data.revenue_per_kpi[row];
    const double mean = draws.total.mean(), distance = std::fabs(actual - mean);
    const double p = (((draws.total.array() - mean).abs() >= distance).cast<double>()).mean();
    const std::string figures = figure(mean) + " expected, " + figure(actual) + " observed";
    return review_row(
        "ppp_total_outcome", p, least, p >= least, p < least,
        "the observed total is one that the model expects: " + figures,
        "the observed total is not one that the model expects: " + figures +
            "; the baseline may be too stiff or a prior too strong: free the trend, or check priors and scaling");
}

// R2 of the sum over geos, period by period; periods with a row held out do not count.
DiagnosticRow national_fit(const FittedModel& model, const ReviewDraws& draws) {
    const Eigen::Index periods = model.data.periods();
    std::vector<double> actual, fitted;
    for (Eigen::Index t = 0; t < periods; ++t) {
        double a = 0, f = 0;
        bool whole = true;
        for (Eigen::Index row = t; row < model.data.rows(); row += periods) {
            whole = whole && !model.data.holdout[static_cast<std::size_t>(row)];
            a += model.data.kpi[row];
            f += draws.mean[row];
        }
        if (!whole) continue;
        actual.push_back(a);
        fitted.push_back(f);
    }
    const Eigen::Map<const Vec> y(actual.data(), static_cast<Eigen::Index>(actual.size()));
    const Eigen::Map<const Vec> yhat(fitted.data(), y.size());
    const Vec e = y - yhat;
    const double r2 =
        y.size() > 1 ? 1 - (e.array() - e.mean()).square().sum() / (y.array() - y.mean()).square().sum() : std::nan("");
    return review_row("r2_national", r2, 0.3, r2 >= 0.3, !(r2 > 0),
                      "the model explains " + figure(100 * r2) + " % of the variance of the KPI summed over geos",
                      "the model explains only " + figure(100 * r2) +
                          " % of the variance of the KPI summed over geos: what geos have in common over time is "
                          "missing; check the trend and seasonality");
}

std::string row_text(const FittedModel& model, const InfluentialRow& influential) {
    const Eigen::Index periods = model.data.periods();
    std::string name = format_timestamp(model.data.time[static_cast<std::size_t>(influential.row % periods)]);
    if (!model.data.geos.empty()) name += " " + model.data.geos[static_cast<std::size_t>(influential.row / periods)];
    return name + " (k " + figure(influential.pareto_k) + ")";
}

// A few such rows are to be looked at; where one in twenty is, the model does not describe the data.
void influential_rows(const FittedModel& model, const ReviewDraws& draws, const Poll& poll,
                      std::vector<DiagnosticRow>& rows) {
    constexpr double many = 0.05, heavy = 0.7;
    const auto found = influence(model, draws, poll);
    std::vector<std::string> names;
    for (const auto& row : found)
        if (row.pareto_k > heavy) names.push_back(row_text(model, row));
    const auto count = static_cast<double>(names.size());
    rows.push_back(review_row("influential_rows", count, 0, names.empty(),
                              count > many * static_cast<double>(draws.fitted.size()), "no single row carries the fit",
                              "rows that the fit leans on: " + listed(names, 5) +
                                  "; check them for errors, add an event for what happened then, or use a likelihood "
                                  "with heavier tails (a row "
                                  "that a control or event has to itself is always one)"));
    // Without a row to look at in a large panel, none is near the threshold.
    const double threshold = pareto_k_threshold(static_cast<double>(model.total_draws()));
    const double worst = found.empty() ? 0 : std::max(found[0].pareto_k, 0.0);
    rows.push_back(review_row(
        "max_pareto_k", worst, threshold, worst <= threshold, false, "leave-one-out estimates can be trusted",
        "leave-one-out estimates of some rows cannot be trusted: compare models by mmm_cross_validate()"));
}

}  // namespace

DiagnosticRow review_row(const std::string& metric, double value, double threshold, bool ok, bool fail,
                         const std::string& good, const std::string& bad) {
    return {metric, value, threshold, ok ? "ok" : fail ? "fail" : "warn", ok ? good : bad};
}

std::vector<DiagnosticRow> review_fit(const FittedModel& model, const ReviewDraws& draws, const Poll& poll) {
    std::vector<DiagnosticRow> rows;
    if (model.total_draws() < least_review_draws || draws.fitted.empty()) return rows;
    rows.push_back(total_outcome(model, draws));
    if (!model.data.geos.empty()) rows.push_back(national_fit(model, draws));
    influential_rows(model, draws, poll, rows);
    return rows;
}

}  // namespace mmm
