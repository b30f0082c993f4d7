#include "core/summary/continuation.hpp"

#include <algorithm>
#include <optional>

#include "core/summary/future_order.hpp"

namespace mmm {

namespace {

const char* const unplanned_hint = "Give every period the exposure that is planned: 0 where there is none.";
const char* const unknown_hint = "Give every period the value that is expected, or filter these rows.";

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

struct FutureColumns {
    std::vector<const TableColumn*> exposure, reach, controls;  // reach: nullptr where a medium has none
};

FutureColumns find_future_columns(const Specification& spec, ColumnChecks& checks) {
    FutureColumns columns;
    for (const auto& medium : spec.media) {
        const std::string path = medium_path(medium);
        const Range range = medium.kind == MediumKind::treatment ? Range::any : Range::not_negative;
        const char* const hint = medium.kind == MediumKind::treatment ? unknown_hint : unplanned_hint;
        const TableColumn* reach = nullptr;
        if (medium.has_frequency()) {
            reach = checks.use(medium.reach, path + ".reach", range, hint);
            columns.exposure.push_back(checks.use(medium.frequency, path + ".frequency", range, hint));
        } else {
            columns.exposure.push_back(checks.use(medium.exposure, path + ".exposure", range, hint));
        }
        columns.reach.push_back(reach);
    }
    for (const auto& control : spec.controls)
        columns.controls.push_back(checks.use(control.column, "controls." + control.name, Range::any, unknown_hint));
    return columns;
}

// rows x columns, zeros for a column that is not there.
Mat cells_of(const std::vector<const TableColumn*>& columns, const std::vector<std::size_t>& order) {
    Mat cells = Mat::Zero(static_cast<Eigen::Index>(order.size()), static_cast<Eigen::Index>(columns.size()));
    for (std::size_t c = 0; c < columns.size(); ++c)
        for (std::size_t i = 0; columns[c] != nullptr && i < order.size(); ++i)
            cells(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(c)) = columns[c]->values[order[i]];
    return cells;
}

// The rows of each geo after those of its history.
Mat appended(ConstMatRef history, ConstMatRef future, Eigen::Index geos) {
    const Eigen::Index past = history.rows() / geos, next = future.rows() / geos;
    Mat both(history.rows() + future.rows(), history.cols());
    for (Eigen::Index g = 0; g < geos; ++g) {
        both.middleRows(g * (past + next), past) = history.middleRows(g * past, past);
        both.middleRows(g * (past + next) + past, next) = future.middleRows(g * next, next);
    }
    return both;
}

}  // namespace

FuturePeriods read_future(const FittedModel& model, const Table& source) {
    std::vector<Finding> findings;
    FilledReport report;
    std::optional<Table> filled;
    if (model.spec.missing.any()) filled = fill_missing(model.spec, source, &model.data, report);
    const Table& table = filled ? *filled : source;
    ColumnChecks checks(table, findings);
    checks.check_time();
    checks.check_geo();
    const bool cells_usable = findings.empty();
    const FutureColumns columns = find_future_columns(model.spec, checks);
    if (table.rows() == 0)
        checks.add("error", "no_rows", "source",
                   "there are no rows" + (table.source.empty() ? "" : " in " + table.source),
                   "Check the filter; row-level security may hide rows from this role.");
    FutureOrder order;
    if (cells_usable && table.rows() > 0) order = future_order(model.data, table, checks);
    if (has_errors(findings)) refuse_rows(findings, table.source);
    FuturePeriods future;
    future.time = order.time;
    future.exposure = cells_of(columns.exposure, order.row);
    future.reach = cells_of(columns.reach, order.row);
    if (model.data.reach.cols() == 0) future.reach.resize(future.rows(), 0);
    future.controls = cells_of(columns.controls, order.row);
    return future;
}

FittedModel continue_model(const FittedModel& model, const FuturePeriods& future) {
    FittedModel all = model;
    all.totals.clear();
    const Dataset& history = model.data;
    const Eigen::Index geos = history.n_geos(), n = future.rows();
    Dataset& data = all.data;
    data.time.insert(data.time.end(), future.time.begin(), future.time.end());
    data.exposure = appended(history.exposure, future.exposure, geos);
    data.reach = appended(history.reach, future.reach, geos);
    data.controls = appended(history.controls, future.controls, geos);
    data.spend = appended(history.spend, Mat::Zero(n, history.spend.cols()), geos);
    data.kpi = appended(history.kpi, Vec::Zero(n), geos);
    // Worth nothing, so that they count in no total that a coefficient is derived from.
    data.revenue_per_kpi = appended(history.revenue_per_kpi, Vec::Zero(n), geos);
    data.kpi_unknown.clear();  // those rows stay held out
    data.holdout.assign(static_cast<std::size_t>(data.rows()), true);
    for (Eigen::Index row = 0; row < history.rows(); ++row) {
        const Eigen::Index geo = row / history.periods();
        data.holdout[static_cast<std::size_t>(row + geo * future.periods())] =
            history.holdout[static_cast<std::size_t>(row)];
    }
    all.design = make_design(all.spec, data, all.layout, history);
    return all;
}

}  // namespace mmm
