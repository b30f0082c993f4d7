// Plans by quantile, CVaR and probability, and plans for a target ROI or mROI.
#include "core/planner/objective.hpp"

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "core/planner/concave.hpp"
#include "core/planner/flexible_plan.hpp"
#include "core/planner/maximise.hpp"
#include "core/planner/risk_plan.hpp"
#include "planner/curves.hpp"
#include "support/idle.hpp"

namespace mmm {
namespace {

using test::idle;
using test::Shape;

TEST(Objective, IsItsDefinition) {
    const Vec totals{{5, 1, 4, 2, 3}};
    EXPECT_DOUBLE_EQ(score({ObjectiveKind::mean, 0}, totals), 3);
    EXPECT_DOUBLE_EQ(score({ObjectiveKind::quantile, 0.1}, totals), 1.4);              // percentile_cont
    EXPECT_DOUBLE_EQ(score({ObjectiveKind::cvar, 0.4}, totals), 1.5);                  // the two worst
    EXPECT_DOUBLE_EQ(score({ObjectiveKind::cvar, 0.3}, totals), (1 + 0.5 * 2) / 1.5);  // the worst and half the next
    EXPECT_DOUBLE_EQ(score({ObjectiveKind::probability, 4}, totals), 0.4);
}

TEST(Objective, EmphasisIsAWeighting) {
    const Vec totals{{5, 1, 4, 2, 3}};
    for (const auto kind :
         {ObjectiveKind::mean, ObjectiveKind::quantile, ObjectiveKind::cvar, ObjectiveKind::probability}) {
        const Vec weights = emphasis({kind, 0.3}, totals, 0.1);
        EXPECT_NEAR(weights.sum(), 1, 1e-14);
        EXPECT_GE(weights.minCoeff(), 0);
    }
    EXPECT_EQ(emphasis({ObjectiveKind::probability, 1000}, totals, 0.1).maxCoeff(),
              emphasis({ObjectiveKind::probability, 1000}, totals, 0.1)[0])
        << "a target out of reach is approached by the best draw";
}

// The first cell is the best on average and the least certain; the last brings least and is certain.
test::ShapedDraws uncertain_draws(std::uint32_t problem, std::size_t cells, int draws) {
    auto random = test::random_of(500 + problem);
    std::vector<std::vector<Shape>> all(static_cast<std::size_t>(draws));
    for (auto& draw : all)
        for (std::size_t c = 0; c < cells; ++c) {
            const double doubt = 1.2 - 1.1 * static_cast<double>(c) / static_cast<double>(cells - 1);
            draw.push_back({Shape::Kind::hill, (4 - static_cast<double>(c)) * std::exp(doubt * random.normal()),
                            1 + 0.3 * random.uniform(), 1});
        }
    return test::ShapedDraws(std::move(all));
}

const Objective objectives[] = {{ObjectiveKind::quantile, 0.1},
                                {ObjectiveKind::cvar, 0.1},
                                {ObjectiveKind::cvar, 0.5},
                                {ObjectiveKind::probability, 4.5}};

TEST(RiskPlan, IsNoWorseThanTheMeanPlanUnderItsObjective) {
    for (std::uint32_t problem = 0; problem < 3; ++problem) {
        const auto curves = uncertain_draws(problem, 4, 40);
        const Region region = test::with_budget(test::region_of(Vec::Zero(4), Vec::Constant(4, 3)), 4);
        const Vec mean_plan = maximise_objective(curves, region, {}, idle);
        for (const Objective& objective : objectives) {
            const Vec plan = maximise_objective(curves, region, objective, idle);
            EXPECT_LE(violation(region, plan), 1e-12);
            EXPECT_GE(score(objective, total_outcomes(curves, plan)),
                      score(objective, total_outcomes(curves, mean_plan)));
            EXPECT_LE(total_outcomes(curves, plan).mean(), total_outcomes(curves, mean_plan).mean() * (1 + 1e-12));
        }
    }
}

TEST(RiskPlan, IsThatOfBruteForce) {
    for (std::uint32_t problem = 0; problem < 4; ++problem) {
        const std::size_t n = problem % 2 == 0 ? 2 : 3;
        const auto curves = uncertain_draws(problem, n, 40);
        const auto k = static_cast<Eigen::Index>(n);
        const Region region = test::with_budget(test::region_of(Vec::Zero(k), Vec::Constant(k, 3)), 3);
        for (const Objective& objective : objectives) {
            const auto value = [&](const Vec& x) { return score(objective, total_outcomes(curves, x)); };
            const double best = value(test::brute_force(value, region)),
                         ours = value(maximise_objective(curves, region, objective, idle));
            // A quantile of few draws has many peaks: near the best of them is asked for; cvar is concave.
            const double tolerance = objective.kind == ObjectiveKind::cvar       ? 1e-6
                                     : objective.kind == ObjectiveKind::quantile ? 5e-3
                                                                                 : 1.01 / 40;
            EXPECT_GE(ours, best * (1 - tolerance))
                << "problem " << problem << ", objective " << static_cast<int>(objective.kind);
        }
    }
}

class Flexible : public ::testing::Test {
protected:
    test::ShapedCurves curves{
        {{Shape::Kind::hill, 9, 2, 1}, {Shape::Kind::hill, 5, 1, 1}, {Shape::Kind::hill, 2, 0.5, 0.8}}};
    Region region = test::region_of(Vec::Zero(3), Vec::Constant(3, 10));
    double roi(const Vec& x) const { return total_value(curves, x) / x.sum(); }
};

TEST_F(Flexible, TargetRoiIsReachedAndNoMoreCouldBeBrought) {
    for (const double target : {1.0, 1.5, 2.5, 4.0}) {
        const Vec plan = plan_for_roi(curves, region, target, idle);
        EXPECT_NEAR(roi(plan), target, 1e-9 * target);
        // The same money spent otherwise brings no more.
        const Vec same_total = maximise(curves, test::with_budget(region, plan.sum()), idle);
        EXPECT_NEAR(total_value(curves, plan), total_value(curves, same_total), 1e-8 * total_value(curves, plan));
        // More money misses the target.
        EXPECT_LT(roi(maximise(curves, test::with_budget(region, plan.sum() * 1.001), idle)), target);
    }
}

TEST_F(Flexible, TargetRoiThatEverythingReachesSpendsEverything) {
    EXPECT_EQ(plan_for_roi(curves, region, 0.1, idle), region.upper);
}

TEST_F(Flexible, TargetRoiOutOfReachSaysWhatIsPossible) {
    region.lower.setConstant(2);
    const double best = roi(region.lower);
    try {
        plan_for_roi(curves, region, 10, idle);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(std::string(error.what()).substr(0, 66),
                  "target_roi = 10 cannot be reached: the best within the bounds is 1");
        EXPECT_GE(best, 1);
        EXPECT_LT(best, 2);
    }
}

TEST_F(Flexible, TargetMarginalRoiIsWhatEveryCellInsideItsBoundsReturns) {
    region.lower[2] = 5;
    const Vec plan = plan_for_marginal_roi(curves, region, 0.8, idle);
    EXPECT_NEAR(curves.at(0, plan[0]).slope, 0.8, 1e-12);
    EXPECT_NEAR(curves.at(1, plan[1]).slope, 0.8, 1e-12);
    EXPECT_EQ(plan[2], 5);
    EXPECT_LT(curves.at(2, 5).slope, 0.8);
}

TEST_F(Flexible, PlansKeepTheLargestBudget) {
    region.rows.push_back({"max_budget", Vec::Ones(3), -INFINITY, 3});
    EXPECT_NEAR(plan_for_marginal_roi(curves, region, 0.1, idle).sum(), 3, 1e-12);
    EXPECT_NEAR(plan_for_roi(curves, region, 0.1, idle).sum(), 3, 1e-12);
}

}  // namespace
}  // namespace mmm
