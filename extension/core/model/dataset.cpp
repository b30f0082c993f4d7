#include "core/model/dataset.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/format.hpp"
#include "core/model/column_checks.hpp"
#include "core/model/knots.hpp"
#include "core/model/lift_test.hpp"
#include "core/model/model_units.hpp"
#include "core/model/noise_law.hpp"
#include "core/model/panel_order.hpp"
#include "core/model/parameters.hpp"
#include "core/model/relation_checks.hpp"
#include "core/random.hpp"

namespace mmm {

namespace {

constexpr std::size_t least_periods = 4;

bool holds(const TableColumn* column) { return column != nullptr; }

bool varies(ConstVecRef x) { return x.size() > 0 && x.maxCoeff() > x.minCoeff(); }

void fill(const TableColumn& column, const std::vector<std::size_t>& order, VecRef out) {
    for (std::size_t i = 0; i < order.size(); ++i) out[static_cast<Eigen::Index>(i)] = column.values[order[i]];
}

struct MediumColumns {
    const TableColumn* spend;
    const TableColumn* exposure;
    const TableColumn* reach;
};

struct Columns {
    const TableColumn* kpi;
    const TableColumn* population;
    const TableColumn* revenue;
    const TableColumn* holdout;
    std::vector<MediumColumns> media;
    std::vector<const TableColumn*> controls;
};

Columns find_columns(const Specification& spec, ColumnChecks& checks) {
    Columns columns{};
    const auto use = [&](const std::string& name, const std::string& field, Range range) {
        return checks.use(name, field, range, missing_advice(spec, name));
    };
    columns.kpi = use(spec.kpi, "kpi", Range::any);
    if (!spec.population.empty()) columns.population = use(spec.population, "population", Range::positive);
    if (!spec.revenue_per_kpi_column.empty())
        columns.revenue = use(spec.revenue_per_kpi_column, "revenue_per_kpi", Range::not_negative);
    for (const auto& medium : spec.media) {
        const std::string path = medium_path(medium);
        const Range range = medium.kind == MediumKind::treatment ? Range::any : Range::not_negative;
        MediumColumns found{};
        if (medium.paid()) found.spend = use(medium.spend, path + ".spend", Range::not_negative);
        if (medium.has_frequency()) {
            found.reach = use(medium.reach, path + ".reach", Range::not_negative);
            found.exposure = use(medium.frequency, path + ".frequency", Range::not_negative);
        } else {
            found.exposure = medium.exposure == medium.spend ? found.spend : use(medium.exposure, path + ".exposure", range);
        }
        columns.media.push_back(found);
    }
    for (const auto& control : spec.controls)
        columns.controls.push_back(use(control.column, "controls." + control.name, Range::any));
    if (!spec.holdout.column.empty())
        columns.holdout = use(spec.holdout.column, "holdout.column", Range::any);
    return columns;
}

void check_media(const Specification& spec, const Dataset& data, ColumnChecks& checks) {
    for (std::size_t m = 0; m < spec.media.size(); ++m) {
        const auto& medium = spec.media[m];
        const auto index = static_cast<Eigen::Index>(m);
        const Vec exposure = fitted_values(data, data.media_units(index)), spend = fitted_values(data, data.spend.col(index));
        const std::string path = medium_path(medium);
        if (!varies(exposure)) {
            checks.add("error", "no_variation", path,
                       "column \"" + (medium.has_frequency() ? medium.reach : medium.exposure) + "\" is " + format_number(exposure.size() > 0 ? exposure[0] : 0) +
                           " in every fitted period, so its effect cannot be told from the intercept",
                       "Remove the medium, or widen the period, or hold out less.");
            continue;
        }
        if (medium.paid() && !(spend.sum() > 0))
            checks.add("error", "no_spend", path + ".spend",
                       "column \"" + medium.spend + "\" is 0 in every fitted period, so no ROI can be computed",
                       "Name the spend column, or move the medium to organic_media.");
        else if (medium.paid() && (exposure.array() > 0 && spend.array() <= 0).any())
            checks.add("warning", "exposure_without_spend", path,
                       "there is exposure without spend in " +
                           std::to_string((exposure.array() > 0 && spend.array() <= 0).count()) + (spec.is_panel() ? " rows" : " periods"),
                       "Check that spend and exposure are booked in the same period.");
    }
}

void check_amount(const Specification& spec, const Dataset& data, ColumnChecks& checks) {
    const Eigen::Index fitted = data.fitted_rows();
    const Layout layout = make_layout(spec, data.geos, data.baseline_geo(spec));
    const auto parameters = static_cast<Eigen::Index>(layout.independent());
    const std::string counts = std::to_string(fitted) + (spec.is_panel() ? " rows" : " periods") + " to fit " +
                               std::to_string(parameters) + " parameters";
    const std::string unfitted = std::to_string(data.rows() - fitted) + " are held out by holdout, fit_from or missing";
    const std::string hint = fitted < data.rows() / 2 ? "Of " + std::to_string(data.rows()) + ", " + unfitted + ": hold out fewer."
                             : "Use more periods, fewer media or controls, a lower seasonality order or fewer changepoints.";
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
    Vec kpi(data.fitted_rows());
    double outcome = 0;
    for (Eigen::Index t = 0, n = 0; t < data.rows(); ++t) {
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

// What a law of noise can take.
void check_kpi_values(const Specification& spec, const Dataset& data, ColumnChecks& checks) {
    if (!is_law_above_zero(spec.likelihood)) return;
    const std::string law = "\"" + likelihood_names()[static_cast<std::size_t>(spec.likelihood)] + "\"";
    const bool zero = spec.likelihood == Likelihood::truncated_normal || spec.likelihood == Likelihood::negative_binomial;
    const bool count = spec.likelihood == Likelihood::negative_binomial;
    for (Eigen::Index i = 0; i < data.rows(); ++i) {
        const double kpi = data.kpi[i];
        if (data.holdout[static_cast<std::size_t>(i)]) continue;
        if (kpi > 0 && (!count || kpi == std::floor(kpi))) continue;
        if (kpi == 0 && zero) continue;
        checks.add("error", "likelihood_range", "kpi",
                   "column \"" + spec.kpi + "\" holds " + format_number(kpi) + " at " +
                       format_timestamp(data.time[static_cast<std::size_t>(i % data.periods())]) + ", but likelihood " + law + " is for " +
                       (count ? "whole numbers, 0 or above" : zero ? "values of 0 or above" : "values above 0"),
                   spec.link == Link::log ? R"(Use "link": "identity", or correct the value.)"
                                              : R"(Use "likelihood": "normal" or "student_t", or correct the value.)");
        return;
    }
}

void check_events(const Specification& spec, const Dataset& data, ColumnChecks& checks) {
    if (data.time.empty()) return;
    const Timestamp end = add_steps(data.time.back(), data.step, 1);
    for (const auto& event : spec.events) {
        if (!event_reaches(event.shape, event.dates, data.time, data.step))
            // With units from another model its prior may know the event.
            checks.add(spec.units ? "warning" : "error", "event_outside", "events." + event.name,
                       "no date of the event lies in or reaches into the data, which runs from " + format_timestamp(data.time.front()) +
                           " to before " + format_timestamp(end),
                       "Remove the event, or correct its dates.");
    }
}

void check_weekdays(const Specification& spec, const Dataset& data, ColumnChecks& checks) {
    const TimeStep& step = data.step;
    const bool daily = step.kind == TimeStep::Kind::fixed && step.microseconds == microseconds_per_day;
    if (daily || data.time.size() < 2) return;
    const std::string found = step.kind == TimeStep::Kind::months
                                  ? format_number(step.months) + (step.months == 1 ? " month" : " months")
                                  : format_number(days_since_epoch(step.microseconds)) + " days";
    for (const auto& season : spec.seasonality)
        if (season.cycle.weekday)
            checks.add("error", "not_daily", "seasonality." + season.name,
                       "effects of weekdays need a row for every day, but the step of the data is " + found,
                       "Remove it, or use daily data.");
}

// One number for each geo: its population in every period.
void fill_population(const Specification& spec, const Columns& columns, const PanelOrder& order, Dataset& data, ColumnChecks& checks) {
    data.population = Vec::Ones(data.n_geos());
    if (!holds(columns.population)) return;
    const auto periods = order.time.size();
    for (std::size_t g = 0; g < order.geos.size(); ++g) {
        const double first = columns.population->values[order.row[g * periods]];
        data.population[static_cast<Eigen::Index>(g)] = first;
        for (std::size_t t = 1; t < periods; ++t) {
            const double value = columns.population->values[order.row[g * periods + t]];
            if (value == first) continue;
            checks.add("error", "population_varies", "population",
                       "geo \"" + order.geos[g] + "\" has population " + format_number(first) + " and " + format_number(value) +
                           " in column \"" + spec.population + "\"",
                       "A geo has one population: take the mean over time in a view.");
            return;
        }
    }
}

void fill_media(const Specification& spec, const Columns& columns, const PanelOrder& order, Dataset& data) {
    const auto n = static_cast<Eigen::Index>(order.row.size());
    const auto media = static_cast<Eigen::Index>(spec.media.size());
    data.spend = Mat::Zero(n, media);
    data.exposure = data.spend;
    const bool any_reach = std::any_of(spec.media.begin(), spec.media.end(), [](const Medium& m) { return m.has_frequency(); });
    data.reach = Mat::Zero(n, any_reach ? media : 0);
    for (std::size_t m = 0; m < spec.media.size(); ++m) {
        const auto index = static_cast<Eigen::Index>(m);
        if (holds(columns.media[m].spend)) fill(*columns.media[m].spend, order.row, data.spend.col(index));
        fill(*columns.media[m].exposure, order.row, data.exposure.col(index));
        if (holds(columns.media[m].reach)) fill(*columns.media[m].reach, order.row, data.reach.col(index));
    }
}

void mark_history(Timestamp fit_from, Dataset& data) {
    for (std::size_t i = 0; i < data.holdout.size(); ++i)
        if (data.time[i % data.time.size()] < fit_from) data.holdout[i] = true;
}

// A KPI that is not known is held out, whatever else is.
void mark_unknown(const Table& table, const PanelOrder& order, Dataset& data) {
    data.kpi_unknown.clear();
    if (table.kpi_unknown.empty()) return;
    for (const std::size_t row : order.row) data.kpi_unknown.push_back(table.kpi_unknown[row]);
    for (std::size_t i = 0; i < order.row.size(); ++i)
        if (data.kpi_unknown[i]) data.holdout[i] = true;
}

void fill_dataset(const Specification& spec, const Table& table, const Columns& columns, const PanelOrder& order, Dataset& data) {
    const auto n = static_cast<Eigen::Index>(order.row.size());
    data.time = order.time;
    data.step = order.step;
    data.geos = order.geos;
    data.kpi.resize(n);
    fill(*columns.kpi, order.row, data.kpi);
    data.revenue_per_kpi = Vec::Constant(n, spec.revenue_per_kpi.value_or(1.0));
    if (holds(columns.revenue)) fill(*columns.revenue, order.row, data.revenue_per_kpi);
    fill_media(spec, columns, order, data);
    data.controls.resize(n, static_cast<Eigen::Index>(spec.controls.size()));
    for (std::size_t c = 0; c < spec.controls.size(); ++c)
        fill(*columns.controls[c], order.row, data.controls.col(static_cast<Eigen::Index>(c)));
    data.holdout.assign(order.row.size(), false);
    if (holds(columns.holdout))
        for (std::size_t i = 0; i < order.row.size(); ++i) data.holdout[i] = columns.holdout->values[order.row[i]] != 0;
    mark_holdout(spec, data);
    if (spec.fit_from) mark_history(*spec.fit_from, data);
    mark_unknown(table, order, data);
}

void check_baseline_geo(const Specification& spec, const Dataset& data, ColumnChecks& checks) {
    if (spec.baseline_geo.empty() || std::find(data.geos.begin(), data.geos.end(), spec.baseline_geo) != data.geos.end()) return;
    checks.add("error", "unknown_geo", "baseline_geo", "the data has no geo \"" + spec.baseline_geo + "\"" + did_you_mean(spec.baseline_geo, data.geos),
               "Name one of the geos, or leave it to the one of the largest population.");
}

}  // namespace

void mark_holdout(const Specification& spec, Dataset& data) {
    const std::size_t periods = data.time.size(), n = data.holdout.size();
    if (spec.holdout.kind == HoldoutKind::last) {
        const std::size_t first = periods - std::min(periods, static_cast<std::size_t>(spec.holdout.last));
        for (std::size_t i = 0; i < n; ++i)
            if (i % periods >= first) data.holdout[i] = true;
    } else if (spec.holdout.kind == HoldoutKind::fraction) {
        // Each row by its own random number, so that more periods do not reshuffle the earlier ones.
        for (std::size_t i = 0; i < n; ++i) {
            RandomStream random(static_cast<std::uint64_t>(spec.sampler.seed), static_cast<std::uint32_t>(i / periods),
                                static_cast<std::uint32_t>(i % periods), stream::holdout);
            data.holdout[i] = random.uniform() < spec.holdout.fraction;
        }
    }
}

Vec fitted_values(const Dataset& data, ConstVecRef column) {
    Vec values(data.fitted_rows());
    Eigen::Index n = 0;
    for (Eigen::Index t = 0; t < column.size(); ++t)
        if (!data.holdout[static_cast<std::size_t>(t)]) values[n++] = column[t];
    return values;
}

Eigen::Index Dataset::fitted_rows() const {
    return static_cast<Eigen::Index>(std::count(holdout.begin(), holdout.end(), false));
}

Vec Dataset::media_units(Eigen::Index medium) const {
    if (reach.cols() == 0 || reach.col(medium).isZero(0)) return exposure.col(medium);
    return exposure.col(medium).cwiseProduct(reach.col(medium));
}

int Dataset::baseline_geo(const Specification& spec) const {
    const auto named = std::find(geos.begin(), geos.end(), spec.baseline_geo);
    if (named != geos.end()) return static_cast<int>(named - geos.begin());
    Eigen::Index largest = 0;
    if (population.size() > 0) population.maxCoeff(&largest);
    return static_cast<int>(largest);
}

bool has_errors(const std::vector<Finding>& findings) {
    return std::any_of(findings.begin(), findings.end(), [](const Finding& f) { return f.severity == "error"; });
}

std::vector<Finding> check_data(const Specification& spec, const Table& table, Dataset& dataset, const Poll& poll) {
    std::vector<Finding> findings;
    std::optional<Table> filled;
    dataset.filled = {};
    if (spec.missing.any()) filled = fill_missing(spec, table, nullptr, dataset.filled);
    const Table& rows = filled ? *filled : table;
    ColumnChecks checks(rows, findings);
    report_filled(dataset.filled, rows.rows(), checks);
    checks.check_time();
    checks.check_geo();
    const Columns columns = find_columns(spec, checks);
    if (table.rows() == 0) {
        checks.add("error", "no_rows", "source", "there are no rows" + (table.source.empty() ? "" : " in " + table.source),
                   "Check the filter; row-level security may hide rows from this role.");
        return findings;
    }
    const bool cells_usable =
        std::none_of(findings.begin(), findings.end(), [](const Finding& f) { return f.field == "time" || f.field == "geo"; });
    PanelOrder order;
    if (cells_usable) order = panel_order(rows, checks);
    if (has_errors(findings)) return findings;
    fill_dataset(spec, rows, columns, order, dataset);
    fill_population(spec, columns, order, dataset, checks);
    check_baseline_geo(spec, dataset, checks);
    check_knots(spec, dataset, checks);
    check_weekdays(spec, dataset, checks);
    if (has_errors(findings)) return findings;
    check_named_priors(spec, dataset, checks);
    if (spec.units) {
        check_fixed_units(spec, dataset, checks);
    } else {
        check_amount(spec, dataset, checks);
        check_kpi(spec, dataset, checks);
    }
    check_kpi_values(spec, dataset, checks);
    if (dataset.fitted_rows() == 0) return findings;  // nothing else can be said
    if (!spec.units) check_media(spec, dataset, checks);
    check_events(spec, dataset, checks);
    check_lift_tests(spec, dataset, checks);
    check_copies(spec, dataset, checks, poll);
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
