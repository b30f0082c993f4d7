// The model review: each check's number, threshold and verdict.
#include <gtest/gtest.h>

#include <cmath>

#include "core/summary/contributions.hpp"
#include "model/hand_made_model.hpp"

namespace mmm {
namespace {

const char* const document =
    R"({"time": "week", "kpi": "sales", "media": {"tv": "tv"}, "trend": "none", "seasonality": false,
                                 "simulate": {"periods": 60, "truth": {"intercept": 0.6, "sigma": 0.03}}})";

// A model that passes every check.
FittedModel healthy(const std::string& spec = document) {
    FittedModel model = test::hand_made_model(spec, 1, 4, 25);
    for (auto& c : model.convergence) c = {0, 1, 1.002, 900, 800, 0.03};
    model.sampler.divergences = model.sampler.max_depth_hits = 0;
    model.sampler.e_bfmi = {0.9, 0.8, 1.1, 0.95};
    return model;
}

DiagnosticRow row_of(const FittedModel& model, const std::string& metric) {
    for (const auto& row : diagnostics(model, [] {}))
        if (row.metric == metric) return row;
    throw std::out_of_range(metric);
}

void expect_verdict(const FittedModel& model, const std::string& metric, double value, double threshold,
                    const std::string& verdict, const std::string& message) {
    const DiagnosticRow row = row_of(model, metric);
    EXPECT_DOUBLE_EQ(*row.value, value);
    EXPECT_DOUBLE_EQ(*row.threshold, threshold);
    EXPECT_EQ(row.verdict, verdict);
    EXPECT_NE(row.message.find(message), std::string::npos) << row.message;
}

TEST(Diagnostics, OfAHealthyModelAreAllInOrder) {
    std::vector<std::string> metrics;
    for (const auto& row : diagnostics(healthy(), [] {})) {
        // These draws are no posterior, and rows would tell; see review_test.cpp.
        const bool of_rows = row.metric == "influential_rows" || row.metric == "max_pareto_k";
        EXPECT_TRUE(of_rows || row.verdict == "ok") << row.metric << ": " << row.message;
        EXPECT_FALSE(row.message.empty());
        metrics.push_back(row.metric);
    }
    EXPECT_EQ(metrics,
              (std::vector<std::string>{"max_rhat", "min_ess_bulk", "min_ess_tail", "divergences", "max_treedepth_hits",
                                        "mean_treedepth", "mean_accept", "min_e_bfmi", "r2", "mape", "wmape",
                                        "durbin_watson", "negative_baseline_probability", "unconverged_parameters",
                                        "rhat.intercept", "rhat.media.tv.adstock.alpha", "rhat.media.tv.saturation.rate",
                                        "ppp_total_outcome", "influential_rows", "max_pareto_k", "coefficient_prior_shift.tv",
                                        "coefficient_prior_consistency.tv", "prior_sensitivity.tv", "implausible_roi.tv",
                                        "high_variance.tv", "health_score"}));
}

TEST(Diagnostics, NameTheParameterThatConvergesWorst) {
    FittedModel model = healthy();
    model.convergence[1].rhat = 1.05;
    expect_verdict(model, "max_rhat", 1.05, 1.01, "warn", "chains disagree most on media.tv.adstock.alpha");
    model.convergence[1].rhat = 1.2;
    expect_verdict(model, "max_rhat", 1.2, 1.01, "fail", "media.tv.adstock.alpha");
    model = healthy();
    model.convergence[2].ess_bulk = 399;
    expect_verdict(model, "min_ess_bulk", 399, 400, "warn", "media.tv.saturation.rate");
    model.convergence[2].ess_bulk = 99;
    expect_verdict(model, "min_ess_bulk", 99, 400, "fail", "media.tv.saturation.rate");
    model = healthy();
    model.convergence[0].ess_tail = 150;
    expect_verdict(model, "min_ess_tail", 150, 400, "warn", "intercept");
}

