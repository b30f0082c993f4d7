// The budget plan of a model: its responses are those that mmm_channels reports, and it does what its options say.
#include <gtest/gtest.h>

#include <chrono>

#include "core/api.hpp"
#include "core/planner/model_responses.hpp"
#include "core/planner/response_table.hpp"
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

const char* const sales = R"({"time": "week", "kpi": "sales",
    "media": {"tv": {"spend": "tv", "exposure": "grp", "adstock": {"family": "geometric", "max_lag": 3}, "saturation": "hill"},
              "web": "web", "mail": {"spend": "mail", "order": "saturation_first", "adstock": {"family": "delayed", "max_lag": 4}}},
    "organic_media": {"news": "sent"},
    "simulate": {"periods": 60, "start": "2024-01-01", "media": {"web": {"active": 0.5}}, "truth": {"intercept": 0.6}}})";
const char* const orders =
    R"({"time": "week", "kpi": "orders", "kpi_type": "units", "revenue_per_kpi": "price",
    "media": {"tv": {"spend": "tv", "prior": {"kind": "roi"}}, "web": "web"},
    "simulate": {"periods": 60, "kpi_scale": 100, "revenue_per_kpi": 40, "truth": {"intercept": 0.6}}})";

const BudgetRow& row_of(const std::vector<BudgetRow>& rows, const std::string& channel) {
    return *std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.channel == channel; });
}

void expect_channels(const FittedModel& model, const std::string& window, const TimeRange& range) {
    const auto rows = optimize_budget(model, "{" + all_locked(model) + window + "}", idle);
    const auto reported = channels(model, 0.9, range, idle);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        EXPECT_EQ(rows[i].channel, reported[i].channel);
        EXPECT_DOUBLE_EQ(rows[i].current_spend, *reported[i].spend);
        EXPECT_EQ(rows[i].optimal_spend, rows[i].current_spend);
        EXPECT_NEAR(rows[i].current_contribution, reported[i].contribution, 1e-9 * reported[i].contribution)
            << rows[i].channel;
        EXPECT_NEAR(rows[i].optimal_contribution, reported[i].contribution, 1e-9 * reported[i].contribution);
        EXPECT_NEAR(rows[i].optimal_lower, reported[i].contribution_lower, 1e-9 * reported[i].contribution);
        EXPECT_NEAR(rows[i].optimal_upper, reported[i].contribution_upper, 1e-9 * reported[i].contribution);
        EXPECT_NEAR(*rows[i].mroi, *reported[i].mroi, 1e-9 * *reported[i].mroi);
    }
}

TEST(BudgetPlan, OfTheCurrentSpendReportsWhatChannelsReport) {
    for (const char* spec : {sales, orders, test::varying}) {
        const FittedModel model = test::hand_made_model(spec);
        expect_channels(model, "", {});
        expect_channels(model, ", " + between(model, 9, 25), {model.data.time[9], model.data.time[25], std::nullopt});
    }
}

// From the definition: the window's exposure multiplied, everything after it counted, media one by one.
TEST(BudgetPlan, CountsCarryOverAfterTheWindowWhenAsked) {
    const FittedModel model = test::model_of_draw(sales, 1, test::truth_of(sales, 1));
    PlanOptions options;
    options.from = model.data.time[20], options.to = model.data.time[30];
    const Vec window = plan_window(model, options);
    ModelResponses responses(model, plan_cells(model, window, false), window, Carryover::after);
    responses.load(0);
    const auto effect = [&](std::size_t m, double multiplier) {
        FittedModel changed = model;
        for (Eigen::Index t = 20; t <= 30; ++t) changed.design.media(t, static_cast<Eigen::Index>(m)) *= multiplier;
        Mat parts;
        Contributions(changed).evaluate(0, parts);
        return parts.col(parts.cols() - 4 + static_cast<Eigen::Index>(m)).sum();
    };
    for (std::size_t m = 0; m < 3; ++m)
        for (const double multiplier : {0.3, 1.0, 1.7}) {
            const double expected = effect(m, multiplier) - effect(m, 0);
            EXPECT_NEAR(responses.at(m, multiplier).kpi, expected, 1e-9 * expected) << m;
        }
}

TEST(BudgetPlan, CountsTheSameEitherWayWhenTheWindowIsAllOfTheData) {
    const FittedModel model = test::hand_made_model(sales);
    const auto steady = optimize_budget(model, "{}", idle),
               after = optimize_budget(model, R"({"carryover": "after"})", idle);
    for (std::size_t i = 0; i < steady.size(); ++i) {
        EXPECT_NEAR(steady[i].optimal_spend, after[i].optimal_spend, 1e-9 * steady[i].optimal_spend);
        EXPECT_NEAR(steady[i].optimal_contribution, after[i].optimal_contribution,
                    1e-9 * steady[i].optimal_contribution);
    }
}

