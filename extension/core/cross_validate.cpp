// Cross-validation by origin: fit what lies before a cutoff, forecast what follows it, move the cutoff on.
#include <cmath>

#include "core/api.hpp"
#include "core/format.hpp"
#include "core/model/dataset.hpp"
#include "core/model/event_table.hpp"
#include "core/model/fitted_model.hpp"
#include "core/model/json.hpp"
#include "core/summary/scores.hpp"

namespace mmm {

namespace {

struct ValidationPlan {
    int initial = 0, horizon = 0, step = 0;  // periods
    bool rolling = false;
    double level = 0.9;
    Specification spec;
};

struct Fold {
    int first, cutoff, end;  // fitted: first .. cutoff - 1, forecast: cutoff .. end - 1
};

// Every default is filled in by writing the specification out, so that only what is overridden changes.
Specification with_sampler(const Specification& spec, const Json* sampler) {
    if (sampler == nullptr) return spec;
    if (!sampler->is_object())
        specification_error("options.sampler", "found " + describe(*sampler) + ", expected an object");
    Json document = write_specification(spec);
    for (const auto& [key, value] : sampler->items()) document["sampler"][key] = value;
    return read_specification(document);
}

ValidationPlan validation_plan(const Specification& spec, std::string_view options_json, int periods) {
    const Json json = parse_json(options_json, ErrorKind::invalid_argument);
    const bool asked = json.is_object() && json.contains("horizon");
    JsonObject options(json, "options");
    ValidationPlan plan;
    plan.initial = options.integer("initial", (2 * periods + 2) / 3, 1, 10'000'000);
    plan.horizon = options.integer("horizon", std::max(1, (periods - plan.initial) / 4), 1, 10'000'000);
    plan.step = options.integer("step", plan.horizon, 1, 10'000'000);
    plan.rolling = options.choice("window", {"expanding", "rolling"}, 0, "a window") == 1;
    plan.level = options.number("level", 0.9, 0, 1);
    plan.spec = with_sampler(spec, options.find("sampler"));
    options.finish();
    check_level(plan.level);
    if (plan.initial + plan.horizon > periods)
        throw Error(ErrorKind::invalid_argument,
                    "options: initial = " + std::to_string(plan.initial) + " and horizon = " +
                        std::to_string(plan.horizon) + (asked ? "" : " (the default)") + " leave no fold in " + std::to_string(periods) + " periods",
                    {}, "Their sum can be at most the number of periods.");
    return plan;
}

std::vector<Fold> folds_of(const ValidationPlan& plan, int periods) {
    std::vector<Fold> folds;
    for (int cutoff = plan.initial; cutoff + plan.horizon <= periods; cutoff += plan.step)
        folds.push_back({plan.rolling ? cutoff - plan.initial : 0, cutoff, cutoff + plan.horizon});
    return folds;
}

// The rows whose time lies between two times, both included.
Table rows_between(const Table& table, Timestamp from, Timestamp to) {
    std::vector<std::size_t> kept;
    for (std::size_t row = 0; row < table.rows(); ++row)
        if (table.time[row] >= from && table.time[row] <= to) kept.push_back(row);
    Table part;
    part.source = table.source;
    part.time_column = table.time_column;
    part.time_status = table.time_status;
    part.time_type_name = table.time_type_name;
    part.available = table.available;
    part.geo_column = table.geo_column;
    part.geo_status = table.geo_status;
    part.geo_names = table.geo_names;
    for (const std::size_t row : kept)
        if (!table.kpi_unknown.empty()) part.kpi_unknown.push_back(table.kpi_unknown[row]);
    for (const std::size_t row : kept) {
        part.time.push_back(table.time[row]);
        if (!table.geo.empty()) part.geo.push_back(table.geo[row]);
    }
    part.time_is_null.assign(kept.size(), false);
    for (const TableColumn& column : table.columns) {
        TableColumn copy{column.name, column.type_name, column.status, {}, {}, column.not_numeric};
        for (const std::size_t row : kept) {
            copy.values.push_back(column.values[row]);
            copy.is_null.push_back(column.is_null[row]);
        }
        part.columns.push_back(std::move(copy));
    }
    return part;
}

// What is known at a cutoff: experiments that were over by then.
Specification known_at(Specification spec, Timestamp first, Timestamp last) {
    std::erase_if(spec.lift_tests, [&](const LiftTest& test) { return test.from < first || test.measured_to.value_or(test.to) > last; });
    return spec;
}

// Of the forecast periods of a fold, geo after geo; NaN where it is not known.
Vec actual_kpi(const Dataset& data, const Fold& fold) {
    const Eigen::Index horizon = fold.end - fold.cutoff;
    Vec actual(data.n_geos() * horizon);
    for (Eigen::Index i = 0; i < actual.size(); ++i) {
        const Eigen::Index row = i / horizon * data.periods() + fold.cutoff + i % horizon;
        actual[i] = data.kpi_known(row) ? data.kpi[row] : std::nan("");
    }
    return actual;
}

// Before the first fit.
void require_known_kpi(const Dataset& data, const Fold& fold) {
    if (actual_kpi(data, fold).array().isFinite().any()) return;
    const auto time = [&](int period) { return format_timestamp(data.time[static_cast<std::size_t>(period)]); };
    throw Error(ErrorKind::invalid_data,
                "fold from " + time(fold.first) + " to " + time(fold.cutoff - 1) + ": no value of the KPI is known from " + time(fold.cutoff) +
                    " to " + time(fold.end - 1) + ", which it is to forecast",
                {}, "Use another initial, horizon or step in the options.");
}

std::vector<Score> score_fold(const ValidationPlan& plan, const Fold& fold, const Table& table, const Dataset& data,
                              const Host& host) {
    const auto time = [&](int period) { return data.time[static_cast<std::size_t>(period)]; };
    try {
        const Timestamp first = time(fold.first), last = time(fold.cutoff - 1);
        const FittedModelPtr model = fit(known_at(plan.spec, first, last), rows_between(table, first, last), host);
        Forecast forecast(*model, read_future(*model, rows_between(table, time(fold.cutoff), time(fold.end - 1))));
        return forecast_scores(forecast, model->total_draws(), actual_kpi(data, fold), plan.level, host.poll);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::limit_exceeded || error.kind() == ErrorKind::cancelled) throw;
        throw Error(error.kind(),
                    "fold from " + format_timestamp(time(fold.first)) + " to " +
                        format_timestamp(time(fold.cutoff - 1)) + ": " + error.what(),
                    error.detail(), error.hint());
    }
}

}  // namespace

