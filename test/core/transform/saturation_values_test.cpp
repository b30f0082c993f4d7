// Saturation without derivatives gives the values of saturation with them.
#include "core/transform/saturation_values.hpp"

#include <gtest/gtest.h>

#include "core/random.hpp"

namespace mmm {
namespace {

TEST(SaturationValues, AreThoseOfTheForwardPass) {
    constexpr Eigen::Index n = 101;
    RandomStream random(1, 0, 0, stream::simulate);
    for (int family = 0; family <= static_cast<int>(SaturationFamily::log); ++family)
        for (int round = 0; round < 20; ++round) {
            const double p1 = std::exp(random.normal()), p2 = round % 4 == 0 ? 1 : std::exp(0.7 * random.normal());
            Vec x(n);
            for (Eigen::Index i = 0; i < n; ++i) x[i] = i % 10 == 0 ? 0 : std::exp(3 * random.normal());
            SaturationTape tape;
            tape.resize(n);
            saturation_forward(static_cast<SaturationFamily>(family), x, p1, p2, tape);
            saturate(static_cast<SaturationFamily>(family), p1, p2, x);
            for (Eigen::Index i = 0; i < n; ++i)
                EXPECT_NEAR(x[i], tape.value[i], 1e-13 * std::fabs(tape.value[i])) << "family " << family;
        }
}

}  // namespace
}  // namespace mmm
