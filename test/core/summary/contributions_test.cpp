// Contributions: what each component adds to the KPI, draw by draw.
#include <gtest/gtest.h>

#include <cmath>

#include "core/summary/contributions.hpp"
#include "model/hand_made_model.hpp"
#include "model/specifications.hpp"

namespace mmm {
namespace {

TEST(Contributions, AreOfComponentsInTheOrderOfTheModelThenMedia) {
    FittedModel model = test::hand_made_model(test::specifications()[4]);
    const Contributions contributions(model);
    std::vector<std::string> names;
    for (const auto& component : contributions.names()) names.push_back(component.kind + " " + component.name);
    EXPECT_EQ(names,
              (std::vector<std::string>{"baseline intercept", "trend trend", "seasonality year", "seasonality quarter",
                                        "event sale", "event fair", "event launch", "control weather", "control promo",
                                        "media tv", "media search", "media mail"}));
}

TEST(Contributions, SumToTheMeanInEveryPeriodOfEveryDraw) {
    for (const auto& text : test::specifications()) {
        FittedModel model = test::hand_made_model(text);
        Contributions contributions(model);
        Mat parts;
        Vec mean;
        for (std::size_t draw = 0; draw < model.total_draws(); ++draw) {
            contributions.evaluate(draw, parts);
            contributions.mean(draw, mean);
            EXPECT_EQ(parts.rows(), model.data.periods());
            EXPECT_EQ(parts.cols(), static_cast<Eigen::Index>(contributions.names().size()));
            EXPECT_LT((parts.rowwise().sum() - mean).cwiseAbs().maxCoeff(), 1e-9 * mean.cwiseAbs().maxCoeff());
        }
    }
}

// Four weeks that can be worked out by hand: KPI scale 100, exposure scale 20, geometric (1, 1/2) without normalising.
const char* const by_hand = R"({"time": "week", "kpi": "sales", "media": {"tv": {"spend": "tv",
        "adstock": {"family": "geometric", "max_lag": 1, "normalize": false, "alpha": 0.5},
        "saturation": "michaelis_menten"}},
    "controls": ["price"], "trend": "linear", "seasonality": false, "scaling": {"kpi": 100, "media": "max",
    "controls": "none"}})";

FittedModel hand_model() {
    FittedModel model;
    model.spec = read_specification(Json::parse(by_hand));
    for (int t = 0; t < 4; ++t) model.data.time.push_back(t * 7 * microseconds_per_day);
    model.data.step = detect_step(model.data.time);
    model.data.kpi = (Vec(4) << 50, 60, 70, 90).finished();
    model.data.revenue_per_kpi = Vec::Ones(4);
    model.data.spend = model.data.exposure = (Mat(4, 1) << 20, 0, 10, 20).finished();
    model.data.controls = (Mat(4, 1) << 1, -1, 2, 0).finished();
    model.data.holdout.assign(4, false);
    model.rebuild();
    model.chains = model.draws = 1;
    // intercept, trend.slope, controls.price, alpha, half, coefficient, sigma
    model.values = {0.5F, 0.25F, -0.125F, 0.5F, 0.5F, 0.75F, 0.1F};
    model.convergence.resize(7);
    return model;
}

TEST(Contributions, CanBeWorkedOutByHand) {
    FittedModel model = hand_model();
    Contributions contributions(model);
    Mat parts, expected(4, 4);
    contributions.evaluate(0, parts);
    // Adstock of (1, 0, 0.5, 1): (1, 0.5, 0.5, 1.25); A / (A + 0.5).
    expected.col(0).setConstant(50);
    expected.col(1) << 0, 25.0 / 3, 50.0 / 3, 25;
    expected.col(2) << -12.5, 12.5, -25, 0;
    expected.col(3) << 75 * 2.0 / 3, 75 * 0.5, 75 * 0.5, 75 * 1.25 / 1.75;
    EXPECT_LT((parts - expected).cwiseAbs().maxCoeff(), 1e-12);
}

TEST(Contributions, OfMoreOrLessMediaHoldTheCoefficient) {
    FittedModel model = hand_model();
    Contributions contributions(model);
    contributions.load(0);
    Vec out;
    contributions.medium(0, 2, out);
    EXPECT_LT((out - 75 * (Vec(4) << 2 / 2.5, 1 / 1.5, 1 / 1.5, 2.5 / 3).finished()).cwiseAbs().maxCoeff(), 1e-12);
    contributions.medium(0, 0, out);
    EXPECT_EQ(out, Vec::Zero(4));
    contributions.medium(0, 1, out);
    // Asked in any order, the same answer.
    contributions.load(0);
    Vec again;
    contributions.medium(0, 1, again);
    EXPECT_EQ(contributions.parameter(model.layout.media[0].effect.first), 0.75);
    EXPECT_LT((again - 75 * (Vec(4) << 1 / 1.5, 0.5, 0.5, 1.25 / 1.75).finished()).cwiseAbs().maxCoeff(), 1e-12);
    EXPECT_EQ(out, again);
}