std::vector<ScoreRow> cross_validate(const Specification& spec, std::string_view options, const Table& source,
                                     const Host& host) {
    if (spec.holdout.kind != HoldoutKind::none)
        throw Error(ErrorKind::invalid_argument, "holdout: cross-validation holds periods out itself", {},
                    "Remove holdout from the specification.");
    Dataset data;
    // Once for all folds, so that a fold's first rows may carry on what came before them.
    FilledReport report;
    const Table table = spec.missing.any() ? fill_missing(spec, source, nullptr, report) : source;
    const auto findings = check_data(without_absent_events(spec, table), table, data, host.poll);
    if (has_errors(findings)) throw_findings(findings, table.source);
    const int periods = static_cast<int>(data.time.size());
    const ValidationPlan plan = validation_plan(spec, options, periods);
    std::vector<ScoreRow> rows;
    int number = 0;
    const auto folds = folds_of(plan, periods);
    for (const Fold& fold : folds) require_known_kpi(data, fold);
    for (const Fold& fold : folds) {
        ++number;
        for (const Score& score : score_fold(plan, fold, table, data, host))
            rows.push_back({number, data.time[static_cast<std::size_t>(fold.cutoff) - 1], plan.horizon, score.metric,
                            score.value});
    }
    return rows;
}

}  // namespace mmm
