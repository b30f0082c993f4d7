// Channels: contribution, ROI and their relatives, against their definitions.
#include <gtest/gtest.h>

#include <cmath>

#include "core/summary/contributions.hpp"
#include "model/hand_made_model.hpp"
#include "support/idle.hpp"

namespace mmm {
namespace {

const char* const sales = R"({"time": "week", "kpi": "sales", "controls": ["price"],
    "media": {"tv": {"spend": "tv", "exposure": "grp", "adstock": {"family": "geometric", "max_lag": 3},
    "saturation": "hill"}, "web": "web"},
    "organic_media": {"mail": "mails"},
    "simulate": {"periods": 60, "start": "2024-01-01", "media": {"web": {"active": 0.5}},
    "truth": {"intercept": 0.6}}})";
const char* const orders =
    R"({"time": "week", "kpi": "orders", "kpi_type": "units", "revenue_per_kpi": "price", "media": {"tv": "tv"},
    "simulate": {"periods": 60, "kpi_scale": 100, "revenue_per_kpi": 40, "truth": {"intercept": 0.6}}})";

using test::idle;

ChannelRow row_of(const std::vector<ChannelRow>& rows, const std::string& channel) {
    return *std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.channel == channel; });
}

TEST(Channels, ComeInTheOrderOfTheSpecification) {
    const auto rows = channels(test::hand_made_model(sales), 0.9, {}, idle);
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[0].channel + rows[0].kind, "tvpaid");
    EXPECT_EQ(rows[1].channel + rows[1].kind, "webpaid");
    EXPECT_EQ(rows[2].channel + rows[2].kind, "mailorganic");
}

TEST(Channels, FollowTheirDefinitionsForAKnownDraw) {
    const FittedModel model = test::model_of_draw(sales, 1, test::truth_of(sales, 1));
    Contributions contributions(model);
    Mat parts;
    contributions.evaluate(0, parts);
    const double fitted = parts.sum();
    for (std::size_t m = 0; m < 3; ++m) {
        const ChannelRow row = channels(model, 0.9, {}, idle)[m];
        const auto k = static_cast<Eigen::Index>(m);
        const double contribution = parts.rightCols(3).col(k).sum(), spend = model.data.spend.col(k).sum();
        EXPECT_NEAR(row.contribution, contribution, 1e-9 * contribution);
        EXPECT_NEAR(row.contribution_share, contribution / fitted, 1e-12);
        EXPECT_NEAR(*row.effectiveness, contribution / model.data.exposure.col(k).sum(), 1e-12 * contribution);
        if (!model.spec.media[m].paid()) continue;
        EXPECT_DOUBLE_EQ(*row.spend, spend);
        EXPECT_NEAR(*row.roi, contribution / spend, 1e-12 * *row.roi);
        EXPECT_NEAR(*row.cpik, spend / contribution, 1e-12 * *row.cpik);
    }
}

// The next 1 %, worked out from the parameters: weights, Hill curve, coefficient.
TEST(Channels, MarginalRoiIsTheReturnOfTheNextOnePercent) {
    const FittedModel model = test::model_of_draw(sales, 1, test::truth_of(sales, 1));
    const auto parameter = [&](const std::string& name) {
        for (int p = 0; p < model.layout.size(); ++p)
            if (model.layout.parameters[static_cast<std::size_t>(p)].name == name)
                return static_cast<double>(model.parameter_draws(p)[0]);
        throw std::out_of_range(name);
    };
    const double alpha = parameter("media.tv.adstock.alpha"), half = parameter("media.tv.saturation.half"),
                 slope = parameter("media.tv.saturation.slope"), beta = parameter("media.tv.coefficient");
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
            sum += std::pow(carried, slope) / (std::pow(carried, slope) + std::pow(half, slope));
        }
        return beta * model.data.kpi.maxCoeff() * sum;
    };
    const ChannelRow tv = channels(model, 0.9, {}, idle)[0];
    const double spend = model.data.spend.col(0).sum();
    EXPECT_NEAR(*tv.roi, outcome(1) / spend, 1e-10 * *tv.roi);
    EXPECT_NEAR(*tv.mroi, (outcome(1.01) - outcome(1)) / (0.01 * spend), 1e-8 * *tv.mroi);
    EXPECT_LT(*tv.mroi, *tv.roi);  // Hill with slope 1 has diminishing returns
}

TEST(Channels, OfOrganicMediaHaveNoSpendAndNoRoi) {
    const ChannelRow mail = channels(test::hand_made_model(sales), 0.9, {}, idle)[2];
    EXPECT_FALSE(mail.spend || mail.roi || mail.roi_lower || mail.mroi || mail.mroi_upper || mail.cpik);
    EXPECT_TRUE(mail.effectiveness);
}

