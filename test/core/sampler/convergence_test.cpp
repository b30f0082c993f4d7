// R-hat, effective sample size and Monte Carlo error against cases whose answer is known.
#include <gtest/gtest.h>

#include <cmath>

#include "core/random.hpp"
#include "core/sampler/convergence.hpp"

namespace mmm {
namespace {

// AR(1) with unit variance.
Mat autoregressive(int n, int chains, double rho, std::uint64_t seed) {
    Mat draws(n, chains);
    for (int c = 0; c < chains; ++c) {
        RandomStream random(seed, static_cast<std::uint32_t>(c), 0, 96);
        double x = random.normal();
        for (int i = 0; i < n; ++i) {
            draws(i, c) = x;
            x = rho * x + std::sqrt(1 - rho * rho) * random.normal();
        }
    }
    return draws;
}

TEST(Convergence, IndependentDrawsCountInFull) {
    const Convergence c = convergence(autoregressive(1000, 4, 0, 1));
    EXPECT_NEAR(c.ess_bulk, 4000, 400);
    EXPECT_NEAR(c.ess_tail, 4000, 500);
    EXPECT_LT(c.rhat, 1.005);
    EXPECT_NEAR(c.mean, 0, 5 * c.mcse_mean);
    EXPECT_NEAR(c.sd, 1, 0.05);
    EXPECT_NEAR(c.mcse_mean, 1 / std::sqrt(4000.0), 0.0015);
}

// ESS of the mean of an AR(1) series is n (1 - rho) / (1 + rho).
TEST(Convergence, AutocorrelatedDrawsCountByTheirAutocorrelation) {
    for (const double rho : {0.3, 0.6, 0.9}) {
        const int n = 20000;
        const double expected = 4 * n * (1 - rho) / (1 + rho);
        const Convergence c = convergence(autoregressive(n, 4, rho, 2));
        EXPECT_NEAR(c.ess_bulk / expected, 1, 0.12) << rho;
        EXPECT_NEAR(c.mcse_mean * std::sqrt(expected), 1, 0.08) << rho;
    }
}

TEST(Convergence, AntitheticDrawsCountForMore) {
    EXPECT_GT(convergence(autoregressive(5000, 4, -0.4, 3)).ess_bulk, 1.5 * 20000);
}

TEST(Convergence, RhatSeesAChainThatIsElsewhereAndOneThatIsWider) {
    Mat draws = autoregressive(1000, 4, 0, 4);
    draws.col(2).array() += 1;
    EXPECT_GT(convergence(draws).rhat, 1.1);
    draws = autoregressive(1000, 4, 0, 5);
    draws.col(1) *= 3;
    EXPECT_GT(convergence(draws).rhat, 1.05) << "the folded form sees scale";
}

TEST(Convergence, SplittingSeesADriftThatAllChainsShare) {
    Mat draws = autoregressive(1000, 4, 0, 6);
    for (Eigen::Index i = 0; i < draws.rows(); ++i) draws.row(i).array() += 2.0 * static_cast<double>(i) / 1000;
    EXPECT_GT(convergence(draws).rhat, 1.1);
}

TEST(Convergence, IsInvariantUnderIncreasingMaps) {
    const Mat draws = autoregressive(1000, 4, 0.5, 7);
    const Convergence a = convergence(draws), b = convergence(draws.array().exp().matrix());
    EXPECT_NEAR(a.ess_bulk, b.ess_bulk, 1e-6 * a.ess_bulk) << "bulk statistics are of ranks";
}

TEST(Convergence, AConstantHasNoStatistics) {
    const Convergence c = convergence(Mat::Constant(100, 4, 2.5));
    EXPECT_EQ(c.mean, 2.5);
    EXPECT_TRUE(std::isnan(c.rhat));
    EXPECT_TRUE(std::isnan(c.ess_bulk));
}

TEST(EBfmi, OfIndependentEnergiesIsTwoAndOfARandomWalkNearZero) {
    std::vector<float> independent, walk;
    RandomStream random(8, 0, 0, 95);
    float position = 0;
    for (int i = 0; i < 5000; ++i) {
        independent.push_back(static_cast<float>(random.normal()));
        position += static_cast<float>(random.normal());
        walk.push_back(position);
    }
    EXPECT_NEAR(e_bfmi(independent), 2, 0.15);
    EXPECT_LT(e_bfmi(walk), 0.05);
    EXPECT_DOUBLE_EQ(e_bfmi({1, 3, 2}), 2.5) << "(2^2 + 1^2) / (1 + 1 + 0)";
}

TEST(Quantile, InterpolatesAsType7) {
    const double sorted[] = {1, 2, 4, 8};
    EXPECT_DOUBLE_EQ(quantile_sorted(sorted, 4, 0), 1);
    EXPECT_DOUBLE_EQ(quantile_sorted(sorted, 4, 1), 8);
    EXPECT_DOUBLE_EQ(quantile_sorted(sorted, 4, 0.5), 3);
    EXPECT_DOUBLE_EQ(quantile_sorted(sorted, 4, 0.25), 1.75);
}

}  // namespace
}  // namespace mmm
