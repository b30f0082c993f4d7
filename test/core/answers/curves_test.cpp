// Response, adstock and saturation curves against their definitions.
#include <gtest/gtest.h>

#include <cmath>

#include "core/summary/contributions.hpp"
#include "model/hand_made_model.hpp"
#include "model/specifications.hpp"
#include "support/idle.hpp"

namespace mmm {
namespace {

const char* const curved = R"({"time": "week", "kpi": "sales", "media": {
    "tv": {"spend": "tv", "exposure": "grp", "adstock": {"family": "geometric", "max_lag": 3}, "saturation": "hill"},
    "web": {"spend": "web", "adstock": {"family": "geometric", "max_lag": 2, "normalize": false},
            "order": "saturation_first"}},
    "organic_media": {"mail": "mails"},
    "simulate": {"periods": 60, "truth": {"intercept": 0.6}}})";
using test::idle;

double value_of(const FittedModel& model, const std::string& name) {
    for (int p = 0; p < model.layout.size(); ++p)
        if (model.layout.parameters[static_cast<std::size_t>(p)].name == name)
            return static_cast<double>(model.parameter_draws(p)[0]);
    throw std::out_of_range(name);
}

void expect_refused(const std::function<void()>& question, const std::string& message) {
    try {
        question();
        ADD_FAILURE() << "accepted: " << message;
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::invalid_argument);
        EXPECT_EQ(error.what(), message);
        EXPECT_FALSE(error.hint().empty());
    }
}

TEST(ResponseCurve, AtOneIsWhatTheChannelBrought) {
    for (const auto& text : test::specifications()) {
        const FittedModel model = test::hand_made_model(text);
        const auto curve = response_curve(model, std::nullopt, std::vector<double>{1}, 0.8, std::nullopt, idle);
        const auto reported = channels(model, 0.8, {}, idle);
        ASSERT_EQ(curve.size(), reported.size());
        for (std::size_t m = 0; m < curve.size(); ++m) {
            EXPECT_EQ(curve[m].channel, reported[m].channel);
            const double scale = std::fabs(reported[m].contribution);
            EXPECT_NEAR(curve[m].contribution, reported[m].contribution, 1e-12 * scale);
            EXPECT_NEAR(curve[m].lower, reported[m].contribution_lower, 1e-12 * scale);
            EXPECT_NEAR(curve[m].upper, reported[m].contribution_upper, 1e-12 * scale);
            EXPECT_EQ(curve[m].spend, reported[m].spend);
            ASSERT_EQ(curve[m].mroi.has_value(), reported[m].mroi.has_value());
            if (!curve[m].mroi) continue;
            EXPECT_NEAR(*curve[m].mroi, *reported[m].mroi, 1e-12 * std::fabs(*reported[m].roi) / 0.01);
        }
    }
}

// Weights, Hill curve and coefficient worked out from the parameters.
TEST(ResponseCurve, MultipliesTheExposureBeforeAdstockAndSaturation) {
    const FittedModel model = test::model_of_draw(curved, 1, test::truth_of(curved, 1));
    const double alpha = value_of(model, "media.tv.adstock.alpha"), half = value_of(model, "media.tv.saturation.half"),
                 beta = value_of(model, "media.tv.coefficient");
    const Vec x = model.data.exposure.col(0) / model.data.exposure.col(0).maxCoeff();
    const auto outcome = [&](double multiplier) {
        double sum = 0;
        for (Eigen::Index t = 0; t < x.size(); ++t) {
            double carried = 0, weights = 0;
            for (Eigen::Index lag = 0; lag <= 3; ++lag) {
                weights += std::pow(alpha, static_cast<double>(lag));
                if (lag <= t) carried += std::pow(alpha, static_cast<double>(lag)) * multiplier * x[t - lag];
            }
            carried /= weights;
            sum += carried / (carried + half);
        }
        return beta * model.data.kpi.maxCoeff() * sum;
    };
    const double spend = model.data.spend.col(0).sum();
    for (const auto& row : response_curve(model, "tv", std::nullopt, 0.9, std::nullopt, idle)) {
        EXPECT_NEAR(row.contribution, outcome(row.multiplier), 1e-10 * outcome(1));
        EXPECT_NEAR(*row.spend, row.multiplier * spend, 1e-12 * spend);
        EXPECT_NEAR(*row.mroi, (outcome(row.multiplier + 0.01) - outcome(row.multiplier)) / (0.01 * spend),
                    1e-8 * outcome(1) / spend);
    }
}

