// Budget plans of panels: geos planned together report what mmm_channels reports, and planned apart they share a budget
// as channels do.
#include <gtest/gtest.h>

#include "core/api.hpp"
#include "core/planner/model_responses.hpp"
#include "core/summary/contributions.hpp"
#include "model/hand_made_model.hpp"
#include "model/panel_support.hpp"
#include "planner/plan_support.hpp"
#include "support/idle.hpp"

namespace mmm {
namespace {

using test::all_locked;
using test::between;
using test::idle;
using test::total;

// Spend and exposure, either order, common and by geo parameters, no saturation, reach and frequency, prices that
// differ.
const char* const every_medium = R"({"time": "week", "geo": "geo", "population": "people", "kpi": "orders",
    "kpi_type": "units", "revenue_per_kpi": "price",
    "media": {"tv": {"spend": "tv_spend", "exposure": "tv", "saturation": {"family": "hill", "slope": 1.0}},
              "web": {"spend": "web", "order": "saturation_first", "geo_effect": "log_normal"},
              "mail": {"spend": "mail", "saturation": {"family": "logistic",
                       "rate": {"family": "log_normal", "mu": 1, "sigma": 0.3, "by": "geo"}}},
              "print": {"spend": "print", "saturation": "none", "prior": {"kind": "mroi"}}},
    "reach_frequency": {"video": {"spend": "video", "reach": "video_reach", "frequency": "video_frequency"}},
    "organic_media": {"news": "sent"}, "treatments": {"promo": "promo"},
    "simulate": {"geos": 3, "periods": 40}})";

const char* const small =
    R"({"preset": "meridian", "time": "week", "geo": "geo", "population": "people", "kpi": "sales",
    "media": {"tv": "tv", "web": {"spend": "web", "order": "saturation_first"}, "mail": "mail"},
    "simulate": {"geos": 4, "periods": 50}})";

void expect_channels_by_geo(const FittedModel& model, const std::string& options, const TimeRange& range) {
    const auto rows = optimize_budget(model, options, idle);
    const auto reported = channels(model, 0.9, range, idle);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const double size = std::fabs(reported[i].contribution);
        EXPECT_EQ(rows[i].channel, reported[i].channel);
        EXPECT_FALSE(rows[i].geo);
        EXPECT_DOUBLE_EQ(rows[i].current_spend, *reported[i].spend);
        EXPECT_NEAR(rows[i].current_contribution, reported[i].contribution, 1e-9 * size) << rows[i].channel;
        EXPECT_NEAR(rows[i].optimal_contribution, reported[i].contribution, 1e-9 * size) << rows[i].channel;
        EXPECT_NEAR(rows[i].optimal_lower, reported[i].contribution_lower, 1e-9 * size) << rows[i].channel;
        EXPECT_NEAR(*rows[i].mroi, *reported[i].mroi, 1e-9 * std::fabs(*reported[i].mroi)) << rows[i].channel;
    }
}

TEST(PanelPlan, OfTheCurrentSpendReportsWhatChannelsReport) {
    for (const std::string& spec :
         {std::string(every_medium), std::string(small), test::every_kind, test::hierarchical}) {
        const FittedModel model = test::hand_made_model(spec);
        expect_channels_by_geo(model, "{" + all_locked(model) + "}", {});
        expect_channels_by_geo(model, "{" + all_locked(model) + ", " + between(model, 9, 25) + "}",
                               {model.data.time[9], model.data.time[25], std::nullopt});
    }
}

TEST(PanelPlan, ByGeoSumsToTheChannels) {
    const FittedModel model = test::hand_made_model(every_medium);
    const auto together = optimize_budget(model, "{" + all_locked(model) + "}", idle);
    const auto apart = optimize_budget(model, R"({"by": "geo", "bounds": [1, 1]})", idle);
    ASSERT_EQ(apart.size(), together.size() * model.data.geos.size()) << "organic media and treatments have no budget";
    for (std::size_t i = 0; i < apart.size(); ++i) {
        EXPECT_EQ(apart[i].channel, together[i / 3].channel);
        EXPECT_EQ(*apart[i].geo, model.data.geos[i % 3]);
    }
    for (const auto& row : together) {
        EXPECT_NEAR(total(apart, &BudgetRow::current_spend, row.channel), row.current_spend, 1e-12 * row.current_spend);
        EXPECT_NEAR(total(apart, &BudgetRow::current_contribution, row.channel), row.current_contribution,
                    1e-12 * std::fabs(row.current_contribution));
    }
}

// From the definition, one geo and medium at a time: the window's exposure (of reach and frequency, its reach)
// multiplied with coefficients held, everything after it counted.
TEST(PanelPlan, CountsCarryOverAfterTheWindowWhenAsked) {
    const FittedModel model = test::model_of_draw(every_medium, 1, test::truth_of(every_medium, 1));
    PlanOptions options;
    options.from = model.data.time[20], options.to = model.data.time[30];
    const Vec window = plan_window(model, options);
    ModelResponses responses(model, plan_cells(model, window, true), window, Carryover::after);
    responses.load(0);
    Contributions contributions(model);
    contributions.load(0);
    const auto effect = [&](const PlanCell& cell, double multiplier) {
        const auto m = static_cast<Eigen::Index>(cell.medium);
        const bool frequency = model.spec.media[cell.medium].has_frequency();
        Vec x = model.design.media.col(m), reach = frequency ? Vec(model.design.reach.col(m)) : Vec(), out;
        (frequency ? reach : x).segment(cell.first_geo * 40 + 20, 11) *= multiplier;
        contributions.medium_at(cell.medium, x, reach, out);
        return out;
    };
    for (std::size_t c = 0; c < responses.cells().size(); ++c)
        for (const double multiplier : {0.3, 1.0, 1.7}) {
            const Vec rows = effect(responses.cells()[c], multiplier) - effect(responses.cells()[c], 0);
            const double revenue = rows.dot(model.data.revenue_per_kpi);
            EXPECT_NEAR(responses.at(c, multiplier).kpi, rows.sum(), 1e-9 * std::fabs(rows.sum())) << c;
            EXPECT_NEAR(responses.at(c, multiplier).revenue, revenue, 1e-9 * std::fabs(revenue)) << c;
        }
}

