// ROI by average frequency: what the model itself says of the same impressions, shown more or less often.
#include <gtest/gtest.h>

#include <cmath>

#include "answers/panel_models.hpp"
#include "core/api.hpp"
#include "core/summary/contributions.hpp"
#include "support/idle.hpp"

namespace mmm {
namespace {

using test::idle;

// Hill with a slope above 1, so that the optimum lies inside; a national model with two such channels, one without
// spend.
const char* const national = R"({"time": "week", "kpi": "orders", "kpi_type": "units", "revenue_per_kpi": "price",
    "media": {"tv": "tv"},
    "reach_frequency": {
        "video": {"spend": "video", "reach": "viewers", "frequency": "views",
                  "saturation": {"family": "hill", "half": 2.2, "slope": 2.5}},
        "blog": {"reach": "readers", "frequency": "visits"}},
    "simulate": {"periods": 50}})";
// Saturation and coefficients of each geo.
const char* const by_geo = R"({"time": "week", "geo": "region", "population": "people", "kpi": "sales",
    "media_geo_effect": "log_normal", "reach_frequency": {"video": {"spend": "video", "reach": "viewers", "frequency": "views",
        "adstock": {"family": "geometric", "max_lag": 3, "alpha": {"family": "beta", "alpha": 3, "beta": 3, "by": "geo"}},
        "saturation": {"family": "hill", "slope": 2, "half": {"family": "gamma", "mean": 2, "sd": 0.3, "by": "geo"}},
        "prior": {"kind": "roi"}}},
    "simulate": {"geos": 3, "periods": 40}})";
const char* const logarithmic = R"({"time": "week", "kpi": "sales", "link": "log", "likelihood": "lognormal",
    "reach_frequency": {"video": {"spend": "video", "reach": "viewers", "frequency": "views"}}, "simulate": {"periods": 40}})";
const char* const varying = R"({"time": "week", "kpi": "sales", "time_varying_media": {"scope": "channel", "basis": 10},
    "reach_frequency": {"video": {"spend": "video", "reach": "viewers", "frequency": "views"}}, "simulate": {"periods": 40}})";

// From the definition, draw by draw: a model whose rows hold another frequency, and reach that keeps the impressions.
std::vector<double> outcomes_at(const FittedModel& model, std::size_t m, double frequency) {
    const auto k = static_cast<Eigen::Index>(m);
    const Vec x = Vec::Constant(model.data.rows(), frequency);
    const Vec reach = model.design.reach.col(k).cwiseProduct(model.design.media.col(k)) / frequency;
    Contributions contributions(model);
    std::vector<double> outcomes;
    Vec rows;
    for (std::size_t draw = 0; draw < model.total_draws(); ++draw) {
        contributions.load(draw);
        contributions.medium_at(m, x, reach, rows);
        outcomes.push_back(rows.dot(model.data.revenue_per_kpi));
    }
    return outcomes;
}

std::size_t medium_of(const FittedModel& model, const std::string& name) {
    std::size_t m = 0;
    while (model.spec.media[m].name != name) ++m;
    return m;
}

TEST(OptimalFrequency, IsThatOfTheLargestRoiOfTheModelItself) {
    for (const char* spec : {national, by_geo, test::regions, test::returns, logarithmic, varying}) {
        const FittedModel model = test::hand_made_model(spec);
        const auto rows = optimal_frequency(model, "video", 0.8, 6, idle);
        ASSERT_EQ(rows.size(), 51u);
        const std::size_t m = medium_of(model, "video");
        const double spend = model.data.spend.col(static_cast<Eigen::Index>(m)).sum();
        std::size_t best = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            EXPECT_EQ(rows[i].channel, "video");
            EXPECT_NEAR(rows[i].frequency, 1 + 0.1 * static_cast<double>(i), 1e-12);
            auto outcomes = outcomes_at(model, m, rows[i].frequency);
            const double size = 1e-9 * std::fabs(mean_of(outcomes)) / spend;
            EXPECT_NEAR(*rows[i].roi, mean_of(outcomes) / spend, size) << spec << i;
            const Bounds bounds = interval(outcomes, 0.8);
            EXPECT_NEAR(*rows[i].roi_lower, bounds.lower / spend, size);
            EXPECT_NEAR(*rows[i].roi_upper, bounds.upper / spend, size);
            if (*rows[i].roi > *rows[best].roi) best = i;
        }
        for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i].optimal, i == best) << i;
    }
}

