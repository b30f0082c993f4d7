// Distances between prior and posterior, and sensitivity to a prior, against mathematics.
#include <gtest/gtest.h>

#include <cmath>

#include <boost/math/distributions/normal.hpp>

#include "core/model/prior_probability.hpp"
#include "core/summary/prior_review.hpp"
#include "model/hand_made_model.hpp"

namespace mmm {
namespace {

namespace bm = boost::math;

constexpr Interval everywhere{-INFINITY, INFINITY};

// n values that cut a normal distribution into equal parts.
Vec normal_quantiles(Eigen::Index n, double mean, double sd) {
    Vec x(n);
    for (Eigen::Index i = 0; i < n; ++i)
        x[i] = bm::quantile(bm::normal(mean, sd), (static_cast<double>(i) + 0.5) / static_cast<double>(n));
    return x;
}

std::vector<Eigen::Index> in_order(Eigen::Index n) {
    std::vector<Eigen::Index> order;
    for (Eigen::Index i = 0; i < n; ++i) order.push_back(i);
    return order;
}

TEST(PriorProbability, IsTheDistributionFunctionOfEachFamily) {
    const auto p = [](PriorFamily family, double a, double b, double x, double c = 0, double d = 0) {
        return prior_probability(make_prior(family, a, b, c, d), everywhere, x);
    };
    const double one_sd = 0.8413447460685429;
    EXPECT_NEAR(p(PriorFamily::normal, 2, 3, 5), one_sd, 1e-15);
    EXPECT_NEAR(p(PriorFamily::half_normal, 3, 0, 3), 2 * one_sd - 1, 1e-15);
    EXPECT_NEAR(p(PriorFamily::log_normal, 0.2, 0.9, std::exp(1.1)), one_sd, 1e-15);
    EXPECT_NEAR(p(PriorFamily::log_normal, 0.2, 0.9, 7 + std::exp(1.1), 7), one_sd, 1e-15);
    EXPECT_NEAR(p(PriorFamily::truncated_normal, 0, 1, 0.5, 0, 1), (bm::cdf(bm::normal(), 0.5) - 0.5) / (one_sd - 0.5),
                1e-15);
    EXPECT_NEAR(p(PriorFamily::beta, 2, 1, 0.5), 0.25, 1e-15);
    EXPECT_NEAR(p(PriorFamily::gamma, 1, 2, 1.5), 1 - std::exp(-3.0), 1e-15);
    EXPECT_NEAR(p(PriorFamily::inverse_gamma, 1, 2, 4), std::exp(-0.5), 1e-15);
    EXPECT_NEAR(p(PriorFamily::exponential, 2, 0, 1.5), 1 - std::exp(-3.0), 1e-15);
    EXPECT_NEAR(p(PriorFamily::uniform, 1, 5, 2), 0.25, 1e-15);
    EXPECT_NEAR(p(PriorFamily::laplace, 1, 2, 3), 1 - 0.5 * std::exp(-1.0), 1e-15);
    EXPECT_NEAR(p(PriorFamily::student_t, 1, 2, 2 + 3, 3), 0.75, 1e-15);
    EXPECT_NEAR(p(PriorFamily::half_student_t, 1, 3, 3), 0.5, 1e-15);
    EXPECT_NEAR(p(PriorFamily::cauchy, 2, 3, 5), 0.75, 1e-15);
    EXPECT_NEAR(p(PriorFamily::half_cauchy, 3, 0, 3), 0.5, 1e-15);
    EXPECT_TRUE(std::isnan(p(PriorFamily::fixed, 2, 0, 1)));
}

TEST(PriorProbability, IsThatOfThePartInsideTheDomain) {
    const Prior prior = make_prior(PriorFamily::normal, 0, 1);
    EXPECT_EQ(prior_probability(prior, {0, INFINITY}, -1), 0);
    EXPECT_NEAR(prior_probability(prior, {0, INFINITY}, 1), 0.6826894921370859, 1e-15);
    EXPECT_EQ(prior_probability(prior, {0, 1}, 1), 1);
    // Ten standard deviations out, where 1 - p has no digits left.
    const double expected = 1 - bm::cdf(bm::complement(bm::normal(), 10.1)) / bm::cdf(bm::complement(bm::normal(), 10));
    EXPECT_NEAR(prior_probability(prior, {10, INFINITY}, 10.1), expected, 1e-12);
}

TEST(KolmogorovDistance, IsTheLargestGapBetweenDistributionFunctions) {
    const auto uniform = [](double x) { return x; };
    std::vector<double> draws{0.9, 0.1, 0.5, 0.3, 0.7};  // steps of 0.2 around the middle of each
    EXPECT_NEAR(kolmogorov_distance(draws, uniform, 100), 0.1, 1e-15);
    draws = {0.95, 0.9, 0.8};
    EXPECT_NEAR(kolmogorov_distance(draws, uniform, 100), 0.8, 1e-15);
    // Two normals of distance 1: 2 Phi(1/2) - 1.
    const Vec x = normal_quantiles(20'000, 1, 1);
    draws.assign(x.begin(), x.end());
    EXPECT_NEAR(kolmogorov_distance(
                    draws, [](double v) { return bm::cdf(bm::normal(), v); }, 100'000),
                0.3829249, 1e-4);
    EXPECT_NEAR(kolmogorov_distance(
                    draws, [](double v) { return bm::cdf(bm::normal(), v); }, 200),
                0.3829249, 5e-3);
}

TEST(CumulativeJensenShannon, ByHandOfTwoSteps) {
    // x = 0, 1, 3; P = 1/3, 2/3 on the steps of width 1 and 2, Q = 1/2, 3/4.
    const Vec x = Vec{{0, 1, 3}}, weights = Vec{{0.5, 0.25, 0.25}};
    const auto term = [](double p, double q) {
        return p * std::log2(2 * p / (p + q)) + q * std::log2(2 * q / (p + q));
    };
    const double lower = (term(1.0 / 3, 0.5) + 2 * term(2.0 / 3, 0.75)) / (1.0 / 3 + 0.5 + 2 * (2.0 / 3 + 0.75));
    const double upper = (term(2.0 / 3, 0.5) + 2 * term(1.0 / 3, 0.25)) / (2.0 / 3 + 0.5 + 2 * (1.0 / 3 + 0.25));
    EXPECT_NEAR(cumulative_jensen_shannon(x, in_order(3), weights), std::sqrt(std::max(lower, upper)), 1e-15);
    EXPECT_EQ(cumulative_jensen_shannon(x, in_order(3), Vec::Constant(3, 1.0 / 3)), 0);
}

TEST(PowerSensitivity, IsThatOfTheIntegralWhereThePosteriorIsItsPrior) {
    // A normal prior to the power a is normal with 1 / a of its variance: d by quadrature of the distribution
    // functions.
    const auto distance = [](double a) {
        double top[2] = {0, 0}, bottom[2] = {0, 0};
        for (double x = -8; x < 8; x += 1e-3) {
            const double p = bm::cdf(bm::normal(), x), q = bm::cdf(bm::normal(0, 1 / std::sqrt(a)), x);
            const double sides[2][2] = {{p, q}, {1 - p, 1 - q}};
            for (int s = 0; s < 2; ++s) {
                const double u = sides[s][0], v = sides[s][1], m = u + v;
                top[s] += (u > 0 ? u * std::log2(2 * u / m) : 0) + (v > 0 ? v * std::log2(2 * v / m) : 0);
                // The support of the draws ends where that of 20,000 quantiles does.
                bottom[s] += x > -4.06 && x < 4.06 ? m : 0;
            }
        }
        return std::sqrt(std::max(top[0] / bottom[0], top[1] / bottom[1]));
    };
    const Vec x = normal_quantiles(20'000, 0, 1);
    const double expected = (distance(1.25) + distance(0.8)) / (2 * std::log2(1.25));
    const Sensitivity found = power_sensitivity(x, -0.5 * x.cwiseAbs2());
    EXPECT_NEAR(found.value, expected, 0.02 * expected);
    EXPECT_GT(found.value, 0.05);
}

TEST(PowerSensitivity, IsNoneToAPriorThatIsFlatWhereThePosteriorLies) {
    const Vec x = normal_quantiles(4000, 0, 1);
    EXPECT_LT(power_sensitivity(x, Vec::Constant(4000, 3)).value, 1e-6);
    // A prior ten times as wide.
    EXPECT_LT(power_sensitivity(x, -0.5 * (x / 10).cwiseAbs2()).value, 0.01);
}

TEST(ShortestInterval, HoldsItsShareWhereDrawsAreDensest) {
    std::vector<double> draws{0, 10, 1, 2, 3, 4, 30, 5, 6, 20};
    EXPECT_DOUBLE_EQ(shortest_interval(draws, 0.5), 5);
    EXPECT_DOUBLE_EQ(shortest_interval(draws, 0.7), 10);
}

TEST(EffectPrior, UnderAHyperpriorIsTheMeanOverItsDraws) {
    // coefficient ~ half_normal(s), s ~ half_normal(1): P(x <= 1) = int P(|z| <= 1 / s) p(s) ds, by quadrature.
    const FittedModel model = test::unfitted_model(
        R"({"time": "week", "geo": "geo", "kpi": "sales", "media": {"tv": {"spend": "tv", "prior":
            {"family": "half_normal",
            "sigma": {"family": "half_normal", "sigma": 1}, "by": "geo"}}}, "trend": "none", "seasonality": false,
            "simulate": {"geos": 3, "periods": 40}})",
        1);
    const EffectPrior prior(model, 0);
    ASSERT_EQ(prior.parameters().size(), 3U);
    double expected = 0;
    for (double s = 5e-4; s < 10; s += 1e-3)
        expected += 1e-3 * 2 * bm::pdf(bm::normal(), s) * (2 * bm::cdf(bm::normal(), 1 / s) - 1);
    EXPECT_NEAR(prior.probability(prior.parameters()[1], 1), expected, 0.05);
    EXPECT_EQ(prior.probability(prior.parameters()[1], 1), EffectPrior(model, 0).probability(prior.parameters()[1], 1));
}

}  // namespace
}  // namespace mmm
