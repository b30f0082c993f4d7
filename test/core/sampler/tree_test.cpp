// The No-U-Turn tree: its stopping rule, its weights, its limits.
#include <gtest/gtest.h>

#include <numbers>

#include "core/sampler/trajectory.hpp"
#include "sampler/targets.hpp"

namespace mmm {
namespace {

Vec vec2(double x, double y) { return (Vec(2) << x, y).finished(); }

Span span(const Vec& near, const Vec& far, const Vec& sum) {
    Span result(2);
    result.near = near;
    result.far = far;
    result.sum = sum;
    return result;
}

Span single(const Vec& p) { return span(p, p, p); }

TEST(UTurn, IsSeenWhenAnEndLooksAgainstTheWayTravelled) {
    const Span east = single(vec2(1, 0));
    EXPECT_TRUE(goes_straight_on(east, single(vec2(1, 0.5))));
    EXPECT_FALSE(goes_straight_on(east, single(vec2(-1, 0.5)))) << "turned back";
    EXPECT_FALSE(goes_straight_on(east, single(vec2(-1, 0)))) << "a sum of zero, at a right angle to everything";
}

TEST(UTurn, IsSeenAcrossTheSeamWhereTheWholeLooksStraight) {
    // East, then a far half that starts westwards and ends far in the east: only near + first of far turns.
    const Span far = span(vec2(-4, 0), vec2(6, 0), vec2(10, 0));
    EXPECT_FALSE(goes_straight_on(span(vec2(1, 0), vec2(1, 0), vec2(2, 0)), far));
    // The mirror image: the near half ends westwards, so last of near + far turns.
    const Span near = span(vec2(6, 0), vec2(-4, 0), vec2(10, 0));
    EXPECT_FALSE(goes_straight_on(near, span(vec2(1, 0), vec2(1, 0), vec2(2, 0))));
}

TEST(UTurn, DoesNotDependOnWhichHalfWasBuiltFirst) {
    RandomStream random(1, 0, 0, 93);
    int straight = 0;
    for (int i = 0; i < 1000; ++i) {
        Span a(2), b(2);
        for (Vec* v : {&a.near, &a.far, &a.sum, &b.near, &b.far, &b.sum})
            *v = vec2(1 + random.normal(), random.normal());
        Span a_reversed = span(a.far, a.near, a.sum), b_reversed = span(b.far, b.near, b.sum);
        const bool forward = goes_straight_on(a, b);
        EXPECT_EQ(forward, goes_straight_on(b_reversed, a_reversed));
        straight += forward ? 1 : 0;
    }
    EXPECT_GT(straight, 100);
    EXPECT_LT(straight, 900);
}

// A tree of depth d has 2^d - 1 new points when it ends by its own turn or by the limit.
TEST(Tree, StaysWithinItsDepthAndCountsItsSteps) {
    const Density density = test::standard_normal(3);
    const Metric metric = Metric::diagonal(Vec::Ones(3));
    const StopFlag stop{false};
    NoUTurnTree tree(3, 6);
    Place place(3);
    place.position.setConstant(0.1);
    place.log_density = density.evaluate(place.position, place.gradient);
    for (std::uint32_t i = 0; i < 200; ++i) {
        RandomStream random(1, 0, i, stream::nuts);
        const int allowed = 1 + static_cast<int>(i % 6);
        const Transition t = tree.advance(place, density, metric, 1e-3, allowed, random, stop);
        EXPECT_EQ(t.depth, allowed) << "so short a step never turns";
        EXPECT_EQ(t.leapfrogs, (1 << allowed) - 1);
        EXPECT_NEAR(t.accept_stat, 1, 1e-5);
        EXPECT_FALSE(t.divergent);
    }
}

TEST(Tree, OfOneStepAtTheOriginTurnsAfterHalfAPeriod) {
    // Motion in the standard normal potential is a circle of period 2 pi: with 64 steps a period, half of it is 32.
    const Density density = test::standard_normal(1);
    const Metric metric = Metric::diagonal(Vec::Ones(1));
    const StopFlag stop{false};
    NoUTurnTree tree(1, 10);
    for (std::uint32_t i = 0; i < 50; ++i) {
        Place place(1);
        place.position[0] = 0;
        place.gradient[0] = 0;
        RandomStream random(2, 0, i, stream::nuts);
        const Transition t = tree.advance(place, density, metric, 2 * std::numbers::pi / 64, 10, random, stop);
        EXPECT_GE(t.leapfrogs, 15);
        EXPECT_LE(t.leapfrogs, 63);
    }
}

// Whatever the step size, draws follow the density: the weights correct the integrator.
TEST(Tree, LeavesTheDensityInvariantHoweverCoarseTheSteps) {
    const Density density = test::standard_normal(2);
    const Metric metric = Metric::diagonal(Vec::Ones(2));
    const StopFlag stop{false};
    for (const double step : {0.3, 1.3, 1.9}) {
        NoUTurnTree tree(2, 10);
        Place place(2);
        place.position.setZero();
        place.log_density = density.evaluate(place.position, place.gradient);
        double sum = 0, squares = 0;
        constexpr int n = 40000;
        for (std::uint32_t i = 0; i < n; ++i) {
            RandomStream random(3, 0, i, stream::nuts);
            tree.advance(place, density, metric, step, 10, random, stop);
            sum += place.position[0];
            squares += place.position.squaredNorm() / 2;
        }
        EXPECT_NEAR(sum / n, 0, 0.05) << step;
        EXPECT_NEAR(squares / n, 1, 0.05) << step;
    }
}

TEST(Tree, ADivergenceEndsTheTransitionAndKeepsTheDrawOutOfIt) {
    // A wall behind a cliff of 2000 nats.
    const Density density = test::density_of(1, [](ConstVecRef u, VecRef g) {
        g[0] = -u[0];
        return -0.5 * u[0] * u[0] - (u[0] > 1 ? 2000 : 0);
    });
    const Metric metric = Metric::diagonal(Vec::Ones(1));
    const StopFlag stop{false};
    NoUTurnTree tree(1, 10);
    Place place(1);
    place.position[0] = 0.9;
    place.log_density = density.evaluate(place.position, place.gradient);
    int divergences = 0;
    for (std::uint32_t i = 0; i < 500; ++i) {
        RandomStream random(4, 0, i, stream::nuts);
        const Transition t = tree.advance(place, density, metric, 0.2, 10, random, stop);
        divergences += t.divergent ? 1 : 0;
        EXPECT_LE(place.position[0], 1);
        EXPECT_DOUBLE_EQ(place.log_density, -0.5 * place.position[0] * place.position[0]);
    }
    EXPECT_GT(divergences, 50);
}

}  // namespace
}  // namespace mmm