TEST(Channels, IntervalsAreQuantilesOverTheDraws) {
    const FittedModel model = test::hand_made_model(sales, 1, 2, 200);
    Contributions contributions(model);
    Mat parts;
    std::vector<double> all;
    for (std::size_t draw = 0; draw < model.total_draws(); ++draw) {
        contributions.evaluate(draw, parts);
        all.push_back(parts.rightCols(3).col(0).sum());
    }
    const double mean = mean_of(all);
    const Bounds bounds = interval(all, 0.8);
    const ChannelRow tv = channels(model, 0.8, {}, idle)[0];
    EXPECT_NEAR(tv.contribution, mean, 1e-9 * mean);
    EXPECT_NEAR(tv.contribution_lower, bounds.lower, 1e-9 * mean);
    EXPECT_NEAR(tv.contribution_upper, bounds.upper, 1e-9 * mean);
    EXPECT_NEAR(*tv.roi_lower, bounds.lower / *tv.spend, 1e-9 * *tv.roi);
    EXPECT_NEAR(*tv.roi_upper, bounds.upper / *tv.spend, 1e-9 * *tv.roi);
    EXPECT_LT(*tv.mroi_lower, *tv.mroi);
    EXPECT_GT(*tv.mroi_upper, *tv.mroi);
    const ChannelRow wider = channels(model, 0.95, {}, idle)[0];
    EXPECT_LT(wider.contribution_lower, tv.contribution_lower);
    EXPECT_GT(wider.contribution_upper, tv.contribution_upper);
}

TEST(Channels, OfUnitsAreWorthTheirRevenue) {
    const FittedModel model = test::model_of_draw(orders, 1, test::truth_of(orders, 1));
    Contributions contributions(model);
    Mat parts;
    contributions.evaluate(0, parts);
    const double units = parts.rightCols(1).sum(), spend = model.data.spend.sum();
    const ChannelRow tv = channels(model, 0.9, {}, idle)[0];
    EXPECT_NEAR(tv.contribution, units, 1e-9 * units);         // in orders
    EXPECT_NEAR(*tv.roi, 40 * units / spend, 1e-9 * *tv.roi);  // in money
    EXPECT_NEAR(*tv.cpik, spend / units, 1e-9 * *tv.cpik);     // money an order
}

TEST(Channels, OfPartsOfTheTimeAddUpToTheWhole) {
    const FittedModel model = test::hand_made_model(sales);
    const Timestamp middle = model.data.time[30], before = middle - 1;
    const auto whole = channels(model, 0.9, {}, idle),
               first = channels(model, 0.9, {std::nullopt, before, std::nullopt}, idle),
               second = channels(model, 0.9, {middle, std::nullopt, std::nullopt}, idle);
    for (const char* channel : {"tv", "web", "mail"}) {
        const ChannelRow all = row_of(whole, channel), a = row_of(first, channel), b = row_of(second, channel);
        EXPECT_NEAR(a.contribution + b.contribution, all.contribution, 1e-9 * all.contribution);
        EXPECT_EQ(all.spend.has_value(), a.spend.has_value());
        if (!all.spend) continue;
        EXPECT_NEAR(*a.spend + *b.spend, *all.spend, 1e-9 * *all.spend);
    }
}

TEST(Channels, RangeIncludesBothItsEnds) {
    const FittedModel model = test::hand_made_model(sales);
    const auto rows = channels(model, 0.9, {model.data.time[10], model.data.time[12], std::nullopt}, idle);
    EXPECT_DOUBLE_EQ(*rows[0].spend, model.data.spend.col(0).segment(10, 3).sum());
}

TEST(Channels, WithoutSpendInTheRangeHaveNoRoi) {
    const FittedModel model = test::hand_made_model(sales);
    for (std::size_t t = 1; t < model.data.time.size(); ++t) {
        if (model.data.spend(static_cast<Eigen::Index>(t), 1) != 0) continue;
        const ChannelRow web = channels(model, 0.9, {model.data.time[t], model.data.time[t], std::nullopt}, idle)[1];
        EXPECT_EQ(*web.spend, 0);
        EXPECT_FALSE(web.roi || web.mroi || web.cpik || web.effectiveness);
        return;
    }
    FAIL() << "no dark week";
}

void expect_refused(const std::function<void()>& question, const std::string& message, const std::string& hint) {
    try {
        question();
        ADD_FAILURE() << "accepted: " << message;
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::invalid_argument);
        EXPECT_EQ(error.what(), message);
        EXPECT_EQ(error.hint(), hint);
    }
}

TEST(Channels, AskedForWhatIsNotThereSaySo) {
    const FittedModel model = test::hand_made_model(sales);
    const std::string runs = "The model runs from 2024-01-01 to 2025-02-17.",
                      none = "no period of the model lies in the range asked for";
    expect_refused(
        [&] {
            channels(model, 0.9, {model.data.time.back() + 1, std::nullopt, std::nullopt}, idle);
        },
        none, runs);
    expect_refused(
        [&] {
            channels(model, 0.9, {std::nullopt, model.data.time.front() - 1, std::nullopt}, idle);
        },
        none, runs);
    expect_refused(
        [&] {
            channels(model, 0.9, {model.data.time[5], model.data.time[4], std::nullopt}, idle);
        },
        none, runs);
    expect_refused(
        [&] {
            channels(model, 0.9, {std::nullopt, std::nullopt, std::vector<std::string>{"north"}}, idle);
        },
        "geos were given, but the model is national", "Leave geos out.");
    expect_refused([&] { channels(model, 1, {}, idle); }, "level = 1 is outside its range",
                   "Use a level between 0 and 1, such as 0.9 for a 90 % credible interval.");
}

TEST(Channels, CanBeInterrupted) {
    EXPECT_THROW(channels(test::hand_made_model(sales), 0.9, {}, [] { throw std::runtime_error("stop"); }),
                 std::runtime_error);
}

}  // namespace
}  // namespace mmm
