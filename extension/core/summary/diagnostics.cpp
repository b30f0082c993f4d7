// The model review: each check with its number, its threshold, a verdict and what to do.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/api.hpp"
#include "core/model/data_review.hpp"
#include "core/model/fitted_model.hpp"
#include "core/summary/fit_quality.hpp"
#include "core/summary/review_posterior.hpp"

namespace mmm {

namespace {

std::string text(const char* format, double a, double b = 0) {
    char buffer[160];
    std::snprintf(buffer, sizeof buffer, format, a, b);
    return buffer;
}

class Review {
public:
    explicit Review(const FittedModel& model) : model_(model) {}

    std::vector<DiagnosticRow> run(const Poll& poll) {
        if (model_.spec.sampler.method == Method::nuts) {
            convergence();
            sampler();
        } else {
            rows_.push_back({"method", std::nullopt, std::nullopt, "warn",
                             "the posterior is approximated; confirm with \"method\": \"nuts\" before acting on it"});
        }
        const ReviewDraws draws = review_draws(model_, poll);
        quality(draws);
        missing();
        if (model_.spec.sampler.method == Method::nuts) worst_parameters();
        for (auto& row : review_fit(model_, draws, poll)) rows_.push_back(std::move(row));
        for (auto& row : review_channels(model_, draws, poll)) rows_.push_back(std::move(row));
        for (auto& row : review_lifts(model_, poll)) rows_.push_back(std::move(row));
        if (model_.total_draws() >= least_review_draws) rows_.push_back(health_score(rows_));
        return std::move(rows_);
    }

private:
    void add(const std::string& metric, double value, double threshold, bool ok, bool fail, const std::string& good,
             const std::string& bad) {
        rows_.push_back({metric, value, threshold, ok ? "ok" : fail ? "fail" : "warn", ok ? good : bad});
    }

    const std::string& name(std::size_t p) const { return model_.layout.parameters[p].name; }

    // Thresholds of Vehtari et al. 2021: R-hat below 1.01, ESS above 100 a chain.
    void convergence() {
        std::size_t rhat_at = 0, bulk_at = 0, tail_at = 0;
        double rhat = 0, bulk = INFINITY, tail = INFINITY;
        for (std::size_t p = 0; p < model_.convergence.size(); ++p) {
            const auto& c = model_.convergence[p];
            if (!model_.layout.parameters[p].sampled()) continue;
            // Not-a-number is the worst of all: a chain that never moved.
            if (!std::isnan(rhat) && !(c.rhat <= rhat)) rhat = c.rhat, rhat_at = p;
            if (!std::isnan(bulk) && !(c.ess_bulk >= bulk)) bulk = c.ess_bulk, bulk_at = p;
            if (!std::isnan(tail) && !(c.ess_tail >= tail)) tail = c.ess_tail, tail_at = p;
        }
        const double least = 100.0 * model_.chains;
        add("max_rhat", rhat, 1.01, rhat <= 1.01, !(rhat <= 1.1), "chains agree",
            "chains disagree most on " + name(rhat_at) + ": increase warmup and draws, or give it a more informative prior");
        add("min_ess_bulk", bulk, least, bulk >= least, !(bulk >= least / 4), "enough independent draws for means",
            "fewest independent draws for " + name(bulk_at) + ": increase draws");
        add("min_ess_tail", tail, least, tail >= least, !(tail >= least / 4), "enough independent draws for intervals",
            "fewest independent tail draws for " + name(tail_at) + ": increase draws");
    }

    void sampler() {
        const auto& s = model_.sampler;
        const double share = static_cast<double>(s.divergences) / static_cast<double>(model_.total_draws());
        add("divergences", static_cast<double>(s.divergences), 0, s.divergences == 0, share > 0.01, "no divergent transition",
            "the posterior has regions the sampler could not enter: raise target_accept, or use more informative priors");
        const double hits = static_cast<double>(s.max_depth_hits);
        add("max_treedepth_hits", hits, 0, s.max_depth_hits == 0, false, "no trajectory was cut short",
            "trajectories were cut short: raise max_treedepth, or use more informative priors");
        add("mean_treedepth", s.mean_depth, model_.spec.sampler.max_treedepth, true, false,
            text("on average %.1f doublings a draw", s.mean_depth), "");
        add("mean_accept", s.mean_accept, model_.spec.sampler.target_accept, true, false,
            text("acceptance statistic %.2f, target %.2f", s.mean_accept, model_.spec.sampler.target_accept), "");
        double bfmi = INFINITY;
        for (const double chain : s.e_bfmi) bfmi = std::isnan(chain) ? chain : std::min(bfmi, chain);
        add("min_e_bfmi", bfmi, 0.3, bfmi >= 0.3, false, "energies are explored well",
            "energies are explored slowly: a prior with heavy tails may be to blame");
    }

