#include "core/model/dataset.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "core/format.hpp"
#include "core/model/column_checks.hpp"
#include "core/model/parameters.hpp"
#include "core/model/relation_checks.hpp"
#include "core/random.hpp"

namespace mmm {

namespace {

constexpr std::size_t least_periods = 4;

const char* const media_null_hint =
    "Write what was meant: coalesce(column, 0) in a view if nothing was spent, otherwise the value that is missing.";
const char* const null_hint = "Fill the gaps in a view, or filter these rows.";

bool holds(const TableColumn* column) { return column != nullptr; }

// Index of the rows by time; findings for repeated and irregular times.
std::vector<std::size_t> time_order(const Table& table, ColumnChecks& checks, TimeStep& step) {
    std::vector<std::size_t> order(table.rows());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return table.time[a] < table.time[b]; });
    std::vector<Timestamp> sorted;
    std::int64_t repeated = 0;
    Timestamp first_repeated = 0;
    for (const std::size_t row : order) {
        if (!sorted.empty() && sorted.back() == table.time[row]) {
            if (repeated++ == 0) first_repeated = table.time[row];
            continue;
        }
        sorted.push_back(table.time[row]);
    }
    if (repeated > 0)
        checks.add("error", "duplicate_time", "time",
                   "time " + format_timestamp(first_repeated) + " occurs more than once (" +
                       std::to_string(repeated) + " rows too many)",
                   "A national model has one row a period: aggregate with GROUP BY, or filter to one market.");
    step = detect_step(sorted);
    if (sorted.size() >= 2 && step.kind == TimeStep::Kind::irregular)
        checks.add("error", "irregular_steps", "time",
                   "times are not evenly spaced: " + format_timestamp(sorted[step.first_irregular]) + " follows " +
                       format_timestamp(sorted[step.first_irregular - 1]) + ", the first step is from " +
                       format_timestamp(sorted[0]) + " to " + format_timestamp(sorted[1]),
                   "Add a row for every period; generate_series() lists them.");
    return order;
}

bool varies(ConstVecRef x) { return x.size() > 0 && x.maxCoeff() > x.minCoeff(); }

void fill(const TableColumn& column, const std::vector<std::size_t>& order, VecRef out) {
    for (std::size_t i = 0; i < order.size(); ++i) out[static_cast<Eigen::Index>(i)] = column.values[order[i]];
}

struct MediumColumns {
    const TableColumn* spend;
    const TableColumn* exposure;
};

struct Columns {
    const TableColumn* kpi;
    const TableColumn* revenue;
    const TableColumn* holdout;
    std::vector<MediumColumns> media;
    std::vector<const TableColumn*> controls;
};

Columns find_columns(const Specification& spec, ColumnChecks& checks) {
    Columns columns{};
    columns.kpi = checks.use(spec.kpi, "kpi", Range::any, null_hint);
    if (!spec.revenue_per_kpi_column.empty())
        columns.revenue = checks.use(spec.revenue_per_kpi_column, "revenue_per_kpi", Range::not_negative, null_hint);
    for (const auto& medium : spec.media) {
        const std::string path = medium_path(medium);
        MediumColumns found{};
        if (medium.paid) found.spend = checks.use(medium.spend, path + ".spend", Range::not_negative, media_null_hint);
        found.exposure = medium.exposure == medium.spend
                             ? found.spend
                             : checks.use(medium.exposure, path + ".exposure", Range::not_negative, media_null_hint);
        columns.media.push_back(found);
    }
    for (const auto& control : spec.controls)
        columns.controls.push_back(checks.use(control.column, "controls." + control.name, Range::any, null_hint));
    if (!spec.holdout.column.empty())
        columns.holdout = checks.use(spec.holdout.column, "holdout.column", Range::any, null_hint);
    return columns;
}

void check_media(const Specification& spec, const Dataset& data, ColumnChecks& checks) {
    for (std::size_t m = 0; m < spec.media.size(); ++m) {
        const auto& medium = spec.media[m];
        const auto index = static_cast<Eigen::Index>(m);
        const Vec exposure = fitted_values(data, data.exposure.col(index)), spend = fitted_values(data, data.spend.col(index));
        const std::string path = medium_path(medium);
        if (!varies(exposure)) {
            checks.add("error", "no_variation", path,
                       "column \"" + medium.exposure + "\" is " + format_number(exposure.size() > 0 ? exposure[0] : 0) +
                           " in every fitted period, so its effect cannot be told from the intercept",
                       "Remove the medium, or widen the period, or hold out less.");
            continue;
        }
        if (medium.paid && !(spend.sum() > 0))
            checks.add("error", "no_spend", path + ".spend",
                       "column \"" + medium.spend + "\" is 0 in every fitted period, so no ROI can be computed",
                       "Name the spend column, or move the medium to organic_media.");
        else if (medium.paid && (exposure.array() > 0 && spend.array() <= 0).any())
            checks.add("warning", "exposure_without_spend", path,
                       "there is exposure without spend in " +
                           std::to_string((exposure.array() > 0 && spend.array() <= 0).count()) + " periods",
                       "Check that spend and exposure are booked in the same period.");
    }
}