TEST(BudgetPlan, SpendsTheBudgetInsideTheBoundsForMoreOutcome) {
    const FittedModel model = test::hand_made_model(sales);
    const auto rows = optimize_budget(model, "{}", idle);
    ASSERT_EQ(rows.size(), 3u) << "organic media have no budget";
    EXPECT_NEAR(total(rows, &BudgetRow::optimal_spend), total(rows, &BudgetRow::current_spend),
                1e-12 * total(rows, &BudgetRow::current_spend));
    for (const auto& row : rows) {
        EXPECT_DOUBLE_EQ(row.lower_bound, 0.7 * row.current_spend);
        EXPECT_DOUBLE_EQ(row.upper_bound, 1.3 * row.current_spend);
        EXPECT_GE(row.optimal_spend, row.lower_bound);
        EXPECT_LE(row.optimal_spend, row.upper_bound);
        EXPECT_LE(row.optimal_lower, row.optimal_contribution);
        EXPECT_GE(row.optimal_upper, row.optimal_contribution);
        EXPECT_FALSE(row.geo);
    }
    EXPECT_GT(total(rows, &BudgetRow::optimal_contribution), total(rows, &BudgetRow::current_contribution));
}

// mroi is that of the next 1 %, which bends with the curve: equal to 1 % or so.
TEST(BudgetPlan, EqualisesMarginalRoiOfChannelsInsideTheirBounds) {
    const FittedModel model = test::hand_made_model(sales);
    const auto rows = optimize_budget(model, R"({"bounds": [0, 20]})", idle);
    for (const auto& row : rows) {
        ASSERT_GT(row.optimal_spend, 0);
        ASSERT_LT(row.optimal_spend, row.upper_bound);
        EXPECT_NEAR(*row.mroi, *rows[0].mroi, 0.01 * *rows[0].mroi);
    }
}

TEST(BudgetPlan, StretchesItsDefaultBoundsToAnotherBudget) {
    const FittedModel model = test::hand_made_model(sales);
    const double now = total(optimize_budget(model, "{}", idle), &BudgetRow::current_spend);
    for (const double change : {0.5, 3.0}) {
        const auto rows = optimize_budget(model, R"({"budget": )" + std::to_string(change * now) + "}", idle);
        EXPECT_NEAR(total(rows, &BudgetRow::optimal_spend), change * now, 1e-6 * now);
    }
}

TEST(BudgetPlan, KeepsLocksBoundsConstraintsAndGroups) {
    const FittedModel model = test::hand_made_model(sales);
    const auto now = optimize_budget(model, "{}", idle);
    const double tv = now[0].current_spend, web = now[1].current_spend, mail = now[2].current_spend;
    const auto locked = optimize_budget(model, R"({"locked": ["web"], "bounds": {"*": [0.1, 5]}})", idle);
    EXPECT_EQ(row_of(locked, "web").optimal_spend, web);
    EXPECT_DOUBLE_EQ(row_of(locked, "mail").upper_bound, 5 * mail);
    EXPECT_NE(row_of(locked, "tv").optimal_spend, tv);

    const auto bounded =
        optimize_budget(model, R"({"bounds": {"tv": [100, 101], "unit": "spend", "*": [0, 1e6]}})", idle);
    EXPECT_GE(row_of(bounded, "tv").optimal_spend, 100);
    EXPECT_LE(row_of(bounded, "tv").optimal_spend, 101);

    const std::string most = std::to_string(0.9 * (web + mail));
    const auto grouped =
        optimize_budget(model, R"({"groups": {"digital": {"channels": ["web", "mail"], "max": )" + most + "}}}", idle);
    EXPECT_LE(row_of(grouped, "web").optimal_spend + row_of(grouped, "mail").optimal_spend,
              0.9 * (web + mail) * (1 + 1e-9));
    const auto same =
        optimize_budget(model, R"({"constraints": [{"channels": {"web": 1, "mail": 1}, "max": )" + most + "}]}", idle);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_DOUBLE_EQ(grouped[i].optimal_spend, same[i].optimal_spend);
    const auto ratio = optimize_budget(
        model, R"({"bounds": [0, 5], "constraints": [{"channels": {"tv": 1, "web": -2}, "min": 0, "max": 0}]})", idle);
    EXPECT_NEAR(row_of(ratio, "tv").optimal_spend, 2 * row_of(ratio, "web").optimal_spend, 1e-9 * tv);
}

double revenue_of(const FittedModel& model, const std::vector<BudgetRow>& rows) {
    return total(rows, &BudgetRow::optimal_contribution) * model.data.revenue_per_kpi[0];
}