    // The parameters that converge worst, whatever their state, and how many have not.
    void worst_parameters() {
        constexpr std::size_t named = 3;
        const double least = 100.0 * model_.chains;
        std::vector<std::size_t> order, bad;
        for (std::size_t p = 0; p < model_.convergence.size(); ++p) {
            const auto& c = model_.convergence[p];
            if (!model_.layout.parameters[p].sampled()) continue;
            order.push_back(p);
            if (!(c.rhat <= 1.01 && c.ess_bulk >= least && c.ess_tail >= least)) bad.push_back(p);
        }
        // Not-a-number first: a chain that never moved.
        const auto rhat = [&](std::size_t p) { return std::isnan(model_.convergence[p].rhat) ? INFINITY : model_.convergence[p].rhat; };
        const auto worse = [&](std::size_t a, std::size_t b) { return rhat(a) > rhat(b); };
        std::stable_sort(order.begin(), order.end(), worse);
        std::stable_sort(bad.begin(), bad.end(), worse);
        std::vector<std::string> names;
        for (const std::size_t p : bad) names.push_back(name(p));
        add("unconverged_parameters", static_cast<double>(bad.size()), 0, bad.empty(), false, "R-hat and ESS of every parameter are in order",
            "R-hat above 1.01 or ESS below " + std::to_string(100 * model_.chains) + ": " + listed(names, 5) +
                "; increase warmup and draws, or give them more informative priors");
        order.resize(std::min(order.size(), named));
        for (const std::size_t p : order) {
            const double value = model_.convergence[p].rhat;
            add("rhat." + name(p), value, 1.01, value <= 1.01, !(value <= 1.1), "chains agree on it",
                "chains disagree on it: increase warmup and draws, or give it a more informative prior");
        }
    }

    void quality(const ReviewDraws& moments) {
        const FitQuality in = fit_quality(model_.data, moments.mean, false);
        add("r2", in.r2, 0.3, in.r2 >= 0.3, !(in.r2 > 0), text("the model explains %.1f %% of the variance of the KPI", 100 * in.r2),
            text("the model explains only %.1f %% of the variance of the KPI: check columns, scaling and drivers", 100 * in.r2));
        add("mape", in.mape, 0.2, in.mape <= 0.2, false, text("off by %.1f %% of the KPI in a typical period", 100 * in.mape),
            text("off by %.1f %% of the KPI in a typical period: a driver may be missing", 100 * in.mape));
        add("wmape", in.wmape, 0.2, in.wmape <= 0.2, false, text("off by %.1f %% of the total KPI", 100 * in.wmape),
            text("off by %.1f %% of the total KPI: a driver may be missing", 100 * in.wmape));
        add("durbin_watson", in.durbin_watson, 1.5, in.durbin_watson >= 1.5 && in.durbin_watson <= 2.5, false,
            "residuals show no first-order autocorrelation",
            "residuals are autocorrelated: trend, seasonality or a driver may be missing, and intervals are too narrow");
        if (model_.data.fitted_rows() < model_.data.rows()) {
            const FitQuality out = fit_quality(model_.data, moments.mean, true);
            if (out.periods > 0) add("holdout_wmape", out.wmape, 2 * in.wmape, out.wmape <= 2 * in.wmape, false,
                text("held-out periods are predicted with an error of %.1f %%", 100 * out.wmape),
                text("held-out periods are predicted much worse (%.1f %%) than fitted ones (%.1f %%)", 100 * out.wmape,
                     100 * in.wmape));
        }
        // Meridian's review: above 0.2 worth a look, above 0.8 a failure.
        add("negative_baseline_probability", moments.negative_baseline, 0.2, moments.negative_baseline <= 0.2,
            moments.negative_baseline > 0.8, "the baseline is not negative",
            "without media the KPI would be negative: media are credited with too much; tighten their priors");
    }

    // What rules of the specification put where the data had nothing.
    void missing() {
        const auto& filled = model_.data.filled;
        const double threshold = 0.1 * static_cast<double>(model_.data.rows());
        const auto count = [&](const std::string& metric, std::int64_t n, const std::string& what) {
            const auto value = static_cast<double>(n);
            add(metric, value, threshold, value <= threshold, false, what, what + ": more than a tenth of all rows");
        };
        if (filled.rows > 0) count("missing.periods", filled.rows, "rows added by missing.periods");
        for (const auto& cell : filled.cells) {
            const std::string words[] = {"refused", "counted as zero", "carried on", "left out of the likelihood"};
            count("missing." + cell.column, cell.cells, "values that were missing, " + words[static_cast<std::size_t>(cell.rule)]);
        }
    }

    const FittedModel& model_;
    std::vector<DiagnosticRow> rows_;
};

}  // namespace

std::vector<DiagnosticRow> diagnostics(const FittedModel& model, const Poll& poll) { return Review(model).run(poll); }

}  // namespace mmm