// mroi is that of the next 1 %, which bends with the curve: equal to 1 % or so.
TEST(PanelPlan, EqualisesMarginalRoiOverChannelsAndGeos) {
    const FittedModel model = test::hand_made_model(small);
    const auto rows = optimize_budget(model, R"({"by": "geo", "bounds": [0, 100]})", idle);
    ASSERT_EQ(rows.size(), 12u);
    double common = 0;
    for (const auto& row : rows)
        if (row.optimal_spend > 0) common = std::max(common, *row.mroi);
    ASSERT_GT(common, 0);
    for (const auto& row : rows) {
        ASSERT_LT(row.optimal_spend, row.upper_bound);
        if (row.optimal_spend > 0)
            EXPECT_NEAR(*row.mroi, common, 0.02 * common) << row.channel << *row.geo;
        else
            EXPECT_LE(*row.mroi, common) << row.channel << *row.geo;
    }
}

TEST(PanelPlan, ByGeoIsNoWorseThanWithGeosTogether) {
    const FittedModel model = test::hand_made_model(small);
    const auto together = optimize_budget(model, "{}", idle), apart = optimize_budget(model, R"({"by": "geo"})", idle);
    EXPECT_NEAR(total(apart, &BudgetRow::optimal_spend), total(together, &BudgetRow::optimal_spend),
                1e-9 * total(together, &BudgetRow::optimal_spend));
    EXPECT_GT(total(apart, &BudgetRow::optimal_contribution), total(together, &BudgetRow::optimal_contribution));
    for (const auto& row : apart) {
        EXPECT_GE(row.optimal_spend, 0.7 * row.current_spend * (1 - 1e-12));
        EXPECT_LE(row.optimal_spend, 1.3 * row.current_spend * (1 + 1e-12));
    }
}

TEST(PanelPlan, ConstraintsGroupsAndLocksAreAboutAllGeosOfAChannel) {
    const FittedModel model = test::hand_made_model(small);
    const auto rows = optimize_budget(model, R"({"by": "geo", "bounds": [0, 10], "locked": ["mail"],
                   "constraints": [{"channels": {"tv": 1, "web": -2}, "min": 0, "max": 0}]})",
                                      idle);
    const auto spend = [&](const std::string& channel) { return total(rows, &BudgetRow::optimal_spend, channel); };
    const double tv = spend("tv"), mail = total(rows, &BudgetRow::current_spend, "mail");
    EXPECT_NEAR(tv, 2 * spend("web"), 1e-9 * tv);
    EXPECT_NEAR(spend("mail"), mail, 1e-9 * mail);
    const auto moved = [](const auto& row) { return row.channel == "mail" && row.optimal_spend != row.current_spend; };
    EXPECT_TRUE(std::any_of(rows.begin(), rows.end(), moved)) << "a locked channel moves between geos";

    const auto capped = optimize_budget(model, R"({"by": "geo", "bounds": [0, 10],
        "groups": {"offline": {"channels": ["tv", "mail"], "max": 100000}}})",
                                        idle);
    const double offline =
        total(capped, &BudgetRow::optimal_spend, "tv") + total(capped, &BudgetRow::optimal_spend, "mail");
    EXPECT_LE(offline, 100000 * (1 + 1e-9));

    const auto all = optimize_budget(model, "{" + all_locked(model) + R"(, "by": "geo"})", idle);
    for (const auto* channel : {"tv", "web", "mail"}) {
        const double now = total(all, &BudgetRow::current_spend, channel);
        EXPECT_NEAR(total(all, &BudgetRow::optimal_spend, channel), now, 1e-9 * now) << channel;
    }
}

// Spend buys reach, whose response is a straight line.
TEST(PanelPlan, OfReachAndFrequencyReturnsTheSameForEverySpend) {
    const FittedModel model = test::hand_made_model(every_medium);
    const auto now = optimize_budget(model, "{" + all_locked(model) + "}", idle);
    const auto more =
        optimize_budget(model,
                        R"({"bounds": {"*": [1, 1], "video": [2, 2]}, "budget": )" +
                            std::to_string(total(now, &BudgetRow::current_spend) + now[4].current_spend) + "}",
                        idle);
    ASSERT_EQ(more[4].channel, "video");
    EXPECT_NEAR(more[4].optimal_contribution, 2 * now[4].current_contribution,
                1e-5 * std::fabs(now[4].current_contribution));
    EXPECT_NEAR(*more[4].mroi, *now[4].mroi, 1e-9 * std::fabs(*now[4].mroi));
}

TEST(PanelPlan, OfANationalModelByGeoIsRefused) {
    const FittedModel model = test::hand_made_model(
        R"({"time": "week", "kpi": "sales", "media": {"tv": "tv"}, "simulate": {"periods": 30}})");
    EXPECT_THROW(optimize_budget(model, R"({"by": "geo"})", idle), Error);
}

}  // namespace
}  // namespace mmm
