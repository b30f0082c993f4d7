// Maps between supports and the line: inverse of each other, with exact slopes and Jacobians.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "core/limits.hpp"
#include "core/model/constrain.hpp"

namespace mmm {
namespace {


struct Map {
    const char* name;
    Interval support;
    std::function<Constrained(double)> to;
    std::function<double(double)> from;
};

std::vector<Map> maps() {
    std::vector<Map> all;
    for (const Interval support :
         {Interval{-infinity, infinity}, {0, infinity}, {-3, infinity}, {-infinity, 2}, {0, 1}, {0.1, 10}})
        all.push_back({"usual", support, [=](double u) { return constrain(support, u); },
                       [=](double x) { return unconstrain(support, x); }});
    for (const double k : {0.01, 1.0, 50.0})
        for (const Interval support : {Interval{0, infinity}, {0.5, infinity}, {-infinity, 0}})
            all.push_back({"soft", support, [=](double u) { return constrain_softly(support, k, u); },
                           [=](double x) { return unconstrain_softly(support, k, x); }});
    return all;
}

TEST(Constrain, GivesValuesInsideTheSupport) {
    for (const auto& map : maps())
        for (const double u : {-30.0, -5.0, -0.3, 0.0, 0.7, 4.0, 25.0}) {
            const double x = map.to(u).value;
            EXPECT_TRUE(x >= map.support.lower && x <= map.support.upper) << map.name << " " << u;
        }
}

TEST(Constrain, IsUndoneByItsInverse) {
    for (const auto& map : maps())
        for (const double u : {-8.0, -1.5, 0.0, 0.7, 6.0}) {
            // Near a bound of size b digits of the distance are lost to b.
            EXPECT_NEAR(map.from(map.to(u).value), u, 1e-10)
                << map.name << " of " << map.support.lower << ", " << map.support.upper;
        }
}

TEST(Constrain, HasTheSlopeAndJacobianOfItsValues) {
    for (const auto& map : maps())
        for (const double u : {-6.0, -1.5, 0.0, 0.7, 5.0}) {
            const double h = 1e-3;
            const auto difference = [&](const std::function<double(const Constrained&)>& of) {
                const auto at = [&](double steps) { return of(map.to(u + steps * h)); };
                return (at(-2) - 8 * at(-1) + 8 * at(1) - at(2)) / (12 * h);
            };
            const Constrained c = map.to(u);
            const double numeric = difference([](const Constrained& x) { return x.value; });
            EXPECT_NEAR(c.slope, numeric, 1e-9 * std::max(1.0, std::fabs(numeric))) << map.name << " " << u;
            EXPECT_NEAR(c.log_jacobian, std::log(std::fabs(c.slope)), 1e-12) << map.name << " " << u;
            EXPECT_NEAR(c.d_log_jacobian, difference([](const Constrained& x) { return x.log_jacobian; }), 1e-9)
                << map.name << " " << u;
        }
}

TEST(Constrain, OfTheUnitIntervalIsTheLogistic) {
    EXPECT_DOUBLE_EQ(constrain({0, 1}, 0).value, 0.5);
    EXPECT_DOUBLE_EQ(constrain({0, 1}, std::log(3.0)).value, 0.75);
    EXPECT_DOUBLE_EQ(constrain({2, 6}, -std::log(3.0)).value, 3);
}

TEST(Constrain, DoesNotOverflowFarOut) {
    for (const double u : {-700.0, 700.0, 1e6, -1e6}) {
        const Constrained c = constrain({0, 1}, u);
        EXPECT_TRUE(std::isfinite(c.value) && std::isfinite(c.slope) && std::isfinite(c.log_jacobian)) << u;
        EXPECT_TRUE(std::isfinite(constrain_softly({0, infinity}, 2, u).value)) << u;
    }
}

TEST(SoftMap, IsALineFarFromTheBoundAndAnExponentialNearIt) {
    EXPECT_NEAR(constrain_softly({0, infinity}, 2, 50).value, 100, 1e-12);
    EXPECT_NEAR(constrain_softly({0, infinity}, 2, -20).value / (2 * std::exp(-20)), 1, 1e-8);
    EXPECT_NEAR(constrain_softly({-infinity, 1}, 2, 50).value, -99, 1e-12);
}

}  // namespace
}  // namespace mmm
