// Budget plans by period: carry-over is that of the path of money planned, and the best path is found.
#include <gtest/gtest.h>

#include <map>
#include <tuple>

#include "core/api.hpp"
#include "core/planner/path_outcome.hpp"
#include "core/planner/plan_region.hpp"
#include "core/summary/contributions.hpp"
#include "model/hand_made_model.hpp"
#include "planner/plan_support.hpp"
#include "support/idle.hpp"

namespace mmm {
namespace {

using test::all_locked;
using test::between;
using test::idle;
using test::total;

// Both orders of adstock and saturation, organic media, prices by period.
const char* const path_orders = R"({"time": "week", "kpi": "orders", "kpi_type": "units", "revenue_per_kpi": "price",
    "media": {"tv": {"spend": "tv", "exposure": "grp", "adstock": {"family": "geometric", "max_lag": 3},
                     "saturation": {"family": "hill", "slope": 1.0}},
              "web": {"spend": "web", "adstock": {"family": "delayed", "max_lag": 4}},
              "mail": {"spend": "mail", "order": "saturation_first", "adstock": {"family": "geometric", "max_lag": 2}}},
    "organic_media": {"news": "sent"},
    "simulate": {"periods": 40, "start": "2024-01-01", "media": {"web": {"active": 0.7}}, "truth": {"intercept": 0.6}}})";
// Parameters by geo, reach and frequency, no saturation.
const char* const path_regions = R"({"time": "week", "geo": "geo", "population": "people", "kpi": "orders",
    "kpi_type": "units", "revenue_per_kpi": "price", "media_geo_effect": "log_normal",
    "media": {"tv": {"spend": "tv_spend", "exposure": "tv", "saturation": {"family": "logistic",
                     "rate": {"family": "log_normal", "mu": 1, "sigma": 0.3, "by": "geo"}}},
              "web": {"spend": "web", "order": "saturation_first"},
              "print": {"spend": "print", "saturation": "none", "prior": {"kind": "roi"}}},
    "reach_frequency": {"video": {"spend": "video", "reach": "video_reach", "frequency": "video_frequency"}},
    "simulate": {"geos": 3, "periods": 30}})";

std::string by_period(const std::string& more = "") {
    return R"({"by": "period")" + (more.empty() ? "" : ", " + more) + "}";
}

using Factors = std::map<std::pair<std::string, Timestamp>, double>;

Factors factors_of(const std::vector<BudgetRow>& rows) {
    Factors factors;
    for (const auto& row : rows)
        if (row.current_spend > 0) factors[{row.channel, *row.period}] = row.optimal_spend / row.current_spend;
    return factors;
}

// From the definition: exposure (of reach and frequency, reach) of each period multiplied, coefficients held, every row
// counted; mean over draws of what the money of the periods named brings over none of it.
double outcome_of(const FittedModel& model, const Factors& factors, const std::string& channel, bool revenue) {
    std::size_t m = 0;
    while (model.spec.media[m].name != channel) ++m;
    const auto k = static_cast<Eigen::Index>(m);
    const bool frequency = model.spec.media[m].has_frequency();
    const auto path = [&](double scale) {
        Vec x = frequency ? model.design.reach.col(k) : model.design.media.col(k);
        for (Eigen::Index i = 0; i < x.size(); ++i) {
            const Timestamp time = model.data.time[static_cast<std::size_t>(i % model.data.periods())];
            if (const auto found = factors.find({channel, time}); found != factors.end()) x[i] *= scale * found->second;
        }
        return x;
    };
    const Vec planned = path(1), nothing = path(0), own = model.design.media.col(k), none;
    Contributions contributions(model);
    double sum = 0;
    Vec with, without;
    for (std::size_t draw = 0; draw < model.total_draws(); ++draw) {
        contributions.load(draw);
        contributions.medium_at(m, frequency ? own : planned, frequency ? planned : none, with);
        contributions.medium_at(m, frequency ? own : nothing, frequency ? nothing : none, without);
        sum += revenue ? (with - without).dot(model.data.revenue_per_kpi) : (with - without).sum();
    }
    return sum / static_cast<double>(model.total_draws());
}

