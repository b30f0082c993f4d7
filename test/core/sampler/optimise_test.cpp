// L-BFGS finds the mode, Pathfinder the normal approximation around it.
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "core/sampler/optimise.hpp"
#include "sampler/targets.hpp"

namespace mmm {
namespace {

const StopFlag go{false};

Mat test_covariance() {
    Mat covariance(3, 3);
    covariance << 2, 0.6, 0.1, 0.6, 1, -0.2, 0.1, -0.2, 0.5;
    return covariance;
}

TEST(Maximise, FindsTheModeOfANormal) {
    const MapResult result = maximise(test::normal_with_precision(test_covariance().inverse()), Vec::Constant(3, 4), go);
    EXPECT_TRUE(result.converged);
    EXPECT_LT(result.position.norm(), 1e-5);
}

TEST(Maximise, FindsTheModeOfRosenbrocksFunction) {
    const Density density = test::density_of(2, [](ConstVecRef u, VecRef g) {
        const double a = 1 - u[0], b = u[1] - u[0] * u[0];
        g[0] = 2 * a + 400 * u[0] * b;
        g[1] = -200 * b;
        return -(a * a + 100 * b * b);
    });
    const MapResult result = maximise(density, (Vec(2) << -1.2, 1).finished(), go);
    EXPECT_NEAR(result.position[0], 1, 1e-4);
    EXPECT_NEAR(result.position[1], 1, 1e-4);
}

TEST(Maximise, StepsBackFromWhereTheDensityIsZero) {
    const Density density = test::density_of(1, [](ConstVecRef u, VecRef g) {
        if (u[0] <= 0) return -std::numeric_limits<double>::infinity();
        g[0] = 2 / u[0] - 1;
        return 2 * std::log(u[0]) - u[0];
    });
    EXPECT_NEAR(maximise(density, Vec::Constant(1, 0.01), go).position[0], 2, 1e-3);
}

TEST(Maximise, StaysWhereItIsWhenItCannotStart) {
    const Density nowhere = test::density_of(2, [](ConstVecRef, VecRef) { return -std::numeric_limits<double>::infinity(); });
    const MapResult result = maximise(nowhere, Vec::Ones(2), go);
    EXPECT_FALSE(result.converged);
    EXPECT_EQ(result.position, Vec(Vec::Ones(2)));
}

TEST(Maximise, PassesOnWhatTheDensityThrowsAndAStop) {
    const Density broken = test::density_of(1, [n = 0](ConstVecRef u, VecRef g) mutable {
        if (++n > 1) throw std::domain_error("broken");
        g = -u;
        return -0.5 * u.squaredNorm();
    });
    EXPECT_THROW(maximise(broken, Vec::Ones(1), go), std::domain_error);
    const StopFlag stop{true};
    EXPECT_THROW(maximise(test::standard_normal(2), Vec::Ones(2), stop), Error);
}

TEST(Pathfinder, OfANormalFindsItsMeanAndCovariance) {
    const Mat covariance = test_covariance();
    const PathfinderResult result = pathfinder(test::normal_with_precision(covariance.inverse()), Vec::Constant(3, 5), 4000, 1, 0, go);
    // A quasi-Newton matrix after the half dozen steps that this law takes: near, not exact.
    EXPECT_LT(result.mean.norm(), 0.3);
    EXPECT_LT((result.covariance - covariance).norm() / covariance.norm(), 0.35);
    const Vec mean = result.draws.rowwise().mean();
    EXPECT_LT((mean - result.mean).norm(), 0.1);
}

TEST(Pathfinder, GivesSomethingSaneAtTheOptimumAndInOneDimension) {
    for (const int n : {1, 5}) {
        const PathfinderResult result = pathfinder(test::standard_normal(n), Vec::Zero(n), 10, 1, 0, go);
        EXPECT_TRUE(result.draws.allFinite());
        EXPECT_TRUE(result.covariance.allFinite());
        EXPECT_EQ(result.draws.cols(), 10);
    }
}

TEST(Pathfinder, DependsOnSeedAndChainAlone) {
    const Density density = test::standard_normal(3);
    const auto draws = [&](std::uint64_t seed, int chain) { return pathfinder(density, Vec::Ones(3), 5, seed, chain, go).draws; };
    EXPECT_EQ(draws(1, 0), draws(1, 0));
    EXPECT_NE(draws(1, 0), draws(2, 0));
    EXPECT_NE(draws(1, 0), draws(1, 1));
}

}  // namespace
}  // namespace mmm