TEST(Diagnostics, NameTheWorstParametersAndCountThoseThatHaveNotConverged) {
    FittedModel model = healthy();
    model.convergence[1].rhat = 1.05;
    model.convergence[3].rhat = 1.2;
    model.convergence[2].ess_bulk = 399;
    expect_verdict(model, "unconverged_parameters", 3, 0, "warn",
                   "media.tv.coefficient, media.tv.adstock.alpha, media.tv.saturation.rate; increase warmup");
    expect_verdict(model, "rhat.media.tv.coefficient", 1.2, 1.01, "fail", "increase warmup");
    expect_verdict(model, "rhat.media.tv.adstock.alpha", 1.05, 1.01, "warn", "increase warmup");
    EXPECT_THROW(row_of(model, "rhat.sigma"), std::out_of_range);
    model.convergence[4].rhat = NAN;
    EXPECT_EQ(row_of(model, "rhat.sigma").verdict, "fail");
}

TEST(Diagnostics, OfASingleDrawLeaveOutWhatNeedsADistribution) {
    FittedModel model = test::hand_made_model(std::string(document).insert(1, R"("sampler": {"method": "map"}, )"), 1, 1, 1);
    for (const auto& row : diagnostics(model, [] {})) {
        EXPECT_NE(row.metric, "health_score");
        EXPECT_EQ(row.metric.find("prior"), std::string::npos) << row.metric;
    }
}

TEST(Diagnostics, WithoutAnRhatFail) {
    FittedModel model = healthy();
    model.convergence[1] = {0, 0, NAN, NAN, NAN, NAN};
    for (const char* metric : {"max_rhat", "min_ess_bulk", "min_ess_tail"})
        EXPECT_EQ(row_of(model, metric).verdict, "fail") << metric;
}

TEST(Diagnostics, OfTheSampler) {
    FittedModel model = healthy();
    model.sampler.divergences = 1;  // of 100 draws
    expect_verdict(model, "divergences", 1, 0, "warn", "raise target_accept");
    model.sampler.divergences = 2;
    expect_verdict(model, "divergences", 2, 0, "fail", "raise target_accept");
    model.sampler.max_depth_hits = 5;
    expect_verdict(model, "max_treedepth_hits", 5, 0, "warn", "raise max_treedepth");
    model.sampler.e_bfmi[2] = 0.2;
    expect_verdict(model, "min_e_bfmi", 0.2, 0.3, "warn", "heavy tails");
}

TEST(Diagnostics, OfAnApproximationSaySo) {
    const FittedModel model = healthy(std::string(document).insert(1, R"("sampler": {"method": "pathfinder"}, )"));
    const auto rows = diagnostics(model, [] {});
    EXPECT_EQ(rows[0].metric, "method");
    EXPECT_EQ(rows[0].verdict, "warn");
    EXPECT_FALSE(rows[0].value);
    EXPECT_EQ(rows[1].metric, "r2");
}

TEST(Diagnostics, OfAPoorFit) {
    FittedModel model = healthy();
    for (Eigen::Index t = 0; t < model.data.periods(); ++t) model.data.kpi[t] *= t < 30 ? 0.2 : 1.8;
    EXPECT_EQ(row_of(model, "mape").verdict, "warn");
    EXPECT_EQ(row_of(model, "wmape").verdict, "warn");
    EXPECT_EQ(row_of(model, "durbin_watson").verdict, "warn");
    for (Eigen::Index t = 0; t < model.data.periods(); ++t) model.data.kpi[t] = static_cast<double>(t % 2);
    EXPECT_EQ(row_of(model, "r2").verdict, "fail");
}

TEST(Diagnostics, OfANegativeBaseline) {
    FittedModel model = healthy();
    for (std::size_t d = 0; d < 30; ++d) model.values[d] = -0.5F;
    expect_verdict(model, "negative_baseline_probability", 0.3, 0.2, "warn", "tighten their priors");
    for (std::size_t d = 0; d < 90; ++d) model.values[d] = -0.5F;
    expect_verdict(model, "negative_baseline_probability", 0.9, 0.2, "fail", "tighten their priors");
}

TEST(Diagnostics, OfHeldOutPeriods) {
    FittedModel model = healthy(std::string(document).insert(1, R"("holdout": {"last": 10}, )"));
    EXPECT_EQ(row_of(model, "holdout_wmape").verdict, "ok");
    model.data.kpi.tail(10) *= 3;
    EXPECT_EQ(row_of(model, "holdout_wmape").verdict, "warn");
}

}  // namespace
}  // namespace mmm