// d/df s(f) / f = 0 for Hill of slope n and half k: f = k (n - 1)^(1/n), to the grid's step.
TEST(OptimalFrequency, OfAHillIsWhereItsAverageEqualsItsSlope) {
    const auto rows = optimal_frequency(test::hand_made_model(national), "video", 0.9, 10, idle);
    const auto best = std::find_if(rows.begin(), rows.end(), [](const auto& row) { return row.optimal; });
    EXPECT_NEAR(best->frequency, 2.2 * std::pow(1.5, 1 / 2.5), 0.05 + 1e-9);
}

TEST(OptimalFrequency, AtTheFrequencyThatWasIsTheRoiOfTheChannel) {
    FittedModel model = test::hand_made_model(test::regions);
    const std::size_t m = medium_of(model, "video");
    model.design.media.col(static_cast<Eigen::Index>(m)).setConstant(2);
    const auto rows = optimal_frequency(model, "video", 0.9, std::nullopt, idle);
    ASSERT_EQ(rows.size(), 11u) << "up to the largest frequency seen";
    for (const ChannelRow& channel : channels(model, 0.9, {}, idle))
        if (channel.channel == "video") {
            EXPECT_NEAR(*rows[10].roi, *channel.roi, 1e-9 * *channel.roi);
            EXPECT_NEAR(*rows[10].roi_upper, *channel.roi_upper, 1e-9 * *channel.roi);
        }
}

TEST(OptimalFrequency, HasARowForEachChannelAndNoRoiWithoutSpend) {
    const FittedModel model = test::hand_made_model(national);
    const auto rows = optimal_frequency(model, std::nullopt, 0.9, 3, idle);
    ASSERT_EQ(rows.size(), 42u);
    int optima = 0;
    for (std::size_t i = 0; i < 42; ++i) {
        EXPECT_EQ(rows[i].channel, i < 21 ? "video" : "blog");
        EXPECT_EQ(rows[i].roi.has_value() && rows[i].roi_lower && rows[i].roi_upper, i < 21);
        optima += rows[i].optimal;
    }
    EXPECT_EQ(optima, 2);
    EXPECT_EQ(optimal_frequency(model, "video", 0.9, 1, idle).size(), 1u);
}

TEST(OptimalFrequency, AskedForWhatCannotBeSaysSo) {
    const FittedModel model = test::hand_made_model(national);
    const FittedModel without = test::hand_made_model(
        R"({"time": "week", "kpi": "sales", "media": {"tv": "tv"}, "simulate": {"periods": 30}})");
    const auto message = [](const FittedModel& asked, std::optional<std::string> channel, double level,
                            std::optional<double> most) {
        try {
            optimal_frequency(asked, channel, level, most, idle);
            return std::string("accepted");
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::invalid_argument);
            return error.what() + (error.hint().empty() ? "" : " | " + error.hint());
        }
    };
    const std::optional<std::string> all;
    EXPECT_EQ(message(model, "vidoe", 0.9, {}),
              "the model has no channel \"vidoe\" (did you mean \"video\"?) | Use video or blog.");
    EXPECT_EQ(message(model, "tv", 0.9, {}), "\"tv\" is not a channel of reach and frequency | Use video or blog.");
    EXPECT_EQ(message(without, all, 0.9, {}).substr(0, 47), "the model has no channel of reach and frequency");
    EXPECT_EQ(message(model, all, 0.9, 0.5),
              "max_frequency = 0.5 is outside its range | Use a frequency from 1 to 1000.");
    EXPECT_EQ(message(model, all, 0.9, std::nan("")).substr(0, 40), "max_frequency = nan is outside its range");
    EXPECT_EQ(message(model, all, 1, {}).substr(0, 31), "level = 1 is outside its range ");
    EXPECT_THROW(optimal_frequency(model, all, 0.9, {}, [] { throw std::runtime_error("stop"); }), std::runtime_error);
}

}  // namespace
}  // namespace mmm
