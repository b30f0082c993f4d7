// Convergence statistics against ArviZ 0.23.4 (rhat, ess of method bulk and tail, mcse) on series written as formulas.
#include <gtest/gtest.h>

#include <cmath>

#include "core/sampler/convergence.hpp"

namespace mmm {
namespace {

// x_ic = sin(1.7 (i + 1)^2 + c) + 0.3 c sin(i / 20): chains c = 0..3 that drift apart.
Mat series(int n) {
    Mat x(n, 4);
    for (int i = 0; i < n; ++i)
        for (int c = 0; c < 4; ++c) x(i, c) = std::sin(1.7 * (i + 1) * (i + 1) + c) + 0.3 * c * std::sin(0.05 * i);
    return x;
}

// Expected: mean, sd, R-hat, bulk ESS, tail ESS, MCSE of the mean.
void expect_statistics(const Mat& draws, const Convergence& expected) {
    const Convergence c = convergence(draws);
    EXPECT_NEAR(c.mean, expected.mean, 1e-10);
    EXPECT_NEAR(c.sd, expected.sd, 1e-10);
    EXPECT_NEAR(c.rhat, expected.rhat, 1e-9);
    EXPECT_NEAR(c.ess_bulk, expected.ess_bulk, 1e-7);
    EXPECT_NEAR(c.ess_tail, expected.ess_tail, 1e-7);
    EXPECT_NEAR(c.mcse_mean, expected.mcse_mean, 1e-10);
}

TEST(ConvergenceReference, AnEvenNumberOfDraws) {
    expect_statistics(series(100), {0.101613225207, 0.805780651598, 1.0911507639, 30.9474924598, 30.9226901018,
                                    0.129521096299});
}

TEST(ConvergenceReference, AnOddNumberOfDrawsLosesTheMiddleOneWhenSplit) {
    expect_statistics(series(101), {0.101026025351, 0.803559677783, 1.09576747784, 29.1689789928, 26.5903246155,
                                    0.133227471215});
}

TEST(ConvergenceReference, TiesShareTheirAverageRank) {
    const Mat rounded = (2 * series(101)).array().unaryExpr([](double x) { return std::nearbyint(x) / 2; });
    expect_statistics(rounded, {0.0990099009901, 0.808668304499, 1.08812244766, 31.0736351936, 55.6630659461,
                                0.135627117637});
}

TEST(ConvergenceReference, WhatIsNotFiniteOrTooShortHasNoStatistics) {
    for (const double value : {NAN, INFINITY, -INFINITY}) {
        Mat x = series(100);
        x(17, 2) = value;
        const Convergence c = convergence(x);
        for (const double statistic : {c.mean, c.sd, c.rhat, c.ess_bulk, c.ess_tail, c.mcse_mean})
            EXPECT_TRUE(std::isnan(statistic));
    }
    const Convergence c = convergence(series(5));
    EXPECT_TRUE(std::isfinite(c.mean) && std::isfinite(c.sd));
    EXPECT_TRUE(std::isnan(c.rhat) && std::isnan(c.ess_bulk));
    EXPECT_TRUE(std::isnan(convergence(Mat(0, 4)).mean));
}

}  // namespace
}  // namespace mmm
