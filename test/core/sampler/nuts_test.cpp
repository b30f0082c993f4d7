// NUTS draws from the density it is given: moments of known laws, within five Monte Carlo standard errors.
#include <gtest/gtest.h>

#include <numbers>

#include <boost/math/distributions/chi_squared.hpp>

#include "core/error.hpp"
#include "core/random.hpp"
#include "core/sampler/convergence.hpp"
#include "sampler/targets.hpp"

namespace mmm {
namespace {

using test::FourChains;

// The mean of `quantity` is `expected`, as far as the effective sample size can tell.
void expect_mean(const FourChains& run, const std::function<double(const Vec&)>& quantity, double expected, const char* name) {
    const Convergence c = convergence(run.of(quantity));
    EXPECT_NEAR(c.mean, expected, 5 * c.mcse_mean) << name;
    EXPECT_LE(c.rhat, 1.02) << name;
}

TEST(Nuts, StandardNormalsOfOneToAHundredDimensionsHaveMeanZeroAndVarianceOne) {
    for (const int n : {1, 2, 10, 100}) {
        const FourChains run(test::standard_normal(n));
        EXPECT_EQ(run.divergences(), 0);
        for (const Eigen::Index i : {0, n / 2, n - 1}) {
            expect_mean(run, [i](const Vec& u) { return u[i]; }, 0, "mean");
            expect_mean(run, [i](const Vec& u) { return u[i] * u[i]; }, 1, "variance");
        }
    }
}

TEST(Nuts, ANormalWithConditionNumberAMillionIsNoHarderThanAStandardOne) {
    // Random rotation of standard deviations from 1 to 1000.
    const int n = 20;
    Mat noise(n, n);
    RandomStream random(5, 0, 0, 99);
    for (Eigen::Index i = 0; i < noise.size(); ++i) noise.data()[i] = random.normal();
    const Mat rotation = Eigen::HouseholderQR<Mat>(noise).householderQ();
    Vec sd(n);
    for (int i = 0; i < n; ++i) sd[i] = std::pow(1000.0, i / (n - 1.0));
    const Mat covariance = rotation * sd.array().square().matrix().asDiagonal() * rotation.transpose();
    const FourChains run(test::normal_with_precision(covariance.inverse()));
    for (const Eigen::Index i : {0, 7, 19}) {
        expect_mean(run, [i](const Vec& u) { return u[i]; }, 0, "mean");
        expect_mean(run, [i](const Vec& u) { return u[i] * u[i]; }, covariance(i, i), "variance");
    }
    EXPECT_GT(convergence(run.of([](const Vec& u) { return u[3]; })).ess_bulk, 2000);
}

TEST(Nuts, AHalfNormalThroughTheLogarithmHasItsMoments) {
    // x = e^u, x ~ HalfNormal(2): E x = 2 sqrt(2 / pi), E x^2 = 4.
    const FourChains run(test::density_of(1, [](ConstVecRef u, VecRef g) {
        const double x = std::exp(u[0]);
        g[0] = -x * x / 4 + 1;
        return -x * x / 8 + u[0];
    }), 4000);
    expect_mean(run, [](const Vec& u) { return std::exp(u[0]); }, 2 * std::sqrt(2 / std::numbers::pi), "mean");
    expect_mean(run, [](const Vec& u) { return std::exp(2 * u[0]); }, 4, "second moment");
}

TEST(Nuts, AStudentTWithFiveDegreesOfFreedomHasVarianceFiveThirds) {
    const FourChains run(test::density_of(3, [](ConstVecRef u, VecRef g) {
        double sum = 0;
        for (Eigen::Index i = 0; i < 3; ++i) {
            sum -= 3 * std::log1p(u[i] * u[i] / 5);
            g[i] = -6 * u[i] / (5 + u[i] * u[i]);
        }
        return sum;
    }), 4000);
    expect_mean(run, [](const Vec& u) { return u[1]; }, 0, "mean");
    expect_mean(run, [](const Vec& u) { return u[1] * u[1]; }, 5.0 / 3, "variance");
}

TEST(Nuts, ABananaHasTheMomentsOfTheNormalItIsBentFrom) {
    // x ~ N(0, 1), y | x ~ N(x^2, 0.5): E y = 1, E x y = 0.
    const FourChains run(test::density_of(2, [](ConstVecRef u, VecRef g) {
        const double e = (u[1] - u[0] * u[0]) / 0.25;
        g[0] = -u[0] + 2 * u[0] * e;
        g[1] = -e;
        return -0.5 * u[0] * u[0] - 0.5 * e * e * 0.25;
    }), 4000);
    expect_mean(run, [](const Vec& u) { return u[1]; }, 1, "mean");
    expect_mean(run, [](const Vec& u) { return u[0] * u[1]; }, 0, "cross moment");
}

TEST(Nuts, AMildFunnelIsExploredToItsNeck) {
    // v ~ N(0, 1), x_i | v ~ N(0, e^(v/2)).
    const FourChains run(test::density_of(4, [](ConstVecRef u, VecRef g) {
        const double precision = std::exp(-u[0]), squares = u.tail(3).squaredNorm();
        g[0] = -u[0] + 0.5 * squares * precision - 1.5;
        g.tail(3) = -precision * u.tail(3);
        return -0.5 * u[0] * u[0] - 0.5 * squares * precision - 1.5 * u[0];
    }), 4000);
    expect_mean(run, [](const Vec& u) { return u[0]; }, 0, "mean of v");
    expect_mean(run, [](const Vec& u) { return u[0] < -1 ? 1.0 : 0.0; }, 0.158655, "share in the neck");
}

TEST(Nuts, TheSameSeedGivesTheSameBitsOnOneThreadAndOnFour) {
    const Density density = test::standard_normal(5);
    const auto run = [&](int threads) {
        std::vector<Mat> draws(4);
        run_tasks(4, threads, [&](int c, const StopFlag&) {
            draws[static_cast<std::size_t>(c)] = test::run_chain(density, Vec::Zero(5), 200, c, 42, 200).draws;
        }, [] {});
        return draws;
    };
    const auto one = run(1), four = run(4);
    for (std::size_t c = 0; c < 4; ++c) EXPECT_TRUE(one[c] == four[c]) << "chain " << c;
    EXPECT_FALSE(one[0] == one[1]) << "chains must differ";
    EXPECT_FALSE(test::run_chain(density, Vec::Zero(5), 200, 0, 43, 200).draws == one[0]) << "seeds must differ";
}

TEST(Nuts, ACliffIsReportedAsDivergences) {
    const ChainResult result = test::run_chain(test::density_of(1, [](ConstVecRef u, VecRef g) {
        g[0] = -u[0];
        return u[0] > 0.5 ? -std::numeric_limits<double>::infinity() : -0.5 * u[0] * u[0];
    }), Vec::Zero(1), 500);
    EXPECT_GT(std::count(result.divergent.begin(), result.divergent.end(), 1), 0);
    EXPECT_LE(result.draws.maxCoeff(), 0.5);
}

TEST(Nuts, AStopIsObeyedWithinOneGradient) {
    StopFlag stop{false};
    int after = 0;
    const Density density = test::density_of(2, [&](ConstVecRef u, VecRef g) {
        if (stop) ++after;
        static thread_local int count = 0;
        if (++count == 500) stop = true;
        g = -u;
        return -0.5 * u.squaredNorm();
    });
    NutsOptions options;
    ChainProgress progress;
    try {
        run_nuts(density, {Vec::Zero(2), {}}, options, 0, progress, stop);
        FAIL() << "it was not stopped";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::cancelled);
    }
    EXPECT_LE(after, 1);
}

TEST(Nuts, TheAcceptanceStatisticComesNearItsTarget) {
    const Density density = test::standard_normal(20);
    for (const double target : {0.7, 0.85, 0.95}) {
        NutsOptions options;
        options.target_accept = target;
        ChainProgress progress;
        const StopFlag stop{false};
        const ChainResult result = run_nuts(density, {Vec::Zero(20), {}}, options, 0, progress, stop);
        double sum = 0;
        for (const float a : result.accept_stat) sum += static_cast<double>(a);
        EXPECT_NEAR(sum / static_cast<double>(result.accept_stat.size()), target, 0.06);
    }
}

TEST(Nuts, ProgressCountsEveryTransition) {
    NutsOptions options;
    options.warmup = 60;
    options.draws = 40;
    ChainProgress progress;
    const StopFlag stop{false};
    run_nuts(test::standard_normal(2), {Vec::Zero(2), {}}, options, 0, progress, stop);
    EXPECT_EQ(progress.total, 100);
    EXPECT_EQ(progress.iteration, 100);
}

// Simulation-based calibration on a conjugate model: mu ~ N(0, 1), one datum y ~ N(mu, 1), posterior N(y / 2, 1 / sqrt 2).
TEST(Nuts, RanksOfTheTruthOfAConjugateModelAreUniform) {
    constexpr int simulations = 400, bins = 10, kept = 99;
    std::vector<int> histogram(bins);
    for (int s = 0; s < simulations; ++s) {
        RandomStream random(11, 0, static_cast<std::uint32_t>(s), 98);
        const double mu = random.normal(), y = mu + random.normal();
        const ChainResult result = test::run_chain(test::density_of(1, [y](ConstVecRef u, VecRef g) {
            g[0] = y - 2 * u[0];
            return -0.5 * u[0] * u[0] - 0.5 * (y - u[0]) * (y - u[0]);
        }), Vec::Zero(1), kept * 4, 0, static_cast<std::uint64_t>(1000 + s), 100);
        int rank = 0;
        for (Eigen::Index i = 0; i < kept; ++i) rank += result.draws(0, 4 * i) < mu ? 1 : 0;
        ++histogram[static_cast<std::size_t>(rank * bins / (kept + 1))];
    }
    double statistic = 0;
    for (const int count : histogram) statistic += std::pow(count - simulations / bins, 2) * bins / simulations;
    EXPECT_GT(boost::math::cdf(boost::math::complement(boost::math::chi_squared(bins - 1), statistic)), 1e-3);
}

}  // namespace
}  // namespace mmm
