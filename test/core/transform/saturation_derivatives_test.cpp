// Saturation by exposure: values of the forward pass, derivatives by differences.
#include "core/transform/saturation_derivatives.hpp"

#include <gtest/gtest.h>

#include "core/random.hpp"
#include "core/transform/saturation.hpp"

namespace mmm {
namespace {

TEST(SaturationDerivatives, AreThoseOfTheValues) {
    constexpr Eigen::Index n = 40;
    RandomStream random(1, 0, 0, stream::simulate);
    for (int number = 0; number <= static_cast<int>(SaturationFamily::log); ++number)
        for (int round = 0; round < 10; ++round) {
            const auto family = static_cast<SaturationFamily>(number);
            const double p1 = std::exp(0.5 * random.normal()), p2 = round % 3 == 0 ? 1 : std::exp(0.5 * random.normal());
            Vec x(n), values(n), above(n), below(n);
            for (Eigen::Index i = 0; i < n; ++i) x[i] = i % 10 == 0 ? 0 : std::exp(random.normal());
            SaturationShape shape;
            shape.resize(n);
            saturation_shape(family, p1, p2, x, shape);
            values = x;
            saturate(family, p1, p2, values);
            const double h = 1e-4;
            above = x * (1 + h), below = x * (1 - h);
            saturate(family, p1, p2, above);
            saturate(family, p1, p2, below);
            for (Eigen::Index i = 0; i < n; ++i) {
                EXPECT_NEAR(shape.value[i], values[i], 1e-13 * (1 + values[i])) << number;
                ASSERT_TRUE(std::isfinite(shape.slope[i]) && std::isfinite(shape.curvature[i]));
                if (x[i] == 0) continue;
                const double slope = (above[i] - below[i]) / (2 * h * x[i]);
                const double curvature = (above[i] - 2 * values[i] + below[i]) / (h * h * x[i] * x[i]);
                EXPECT_NEAR(shape.slope[i] * x[i], slope * x[i], 1e-6 * (1 + values[i])) << number;
                EXPECT_NEAR(shape.curvature[i] * x[i] * x[i], curvature * x[i] * x[i], 1e-5 * (1 + values[i])) << number;
            }
        }
}

TEST(SaturationDerivatives, AtNothingAreTheLimitWhereItIsFinite) {
    SaturationShape shape;
    shape.resize(1);
    const Vec nothing = Vec::Zero(1);
    saturation_shape(SaturationFamily::michaelis_menten, 0.5, 0, nothing, shape);
    EXPECT_DOUBLE_EQ(shape.slope[0], 2);
    EXPECT_DOUBLE_EQ(shape.curvature[0], -8);
    saturation_shape(SaturationFamily::hill, 0.5, 1, nothing, shape);
    EXPECT_DOUBLE_EQ(shape.slope[0], 2);
    saturation_shape(SaturationFamily::tanh, 0.5, 0, nothing, shape);
    EXPECT_DOUBLE_EQ(shape.slope[0], 2);
    saturation_shape(SaturationFamily::root, 0.5, 0, nothing, shape);
    EXPECT_GT(shape.slope[0], 1e4);
}

}  // namespace
}  // namespace mmm