TEST(Interval, IsOfEqualTailsByLinearInterpolation) {
    std::vector<double> values = {5, 1, 3, 2, 4};
    const Bounds half = interval(values, 0.5), most = interval(values, 0.9);
    EXPECT_DOUBLE_EQ(half.lower, 2);
    EXPECT_DOUBLE_EQ(half.upper, 4);
    EXPECT_DOUBLE_EQ(most.lower, 1.2);
    EXPECT_DOUBLE_EQ(most.upper, 4.8);
    std::vector<double> one = {7};
    EXPECT_TRUE(std::isnan(interval(one, 0.9).lower)) << "a single draw says nothing of uncertainty";
}

TEST(Interval, OfWhatIsNotANumberIsNotANumber) {
    std::vector<double> values = {1, std::nan(""), 3};
    EXPECT_TRUE(std::isnan(interval(values, 0.9).lower));
    EXPECT_TRUE(std::isnan(interval(values, 0.9).upper));
}

TEST(Level, LiesBetweenZeroAndOne) {
    for (const double level : {0.0, 1.0, -0.1, 90.0, std::nan("")}) {
        try {
            check_level(level);
            ADD_FAILURE() << level;
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::invalid_argument);
            EXPECT_NE(std::string(error.what()).find("is outside its range"), std::string::npos);
            EXPECT_EQ(error.hint(), "Use a level between 0 and 1, such as 0.9 for a 90 % credible interval.");
        }
    }
    EXPECT_NO_THROW(check_level(1e-9));
    EXPECT_NO_THROW(check_level(0.999999));
}

// ---- link log ----

const char* const logarithmic = R"({"time": "week", "kpi": "sales", "link": "log", "media": {"tv": "tv", "web": "web"},
    "controls": ["price"], "treatments": {"promo": {"column": "promo", "baseline": 0.5}}, "time_varying_media": {"basis": 4},
    "trend": {"family": "gp", "basis": 4}, "simulate": {"periods": 30}})";

// The mean worked out from the parameters alone, exp(sigma^2 / 2) above the median, with and without a medium.
TEST(ContributionsUnderLinkLog, OfMediaAreCounterfactualDifferences) {
    const FittedModel model = test::hand_made_model(logarithmic);
    FittedModel without = model;
    const auto tv = static_cast<std::size_t>(std::find_if(model.layout.parameters.begin(), model.layout.parameters.end(),
        [](const auto& p) { return p.name == "media.tv.coefficient"; }) - model.layout.parameters.begin());
    for (std::size_t d = 0; d < model.total_draws(); ++d) without.values[tv * model.total_draws() + d] = 0;
    Contributions contributions(model), less(without);
    Mat parts;
    Vec mean, counterfactual, again;
    for (std::size_t draw = 0; draw < 5; ++draw) {
        contributions.evaluate(draw, parts);
        contributions.mean(draw, mean);
        less.mean(draw, counterfactual);
        const std::size_t column = contributions.names().size() - model.spec.media.size();
        ASSERT_EQ(contributions.names()[column].name, "tv");
        EXPECT_LT((parts.col(static_cast<Eigen::Index>(column)) - (mean - counterfactual)).cwiseAbs().maxCoeff(), 1e-10 * mean.maxCoeff());
        contributions.medium(0, 1, again);
        EXPECT_LT((again - (mean - counterfactual)).cwiseAbs().maxCoeff(), 1e-10 * mean.maxCoeff());
        contributions.medium(0, 0, again);
        EXPECT_EQ(again.cwiseAbs().maxCoeff(), 0);
    }
}

TEST(ContributionsUnderLinkLog, SumToTheMeanByTheirInteraction) {
    const FittedModel model = test::hand_made_model(logarithmic);
    Contributions contributions(model);
    Mat parts;
    Vec mean;
    const auto& names = contributions.names();
    const auto interaction = std::find_if(names.begin(), names.end(), [](const auto& n) { return n.kind == "interaction"; });
    ASSERT_NE(interaction, names.end());
    for (std::size_t draw = 0; draw < 5; ++draw) {
        contributions.evaluate(draw, parts);
        contributions.mean(draw, mean);
        EXPECT_LT((parts.rowwise().sum() - mean).cwiseAbs().maxCoeff(), 1e-10 * mean.maxCoeff());
        // What the baseline alone gives times each factor is the mean: exp(sum x) = prod exp(x), x_c = -ln(1 - part / mean).
        Vec product = parts.col(0);
        for (Eigen::Index c = 1; c < parts.cols(); ++c)
            if (c != interaction - names.begin()) product = product.array() / (1 - parts.col(c).array() / mean.array());
        EXPECT_LT((product - mean).cwiseAbs().maxCoeff(), 1e-9 * mean.maxCoeff());
    }
}

}  // namespace
}  // namespace mmm
