// The engine as the SQL layer sees it. Every function here is pure: it knows no PostgreSQL, reads only its arguments and
// throws mmm::Error for what the user can mend.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/eigen.hpp"
#include "core/error.hpp"
#include "core/host.hpp"
#include "core/model/finding.hpp"
#include "core/model/table.hpp"

namespace mmm {

class Specification;  // a checked specification, every default filled in
class FittedModel;    // a specification, the data it needs, posterior draws and diagnostics
using SpecificationPtr = std::shared_ptr<const Specification>;
using FittedModelPtr = std::shared_ptr<const FittedModel>;

// ---- specification (all documents are JSON text) ----
SpecificationPtr parse_specification(std::string_view json);
std::string specification_json(const Specification& spec);          // complete, every default spelled out
std::string preset_json(std::string_view preset);                    // mmm_spec(preset)
std::string specification_schema_json();                             // mmm_spec_schema()
const std::string& time_column(const Specification& spec);
const std::string& geo_column(const Specification& spec);            // empty for a national model
const std::vector<std::string>& value_columns(const Specification& spec);  // what a reader must fetch besides time

// ---- checking and fitting ----
std::vector<Finding> validate(const Specification& spec, const Table& table, const Host& host = Host{});

// Validates (throws Error(invalid_data) with every error finding in the detail), estimates memory and compares it with
// host.max_memory_bytes, fits on at most host.max_threads threads, computes diagnostics.
FittedModelPtr fit(const Specification& spec, const Table& table, const Host& host);

// ---- the model as a value ----
std::string model_to_bytes(const FittedModel& model);                // self-contained, versioned, checksummed
FittedModelPtr model_from_bytes(std::string_view bytes);             // Error(invalid_binary)
std::string model_to_json(const FittedModel& model);
FittedModelPtr model_from_json(std::string_view json);               // Error(invalid_text)

// ---- questions ----
struct SummaryRow {
    std::string parameter;
    double mean, sd, median, lower, upper, rhat, ess_bulk, ess_tail, mcse_mean;
};
std::vector<SummaryRow> summary(const FittedModel& model, double level, const Poll& poll);

struct DiagnosticRow {
    std::string metric;
    std::optional<double> value, threshold;
    std::string verdict, message;  // verdict: ok | warn | fail
};
std::vector<DiagnosticRow> diagnostics(const FittedModel& model, const Poll& poll);

struct TimeRange {
    std::optional<Timestamp> from, to;  // inclusive
    std::optional<std::vector<std::string>> geos;
};
struct ChannelRow {
    std::string channel, kind;  // kind: paid | organic | treatment
    std::optional<double> spend;
    double contribution, contribution_lower, contribution_upper, contribution_share;
    std::optional<double> roi, roi_lower, roi_upper, mroi, mroi_lower, mroi_upper, cpik, effectiveness;
};
std::vector<ChannelRow> channels(const FittedModel& model, double level, const TimeRange& range, const Poll& poll);

struct DecompositionRow {
    Timestamp time;
    std::optional<std::string> geo;
    std::string component, kind;
    double mean, lower, upper;
};
std::vector<DecompositionRow> decomposition(const FittedModel& model, double level, const Poll& poll);

struct FittedRow {
    Timestamp time;
    std::optional<std::string> geo;
    double actual, mean, lower, upper;  // of the posterior predictive; actual: not-a-number where it is missing
    bool holdout;
};
std::vector<FittedRow> fitted(const FittedModel& model, double level, const Poll& poll);

struct ResponseRow {
    std::string channel;
    double multiplier;
    std::optional<double> spend;
    double contribution, lower, upper;
    std::optional<double> mroi;
};
// Without multipliers: 0 to 2 in steps of 0.1; without geos: all. Treatments have no curves.
std::vector<ResponseRow> response_curve(const FittedModel& model, const std::optional<std::string>& channel,
                                        const std::optional<std::vector<double>>& multipliers, double level,
                                        const std::optional<std::vector<std::string>>& geos, const Poll& poll);

struct AdstockRow {
    std::string channel;
    int lag;
    double mean, lower, upper;
};
std::vector<AdstockRow> adstock_curve(const FittedModel& model, double level, const Poll& poll);

struct SaturationRow {
    std::string channel;
    double exposure, mean, lower, upper;
};
std::vector<SaturationRow> saturation_curve(const FittedModel& model, int points, double level, const Poll& poll);

struct FrequencyRow {
    std::string channel;
    double frequency;
    std::optional<double> roi, roi_lower, roi_upper;  // none without spend
    bool optimal;                                     // the largest mean of its channel
};
// Of reach-and-frequency media: 1, 1.1, ... up to the largest frequency seen, or the one given; impressions are kept.
std::vector<FrequencyRow> optimal_frequency(const FittedModel& model, const std::optional<std::string>& channel,
                                            double level, const std::optional<double>& max_frequency,
                                            const Poll& poll);

struct LooRow {
    double elpd_loo, se, p_loo;
    int bad_k;  // rows whose Pareto k is above min(1 - 1 / log10(draws), 0.7)
};
LooRow loo(const FittedModel& model, const Poll& poll);

struct CompareRow {
    int rank, model;  // from 1; model: position among the arguments
    LooRow loo;
    double elpd_diff, diff_se;  // to the best model
    double weight;              // stacking
};
// Error(invalid_argument) unless all models were fitted to the same rows of the same KPI.
std::vector<CompareRow> compare(const std::vector<FittedModelPtr>& models, const Poll& poll);

struct DrawsTable {
    std::vector<std::string> parameters;
    int chains = 0, draws = 0;
    std::vector<const float*> values;  // one pointer a parameter to chains*draws values, chain by chain; owned by the model
};
DrawsTable draws(const FittedModel& model, const std::optional<std::vector<std::string>>& parameters);
std::string arviz_json(const FittedModel& model, const Poll& poll);

// ---- forecasts ----
const Specification& specification(const FittedModel& model);
std::vector<std::string> predictor_columns(const Specification& spec);  // what a forecast must fetch besides time

struct PredictRow {
    Timestamp time;
    std::optional<std::string> geo;
    double mean, lower, upper;  // of the posterior predictive
};
// Of periods that follow the fitted history; Error(invalid_data) with every finding where they do not.
std::vector<PredictRow> predict(const FittedModel& model, const Table& table, double level, const Poll& poll);

struct ScoreRow {
    int fold;          // from 1
    Timestamp cutoff;  // last fitted period
    int horizon;       // periods forecast
    std::string metric;
    double value;
};
// Options: {"initial", "horizon", "step": periods, "window": "expanding" | "rolling", "level", "sampler": overrides}.
std::vector<ScoreRow> cross_validate(const Specification& spec, std::string_view options, const Table& table,
                                     const Host& host);

// ---- refreshing: refresh.hpp ----
// The specification of the refreshed model before the data is read, for the reader. Options: {"widen", "parameters", "overlap",
// "spec": overrides, "sampler": overrides}.
std::string refresh_specification(const FittedModel& old, std::string_view options);
FittedModelPtr refresh(const FittedModel& old, const Specification& spec, std::string_view options, const Table& table,
                       const Host& host);

struct RefreshRow {
    std::string parameter;  // or roi.<channel>, over all rows of the new model
    double old_mean, old_sd, new_mean, new_sd, shift;
    std::optional<double> z;
    bool moved;
    std::string message;
};
std::vector<RefreshRow> refresh_report(const FittedModel& old, const FittedModel& renewed, double level, const Poll& poll);

// The best plan for the money of the paid channels. `options_json`: planner/plan_options.hpp. Contributions in units of the KPI,
// as channels() gives them; mroi in revenue (KPI where no revenue is known) per unit of spend.
struct BudgetRow {
    std::string channel;
    std::optional<std::string> geo;
    double current_spend, optimal_spend, lower_bound, upper_bound;
    double current_contribution, optimal_contribution, optimal_lower, optimal_upper;
    std::optional<double> mroi;  // at the plan; none for a channel without spend in the window
    std::optional<Timestamp> period;  // the first of the block, of a plan by period
};
std::vector<BudgetRow> optimize_budget(const FittedModel& model, std::string_view options_json, const Poll& poll);

// One self-contained HTML page (inline SVG, no script). `options_json`: report/options.hpp.
std::string report(const FittedModel& model, std::string_view options_json, const Poll& poll);

// ---- transforms ----
std::vector<double> adstock_array(const std::vector<double>& x, std::string_view adstock_json, const Poll& poll = [] {});

// ---- simulation: a specification with an optional "simulate" object ----
struct SimulatedRows {
    std::vector<Timestamp> time;
    std::vector<std::string> geo;             // of each row; empty for a national model
    std::vector<double> kpi;
    std::vector<std::string> columns;         // names without the prefix of a jsonb column
    std::vector<std::vector<double>> values;  // one vector a column
};
SimulatedRows simulate(std::string_view spec_json, std::int64_t seed);
struct TruthRow {
    std::string name;
    double value;
};
std::vector<TruthRow> simulate_truth(std::string_view spec_json, std::int64_t seed);

}  // namespace mmm