TEST(ResponseCurve, RunsFromNothingToTwiceInTenths) {
    const auto curve =
        response_curve(test::hand_made_model(curved), std::nullopt, std::nullopt, 0.9, std::nullopt, idle);
    ASSERT_EQ(curve.size(), 63u);
    for (std::size_t i = 0; i < 63; ++i) {
        EXPECT_NEAR(curve[i].multiplier, static_cast<double>(i % 21) / 10, 1e-15);
        EXPECT_EQ(curve[i].channel, i < 21 ? "tv" : i < 42 ? "web" : "mail");
        EXPECT_GT(curve[i].contribution, i % 21 == 0 ? -1e-300 : curve[i - 1].contribution);
    }
    EXPECT_FALSE(curve[42].spend || curve[42].mroi);
}

TEST(ResponseCurve, AskedForWhatCannotBeSaysSo) {
    const FittedModel model = test::hand_made_model(curved);
    const auto ask = [&](std::optional<std::string> channel, std::vector<double> multipliers, double level) {
        return [=] { response_curve(model, channel, multipliers, level, std::nullopt, idle); };
    };
    expect_refused(ask("mial", {1}, 0.9), "the model has no channel \"mial\" (did you mean \"mail\"?)");
    expect_refused(ask("tv", {1, -0.5}, 0.9), "multiplier -0.5 is outside its range");
    expect_refused(ask("tv", {std::nan("")}, 0.9), "multiplier nan is outside its range");
    expect_refused(ask("tv", {}, 0.9), "multipliers has 0 elements, expected 1 to 10000");
    expect_refused(ask("tv", {1}, 0), "level = 0 is outside its range");
}

TEST(AdstockCurve, HasTheWeightsOfTheEngine) {
    const FittedModel model = test::model_of_draw(curved, 1, test::truth_of(curved, 1));
    const double tv = value_of(model, "media.tv.adstock.alpha"), web = value_of(model, "media.web.adstock.alpha");
    const auto rows = adstock_curve(model, 0.9, idle);
    ASSERT_EQ(rows.size(), 4u + 3u + 9u);
    for (int lag = 0; lag <= 3; ++lag) {
        EXPECT_EQ(rows[static_cast<std::size_t>(lag)].lag, lag);
        EXPECT_NEAR(rows[static_cast<std::size_t>(lag)].mean, std::pow(tv, lag) / (1 + tv + tv * tv + tv * tv * tv),
                    1e-12);
    }
    for (int lag = 0; lag <= 2; ++lag)
        EXPECT_NEAR(rows[4 + static_cast<std::size_t>(lag)].mean, std::pow(web, lag), 1e-12);
}

TEST(AdstockCurve, SummarisesTheWeightsOfTheDraws) {
    const FittedModel model = test::hand_made_model(curved, 1, 2, 100);
    const auto row = adstock_curve(model, 0.8, idle)[4 + 2];  // web, lag 2: alpha^2
    std::vector<double> squares;
    const int index = model.layout.media[1].adstock[0].first;
    for (std::size_t d = 0; d < 200; ++d)
        squares.push_back(std::pow(static_cast<double>(model.parameter_draws(index)[d]), 2));
    EXPECT_NEAR(row.mean, mean_of(squares), 1e-12);
    const Bounds bounds = interval(squares, 0.8);
    EXPECT_NEAR(row.lower, bounds.lower, 1e-12);
    EXPECT_NEAR(row.upper, bounds.upper, 1e-12);
}

TEST(AdstockCurve, WithoutAdstockIsAllInThePeriodItself) {
    const char* const none = R"({"time": "week", "kpi": "sales", "media": {"tv": {"spend": "tv", "adstock": "none"}}})";
    const auto rows = adstock_curve(test::hand_made_model(none), 0.9, idle);
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].mean, 1);
}