TEST(PeriodPlan, OfTheCurrentSpendAddsUpToWhatChannelsReport) {
    for (const char* spec : {path_orders, path_regions, test::varying}) {
        const FittedModel model = test::hand_made_model(spec, 1, 1, 6);
        const auto rows = optimize_budget(model, by_period(R"("bounds": [1, 1])"), idle);
        const auto reported = channels(model, 0.9, {}, idle);
        for (const auto& channel : reported) {
            if (channel.kind != "paid") continue;
            EXPECT_NEAR(total(rows, &BudgetRow::current_spend, channel.channel), *channel.spend, 1e-9 * *channel.spend);
            for (double BudgetRow::*figure : {&BudgetRow::current_contribution, &BudgetRow::optimal_contribution})
                EXPECT_NEAR(total(rows, figure, channel.channel), channel.contribution,
                            1e-9 * std::fabs(channel.contribution))
                    << channel.channel;
        }
        std::size_t i = 0;
        for (const auto& row : rows) {
            EXPECT_EQ(*row.period, model.data.time[i++ % model.data.time.size()]);
            EXPECT_FALSE(row.geo);
            EXPECT_LE(row.optimal_lower, row.optimal_contribution + 1e-12 * std::fabs(row.optimal_contribution));
        }
    }
}

// The window ends before the data: carry-over after it counts.
TEST(PeriodPlan, CountsTheCarryOverOfThePathPlanned) {
    for (const char* spec : {path_orders, path_regions, test::varying}) {
        const FittedModel model = test::hand_made_model(spec, 1, 1, 6);
        const auto rows = optimize_budget(model, by_period(R"("bounds": [0.2, 3], )" + between(model, 12, 20)), idle);
        const Factors factors = factors_of(rows);
        for (const auto& medium : model.spec.media) {
            if (!medium.paid()) continue;
            const double expected = outcome_of(model, factors, medium.name, false);
            EXPECT_NEAR(total(rows, &BudgetRow::optimal_contribution, medium.name), expected,
                        1e-9 * std::fabs(expected))
                << medium.name;
        }
        // And mroi is its derivative.
        for (const auto& row : rows) {
            if (!(row.optimal_spend > 0)) continue;
            const double h = 1e-4;
            Factors more = factors, less = factors;
            more.at({row.channel, *row.period}) *= 1 + h;
            less.at({row.channel, *row.period}) *= 1 - h;
            const double slope =
                (outcome_of(model, more, row.channel, true) - outcome_of(model, less, row.channel, true)) /
                (2 * h * row.optimal_spend);
            EXPECT_NEAR(*row.mroi, slope, 1e-5 * std::fabs(slope)) << row.channel;
        }
    }
}

// Two channels, three periods, a budget: pairs of cells are exchanged until nothing is gained, from every corner of a
// coarse grid that is better than its neighbours would be by luck.
TEST(PeriodPlan, IsThatOfBruteForce) {
    const char* const two = R"({"time": "week", "kpi": "sales", "media": {
        "tv": {"spend": "tv", "adstock": {"family": "geometric", "max_lag": 3}, "saturation": {"family": "hill", "slope": 1.0}},
        "web": {"spend": "web", "adstock": {"family": "geometric", "max_lag": 2}}},
        "simulate": {"periods": 30, "truth": {"intercept": 0.6}}})";
    const FittedModel model = test::hand_made_model(two, 1, 1, 3);
    const auto rows = optimize_budget(model, by_period(R"("bounds": [0.3, 2.5], )" + between(model, 15, 17)), idle);
    ASSERT_EQ(rows.size(), 6u);
    const auto value = [&](const std::vector<double>& spend) {
        Factors factors;
        for (std::size_t i = 0; i < 6; ++i)
            factors[{rows[i].channel, *rows[i].period}] = spend[i] / rows[i].current_spend;
        return outcome_of(model, factors, "tv", true) + outcome_of(model, factors, "web", true);
    };
    std::vector<double> spend;
    for (const auto& row : rows) spend.push_back(row.current_spend);
    double best = value(spend);
    for (double step = 0.5; step > 1e-8; step /= 2)
        for (bool better = true; better;) {
            better = false;
            for (std::size_t i = 0; i < 6; ++i)
                for (std::size_t j = 0; j < 6; ++j) {
                    const double money = std::min(
                        {step * rows[i].current_spend, spend[i] - rows[i].lower_bound, rows[j].upper_bound - spend[j]});
                    if (i == j || !(money > 0)) continue;
                    auto moved = spend;
                    moved[i] -= money;
                    moved[j] += money;
                    const double other = value(moved);
                    if (!(other > best)) continue;
                    best = other;
                    spend = moved;
                    better = true;
                }
        }
    std::vector<double> planned;
    for (const auto& row : rows) planned.push_back(row.optimal_spend);
    EXPECT_NEAR(value(planned), best, 1e-9 * best);
    for (std::size_t i = 0; i < 6; ++i)
        EXPECT_NEAR(planned[i], spend[i], 1e-6 * total(rows, &BudgetRow::current_spend)) << i;
}

