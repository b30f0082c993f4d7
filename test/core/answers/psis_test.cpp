// Pareto smoothed importance sampling: tails of known index, what smoothing keeps, reference values.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/random.hpp"
#include "core/summary/psis.hpp"

namespace mmm {
namespace {

// The n quantiles of a generalised Pareto in the middle of n equal shares of probability.
Vec pareto_sample(Eigen::Index n, double k, double sigma) {
    Vec x(n);
    for (Eigen::Index i = 0; i < n; ++i) {
        const double p = (static_cast<double>(i) + 0.5) / static_cast<double>(n);
        x[i] = k == 0 ? -sigma * std::log1p(-p) : sigma * (std::pow(1 - p, -k) - 1) / k;
    }
    return x;
}

TEST(Pareto, FitFindsTheTailIndexOfExactSamples) {
    for (const double k : {-0.3, 0.0, 0.3, 0.7, 1.2}) {
        const ParetoFit fit = fit_pareto(pareto_sample(20'000, k, 2.5));
        EXPECT_NEAR(fit.k, k, 0.01) << k;
        EXPECT_NEAR(fit.sigma, 2.5, 0.03) << k;
    }
}

TEST(Pareto, FitOfRandomSamplesIsWithinItsError) {
    constexpr Eigen::Index n = 2000;
    for (const double k : {0.2, 0.5, 0.9}) {
        RandomStream random(3, 0, 0, 99);
        Vec x(n);
        for (double& value : x) value = (std::pow(1 - random.uniform(), -k) - 1) / k;
        std::sort(x.begin(), x.end());
        EXPECT_NEAR(fit_pareto(x).k, k,
                    3 * (1 + k) / std::sqrt(n));  // asymptotic sd of the maximum likelihood estimate
    }
}

TEST(Pareto, QuantilesInvertTheDistribution) {
    for (const double k : {-0.4, 0.0, 0.6}) {
        const ParetoFit fit{k, 1.7};
        for (const double p : {0.001, 0.5, 0.999}) {
            const double x = pareto_quantile(p, fit);
            const double survival = k == 0 ? std::exp(-x / 1.7) : std::pow(1 + k * x / 1.7, -1 / k);
            EXPECT_NEAR(1 - survival, p, 1e-12);
        }
    }
}

TEST(Psis, FindsTheTailIndexOfRatios) {
    for (const double k : {0.2, 0.5, 0.8}) {
        Vec log_ratios(50'000);  // ratios u^-k
        for (Eigen::Index i = 0; i < log_ratios.size(); ++i)
            log_ratios[i] = -k * std::log((static_cast<double>(i) + 0.5) / 50'000);
        EXPECT_NEAR(smooth_weights(log_ratios, 1), k, 0.02);
    }
}

TEST(Psis, KeepsTheBodyTheOrderAndTheSum) {
    RandomStream random(4, 0, 0, 99);
    Vec raw(1000);
    for (double& value : raw) value = 2 * random.normal();
    Vec smoothed = raw;
    const double k = smooth_weights(smoothed, 1);
    EXPECT_TRUE(k > 0.2 && k < 1.5);
    EXPECT_NEAR(smoothed.array().exp().sum(), 1, 1e-12);
    std::vector<Eigen::Index> order(1000);
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return raw[a] < raw[b]; });
    const auto tail = static_cast<std::size_t>(std::ceil(3 * std::sqrt(1000.0)));
    const double shift = smoothed[order[0]] - raw[order[0]];
    for (std::size_t i = 1; i < 1000; ++i) {
        EXPECT_GE(smoothed[order[i]], smoothed[order[i - 1]]);
        if (i >= 1000 - tail) continue;
        EXPECT_NEAR(smoothed[order[i]] - raw[order[i]], shift, 1e-12);
    }
    EXPECT_LE(smoothed[order[999]], raw[order[999]] + shift + 1e-12);
}

// ArviZ 0.21.0, psislw() of the same numbers: k and the smoothed log weights of the largest, the second, the 30th and
// the smallest.
TEST(Psis, AgreesWithArviz) {
    struct Reference {
        double scale, relative_efficiency, k, largest, second, thirtieth, smallest;
    };
    for (const Reference& r : {Reference{1, 1, 0.29344423968395, -3.0912643730719433, -3.3788309570963913,
                                         -4.829246729070209, -10.370819005512827},
                               Reference{1.5, 0.6, 0.5842740955300394, -2.20540403591614, -2.6804915840209236,
                                         -4.844121644542172, -13.124735984577462}}) {
        Vec x(400);
        for (Eigen::Index i = 0; i < 400; ++i) {
            const auto t = static_cast<double>(i);
            x[i] = r.scale * (std::sin(0.7 * t) + std::sin(1.3 * t * std::sqrt(2.0)) +
                              std::sin(2.1 * t * std::sqrt(3.0)) + std::sin(3.7 * t * std::sqrt(5.0)));
        }
        EXPECT_NEAR(smooth_weights(x, r.relative_efficiency), r.k, 1e-10);
        EXPECT_NEAR(x[370], r.largest, 1e-10);
        EXPECT_NEAR(x[244], r.second, 1e-10);
        EXPECT_NEAR(x[398], r.thirtieth, 1e-10);
        EXPECT_NEAR(x[160], r.smallest, 1e-10);
    }
}

TEST(Psis, OfTooFewDrawsCannotTell) {
    Vec few = Vec::LinSpaced(20, 0, 1);
    EXPECT_EQ(smooth_weights(few, 1), std::numeric_limits<double>::infinity());
    EXPECT_NEAR(few.array().exp().sum(), 1, 1e-12);
}

TEST(Psis, OfEqualRatiosHasNoTail) {
    Vec equal = Vec::Constant(100, 3.0);
    EXPECT_EQ(smooth_weights(equal, 1), -std::numeric_limits<double>::infinity());
    EXPECT_NEAR(equal[0], -std::log(100), 1e-12);
}

TEST(Psis, OfRatiosThatAreNotFiniteIsNotANumber) {
    for (const double odd : {std::nan(""), std::numeric_limits<double>::infinity()}) {
        Vec ratios = Vec::LinSpaced(100, 0, 1);
        ratios[7] = odd;
        EXPECT_EQ(smooth_weights(ratios, 1), std::numeric_limits<double>::infinity());
        EXPECT_TRUE(std::isnan(ratios[0]));
    }
}

TEST(Psis, ThresholdDependsOnTheNumberOfDraws) {
    EXPECT_DOUBLE_EQ(pareto_k_threshold(100), 0.5);
    EXPECT_NEAR(pareto_k_threshold(1000), 2.0 / 3, 1e-12);
    EXPECT_DOUBLE_EQ(pareto_k_threshold(4000), 0.7);
}

}  // namespace
}  // namespace mmm
