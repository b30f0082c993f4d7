// Curves of a panel against its channels and the model itself.
#include <gtest/gtest.h>

#include <cmath>

#include "answers/panel_models.hpp"
#include "core/summary/contributions.hpp"
#include "support/idle.hpp"

namespace mmm {
namespace {

using namespace test;


std::vector<ChannelRow> without_treatments(std::vector<ChannelRow> rows) {
    std::erase_if(rows, [](const auto& row) { return row.kind == "treatment"; });
    return rows;
}

TEST(PanelResponseCurve, AtOneIsWhatTheChannelBroughtInTheGeosAskedFor) {
    using Geos = std::optional<std::vector<std::string>>;
    for (const char* spec : {regions, returns}) {
        const FittedModel model = test::hand_made_model(spec);
        for (const Geos& geos : {Geos{}, Geos{{"geo_2", "geo_4"}}}) {
            const auto curve = response_curve(model, std::nullopt, std::vector<double>{1}, 0.8, geos, idle);
            const auto reported = without_treatments(channels(model, 0.8, {std::nullopt, std::nullopt, geos}, idle));
            ASSERT_EQ(curve.size(), 4u);
            ASSERT_EQ(reported.size(), 4u);
            for (std::size_t m = 0; m < 4; ++m) {
                EXPECT_EQ(curve[m].channel, reported[m].channel);
                const double scale = std::fabs(reported[m].contribution);
                EXPECT_NEAR(curve[m].contribution, reported[m].contribution, 1e-12 * scale);
                EXPECT_NEAR(curve[m].lower, reported[m].contribution_lower, 1e-12 * scale);
                EXPECT_NEAR(curve[m].upper, reported[m].contribution_upper, 1e-12 * scale);
                EXPECT_EQ(curve[m].spend, reported[m].spend);
                ASSERT_EQ(curve[m].mroi.has_value(), reported[m].mroi.has_value());
                if (!curve[m].mroi) continue;
                EXPECT_NEAR(*curve[m].mroi, *reported[m].mroi, 1e-12 * *reported[m].roi / 0.01);
            }
        }
    }
}

TEST(PanelResponseCurve, OfReachAndFrequencyMultipliesReach) {
    const FittedModel model = test::hand_made_model(regions);
    const auto curve = response_curve(model, "video", std::vector<double>{1, 2}, 0.8, std::nullopt, idle);
    EXPECT_NEAR(curve[1].contribution, 2 * curve[0].contribution, 1e-12 * curve[0].contribution);
}

TEST(PanelResponseCurve, AskedForWhatCannotBeSaysSo) {
    const FittedModel model = test::hand_made_model(regions);
    const auto message = [&](const char* channel, std::optional<std::vector<std::string>> geos) {
        try {
            response_curve(model, channel, std::nullopt, 0.9, geos, idle);
            return std::string("accepted");
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::invalid_argument);
            return std::string(error.what());
        }
    };
    EXPECT_EQ(message("promo", std::nullopt), "\"promo\" is a treatment, which has no response curve");
    EXPECT_EQ(message("tv", std::vector<std::string>{"geo_5"}).substr(0, 28), "the model has no geo \"geo_5\"");
}

TEST(PanelAdstockCurve, IsTheMeanOverGeos) {
    const FittedModel model = test::hand_made_model(regions, 1, 1, 1);
    const auto rows = adstock_curve(model, 0.9, idle);
    ASSERT_EQ(rows.size(), 4u + 3u + 2u + 1u);
    for (int lag = 0; lag <= 3; ++lag) {
        double mean = 0;
        for (int g = 1; g <= 4; ++g) {
            const double a = parameter_of(model, "media.tv.adstock.alpha[geo_" + std::to_string(g) + "]");
            mean += std::pow(a, lag) / (1 + a + a * a + a * a * a) / 4;
        }
        EXPECT_NEAR(rows[static_cast<std::size_t>(lag)].mean, mean, 1e-12);
    }
}

// The same exposure a head in every period, and the mean reach: after max_lag periods each geo brings what the curve
// says, a head of its people.
TEST(PanelSaturationCurve, IsTheMeanOfTheGeosUnderSteadyExposure) {
    const FittedModel model = test::hand_made_model(regions, 1, 1, 1);
    const auto rows = saturation_curve(model, 5, 0.9, idle);
    ASSERT_EQ(rows.size(), 20u);
    const double heads = model.data.population.mean();
    for (std::size_t m = 0; m < 4; ++m) {
        const auto k = static_cast<Eigen::Index>(m);
        const bool frequency = model.spec.media[m].has_frequency();
        FittedModel steady = model;
        const SaturationRow& row = rows[m * 5 + 3];
        EXPECT_EQ(row.channel, model.spec.media[m].name);
        steady.design.media.col(k).setConstant(row.exposure / (frequency ? 1 : heads * model.design.media_scale[k]));
        if (frequency) steady.design.reach.col(k).setConstant(model.design.reach.col(k).mean());
        Contributions contributions(steady);
        contributions.load(0);
        Vec brought;
        contributions.medium(m, 1, brought);
        double a_head = 0;
        for (Eigen::Index g = 0; g < 4; ++g) a_head += brought[(g + 1) * periods - 1] / model.data.population[g] / 4;
        EXPECT_NEAR(row.mean, a_head * heads, 1e-9 * row.mean) << row.channel;
    }
}

TEST(PanelSaturationCurve, ReachesBeyondTheLargestExposureAHead) {
    const FittedModel model = test::hand_made_model(regions, 1, 1, 1);
    const auto rows = saturation_curve(model, 2, 0.9, idle);
    double web = 0;
    for (Eigen::Index row = 0; row < model.data.rows(); ++row)
        web = std::max(web, model.data.exposure(row, 1) / model.data.population[row / periods]);
    EXPECT_NEAR(rows[3].exposure, 1.5 * web * model.data.population.mean(), 1e-9 * rows[3].exposure);
    EXPECT_EQ(rows[5].channel, "video");
    EXPECT_NEAR(rows[5].exposure, 1.5 * model.data.exposure.col(2).maxCoeff(), 1e-9 * rows[5].exposure);
}

TEST(PanelDesign, HasNoReachOfOtherMedia) {
    const FittedModel model = test::hand_made_model(regions);
    for (Eigen::Index m = 0; m < 5; ++m) EXPECT_EQ(model.design.reach.col(m).isZero(0), m != 2) << m;
}

}  // namespace
}  // namespace mmm