TEST(PeriodPlan, EqualisesMarginalRoiOfCellsInsideTheirBounds) {
    for (const char* spec : {path_orders, path_regions, test::varying}) {
        const FittedModel model = test::hand_made_model(spec, 1, 1, 6);
        const auto rows = optimize_budget(model, by_period(R"("bounds": [0.1, 4])"), idle);
        double least_raised = INFINITY, most_cut = -INFINITY, inside = 0;
        for (const auto& row : rows) {
            if (!(row.current_spend > 0)) continue;
            const double room = 1e-6 * row.current_spend;
            if (row.optimal_spend > row.lower_bound + room) least_raised = std::min(least_raised, *row.mroi);
            if (row.optimal_spend < row.upper_bound - room) most_cut = std::max(most_cut, *row.mroi);
            inside += row.optimal_spend > row.lower_bound + room && row.optimal_spend < row.upper_bound - room;
        }
        EXPECT_GE(least_raised, most_cut - 1e-5 * std::fabs(most_cut)) << spec;
        EXPECT_GE(inside, 5);
        EXPECT_NEAR(total(rows, &BudgetRow::optimal_spend), total(rows, &BudgetRow::current_spend),
                    1e-9 * total(rows, &BudgetRow::current_spend));
    }
}

TEST(PeriodPlan, IsNoWorseThanTheSameFactorThroughout) {
    for (const char* spec : {path_orders, path_regions, test::varying}) {
        const FittedModel model = test::hand_made_model(spec, 1, 1, 6);
        const auto flat = optimize_budget(model, R"({"carryover": "after"})", idle);
        const auto apart = optimize_budget(model, by_period(), idle);
        const auto outcome = [&](const Factors& factors) {
            double sum = 0;
            for (const auto& row : flat) sum += outcome_of(model, factors, row.channel, true);
            return sum;
        };
        Factors throughout;
        for (const auto& row : apart)
            for (const auto& channel : flat)
                if (channel.channel == row.channel)
                    throughout[{row.channel, *row.period}] = channel.optimal_spend / channel.current_spend;
        EXPECT_GT(outcome(factors_of(apart)), outcome(throughout));
    }
}