TEST(SaturationCurve, IsTheKpiOfAPeriodAtASteadyExposure) {
    const FittedModel model = test::model_of_draw(curved, 1, test::truth_of(curved, 1));
    const double kpi = model.data.kpi.maxCoeff();
    const auto rows = saturation_curve(model, 7, 0.9, idle);
    ASSERT_EQ(rows.size(), 21u);
    const double half = value_of(model, "media.tv.saturation.half"), beta = value_of(model, "media.tv.coefficient");
    const double rate = value_of(model, "media.web.saturation.rate"), web = value_of(model, "media.web.coefficient"),
                 alpha = value_of(model, "media.web.adstock.alpha");
    for (std::size_t i = 0; i < 7; ++i) {
        const double x = rows[i].exposure / model.data.exposure.col(0).maxCoeff();
        EXPECT_NEAR(rows[i].mean, kpi * beta * x / (x + half), 1e-9 * kpi);
        // Saturation first, weights that are not normalised: their sum multiplies the response.
        const double z = rows[7 + i].exposure / model.data.exposure.col(1).maxCoeff();
        EXPECT_NEAR(rows[7 + i].mean, kpi * web * (1 + alpha + alpha * alpha) * std::tanh(rate * z / 2), 1e-9 * kpi);
        EXPECT_NEAR(z, static_cast<double>(i) / 6 * 1.5, 1e-12);
    }
}

// Spend the same amount in every period: after max_lag periods each brings what the curve says.
TEST(SaturationCurve, AgreesWithTheModelUnderSteadyExposure) {
    for (const auto& text : test::specifications()) {
        FittedModel model = test::hand_made_model(text, 1, 1, 1);
        const auto rows = saturation_curve(model, 5, 0.9, idle);
        Contributions original(model);
        original.load(0);
        for (std::size_t m = 0; m < model.spec.media.size(); ++m) {
            if (model.spec.media[m].effect != EffectKind::coefficient)
                continue;  // others would change with the exposure
            const auto k = static_cast<Eigen::Index>(m);
            FittedModel steady = model;
            steady.design.media.col(k).setConstant(rows[m * 5 + 3].exposure / model.design.media_scale[k]);
            Contributions contributions(steady);
            contributions.load(0);
            Vec brought;
            contributions.medium(m, 1, brought);
            EXPECT_NEAR(brought.tail(1)[0], rows[m * 5 + 3].mean, 1e-9 * std::fabs(brought.tail(1)[0])) << text << m;
        }
    }
}

TEST(SaturationCurve, ReachesBeyondTheLargestCarriedExposure) {
    const FittedModel model = test::model_of_draw(curved, 1, test::truth_of(curved, 1));
    const double alpha = value_of(model, "media.tv.adstock.alpha");
    const Vec x = model.data.exposure.col(0);
    double largest = 0;
    for (Eigen::Index t = 0; t < x.size(); ++t) {
        double carried = 0, weights = 0;
        for (Eigen::Index lag = 0; lag <= 3; ++lag) {
            weights += std::pow(alpha, static_cast<double>(lag));
            if (lag <= t) carried += std::pow(alpha, static_cast<double>(lag)) * x[t - lag];
        }
        largest = std::max(largest, carried / weights);
    }
    const auto rows = saturation_curve(model, 2, 0.9, idle);
    EXPECT_EQ(rows[0].exposure, 0);
    EXPECT_EQ(rows[0].mean, 0);
    EXPECT_NEAR(rows[1].exposure, 1.5 * largest, 1e-9 * largest);
    expect_refused([&] { saturation_curve(model, 1, 0.9, idle); }, "points = 1 is outside its range");
}

TEST(Curves, CanBeInterrupted) {
    const FittedModel model = test::hand_made_model(curved);
    const Poll stop = [] { throw std::runtime_error("stop"); };
    EXPECT_THROW(response_curve(model, std::nullopt, std::nullopt, 0.9, std::nullopt, stop), std::runtime_error);
    EXPECT_THROW(adstock_curve(model, 0.9, stop), std::runtime_error);
    EXPECT_THROW(saturation_curve(model, 50, 0.9, stop), std::runtime_error);
}

}  // namespace
}  // namespace mmm
