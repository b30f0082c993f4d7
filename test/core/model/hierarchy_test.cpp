// Parameters whose prior has parameters as arguments.
#include <gtest/gtest.h>

#include <cmath>

#include <boost/math/distributions/cauchy.hpp>
#include <boost/math/distributions/laplace.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

#include "core/model/hierarchy.hpp"

namespace mmm {
namespace {

namespace bm = boost::math;
using F = PriorFamily;

struct HyperLaw {
    F family;
    std::array<double, 4> arguments;
    std::vector<double> points;
};

const std::vector<HyperLaw>& hyper_laws() {
    static const std::vector<HyperLaw> all = {
        {F::normal, {0.3, 1.7, 0, 0}, {-2, 0.4, 3}},           {F::half_normal, {0.6, 0, 0, 0}, {0.1, 0.5, 2}},
        {F::log_normal, {0.2, 0.9, 0.1, 0}, {0.2, 1, 5}},      {F::laplace, {0.5, 0.4, 0, 0}, {-1, 0.2, 2}},
        {F::student_t, {4, -0.3, 0.8, 0}, {-3, 0.1, 2}},       {F::half_student_t, {3, 1.4, 0, 0}, {0.1, 1, 6}},
        {F::cauchy, {0.2, 0.5, 0, 0}, {-4, 0.3, 1}},           {F::half_cauchy, {0.9, 0, 0, 0}, {0.05, 1, 8}}};
    return all;
}

// Up to a constant that depends on no argument but nu.
double log_pdf(const HyperLaw& law, const std::array<double, 4>& a, double x) {
    switch (law.family) {
        case F::half_normal: return std::log(bm::pdf(bm::normal(0, a[0]), x));
        case F::log_normal: return std::log(bm::pdf(bm::lognormal(a[0], a[1]), x - a[2]));
        case F::laplace: return std::log(bm::pdf(bm::laplace(a[0], a[1]), x));
        case F::student_t: return std::log(bm::pdf(bm::students_t(a[0]), (x - a[1]) / a[2]) / a[2]);
        case F::half_student_t: return std::log(bm::pdf(bm::students_t(a[0]), x / a[1]) / a[1]);
        case F::cauchy: return std::log(bm::pdf(bm::cauchy(a[0], a[1]), x));
        case F::half_cauchy: return std::log(bm::pdf(bm::cauchy(0, a[0]), x));
        default: return std::log(bm::pdf(bm::normal(a[0], a[1]), x));
    }
}

TEST(HierarchicalDensity, DiffersFromTheLawByAConstant) {
    for (const HyperLaw& law : hyper_laws()) {
        const double constant = hierarchical_log_density(law.family, law.arguments.data(), law.points[0]).value -
                                log_pdf(law, law.arguments, law.points[0]);
        const LocationScale at = location_scale(law.family, law.arguments.data());
        for (const double x : law.points)
            for (const double wider : {0.5, 1.0, 3.0}) {
                auto a = law.arguments;
                a[static_cast<std::size_t>(at.sigma_position)] *= wider;
                EXPECT_NEAR(hierarchical_log_density(law.family, a.data(), x).value - log_pdf(law, a, x), constant, 1e-12);
            }
    }
}

// Differences by one argument or by x.
template <typename Evaluate>
double slope(Evaluate&& evaluate, double at) {
    const double h = 1e-5 * std::max(1.0, std::fabs(at));
    return (evaluate(at + h) - evaluate(at - h)) / (2 * h);
}

TEST(HierarchicalDensity, HasTheDerivativesOfDifferences) {
    for (const HyperLaw& law : hyper_laws()) {
        const LocationScale at = location_scale(law.family, law.arguments.data());
        for (const double x : law.points) {
            const auto d = hierarchical_log_density(law.family, law.arguments.data(), x);
            const auto by_argument = [&](int position) {
                return slope([&](double value) {
                    auto a = law.arguments;
                    a[static_cast<std::size_t>(position)] = value;
                    return hierarchical_log_density(law.family, a.data(), x).value;
                }, law.arguments[static_cast<std::size_t>(position)]);
            };
            EXPECT_NEAR(d.d_x, slope([&](double v) { return hierarchical_log_density(law.family, law.arguments.data(), v).value; }, x), 1e-6);
            EXPECT_NEAR(d.d_sigma, by_argument(at.sigma_position), 1e-6);
            if (at.mu_position >= 0) {
                EXPECT_NEAR(d.d_mu, by_argument(at.mu_position), 1e-6);
            }
        }
    }
}

TEST(HierarchicalValue, HasTheDerivativesOfDifferencesAndItsOwnJacobian) {
    for (const HyperLaw& law : hyper_laws())
        for (const double lambda : {0.0, 0.3, 1.0})
            for (const double x : {-1.2, 0.4}) {
                const LocationScale at = location_scale(law.family, law.arguments.data());
                const auto v = hierarchical_value(law.family, law.arguments.data(), lambda, x);
                const auto evaluate = [&](int position, double value) {
                    auto a = law.arguments;
                    a[static_cast<std::size_t>(position)] = value;
                    return hierarchical_value(law.family, a.data(), lambda, x);
                };
                const double sigma = law.arguments[static_cast<std::size_t>(at.sigma_position)];
                EXPECT_NEAR(v.d_x, slope([&](double u) { return hierarchical_value(law.family, law.arguments.data(), lambda, u).value; }, x), 1e-6 * (1 + std::fabs(v.d_x)));
                EXPECT_NEAR(v.log_jacobian, std::log(std::fabs(v.d_x)), 1e-12);
                EXPECT_NEAR(v.d_sigma, slope([&](double s) { return evaluate(at.sigma_position, s).value; }, sigma), 1e-6 * (1 + std::fabs(v.d_sigma)));
                EXPECT_NEAR(v.j_sigma, slope([&](double s) { return evaluate(at.sigma_position, s).log_jacobian; }, sigma), 1e-6 * (1 + std::fabs(v.j_sigma)));
                EXPECT_NEAR(hierarchical_coordinate(law.family, law.arguments.data(), lambda, v.value), x, 1e-9);
            }
}

// Its density is that of a standard normal x, whatever the scale; derivatives by differences; odd; smooth where formulas change.
TEST(SmoothLaplace, MakesItsCoordinateStandardNormal) {
    for (const double x : {-38.0, -36.999, -6.0, -1.2, -1e-9, 0.0, 0.4, 3.0, 37.0, 37.001, 60.0})
        for (const double sigma : {0.05, 2.0}) {
            const std::array<double, 4> a{0.3, sigma, 0, 0};
            const auto v = smooth_laplace_value(a.data(), x);
            const double total = hierarchical_log_density(PriorFamily::laplace, a.data(), v.value).value + v.log_jacobian;
            EXPECT_NEAR(total + 0.5 * x * x, 0.5 * std::log(2 / M_PI), 1e-8 + 1e-12 * x * x) << x;
            EXPECT_NEAR(v.value - 0.3, 0.3 - smooth_laplace_value(a.data(), -x).value, 1e-9 * std::fabs(v.value));
            const auto at = [&](double u) { return smooth_laplace_value(a.data(), u); };
            // Differences mean nothing across the middle, where the second derivative jumps.
            if (std::fabs(x) < 1e-3) continue;
            EXPECT_NEAR(v.d_x, slope([&](double u) { return at(u).value; }, x), 1e-4 * v.d_x);
            EXPECT_NEAR(v.j_x, slope([&](double u) { return at(u).log_jacobian; }, x), 1e-3 * (1 + std::fabs(v.j_x)));
            EXPECT_NEAR(v.d_sigma, (v.value - 0.3) / sigma, 1e-12 * (1 + std::fabs(v.d_sigma)));
            EXPECT_NEAR(v.j_sigma, 1 / sigma, 1e-12 / sigma);
            EXPECT_EQ(v.d_mu, 1);
            EXPECT_EQ(v.j_mu, 0);
        }
}

TEST(HierarchicalPriors, AreReadFromNestedObjectsAndWrittenBack) {
    const Json json = Json::parse(R"({"family": "normal", "mu": {"family": "normal", "mu": 0, "sigma": 1},
                                      "sigma": {"family": "half_normal", "sigma": 2}, "by": "geo"})");
    const Prior prior = parse_prior(json, "intercept");
    EXPECT_TRUE(prior.by_geo);
    ASSERT_EQ(prior.hyper.size(), 2U);
    EXPECT_EQ(prior_json(parse_prior(prior_json(prior), "intercept")), prior_json(prior));
}

TEST(HierarchicalPriors, ThatCannotBeAreErrorsWithTheirPath) {
    const auto error_of = [](const char* text) {
        try {
            parse_prior(Json::parse(text), "x");
        } catch (const Error& error) {
            return std::string(error.what());
        }
        return std::string("accepted");
    };
    EXPECT_EQ(error_of(R"({"family": "beta", "alpha": {"family": "half_normal", "sigma": 1}, "beta": 2})"),
              "x.alpha: found a prior, expected a number");
    EXPECT_EQ(error_of(R"({"family": "normal", "sigma": {"family": "half_normal", "sigma": {"family": "half_normal", "sigma": 1}}})"),
              "x.sigma.sigma: found a prior, expected a number");
    EXPECT_EQ(error_of(R"({"family": "normal", "sigma": {"family": "half_normal", "sigma": 1, "by": "geo"}})"),
              "x.sigma.by: unknown key");
    EXPECT_EQ(error_of(R"({"family": "normal", "sigma": 1, "by": "region"})"),
              "x.by: \"region\" is not a way to divide a prior");
    EXPECT_EQ(error_of(R"({"family": "normal", "sigma": {"family": "normal", "mu": -9, "sigma": 1}})"), "accepted");
}

}  // namespace
}  // namespace mmm