TEST(PeriodPlan, KeepsBlocksTogetherAndSumsUnderConstraint) {
    const FittedModel model = test::hand_made_model(path_orders, 1, 1, 6);
    const auto rows = optimize_budget(model, by_period(R"("every": 4, "bounds": {"*": [0.2, 4]}, "locked": ["tv"],
        "constraints": [{"channels": {"web": 1, "mail": -2}, "min": 0, "max": 0}])"),
                                      idle);
    ASSERT_EQ(rows.size(), 30u);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        EXPECT_EQ(*rows[i].period, model.data.time[i % 10 * 4]);
        EXPECT_GE(rows[i].optimal_spend, rows[i].lower_bound * (1 - 1e-12));
        EXPECT_LE(rows[i].optimal_spend, rows[i].upper_bound * (1 + 1e-12));
    }
    const double tv = total(rows, &BudgetRow::current_spend, "tv"), web = total(rows, &BudgetRow::optimal_spend, "web");
    EXPECT_NEAR(total(rows, &BudgetRow::optimal_spend, "tv"), tv, 1e-9 * tv);
    EXPECT_NEAR(web, 2 * total(rows, &BudgetRow::optimal_spend, "mail"), 1e-9 * web);
    EXPECT_GT(std::fabs(rows[0].optimal_spend - rows[0].current_spend), 1e-3 * rows[0].current_spend)
        << "a locked channel moves between periods";
    // The last block is what is left of the window.
    const auto uneven = optimize_budget(model, by_period(R"("every": 7, )" + between(model, 0, 15)), idle);
    ASSERT_EQ(uneven.size(), 9u);
    EXPECT_EQ(*uneven[2].period, model.data.time[14]);
}

TEST(PeriodPlan, SpreadsAChannelByTheFlightingGiven) {
    const FittedModel model = test::hand_made_model(path_orders, 1, 1, 6);
    const auto rows = optimize_budget(
        model, by_period(R"("flighting": {"tv": [0, 2, 1, 1]}, "bounds": [0.5, 2], )" + between(model, 10, 13)), idle);
    ASSERT_EQ(rows.size(), 12u);
    const double tv = total(rows, &BudgetRow::optimal_spend, "tv");
    EXPECT_EQ(rows[0].optimal_spend, 0);
    EXPECT_NEAR(rows[1].optimal_spend, tv / 2, 1e-12 * tv);
    EXPECT_NEAR(rows[2].optimal_spend, tv / 4, 1e-12 * tv);
    EXPECT_NEAR(rows[3].upper_bound, 0.5 * total(rows, &BudgetRow::current_spend, "tv"), 1e-9 * tv);
    const double planned = outcome_of(model, factors_of(rows), "tv", false);
    EXPECT_NEAR(total(rows, &BudgetRow::optimal_contribution, "tv"), planned, 1e-9 * planned);
    // The pattern's own marginal return is that of the other channels.
    const double of_pattern = (2 * *rows[1].mroi + *rows[2].mroi + *rows[3].mroi) / 4;
    ASSERT_GT(tv, 2.0001 * rows[1].lower_bound);
    ASSERT_LT(tv, 1.9999 * rows[1].upper_bound);
    for (std::size_t i = 4; i < 12; ++i) {
        const bool inside = rows[i].optimal_spend > rows[i].lower_bound * 1.0001 &&
                            rows[i].optimal_spend < rows[i].upper_bound * 0.9999;
        if (inside) {
            EXPECT_NEAR(*rows[i].mroi, of_pattern, 1e-5 * of_pattern) << i;
        }
    }
}

// At the mean price and split of the window.
TEST(PeriodPlan, CanGiveMoneyToPeriodsThatHadNone) {
    FittedModel model = test::hand_made_model(path_orders, 1, 1, 6);
    for (const Eigen::Index t : {12, 13})
        model.data.spend(t, 0) = model.data.exposure(t, 0) = model.design.media(t, 0) = 0;
    model.design.spend_total = model.data.spend.colwise().sum().transpose();
    const std::string window = between(model, 10, 15);
    const auto none = optimize_budget(model, by_period(window), idle);
    EXPECT_EQ(none[2].upper_bound, 0) << "multiples of nothing are nothing";
    const double most = total(none, &BudgetRow::current_spend, "tv");
    const auto some = optimize_budget(model,
                                      by_period(R"("bounds": {"tv": [0, )" + std::to_string(most) +
                                                R"(], "unit": "spend", "*": [0, 1e6]}, )" + window),
                                      idle);
    EXPECT_GT(some[2].optimal_spend, 0);
    EXPECT_GT(*some[2].mroi, 0);
    // Exposure bought with it: what a unit of money buys on average over the window.
    const PlanBlocks blocks =
        plan_blocks(model, read_plan_options(Json::parse(by_period(window)), paid_channels(model)));
    const Flight tv = flight_of(model, 0, blocks);
    EXPECT_NEAR(tv.unit[12], model.design.media.col(0).segment(10, 6).sum() / most, 1e-12 * tv.unit[12]);
}

