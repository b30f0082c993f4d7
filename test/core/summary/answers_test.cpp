// Summary, decomposition, fitted values and draws of a model.
#include <gtest/gtest.h>

#include <algorithm>

#include <cmath>

#include "core/summary/contributions.hpp"
#include "model/hand_made_model.hpp"
#include "model/specifications.hpp"
#include "support/idle.hpp"

namespace mmm {
namespace {

using test::idle;
const char* const simple =
    R"({"time": "week", "kpi": "sales", "media": {"tv": "tv"}, "trend": "none", "seasonality": false,
                               "holdout": {"last": 6}, "simulate": {"periods": 40, "truth": {"intercept": 0.6}}})";

TEST(Summary, HasARowOfEachParameterWithItsDrawsSummarised) {
    const FittedModel model = test::hand_made_model(simple, 1, 4, 50);
    const auto rows = summary(model, 0.8, idle);
    ASSERT_EQ(static_cast<int>(rows.size()), model.layout.size());
    for (int p = 0; p < model.layout.size(); ++p) {
        const SummaryRow& row = rows[static_cast<std::size_t>(p)];
        std::vector<double> draws(model.parameter_draws(p), model.parameter_draws(p) + 200);
        const double mean = mean_of(draws);
        EXPECT_EQ(row.parameter, model.layout.parameters[static_cast<std::size_t>(p)].name);
        EXPECT_NEAR(row.mean, mean, 1e-12);
        std::sort(draws.begin(), draws.end());
        const Bounds bounds = interval(draws, 0.8);
        EXPECT_EQ(row.lower, bounds.lower);
        EXPECT_EQ(row.upper, bounds.upper);
        EXPECT_DOUBLE_EQ(row.median, (draws[99] + draws[100]) / 2);
        EXPECT_TRUE(row.sd > 0 && row.rhat > 0.9 && row.ess_bulk > 0 && row.ess_tail > 0);
        EXPECT_LT(row.mcse_mean, row.sd);
    }
    EXPECT_THROW(summary(model, 1.5, idle), Error);
}

TEST(Decomposition, SumsToTheFittedMeanInEveryPeriod) {
    for (const auto& text : test::specifications()) {
        const FittedModel model = test::hand_made_model(text);
        const auto parts = decomposition(model, 0.9, idle);
        const auto means = fitted(model, 0.9, idle);
        const std::size_t components = Contributions(model).names().size();
        ASSERT_EQ(parts.size(), means.size() * components);
        for (std::size_t t = 0; t < means.size(); ++t) {
            double sum = 0;
            for (std::size_t c = 0; c < components; ++c) {
                const DecompositionRow& row = parts[t * components + c];
                EXPECT_EQ(row.time, means[t].time);
                EXPECT_LE(row.lower, row.upper);
                sum += row.mean;
            }
            EXPECT_NEAR(sum, means[t].mean, 1e-9 * std::max(1.0, std::fabs(means[t].mean)));
        }
    }
}

TEST(Decomposition, OfAChannelAddsUpToItsContribution) {
    const FittedModel model = test::hand_made_model(test::specifications()[1]);
    std::map<std::string, double> sums;
    for (const auto& row : decomposition(model, 0.9, idle))
        if (row.kind == "media") sums[row.component] += row.mean;
    for (const auto& row : channels(model, 0.9, {}, idle))
        EXPECT_NEAR(sums.at(row.channel), row.contribution, 1e-9 * row.contribution);
}

FittedModel of_repeated_truth(const std::string& spec, int draws) {
    FittedModel model = test::model_of_draw(spec, 1, test::truth_of(spec, 1));
    std::vector<float> values;
    for (const float value : model.values) values.insert(values.end(), static_cast<std::size_t>(draws), value);
    model.values = values;
    model.draws = draws;
    return model;
}

TEST(Fitted, GivesActualMeanAndWhatIsHeldOut) {
    const FittedModel model = test::hand_made_model(simple);
    const auto rows = fitted(model, 0.9, idle);
    ASSERT_EQ(rows.size(), 40u);
    for (std::size_t t = 0; t < rows.size(); ++t) {
        EXPECT_EQ(rows[t].time, model.data.time[t]);
        EXPECT_EQ(rows[t].actual, model.data.kpi[static_cast<Eigen::Index>(t)]);
        EXPECT_EQ(rows[t].holdout, t >= 34);
        EXPECT_TRUE(rows[t].lower < rows[t].mean && rows[t].mean < rows[t].upper);
        EXPECT_FALSE(rows[t].geo);
    }
}

