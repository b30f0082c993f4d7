// Quantiles found without a sort are those of the sorted values, bit for bit.
#include "core/summary/quantiles.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/random.hpp"
#include "core/sampler/convergence.hpp"

namespace mmm {
namespace {

void expect_those_of_sorted(std::vector<double> values, const std::array<double, 4>& probabilities) {
    Quantiles quantiles;
    const auto found = quantiles(values, probabilities);
    std::sort(values.begin(), values.end());
    for (std::size_t k = 0; k < found.size(); ++k) {
        const double expected = quantile_sorted(values.data(), values.size(), probabilities[k]);
        RC_ASSERT(found[k] == expected || (std::isnan(found[k]) && std::isnan(expected)));
    }
}

RC_GTEST_PROP(Quantiles, AreThoseOfTheSortedValuesForAnyValuesAndProbabilities, ()) {
    const auto n = *rc::gen::inRange<std::size_t>(1, 3000);
    const auto law = *rc::gen::inRange(0, 7);
    RandomStream random(*rc::gen::inRange<std::uint64_t>(0, 1000), 0, 0, stream::simulate);
    std::vector<double> values(n);
    for (double& value : values) {
        const double z = random.normal();
        switch (law) {
            case 0: value = z; break;
            case 1: value = std::exp(20 * z); break;                // most values in one stretch
            case 2: value = std::floor(z); break;                   // ties
            case 3: value = static_cast<float>(1e6 + 1e-3 * z); break;
            case 4: value = z * 1e-310; break;                       // closer than an inverse holds
            case 5: value = z * 1e-305; break;
            default: value = z > 1 ? 1e308 * z : -1e308; break;     // further apart than a number holds
        }
    }
    const auto p = [&] { return *rc::gen::inRange(0, 1001) / 1000.0; };
    expect_those_of_sorted(values, {0, 1, p(), p()});
}

TEST(Quantiles, OfEqualAndInfiniteValuesAreThose) {
    Quantiles quantiles;
    EXPECT_EQ(quantiles(std::vector<double>(500, 3.5), std::array{0.3})[0], 3.5);
    std::vector<double> values(500, 1);
    values[7] = INFINITY;
    EXPECT_EQ(quantiles(values, std::array{0.5})[0], 1);
    EXPECT_EQ(quantiles({2}, std::array{0.1})[0], 2);
}

}  // namespace
}  // namespace mmm