TEST(BudgetPlan, ReachesATargetRoiOrMarginalRoi) {
    for (const char* spec : {sales, orders}) {
        const FittedModel model = test::hand_made_model(spec);
        const auto now = optimize_budget(model, R"({"locked": ["tv", "web"]})", idle);
        const double roi = revenue_of(model, now) / total(now, &BudgetRow::optimal_spend);
        const auto less = optimize_budget(model, R"({"target_roi": )" + std::to_string(1.1 * roi) + "}", idle);
        EXPECT_NEAR(revenue_of(model, less) / total(less, &BudgetRow::optimal_spend), 1.1 * roi, 1e-5 * roi);
        const auto capped =
            optimize_budget(model, R"({"target_roi": )" + std::to_string(0.5 * roi) + R"(, "max_budget": 1000})", idle);
        EXPECT_LE(total(capped, &BudgetRow::optimal_spend), 1000 * (1 + 1e-12));

        const double target = 0.8 * *now[0].mroi;
        const auto marginal =
            optimize_budget(model, R"({"target_mroi": )" + std::to_string(target) + R"(, "bounds": [0, 30]})", idle);
        for (const auto& row : marginal) {
            EXPECT_LT(row.optimal_spend, row.upper_bound);
            if (row.optimal_spend > 0)
                EXPECT_NEAR(*row.mroi, target, 0.02 * target) << row.channel;
            else
                EXPECT_LE(*row.mroi, target) << row.channel;
        }
    }
}

TEST(BudgetPlan, ByAnotherObjectiveIsNoWorseUnderItThanTheMeanPlan) {
    const FittedModel model = test::hand_made_model(sales, 1, 2, 100);
    const Vec window = plan_window(model, {});
    ModelResponses responses(model, plan_cells(model, window, false), window, Carryover::steady);
    const auto totals = [&](const std::vector<BudgetRow>& rows) {
        Vec sums(static_cast<Eigen::Index>(model.total_draws()));
        for (std::size_t d = 0; d < model.total_draws(); ++d) {
            responses.load(d);
            double sum = 0;
            for (std::size_t c = 0; c < rows.size(); ++c)
                sum += responses.at(c, rows[c].optimal_spend / rows[c].current_spend).revenue;
            sums[static_cast<Eigen::Index>(d)] = sum;
        }
        return sums;
    };
    const auto mean_plan = optimize_budget(model, R"({"bounds": [0, 3]})", idle);
    const Vec with_mean = totals(mean_plan);
    const double target = score({ObjectiveKind::quantile, 0.7}, with_mean);
    const std::pair<std::string, Objective> all[] = {
        {R"({"quantile": 0.1})", {ObjectiveKind::quantile, 0.1}},
        {R"({"cvar": 0.1})", {ObjectiveKind::cvar, 0.1}},
        {R"({"probability": )" + std::to_string(target) + "}", {ObjectiveKind::probability, target}}};
    for (const auto& [text, objective] : all) {
        const auto plan = optimize_budget(model, R"({"bounds": [0, 3], "objective": )" + text + "}", idle);
        EXPECT_GE(score(objective, totals(plan)), score(objective, with_mean) * (1 - 1e-7)) << text;
    }
}

TEST(BudgetPlan, TablesOfResponsesMeetTheCurves) {
    const std::function<double(double)> curves[] = {
        [](double x) { return std::tanh(3 * x); }, [](double x) { return x / (x + 0.05); },
        [](double x) { return std::pow(x, 4) / (std::pow(x, 4) + 0.1); }, [](double x) { return std::sqrt(x); },
        [](double x) { return 7 * x; }};
    for (const auto& curve : curves)
        for (const double lower : {0.0, 0.7}) {
            ResponseTable table({table_nodes(find_breaks(curve, lower, 2, 1e-9))}, 1);
            for (Eigen::Index j = 0; j < table.nodes(0).size(); ++j) table.values(0)(0, j) = curve(table.nodes(0)[j]);
            const auto mean = table.weighted(Vec::Ones(1));
            for (int i = 0; i <= 1000; ++i) {
                const double x = lower + (2 - lower) * i / 1000, step = 1e-6;
                EXPECT_NEAR(mean->at(0, x).value, curve(x), 2e-6 * curve(2));
                if (x > 0.01 && x < 2 - step) {
                    const double slope = (curve(x + step) - curve(x - step)) / (2 * step);
                    EXPECT_NEAR(mean->at(0, x).slope, slope, 1e-4 * (std::fabs(slope) + curve(2))) << x;
                }
            }
        }
}

TEST(BudgetPlan, IsRefusedUnderLinkLog) {
    const FittedModel model = test::hand_made_model(
        R"({"time": "week", "kpi": "sales", "link": "log", "media": {"tv": "tv"}, "simulate": {"periods": 30}})");
    try {
        optimize_budget(model, "{}", idle);
        ADD_FAILURE() << "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(std::string(error.what()), "a budget plan needs the identity link, but the model has link \"log\"");
    }
}

TEST(BudgetPlan, CanBeInterrupted) {
    EXPECT_THROW(optimize_budget(test::hand_made_model(sales), "{}", [] { throw std::runtime_error("stop"); }),
                 std::runtime_error);
}

}  // namespace
}  // namespace mmm