TEST(Fitted, IntervalsAreThoseOfNewData) {
    // All draws alike, so the width is the noise's alone: 2 x 1.645 sigma at 90 %.
    const FittedModel model = of_repeated_truth(simple, 4000);
    const double sigma = static_cast<double>(model.parameter_draws(model.layout.sigma.first)[0]) * model.design.kpi_scale;
    double width = 0, center = 0;
    for (const auto& row : fitted(model, 0.9, idle)) {
        width += (row.upper - row.lower) / 40;
        center += ((row.upper + row.lower) / 2 - row.mean) / 40;
    }
    EXPECT_NEAR(width / sigma, 3.290, 0.03);
    EXPECT_NEAR(center / sigma, 0, 0.02);
}

TEST(Fitted, OfStudentTNoiseHasItsTails) {
    const std::string spec =
        R"({"time": "week", "kpi": "sales", "media": {"tv": "tv"}, "trend": "none", "seasonality": false,
        "likelihood": "student_t", "simulate": {"periods": 40, "truth": {"nu": 3, "sigma": 0.05, "intercept": 0.6}}})";
    const FittedModel model = of_repeated_truth(spec, 4000);
    const double sigma = static_cast<double>(model.parameter_draws(model.layout.sigma.first)[0]) * model.design.kpi_scale;
    double width = 0;
    for (const auto& row : fitted(model, 0.98, idle)) width += (row.upper - row.lower) / 40;
    EXPECT_NEAR(width / sigma, 2 * 4.541, 0.25);  // the 99 % quantile of a t with 3 degrees of freedom
}

TEST(Fitted, AnswersTheSameEveryTime) {
    const FittedModel model = test::hand_made_model(simple);
    const auto a = fitted(model, 0.9, idle), b = fitted(model, 0.9, idle);
    for (std::size_t t = 0; t < a.size(); ++t) EXPECT_TRUE(a[t].lower == b[t].lower && a[t].upper == b[t].upper);
}

TEST(Draws, AreGivenByNameChainByChain) {
    const FittedModel model = test::hand_made_model(simple, 1, 2, 25);
    const DrawsTable all = draws(model, std::nullopt);
    EXPECT_EQ(all.chains, 2);
    EXPECT_EQ(all.draws, 25);
    ASSERT_EQ(static_cast<int>(all.parameters.size()), model.layout.size());
    for (int p = 0; p < model.layout.size(); ++p)
        EXPECT_EQ(all.values[static_cast<std::size_t>(p)], model.parameter_draws(p));
    const DrawsTable some = draws(model, std::vector<std::string>{"sigma", "intercept"});
    EXPECT_EQ(some.parameters, (std::vector<std::string>{"sigma", "intercept"}));
    EXPECT_EQ(some.values[0], model.parameter_draws(model.layout.sigma.first));
    EXPECT_EQ(some.values[1], model.parameter_draws(0));
}

TEST(Draws, OfAnUnknownParameterSuggestTheNearest) {
    try {
        draws(test::hand_made_model(simple), std::vector<std::string>{"sigm"});
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::invalid_argument);
        EXPECT_STREQ(error.what(), "the model has no parameter \"sigm\" (did you mean \"sigma\"?)");
        EXPECT_EQ(error.hint(), "mmm_summary() lists the parameters.");
    }
}

TEST(Answers, CanAllBeInterrupted) {
    const FittedModel model = test::hand_made_model(simple);
    const Poll stop = [] { throw std::runtime_error("stop"); };
    EXPECT_THROW(summary(model, 0.9, stop), std::runtime_error);
    EXPECT_THROW(decomposition(model, 0.9, stop), std::runtime_error);
    EXPECT_THROW(fitted(model, 0.9, stop), std::runtime_error);
    EXPECT_THROW(diagnostics(model, stop), std::runtime_error);
}

}  // namespace
}  // namespace mmm