void check_amount(const Specification& spec, const Dataset& data, ColumnChecks& checks) {
    const Eigen::Index fitted = data.fitted_periods();
    const auto parameters = static_cast<Eigen::Index>(count_sampled_parameters(spec));
    const std::string counts = std::to_string(fitted) + " periods to fit " + std::to_string(parameters) + " parameters";
    const std::string hint = "Use more periods, fewer media or controls, a lower seasonality order or fewer changepoints.";
    if (fitted < static_cast<Eigen::Index>(least_periods) || fitted < parameters)
        checks.add("error", "too_few_rows", "time", counts, hint);
    else if (fitted < 3 * parameters)
        checks.add("warning", "few_rows", "time", counts, hint + " Expect the priors to speak loudly.");
    if (fitted == 0) return;
    for (std::size_t c = 0; c < spec.controls.size(); ++c)
        if (!varies(fitted_values(data, data.controls.col(static_cast<Eigen::Index>(c)))))
            checks.add("error", "no_variation", "controls." + spec.controls[c].name,
                       "column \"" + spec.controls[c].column + "\" has the same value in every fitted period",
                       "Remove the control.");
}

// What the model learns from: the KPI of the fitted periods.
void check_kpi(const Specification& spec, const Dataset& data, ColumnChecks& checks) {
    Vec kpi(data.fitted_periods());
    double outcome = 0;
    for (Eigen::Index t = 0, n = 0; t < data.periods(); ++t) {
        if (data.holdout[static_cast<std::size_t>(t)]) continue;
        kpi[n++] = data.kpi[t];
        outcome += data.kpi[t] * data.revenue_per_kpi[t];
    }
    if (kpi.size() == 0) return;  // too few rows, said elsewhere
    const std::string column = "column \"" + spec.kpi + "\"";
    const auto relative = [](const Medium& m) {
        return m.effect == EffectKind::contribution || m.prior.family == PriorFamily::total_paid_share;
    };
    if (!varies(kpi))
        checks.add("error", "no_variation", "kpi", column + " has the same value in every period",
                   "Check that this is the right column.");
    else if (spec.kpi_scaling == KpiScaling::max && !(kpi.maxCoeff() > 0))
        checks.add("error", "not_positive", "kpi", column + " has no value above 0 to scale by",
                   R"(Use "scaling": {"kpi": "standardize"}.)");
    else if (spec.kpi_scaling == KpiScaling::mean && !(kpi.mean() > 0))
        checks.add("error", "not_positive", "kpi", column + " has no mean above 0 to scale by",
                   R"(Use "scaling": {"kpi": "standardize"}.)");
    else if (!(outcome > 0) && std::any_of(spec.media.begin(), spec.media.end(), relative))
        checks.add("error", "not_positive", "kpi", column + " has no sum above 0 of which media could have a share",
                   R"(Use priors of "kind": "coefficient" or "roi".)");
}

void check_events(const Specification& spec, const Dataset& data, ColumnChecks& checks) {
    if (data.time.empty()) return;
    const Timestamp end = add_steps(data.time.back(), data.step, 1);
    for (const auto& event : spec.events) {
        std::size_t outside = 0;
        for (const Timestamp date : event.dates) outside += date < data.time.front() || date >= end ? 1 : 0;
        if (outside == event.dates.size())
            checks.add("error", "event_outside", "events." + event.name,
                       "no date of the event lies in the data, which runs from " + format_timestamp(data.time.front()) +
                           " to before " + format_timestamp(end),
                       "Remove the event, or correct its dates.");
    }
}

