// The best plan for known curves: against brute force, and by its optimality conditions.
#include "core/planner/maximise.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/error.hpp"
#include "core/planner/concave.hpp"
#include "planner/curves.hpp"
#include "support/idle.hpp"

namespace mmm {
namespace {

using test::Shape;
using Kind = test::Shape::Kind;
using test::idle;

std::vector<Shape> random_shapes(RandomStream& random, std::size_t n, double least_slope, double most_slope) {
    std::vector<Shape> shapes;
    for (std::size_t i = 0; i < n; ++i)
        shapes.push_back({Kind::hill, 1 + 9 * random.uniform(), 0.2 + 2 * random.uniform(),
                          least_slope + (most_slope - least_slope) * random.uniform()});
    return shapes;
}

Region random_box(RandomStream& random, Eigen::Index n) {
    Vec lower(n), upper(n);
    for (Eigen::Index i = 0; i < n; ++i) {
        lower[i] = random.uniform() < 0.3 ? 0 : 0.6 * random.uniform();
        upper[i] = lower[i] + 0.2 + 2 * random.uniform();
    }
    return test::region_of(lower, upper);
}

double between_bounds(const Region& region, double share) {
    return region.lower.sum() + share * (region.upper - region.lower).sum();
}

TEST(Plan, OfConcaveCurvesIsThatOfBruteForce) {
    for (std::uint32_t problem = 0; problem < 40; ++problem) {
        auto random = test::random_of(problem);
        const Eigen::Index n = problem % 2 == 0 ? 2 : 3;
        const test::ShapedCurves curves(random_shapes(random, static_cast<std::size_t>(n), 0.4, 1));
        const Region box = random_box(random, n);
        const Region region = test::with_budget(box, between_bounds(box, 0.05 + 0.9 * random.uniform()));
        const auto value = [&](const Vec& x) { return total_value(curves, x); };
        const double best = value(test::brute_force(value, region)), ours = value(maximise(curves, region, idle));
        EXPECT_NEAR(ours, best, 1e-6 * best) << "problem " << problem;
        EXPECT_GE(ours, best * (1 - 1e-9)) << "problem " << problem;
    }
}

TEST(Plan, GivesCellsInsideTheirBoundsTheSameMarginalReturn) {
    for (std::uint32_t problem = 0; problem < 50; ++problem) {
        auto random = test::random_of(problem);
        const test::ShapedCurves curves(random_shapes(random, 8, 0.4, 1));
        const Region box = random_box(random, 8);
        const Region region = test::with_budget(box, between_bounds(box, 0.1 + 0.8 * random.uniform()));
        const Vec plan = maximise(curves, region, idle);
        std::vector<double> inside;
        double below = 0, above = INFINITY;
        for (Eigen::Index i = 0; i < 8; ++i) {
            const double slope = curves.at(static_cast<std::size_t>(i), plan[i]).slope;
            if (plan[i] <= region.lower[i])
                below = std::max(below, slope);
            else if (plan[i] >= region.upper[i])
                above = std::min(above, slope);
            else
                inside.push_back(slope);
        }
        ASSERT_FALSE(inside.empty());
        const auto [least, most] = std::minmax_element(inside.begin(), inside.end());
        EXPECT_LE(*most / *least - 1, 1e-9) << "problem " << problem;
        EXPECT_LE(below, *least * (1 + 1e-9));
        EXPECT_GE(above, *most * (1 - 1e-9));
        EXPECT_NEAR(plan.sum(), region.rows[0].least, 1e-12 * plan.sum());
    }
}

TEST(Plan, WithConstraintsIsThatOfBruteForce) {
    for (std::uint32_t problem = 0; problem < 40; ++problem) {
        auto random = test::random_of(problem);
        const test::ShapedCurves curves(random_shapes(random, 3, 0.4, 1));
        const Region box = random_box(random, 3);
        Region region = test::with_budget(box, between_bounds(box, 0.3 + 0.4 * random.uniform()));
        // Binding for most problems, and met by a plan in proportion to the widths.
        const double share = (region.rows[0].least - box.lower.sum()) / (box.upper - box.lower).sum();
        const Vec known = box.lower + share * (box.upper - box.lower);
        region.rows.push_back({"pair", Vec{{1, 1, 0}}, -INFINITY, 1.05 * (known[0] + known[1])});
        region.rows.push_back({"ratio", Vec{{1, -known[0] / known[1], 0}}, -0.05 * known[0], 0.05 * known[0]});
        const auto value = [&](const Vec& x) { return total_value(curves, x); };
        const Vec plan = maximise(curves, region, idle);
        EXPECT_LE(violation(region, plan), 1e-12) << "problem " << problem;
        const double best = value(test::brute_force(value, region)), ours = value(plan);
        EXPECT_NEAR(ours, best, 1e-6 * best) << "problem " << problem;
        EXPECT_LE(optimality_gap(curves, region, plan, idle), 1e-8 * best) << "problem " << problem;
    }
}

TEST(Plan, OfSShapedCurvesIsThatOfBruteForce) {
    for (std::uint32_t problem = 0; problem < 40; ++problem) {
        auto random = test::random_of(problem);
        const Eigen::Index n = problem % 2 == 0 ? 2 : 3;
        const test::ShapedCurves curves(random_shapes(random, static_cast<std::size_t>(n), 1.5, 4));
        Region box = random_box(random, n);
        box.lower *= 0.2;
        const Region region = test::with_budget(box, between_bounds(box, 0.05 + 0.9 * random.uniform()));
        EXPECT_FALSE(is_concave(curves, region)) << "problem " << problem;
        const auto value = [&](const Vec& x) { return total_value(curves, x); };
        const double best = value(test::brute_force(value, region)), ours = value(maximise(curves, region, idle));
        EXPECT_NEAR(ours, best, 1e-6 * best) << "problem " << problem;
    }
}

TEST(Plan, OfStraightCurvesFillsTheBestFirst) {
    const test::ShapedCurves curves({{Kind::line, 3}, {Kind::line, 2}, {Kind::line, 2}, {Kind::line, 1}});
    const Region region = test::with_budget(test::region_of(Vec::Zero(4), Vec::Ones(4)), 2.5);
    const Vec plan = maximise(curves, region, idle);
    EXPECT_DOUBLE_EQ(plan[0], 1);
    EXPECT_NEAR(plan[1] + plan[2], 1.5, 1e-15);
    EXPECT_DOUBLE_EQ(plan[3], 0);
}

TEST(Plan, OfCurvesInfinitelySteepAtZeroIsExact) {
    // sum beta sqrt(x) with sum x = B: x_i = B beta_i^2 / sum beta^2.
    const test::ShapedCurves curves({{Kind::power, 1, 0, 0.5}, {Kind::power, 2, 0, 0.5}, {Kind::power, 3, 0, 0.5}});
    const Vec plan = maximise(curves, test::with_budget(test::region_of(Vec::Zero(3), Vec::Constant(3, 10)), 7), idle);
    for (Eigen::Index i = 0; i < 3; ++i) EXPECT_NEAR(plan[i], 7 * static_cast<double>((i + 1) * (i + 1)) / 14, 1e-9);
}

TEST(Plan, LeavesCellsWithEqualBoundsAlone) {
    auto random = test::random_of(3);
    const test::ShapedCurves curves(random_shapes(random, 3, 0.5, 1));
    Region box = test::region_of(Vec::Zero(3), Vec::Ones(3));
    box.lower[1] = box.upper[1] = 0.123456789;
    for (const double share : {0.2, 0.8})
        EXPECT_EQ(maximise(curves, test::with_budget(box, between_bounds(box, share)), idle)[1], 0.123456789);
}

TEST(Plan, WithoutABudgetStopsWhereReturnsAreSpent) {
    // beta ln-like: Hill minus a straight cost of 1 has its best point at x = sqrt(beta k) - k.
    class Net : public Curves {
    public:
        CurvePoint at(std::size_t, double x) const override {
            return {4 * x / (x + 1) - x, 4 / ((x + 1) * (x + 1)) - 1};
        }
    };
    EXPECT_NEAR(maximise(Net(), test::region_of(Vec::Zero(1), Vec::Constant(1, 5)), idle)[0], 1, 1e-12);
    EXPECT_DOUBLE_EQ(maximise(Net(), test::region_of(Vec::Zero(1), Vec::Constant(1, 0.5)), idle)[0], 0.5);
}

TEST(Plan, CanBeInterrupted) {
    auto random = test::random_of(3);
    const test::ShapedCurves curves(random_shapes(random, 3, 0.5, 3));
    const Region region = test::with_budget(test::region_of(Vec::Zero(3), Vec::Ones(3)), 1);
    EXPECT_THROW(maximise(curves, region, [] { throw std::runtime_error("stop"); }), std::runtime_error);
}

}  // namespace
}  // namespace mmm
