#include "core/summary/continuation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/model/column_checks.hpp"
#include "core/transform/waves.hpp"

namespace mmm {

namespace {

const char* const unplanned_hint = "Give every period the exposure that is planned: 0 where there is none.";
const char* const unknown_hint = "Give every period the value that is expected, or filter these rows.";

// The one place where future rows are put into the order of time: a row is a period.
std::vector<std::size_t> future_order(const FittedModel& model, const Table& table, ColumnChecks& checks) {
    std::vector<std::size_t> order(table.rows());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return table.time[a] < table.time[b]; });
    const Timestamp last = model.data.time.back();
    const std::string end = "The history of the model ends at " + format_timestamp(last) + ".";
    Timestamp previous = last;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const Timestamp time = table.time[order[i]],
                        expected = add_steps(last, model.data.step, static_cast<int>(i) + 1);
        if (time <= last)
            checks.add("error", "inside_history", "time",
                       "time " + format_timestamp(time) + " is not after the fitted history",
                       end + " Filter to later rows.");
        else if (time == previous)
            checks.add("error", "duplicate_time", "time", "time " + format_timestamp(time) + " occurs more than once",
                       "A national model has one row a period: aggregate with GROUP BY, or filter to one market.");
        else if (time != expected)
            checks.add("error", i == 0 ? "gap" : "irregular_steps", "time",
                       "time " + format_timestamp(time) + " follows " + format_timestamp(previous) + ", expected " +
                           format_timestamp(expected),
                       end + " Add a row for every period in its step; generate_series() lists them.");
        if (time != expected) break;  // one such finding tells it all
        previous = time;
    }
    return order;
}

// Like throw_findings(), without the advice to call mmm_validate(), which knows nothing of the future.
[[noreturn]] void refuse_rows(const std::vector<Finding>& findings, const std::string& source) {
    const auto text = [](const Finding& f) { return f.field + ": " + f.message; };
    if (findings.size() == 1) throw Error(ErrorKind::invalid_data, text(findings[0]), {}, findings[0].hint);
    std::string detail;
    for (const Finding& finding : findings)
        detail += (detail.empty() ? "" : "\n") + text(finding) + ". " + finding.hint;
    throw Error(ErrorKind::invalid_data,
                "the rows" + (source.empty() ? "" : " of " + source) + " cannot be forecast: " +
                    std::to_string(findings.size()) + " problems, the first is " + text(findings[0]),
                detail);
}

void copy_cells(const TableColumn& column, const std::vector<std::size_t>& order, VecRef out) {
    for (std::size_t i = 0; i < order.size(); ++i) out[static_cast<Eigen::Index>(i)] = column.values[order[i]];
}

// Like the design's linear columns, at times after the history.
Mat future_columns(const FittedModel& model, const FuturePeriods& future) {
    const Specification& spec = model.spec;
    const auto n = static_cast<Eigen::Index>(future.time.size());
    Mat columns(n, model.layout.linear);
    Eigen::Index next = 0;
    const auto append = [&](ConstMatRef block) {
        columns.middleCols(next, block.cols()) = block;
        next += block.cols();
    };
    append(Vec::Ones(n));
    if (spec.trend.family != TrendFamily::none) {
        Vec s(n);
        for (Eigen::Index i = 0; i < n; ++i)
            s[i] = scaled_time(model.data.time, future.time[static_cast<std::size_t>(i)]);
        append(s);
        if (spec.trend.family == TrendFamily::piecewise)
            for (int j = 1; j <= spec.trend.changepoints; ++j) {
                const double at = spec.trend.dates.empty()
                                      ? j / (spec.trend.changepoints + 1.0)
                                      : scaled_time(model.data.time, spec.trend.dates[static_cast<std::size_t>(j) - 1]);
                append((s.array() - at).max(0.0).matrix());
            }
    }
    for (const auto& season : spec.seasonality) append(cycle_columns(season.cycle, future.time));
    for (const auto& event : spec.events) append(event_column(event.shape, event.dates, future.time, model.data.step));
    for (Eigen::Index c = 0; c < future.controls.cols(); ++c) {
        Vec column = future.controls.col(c);
        if (spec.control_scaling == ControlScaling::standardize) {
            const Vec past = model.data.controls.col(c);
            const double sd = std::sqrt((past.array() - past.mean()).square().mean());
            column = (column.array() - past.mean()) / sd;
        }
        append(column);
    }
    return columns;
}

void append_rows(Mat& top, ConstMatRef bottom) {
    Mat both(top.rows() + bottom.rows(), top.cols());
    both << top, bottom;
    top = std::move(both);
}

void append_zeros(Vec& values, Eigen::Index n) {
    const Eigen::Index old = values.size();
    values.conservativeResize(old + n);
    values.tail(n).setZero();
}

}  // namespace

FuturePeriods read_future(const FittedModel& model, const Table& table) {
    std::vector<Finding> findings;
    ColumnChecks checks(table, findings);
    checks.check_time();
    const bool times_usable = findings.empty();
    std::vector<const TableColumn*> exposures, controls;
    for (const auto& medium : model.spec.media)
        exposures.push_back(
            checks.use(medium.exposure, medium_path(medium) + ".exposure", Range::not_negative, unplanned_hint));
    for (const auto& control : model.spec.controls)
        controls.push_back(checks.use(control.column, "controls." + control.name, Range::any, unknown_hint));
    if (table.rows() == 0)
        checks.add("error", "no_rows", "source",
                   "there are no rows" + (table.source.empty() ? "" : " in " + table.source),
                   "Check the filter; row-level security may hide rows from this role.");
    std::vector<std::size_t> order;
    if (times_usable) order = future_order(model, table, checks);
    if (has_errors(findings)) refuse_rows(findings, table.source);
    FuturePeriods future;
    for (const std::size_t row : order) future.time.push_back(table.time[row]);
    const auto n = static_cast<Eigen::Index>(order.size());
    future.exposure.resize(n, static_cast<Eigen::Index>(exposures.size()));
    future.controls.resize(n, static_cast<Eigen::Index>(controls.size()));
    for (std::size_t m = 0; m < exposures.size(); ++m)
        copy_cells(*exposures[m], order, future.exposure.col(static_cast<Eigen::Index>(m)));
    for (std::size_t c = 0; c < controls.size(); ++c)
        copy_cells(*controls[c], order, future.controls.col(static_cast<Eigen::Index>(c)));
    return future;
}

FittedModel continue_model(const FittedModel& model, const FuturePeriods& future) {
    FittedModel all = model;
    const auto n = static_cast<Eigen::Index>(future.time.size());
    Dataset& data = all.data;
    data.time.insert(data.time.end(), future.time.begin(), future.time.end());
    data.holdout.insert(data.holdout.end(), future.time.size(), true);
    append_rows(data.exposure, future.exposure);
    append_rows(data.controls, future.controls);
    append_rows(data.spend, Mat::Zero(n, data.spend.cols()));
    append_zeros(data.kpi, n);
    append_zeros(data.revenue_per_kpi, n);
    Design& design = all.design;
    append_rows(design.linear, future_columns(model, future));
    append_rows(design.media, future.exposure.array().rowwise() / design.media_scale.transpose().array());
    for (Vec* values : {&design.y, &design.weight, &design.revenue, &design.fitted_revenue}) append_zeros(*values, n);
    return all;
}

}  // namespace mmm
