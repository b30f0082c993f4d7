// Priors as distributions: density, its derivative, support, and draws.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/cauchy.hpp>
#include <boost/math/distributions/exponential.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/inverse_gamma.hpp>
#include <boost/math/distributions/laplace.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <functional>

#include "core/limits.hpp"
#include "core/model/prior.hpp"

namespace mmm {
namespace {

namespace bm = boost::math;
using F = PriorFamily;

// A prior beside the textbook law it promises to be: density up to a constant, distribution function and support.
struct Law {
    const char* name;
    Prior prior;
    std::function<double(double)> density, below;
    Interval support;
};

template <typename D>
Law law(const char* name, const Prior& prior, const D& d, Interval support, double shift = 0, double scale = 1) {
    // By probabilities of being above, which keep their digits where those of being below are near 1.
    const auto above = [=](double x) {
        return std::isinf(x) ? (x > 0 ? 0.0 : 1.0) : bm::cdf(bm::complement(d, (x - shift) / scale));
    };
    const double most = above(support.lower), least = above(support.upper);
    return {name, prior, [=](double x) { return bm::pdf(d, (x - shift) / scale); },
            [=](double x) { return (most - above(x)) / (most - least); }, support};
}

const std::vector<Law>& laws() {
    static const std::vector<Law> all = {
        law("normal", make_prior(F::normal, -0.3, 2), bm::normal(-0.3, 2), {-infinity, infinity}),
        law("half_normal", make_prior(F::half_normal, 2), bm::normal(0, 2), {0, infinity}),
        law("truncated_normal", make_prior(F::truncated_normal, 0.8, 0.8, 0.1, 10), bm::normal(0.8, 0.8), {0.1, 10}),
        law("truncated_normal, far tail", make_prior(F::truncated_normal, 0, 1, 9, 12), bm::normal(0, 1), {9, 12}),
        law("log_normal", make_prior(F::log_normal, 0.2, 0.9), bm::lognormal(0.2, 0.9), {0, infinity}),
        law("shifted log_normal", make_prior(F::log_normal, 0.7, 0.4, 0.1), bm::lognormal(0.7, 0.4), {0.1, infinity},
            0.1),
        law("beta", make_prior(F::beta, 1, 3), bm::beta_distribution<>(1, 3), {0, 1}),
        law("beta (2, 0.5)", make_prior(F::beta, 2, 0.5), bm::beta_distribution<>(2, 0.5), {0, 1}),
        law("gamma", make_prior(F::gamma, 3, 2), bm::gamma_distribution<>(3, 0.5), {0, infinity}),
        law("inverse_gamma", make_prior(F::inverse_gamma, 3, 2), bm::inverse_gamma_distribution<>(3, 2), {0, infinity}),
        law("exponential", make_prior(F::exponential, 4), bm::exponential(4), {0, infinity}),
        law("laplace", make_prior(F::laplace, 0.5, 0.2), bm::laplace(0.5, 0.2), {-infinity, infinity}),
        law("student_t", make_prior(F::student_t, 4, 0.3, 2), bm::students_t(4), {-infinity, infinity}, 0.3, 2),
        law("half_student_t", make_prior(F::half_student_t, 4, 2), bm::students_t(4), {0, infinity}, 0, 2),
        law("cauchy", make_prior(F::cauchy, 0.3, 2), bm::cauchy(0.3, 2), {-infinity, infinity}),
        law("half_cauchy", make_prior(F::half_cauchy, 2), bm::cauchy(0, 2), {0, infinity}),
        {"uniform",
         make_prior(F::uniform, -1, 3),
         [](double) { return 0.25; },
         [](double x) { return (x + 1) / 4; },
         {-1, 3}}};
    return all;
}

// Points well inside the support, neither at the middle nor at a kink.
std::vector<double> points(const Law& law) {
    const double low = std::isinf(law.support.lower) ? -6 : law.support.lower;
    const double high = std::isinf(law.support.upper) ? low + 9 : law.support.upper;
    std::vector<double> all;
    for (const double share : {0.003, 0.02, 0.1, 0.23, 0.41, 0.62, 0.87, 0.98})
        all.push_back(low + share * (high - low));
    return all;
}

double log_density(const Prior& prior, double x) {
    double derivative = 0;
    return prior_log_density(prior, x, derivative);
}

TEST(Prior, HasTheSupportOfItsFamily) {
    for (const auto& law : laws()) {
        EXPECT_EQ(prior_support(law.prior).lower, law.support.lower) << law.name;
        EXPECT_EQ(prior_support(law.prior).upper, law.support.upper) << law.name;
    }
    EXPECT_EQ(prior_support(make_prior(F::fixed, 3)).lower, 3);
    EXPECT_EQ(prior_support(make_prior(F::fixed, 3)).upper, 3);
}

TEST(Prior, DensitiesStandInTheRatioOfTheTextbook) {
    for (const auto& law : laws()) {
        const auto x = points(law);
        for (const double a : x) {
            if (law.density(a) < 1e-290 || law.density(x[0]) < 1e-290) continue;
            const double expected = std::log(law.density(a)) - std::log(law.density(x[0]));
            EXPECT_NEAR(log_density(law.prior, a) - log_density(law.prior, x[0]), expected,
                        1e-11 * std::max(1.0, std::fabs(expected)))
                << law.name << " at " << a;
        }
    }
}

TEST(Prior, DerivativesAgreeWithDifferencesOfTheLogDensity) {
    for (const auto& law : laws())
        for (const double x : points(law)) {
            const double h = 1e-4 * std::min({1.0, std::fabs(x), x - law.support.lower, law.support.upper - x});
            const auto at = [&](double step) { return log_density(law.prior, x + step * h); };
            const double numeric = (at(-2) - 8 * at(-1) + 8 * at(1) - at(2)) / (12 * h);
            double exact = 0;
            prior_log_density(law.prior, x, exact);
            EXPECT_NEAR(exact, numeric, 1e-7 * std::max(1.0, std::fabs(numeric))) << law.name << " at " << x;
        }
}

TEST(Prior, ThatIsFlatOrFixedHasNoSlope) {
    for (const Prior& prior : {make_prior(F::uniform, -1, 3), make_prior(F::fixed, 2)}) {
        double derivative = 7;
        EXPECT_EQ(prior_log_density(prior, 2, derivative), 0);
        EXPECT_EQ(derivative, 0);
    }
}

// Largest distance between the empirical and the promised distribution function; its limit law rejects a right sampler
// once in a thousand where sqrt(n) D > 1.95 (Kolmogorov).
double kolmogorov_smirnov(std::vector<double> draws, const std::function<double(double)>& below) {
    std::sort(draws.begin(), draws.end());
    const auto n = static_cast<double>(draws.size());
    double distance = 0;
    for (std::size_t i = 0; i < draws.size(); ++i) {
        const double p = below(draws[i]), rank = static_cast<double>(i);
        distance = std::max({distance, p - rank / n, (rank + 1) / n - p});
    }
    return std::sqrt(n) * distance;
}
constexpr double rejected_at_1_in_1000 = 1.95;

std::vector<double> draw(const Prior& prior, Interval domain, std::uint32_t n) {
    std::vector<double> draws;
    for (std::uint32_t i = 0; i < n; ++i) {
        RandomStream random(11, 0, i, stream::simulate);
        draws.push_back(prior_draw(prior, domain, random));
    }
    return draws;
}

TEST(PriorDraws, FollowTheDistribution) {
    for (const auto& law : laws())
        EXPECT_LT(kolmogorov_smirnov(draw(law.prior, {-infinity, infinity}, 20'000), law.below), rejected_at_1_in_1000)
            << law.name;
}

TEST(PriorDraws, FollowTheDistributionInFarTails) {
    // Where the distribution function is 1 to all digits: normal beyond 9 sigma against its known complement.
    const Prior prior = make_prior(F::normal, 0, 1);
    const auto tail = [](double x) { return bm::cdf(bm::complement(bm::normal(), x)); };
    for (const auto& [lower, upper] : {std::pair{9.0, infinity}, {9.0, 9.05}, {30.0, infinity}}) {
        const double most = tail(lower), least = std::isinf(upper) ? 0 : tail(upper);
        const auto draws = draw(prior, {lower, upper}, 20'000);
        EXPECT_LT(kolmogorov_smirnov(draws, [&](double x) { return (most - tail(x)) / (most - least); }),
                  rejected_at_1_in_1000);
        std::vector<double> mirrored = draw(prior, {-upper, -lower}, 20'000);
        for (double& x : mirrored) x = -x;
        EXPECT_LT(kolmogorov_smirnov(mirrored, [&](double x) { return (most - tail(x)) / (most - least); }),
                  rejected_at_1_in_1000);
    }
}

TEST(PriorDraws, StayInsideTheDomainAndFollowTheTruncatedLaw) {
    for (const auto& law : laws()) {
        const double low = std::isinf(law.support.lower) ? -1 : law.support.lower;
        const double high = std::isinf(law.support.upper) ? low + 2 : law.support.upper;
        const Interval domain{low + 0.2 * (high - low), low + 0.7 * (high - low)};
        const auto draws = draw(law.prior, domain, 20'000);
        const auto [least, most] = std::minmax_element(draws.begin(), draws.end());
        EXPECT_GE(*least, domain.lower) << law.name;
        EXPECT_LE(*most, domain.upper) << law.name;
        const double before = law.below(domain.lower), mass = law.below(domain.upper) - before;
        EXPECT_LT(kolmogorov_smirnov(draws, [&](double x) { return (law.below(x) - before) / mass; }),
                  rejected_at_1_in_1000)
            << law.name;
    }
}

TEST(PriorDraws, OfAFixedPriorAreItsValue) {
    RandomStream random(1, 0, 0, stream::simulate);
    EXPECT_EQ(prior_draw(make_prior(F::fixed, 0.25), {0, 1}, random), 0.25);
}

TEST(PriorDraws, OfLawsBeyondTheRangeOfNumbersAreNotANumber) {
    for (const Prior& prior : {make_prior(F::gamma, 3, 5e-324), make_prior(F::inverse_gamma, 5e-324, 10),
                               make_prior(F::beta, 1e300, 1e300), make_prior(F::uniform, -1e308, 1e308)}) {
        RandomStream random(1, 0, 0, stream::simulate);
        const double x = prior_draw(prior, {-infinity, infinity}, random);
        EXPECT_TRUE(std::isnan(x) || std::isfinite(x));
    }
}

TEST(PriorDraws, AreTheSameForTheSameStream) {
    EXPECT_EQ(draw(make_prior(F::gamma, 3, 1), {0, infinity}, 50), draw(make_prior(F::gamma, 3, 1), {0, infinity}, 50));
}

TEST(PriorCenterAndScale, AreOfTheOrderOfTheMedianAndSpread) {
    for (const auto& law : laws()) {
        const double center = prior_center(law.prior), scale = prior_scale(law.prior);
        EXPECT_GT(scale, 0) << law.name;
        if (std::string(law.name).find("tail") != std::string::npos) continue;
        EXPECT_GT(law.below(std::min(center + 1.5 * scale, law.support.upper)), 0.6) << law.name;
        EXPECT_LT(law.below(std::max(center - 1.5 * scale, law.support.lower)), 0.4) << law.name;
        EXPECT_TRUE(law.below(center) > 0.2 && law.below(center) < 0.8) << law.name;
    }
}

}  // namespace
}  // namespace mmm