TEST(PeriodPlan, ByAnotherObjectiveIsNoWorseUnderItThanTheMeanPlan) {
    const FittedModel model = test::hand_made_model(path_orders, 1, 1, 60);
    const auto totals = [&](const std::vector<BudgetRow>& rows) {
        const PlanOptions options = read_plan_options(Json::parse(by_period(R"("every": 8)")), paid_channels(model));
        const PlanBlocks blocks = plan_blocks(model, options);
        std::vector<Flight> flights;
        for (std::size_t m = 0; m < 3; ++m) flights.push_back(flight_of(model, m, blocks));
        PathOutcome outcome(model, blocks, flights, std::vector<Mat>(3, Mat::Identity(blocks.count, blocks.count)));
        outcome.load(spread_draws(60, 60), idle);
        Vec spend(static_cast<Eigen::Index>(rows.size()));
        for (std::size_t i = 0; i < rows.size(); ++i) spend[static_cast<Eigen::Index>(i)] = rows[i].optimal_spend;
        return outcome.totals(spend, idle);
    };
    const Objective cvar{ObjectiveKind::cvar, 0.2};
    const auto mean = optimize_budget(model, by_period(R"("every": 8, "bounds": [0.2, 3])"), idle);
    const auto careful =
        optimize_budget(model, by_period(R"("every": 8, "bounds": [0.2, 3], "objective": {"cvar": 0.2})"), idle);
    EXPECT_GE(score(cvar, totals(careful)), score(cvar, totals(mean)) * (1 - 1e-9));
}

TEST(PeriodPlan, OptionsThatAreWrongAreNamed) {
    const FittedModel model = test::hand_made_model(path_orders, 1, 1, 2);
    const auto refusal = [&](const std::string& options) {
        try {
            optimize_budget(model, options, idle);
            return std::string("accepted");
        } catch (const Error& error) {
            return std::string(error.what());
        }
    };
    const std::pair<std::string, std::string> cases[] = {
        {R"({"every": 4})", "every: found in a plan that is not by period"},
        {R"({"by": "geo", "flighting": {"tv": [1]}})", "flighting: found in a plan that is not by period"},
        {by_period(R"("every": 0)"), "every: found 0, expected a whole number from 1 to 100000"},
        {by_period(R"("flighting": {"tvv": [1]})"),
         "flighting.tvv: \"tvv\" is not a paid channel of the model (did you mean \"tv\"?)"},
        {by_period(R"("flighting": {"tv": [0, 0]})"), "flighting.tv: no weight is above 0"},
        {by_period(R"("flighting": {"tv": [1, -1]})"), "flighting.tv[1]: found -1, expected a number from 0 to 1e+09"},
        {by_period(R"("every": 20, "flighting": {"tv": [1, 2, 3]})"),
         "flighting.tv: found 3 weights, expected one for each of 2 blocks of periods, from 2024-01-01 to 2024-05-20"},
        {by_period(R"("carryover": "steady")"), "carryover: \"steady\" knows no periods"},
        {by_period(R"("target_roi": 2)"), "target_roi: a plan by period divides a given budget"},
        {by_period(R"("from": "2030-01-01")"), "no period of the model lies between from and to"}};
    for (const auto& [options, message] : cases) EXPECT_EQ(refusal(options), message) << options;
    const std::string conflict = refusal(by_period(R"("locked": ["tv"], "bounds": [0.5, 0.9])"));
    EXPECT_NE(conflict.find("bounds allow no more than"), std::string::npos) << conflict;
    EXPECT_THROW(optimize_budget(model, by_period(), [] { throw std::runtime_error("stop"); }), std::runtime_error);
}

}  // namespace
}  // namespace mmm