void fill_dataset(const Specification& spec, const Columns& columns, const std::vector<std::size_t>& order,
                  const Table& table, Dataset& data) {
    const auto n = static_cast<Eigen::Index>(order.size());
    for (const std::size_t row : order) data.time.push_back(table.time[row]);
    data.kpi.resize(n);
    fill(*columns.kpi, order, data.kpi);
    data.revenue_per_kpi = Vec::Constant(n, spec.revenue_per_kpi.value_or(1.0));
    if (holds(columns.revenue)) fill(*columns.revenue, order, data.revenue_per_kpi);
    data.spend = Mat::Zero(n, static_cast<Eigen::Index>(spec.media.size()));
    data.exposure = data.spend;
    for (std::size_t m = 0; m < spec.media.size(); ++m) {
        const auto index = static_cast<Eigen::Index>(m);
        if (holds(columns.media[m].spend)) fill(*columns.media[m].spend, order, data.spend.col(index));
        fill(*columns.media[m].exposure, order, data.exposure.col(index));
    }
    data.controls.resize(n, static_cast<Eigen::Index>(spec.controls.size()));
    for (std::size_t c = 0; c < spec.controls.size(); ++c)
        fill(*columns.controls[c], order, data.controls.col(static_cast<Eigen::Index>(c)));
    data.holdout.assign(order.size(), false);
    if (holds(columns.holdout))
        for (std::size_t i = 0; i < order.size(); ++i) data.holdout[i] = columns.holdout->values[order[i]] != 0;
    mark_holdout(spec, data);
}

}  // namespace

void mark_holdout(const Specification& spec, Dataset& data) {
    const std::size_t n = data.time.size();
    if (spec.holdout.kind == HoldoutKind::last) {
        for (std::size_t i = n - std::min(n, static_cast<std::size_t>(spec.holdout.last)); i < n; ++i) data.holdout[i] = true;
    } else if (spec.holdout.kind == HoldoutKind::fraction) {
        // Each period by its own random number, so that more rows do not reshuffle the earlier ones.
        for (std::size_t i = 0; i < n; ++i) {
            RandomStream random(static_cast<std::uint64_t>(spec.sampler.seed), 0, static_cast<std::uint32_t>(i), stream::holdout);
            data.holdout[i] = random.uniform() < spec.holdout.fraction;
        }
    }
}

Vec fitted_values(const Dataset& data, ConstVecRef column) {
    Vec values(data.fitted_periods());
    Eigen::Index n = 0;
    for (Eigen::Index t = 0; t < column.size(); ++t)
        if (!data.holdout[static_cast<std::size_t>(t)]) values[n++] = column[t];
    return values;
}

Eigen::Index Dataset::fitted_periods() const {
    return static_cast<Eigen::Index>(std::count(holdout.begin(), holdout.end(), false));
}

bool has_errors(const std::vector<Finding>& findings) {
    return std::any_of(findings.begin(), findings.end(), [](const Finding& f) { return f.severity == "error"; });
}

std::vector<Finding> check_data(const Specification& spec, const Table& table, Dataset& dataset, const Poll& poll) {
    std::vector<Finding> findings;
    ColumnChecks checks(table, findings);
    checks.check_time();
    const Columns columns = find_columns(spec, checks);
    if (table.rows() == 0) {
        checks.add("error", "no_rows", "source", "there are no rows" + (table.source.empty() ? "" : " in " + table.source),
                   "Check the filter; row-level security may hide rows from this role.");
        return findings;
    }
    const bool times_usable = std::none_of(findings.begin(), findings.end(), [](const Finding& f) { return f.field == "time"; });
    std::vector<std::size_t> order;
    if (times_usable) order = time_order(table, checks, dataset.step);
    if (has_errors(findings)) return findings;
    fill_dataset(spec, columns, order, table, dataset);
    check_amount(spec, dataset, checks);
    check_kpi(spec, dataset, checks);
    if (dataset.fitted_periods() == 0) return findings;  // nothing else can be said
    check_media(spec, dataset, checks);
    check_events(spec, dataset, checks);
    check_correlation(spec, dataset, checks, poll);
    if (!has_errors(findings)) check_prior_scale(spec, dataset, checks);
    return findings;
}

void throw_findings(const std::vector<Finding>& findings, const std::string& source) {
    std::string detail, first, hint;
    std::size_t n = 0;
    for (const auto& finding : findings) {
        if (finding.severity != "error") continue;
        if (n++ == 0) {
            first = finding.field + ": " + finding.message;
            hint = finding.hint;
        }
        detail += (detail.empty() ? "" : "\n") + finding.field + ": " + finding.message + ".";
        if (!finding.hint.empty()) detail += " " + finding.hint;
    }
    const std::string where = source.empty() ? "" : " of " + source;
    if (n == 1) throw Error(ErrorKind::invalid_data, first, {}, hint);
    throw Error(ErrorKind::invalid_data,
                "the data" + where + " cannot be modelled: " + std::to_string(n) + " problems, the first is " + first, detail,
                "mmm_validate() on a table or view lists them as rows.");
}

}  // namespace mmm
