// The part of the model review that looks at what the draws say of the total, of each row and of each channel. Metrics,
// thresholds and verdicts are listed in docs/sql-reference.md; those of Meridian's review (analysis/review/checks.py,
// configs.py) are marked so in the code.
#pragma once

#include <vector>

#include "core/api.hpp"
#include "core/summary/review_draws.hpp"

namespace mmm {

// Fewer draws (MAP has one) have no distribution to look at; then there are no rows.
constexpr std::size_t least_review_draws = 25;

// ppp_total_outcome, influential_rows, max_pareto_k, r2_national (of a panel)
std::vector<DiagnosticRow> review_fit(const FittedModel& model, const ReviewDraws& draws, const Poll& poll);

// For each medium: KIND_prior_shift, KIND_prior_consistency, prior_sensitivity, and of paid media implausible_roi,
// high_variance, potential_bias; KIND is what the prior is about. Named METRIC.CHANNEL, metric by metric.
std::vector<DiagnosticRow> review_channels(const FittedModel& model, const ReviewDraws& draws, const Poll& poll);

// For each lift test: lift_test[N].CHANNEL, how many standard errors the model's posterior mean lies from what was measured.
std::vector<DiagnosticRow> review_lifts(const FittedModel& model, const Poll& poll);

// Meridian's health score, 0 to 100, of rows that the review found: weights 0.3 negative baseline, 0.3 posterior
// predictive p-value, 0.1 R2, 0.15 prior-posterior shift, 0.15 consistency with priors (analysis/review/reviewer.py).
DiagnosticRow health_score(const std::vector<DiagnosticRow>& rows);

// A row whose verdict follows from two comparisons.
DiagnosticRow review_row(const std::string& metric, double value, double threshold, bool ok, bool fail,
                         const std::string& good, const std::string& bad);

}  // namespace mmm
