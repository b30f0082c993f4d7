// Laws of the KPI that know where 0 is, against Boost.Math's and against what their definitions promise.
#include "core/model/noise_law.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/negative_binomial.hpp>
#include <boost/math/distributions/normal.hpp>

namespace mmm {
namespace {

namespace bm = boost::math;

const Likelihood laws_above_zero[] = {Likelihood::truncated_normal, Likelihood::lognormal, Likelihood::gamma, Likelihood::negative_binomial};

std::string name_of(Likelihood law) { return likelihood_names()[static_cast<std::size_t>(law)]; }

double textbook(Likelihood law, double k, double m, double s) {
    switch (law) {
        case Likelihood::truncated_normal: return bm::pdf(bm::normal(m, s), k) / bm::cdf(bm::complement(bm::normal(m, s), 0));
        case Likelihood::lognormal: return bm::pdf(bm::lognormal(std::log(m) - s * s / 2, s), k);
        case Likelihood::gamma: return bm::pdf(bm::gamma_distribution<>(1 / (s * s), s * s * m), k);
        default: return bm::pdf(bm::negative_binomial(1 / (s * s), 1 / (1 + s * s * m)), k);
    }
}

TEST(NoiseLaw, HasTheDensityOfTheTextbook) {
    for (const Likelihood law : laws_above_zero)
        for (const double m : {0.4, 3.0, 250.0})
            for (const double s : {0.05, 0.3, 1.7})
                for (const double k : {1.0, 4.0, 260.0}) {
                    const double expected = textbook(law, k, m, s);
                    if (!(expected > 1e-280)) continue;
                    const double value = noise_density(law, k, m, s).value;
                    EXPECT_NEAR(value, std::log(expected), 1e-9 * (1 + std::fabs(value))) << name_of(law) << " k " << k << " m " << m << " s " << s;
                }
}

TEST(NoiseLaw, HasTheGradientOfCentralDifferences) {
    for (const Likelihood law : laws_above_zero)
        for (const double m : {0.4, 3.0, 40.0})
            for (const double s : {0.1, 0.6, 1.7})
                for (const double k : {1.0, 5.0, 30.0}) {
                    const NoiseDensity d = noise_density(law, k, m, s, 2);
                    const double h = 1e-5;
                    const auto slope = [&](double dm, double ds) {
                        return (noise_density(law, k, m + dm, s + ds, 2).value - noise_density(law, k, m - dm, s - ds, 2).value) / (2 * (dm + ds));
                    };
                    const double size = 1e-6 * std::max(1.0, std::fabs(d.value));
                    EXPECT_NEAR(d.d_mean, slope(h * m, 0), size + 1e-6 * std::fabs(d.d_mean)) << name_of(law) << " k " << k << " m " << m << " s " << s;
                    EXPECT_NEAR(d.d_sigma, slope(0, h * s), size + 1e-6 * std::fabs(d.d_sigma)) << name_of(law) << " k " << k << " m " << m << " s " << s;
                }
}

// As sigma goes to 0 counts become Poisson: ln P and, as m + s^2 m^2 is the variance, d ln P / ds = s ((n - m)^2 - n).
TEST(NoiseLaw, OfCountsWithoutDispersionIsPoisson) {
    for (const double m : {0.4, 3.0, 250.0})
        for (const double n : {0.0, 1.0, 4.0, 260.0}) {
            const double poisson = n * std::log(m) - m - std::lgamma(n + 1), slope = (n - m) * (n - m) - n;
            for (const double s : {1e-5, 1e-6, 1e-8, 1e-12}) {
                const NoiseDensity d = noise_density(Likelihood::negative_binomial, n, m, s);
                EXPECT_NEAR(d.value, poisson, s * s * std::fabs(slope) + 1e-11 * (1 + std::fabs(poisson))) << n << " of " << m << ", s " << s;
                EXPECT_NEAR(d.d_sigma, s * slope, 1e-4 * s * (1 + std::fabs(slope))) << n << " of " << m << ", s " << s;
                EXPECT_NEAR(d.d_mean, n / m - 1, 1e-6 * (1 + n / m)) << n << " of " << m << ", s " << s;
            }
        }
}

TEST(NoiseLaw, OfCountsDoesNotJumpWhereItsFormChanges) {
    for (const double m : {0.4, 3.0, 250.0})
        for (const double n : {0.0, 1.0, 4.0, 260.0, 5000.0}) {
            const NoiseDensity below = noise_density(Likelihood::negative_binomial, n, m, 0.01 * (1 - 1e-12));
            const NoiseDensity above = noise_density(Likelihood::negative_binomial, n, m, 0.01);
            EXPECT_NEAR(below.value, above.value, 1e-9 + 1e-12 * std::fabs(above.value)) << n << " of " << m;
            EXPECT_NEAR(below.d_mean, above.d_mean, 1e-9 * (1 + std::fabs(above.d_mean))) << n << " of " << m;
            EXPECT_NEAR(below.d_sigma, above.d_sigma, 1e-5 * (1 + std::fabs(above.d_sigma))) << n << " of " << m;
        }
}

// Where the location lies hundreds of standard deviations below 0, erfc() is 0 and the law is nearly exponential.
TEST(NoiseLaw, StaysFiniteAndSmoothFarBelowZero) {
    const double near = noise_density(Likelihood::truncated_normal, 0.001, -29.999, 1).value;
    const double beyond = noise_density(Likelihood::truncated_normal, 0.001, -30.001, 1).value;
    EXPECT_NEAR(beyond, near, 1e-3);
    const NoiseDensity far = noise_density(Likelihood::truncated_normal, 0.01, -500, 1);
    EXPECT_NEAR(far.value, std::log(500) - 500 * 0.01, 1e-3);
    EXPECT_TRUE(std::isfinite(far.d_mean) && std::isfinite(far.d_sigma));
}

TEST(NoiseLaw, RefusesMeansOfZeroAndBelow) {
    for (const Likelihood law : {Likelihood::lognormal, Likelihood::gamma, Likelihood::negative_binomial})
        for (const double m : {0.0, -1.0}) EXPECT_EQ(noise_density(law, 1, m, 0.5).value, -INFINITY) << name_of(law);
}

// Under link log a chain that starts far out meets means of any size.
TEST(NoiseLaw, KnowsMeansFarOut) {
    for (const Likelihood law : laws_above_zero)
        for (const double s : {1e-200, 1e-9, 0.001, 0.02, 0.5, 30.0})
            for (const double m : {1e-300, 1e15, 1e25, 1e200, 1e308, double(INFINITY)})
                for (const double k : {0.0, 3.0}) {
                    NoiseDensity density{};
                    double draw = 0;
                    RandomStream random(3, 0, 0, 99);
                    EXPECT_NO_THROW(density = noise_density(law, k, m, s, 2)) << name_of(law) << " " << m << " " << s;
                    EXPECT_NO_THROW(draw = noise_draw(law, m, s, random, 2)) << name_of(law) << " " << m << " " << s;
                    EXPECT_FALSE(draw < 0) << name_of(law);
                }
    EXPECT_EQ(noise_density(Likelihood::negative_binomial, -1e200, 1, 0.5).value, -INFINITY);
    const double m = 1e25, s = 0.001, size = 1 / (s * s);  // of no count: -size ln(1 + m / size)
    EXPECT_NEAR(noise_density(Likelihood::negative_binomial, 0, m, s).value / (-size * std::log(m / size)), 1, 1e-9);
    EXPECT_NEAR(noise_density(Likelihood::negative_binomial, 0, m, s).d_mean * m / -size, 1, 1e-9);
}

TEST(NoiseLaw, DrawsHaveTheMeanAndVarianceOfTheLaw) {
    const double m = 6, s = 0.5;
    const int n = 20'000;
    for (const Likelihood law : laws_above_zero) {
        double sum = 0, squares = 0;
        for (int i = 0; i < n; ++i) {
            RandomStream random(3, 0, static_cast<std::uint32_t>(i), 99);
            const double k = noise_draw(law, m, s, random);
            EXPECT_GE(k, 0);
            if (law == Likelihood::negative_binomial) {
                EXPECT_EQ(k, std::floor(k));
            }
            sum += k;
            squares += k * k;
        }
        const double mean = sum / n, variance = squares / n - mean * mean;
        const double expected = law == Likelihood::truncated_normal ? s * s  // 12 standard deviations from 0
                                : law == Likelihood::lognormal      ? m * m * std::expm1(s * s)
                                : law == Likelihood::gamma          ? m * m * s * s
                                                                    : m + m * m * s * s;
        EXPECT_NEAR(mean, m, 4 * std::sqrt(expected / n)) << name_of(law);
        EXPECT_NEAR(variance, expected, 0.06 * expected) << name_of(law);
    }
}

TEST(NoiseLaw, TruncatedDrawsFollowTheCutLaw) {
    const bm::normal law(-0.5, 1);
    const double above = bm::cdf(bm::complement(law, 0));
    int below_half = 0;
    const int n = 20'000;
    for (int i = 0; i < n; ++i) {
        RandomStream random(4, 0, static_cast<std::uint32_t>(i), 99);
        below_half += noise_draw(Likelihood::truncated_normal, -0.5, 1, random) < 0.5 ? 1 : 0;
    }
    EXPECT_NEAR(below_half / double(n), (bm::cdf(law, 0.5) - bm::cdf(law, 0)) / above, 0.014);
}

}  // namespace
}  // namespace mmm
