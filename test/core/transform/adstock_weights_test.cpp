// Adstock weights: the formulas of adstock.hpp, their normalisation, their derivatives and the ranges of their
// parameters.
#include <gtest/gtest.h>

#include <boost/math/distributions/weibull.hpp>
#include <cmath>

#include "core/error.hpp"
#include "core/transform/adstock.hpp"

namespace mmm {
namespace {

struct Weights {
    Vec value;
    Mat derivative;
};

Weights weights(const AdstockForm& form, double p1 = 0, double p2 = 0) {
    const double parameters[2] = {p1, p2};
    Weights w{Vec::Zero(form.max_lag + 1), Mat::Zero(form.max_lag + 1, max_adstock_parameters)};
    adstock_weights(form, parameters, w.value, w.derivative);
    return w;
}

Vec raw(AdstockFamily family, int max_lag, double p1 = 0, double p2 = 0) {
    return weights({family, max_lag, false}, p1, p2).value;
}

Vec normalised(AdstockFamily family, int max_lag, double p1 = 0, double p2 = 0) {
    return weights({family, max_lag, true}, p1, p2).value;
}

void expect_near(const Vec& found, const std::vector<double>& expected, double tolerance = 1e-15) {
    ASSERT_EQ(found.size(), static_cast<Eigen::Index>(expected.size()));
    for (Eigen::Index l = 0; l < found.size(); ++l)
        EXPECT_NEAR(found[l], expected[static_cast<std::size_t>(l)], tolerance) << "lag " << l;
}

TEST(AdstockWeights, NoneKeepsAllInThePeriodItself) {
    expect_near(raw(AdstockFamily::none, 3), {1, 0, 0, 0}, 0);
}

TEST(AdstockWeights, GeometricArePowersOfAlpha) {
    expect_near(raw(AdstockFamily::geometric, 3, 0.5), {1, 0.5, 0.25, 0.125}, 0);
    expect_near(raw(AdstockFamily::geometric, 0, 0.9), {1}, 0);
}

TEST(AdstockWeights, GeometricOfZeroKeepsAllInThePeriodItself) {
    expect_near(raw(AdstockFamily::geometric, 3, 0), {1, 0, 0, 0}, 0);
    expect_near(normalised(AdstockFamily::geometric, 3, 0), {1, 0, 0, 0}, 0);
}

TEST(AdstockWeights, NormalisedGeometricIsThatOfPyMCMarketing) {
    // pymc_marketing.mmm.transformers.geometric_adstock: alpha^l / sum_{k < l_max} alpha^k, here with l_max = 4.
    expect_near(normalised(AdstockFamily::geometric, 3, 0.5), {8.0 / 15, 4.0 / 15, 2.0 / 15, 1.0 / 15});
    // The geometric series in closed form: w_l = alpha^l (1 - alpha) / (1 - alpha^8).
    const Vec w = normalised(AdstockFamily::geometric, 7, 0.4);
    for (int l = 0; l < 8; ++l) EXPECT_NEAR(w[l], std::pow(0.4, l) * 0.6 / (1 - std::pow(0.4, 8)), 1e-15);
}

TEST(AdstockWeights, DelayedPeakAtTheta) {
    expect_near(raw(AdstockFamily::delayed, 3, 0.5, 1), {0.5, 1, 0.5, 0.0625});
    expect_near(raw(AdstockFamily::delayed, 2, 0.3, 0), {1, 0.3, 0.0081});
    expect_near(raw(AdstockFamily::delayed, 1, 0.81, 0.5), {std::pow(0.9, 0.5), std::pow(0.9, 0.5)});
}

TEST(AdstockWeights, BinomialFallToTheEndOfTheWindow) {
    // (1 - l / (max_lag + 1))^(1 / alpha - 1): linear for alpha = 1/2, cubic for 1/4, level for 1.
    expect_near(raw(AdstockFamily::binomial, 3, 0.5), {1, 0.75, 0.5, 0.25});
    expect_near(raw(AdstockFamily::binomial, 3, 0.25), {1, 27.0 / 64, 1.0 / 8, 1.0 / 64});
    expect_near(raw(AdstockFamily::binomial, 3, 1), {1, 1, 1, 1});
}

TEST(AdstockWeights, WeibullCdfMultipliesRobynsSurvivalFunctionUp) {
    // Robyn, R/transformation.R: cumprod(c(1, 1 - pweibull(1:(n - 1), shape, scale))).
    for (const auto& [shape, scale] : {std::pair{1.0, 2.0}, {2.0, 3.0}, {0.5, 4.0}}) {
        const boost::math::weibull law(shape, scale);
        std::vector<double> expected = {1};
        for (int l = 1; l < 6; ++l)
            expected.push_back(expected.back() * boost::math::cdf(boost::math::complement(law, l)));
        expect_near(raw(AdstockFamily::weibull_cdf, 5, shape, scale), expected);
    }
    expect_near(raw(AdstockFamily::weibull_cdf, 2, 1, 2), {1, std::exp(-0.5), std::exp(-1.5)});
}

TEST(AdstockWeights, WeibullPdfIsTheDensityFromOneOn) {
    for (const auto& [shape, scale] : {std::pair{1.0, 2.0}, {2.0, 3.0}, {0.5, 4.0}, {3.0, 2.0}}) {
        const boost::math::weibull law(shape, scale);
        std::vector<double> expected;
        for (int l = 0; l < 6; ++l) expected.push_back(boost::math::pdf(law, l + 1));
        expect_near(raw(AdstockFamily::weibull_pdf, 5, shape, scale), expected);
    }
}

TEST(AdstockWeights, NormalisedSumToOneAndKeepTheirRatios) {
    for (const auto family : {AdstockFamily::geometric, AdstockFamily::delayed, AdstockFamily::binomial,
                              AdstockFamily::weibull_cdf, AdstockFamily::weibull_pdf})
        for (const int max_lag : {0, 1, 8, 52}) {
            const Vec plain = raw(family, max_lag, 0.7, 1.3), divided = normalised(family, max_lag, 0.7, 1.3);
            EXPECT_NEAR(divided.sum(), 1, 1e-14);
            for (Eigen::Index l = 0; l < plain.size(); ++l) EXPECT_NEAR(divided[l], plain[l] / plain.sum(), 1e-15);
        }
}

// Five-point central difference of all weights by parameter p.
Vec difference(const AdstockForm& form, std::array<double, 2> at, std::size_t p, double h) {
    const auto moved = [&](double steps) {
        auto parameters = at;
        parameters[p] += steps * h;
        return weights(form, parameters[0], parameters[1]).value;
    };
    return (moved(-2) - 8 * moved(-1) + 8 * moved(1) - moved(2)) / (12 * h);
}

void expect_exact_derivatives(AdstockFamily family, const std::vector<std::array<double, 2>>& points) {
    for (const bool normalise : {false, true})
        for (const int max_lag : {0, 1, 7, 25})
            for (const auto& at : points) {
                const AdstockForm form{family, max_lag, normalise};
                const Weights exact = weights(form, at[0], at[1]);
                for (int p = 0; p < adstock_parameter_count(family); ++p) {
                    const double value = at[static_cast<std::size_t>(p)];
                    const Vec numeric =
                        difference(form, at, static_cast<std::size_t>(p), 1e-4 * std::min(1.0, std::max(value, 0.01)));
                    for (Eigen::Index l = 0; l <= max_lag; ++l)
                        EXPECT_NEAR(exact.derivative(l, p), numeric[l], 1e-7 * std::max(1.0, std::fabs(numeric[l])))
                            << "parameters " << at[0] << ", " << at[1] << ", derivative by " << p << " at lag " << l;
                }
            }
}

TEST(AdstockWeights, DerivativesAgreeWithDifferencesForGeometric) {
    expect_exact_derivatives(AdstockFamily::geometric,
                             {{0.0}, {0.001}, {0.1}, {0.4}, {0.7}, {0.95}, {0.999}, {0.999999}});
}
TEST(AdstockWeights, DerivativesAgreeWithDifferencesForBinomial) {
    expect_exact_derivatives(AdstockFamily::binomial, {{0.05}, {0.1}, {0.4}, {0.7}, {0.95}, {0.999999}, {1.0}});
}
TEST(AdstockWeights, DerivativesAgreeWithDifferencesForDelayed) {
    expect_exact_derivatives(AdstockFamily::delayed,
                             {{0.05, 0.5}, {0.1, 0}, {0.4, 1}, {0.7, 2.5}, {0.95, 3}, {0.99, 10}, {0.5, 0.001}});
}
TEST(AdstockWeights, DerivativesAgreeWithDifferencesForWeibullCdf) {
    expect_exact_derivatives(AdstockFamily::weibull_cdf, {{1, 2}, {0.3, 0.5}, {2, 5}, {6, 3}, {0.05, 8}, {1.5, 30}});
}
TEST(AdstockWeights, DerivativesAgreeWithDifferencesForWeibullPdf) {
    expect_exact_derivatives(AdstockFamily::weibull_pdf, {{1, 2}, {0.3, 0.5}, {2, 5}, {6, 3}, {0.05, 8}, {1.5, 30}});
}

TEST(AdstockWeights, StayFiniteWhereTheWindowIsFarBeyondTheScale) {
    for (const auto family : {AdstockFamily::weibull_cdf, AdstockFamily::weibull_pdf})
        for (const bool normalise : {false, true})
            for (const auto& at : {std::array{8.0, 0.01}, {50.0, 1.0}, {0.01, 1e-8}, {1.0, 1e12}}) {
                const Weights w = weights({family, 100, normalise}, at[0], at[1]);
                EXPECT_TRUE(w.value.allFinite() && w.derivative.allFinite()) << at[0] << ", " << at[1];
            }
}

struct OutsideCase {
    AdstockFamily family;
    std::array<double, 2> parameters;
    const char* message;
    const char* hint;
};

TEST(AdstockParameters, OutsideTheirRangeAreNamedWithTheirValue) {
    const double inf = std::numeric_limits<double>::infinity(), nan = std::nan("");
    using F = AdstockFamily;
    const std::vector<OutsideCase> cases = {
        {F::geometric,
         {-0.1, 0},
         "adstock parameter alpha = -0.1 is outside its range",
         "Use a value of alpha from 0 to below 1."},
        {F::geometric,
         {1, 0},
         "adstock parameter alpha = 1 is outside its range",
         "Use a value of alpha from 0 to below 1."},
        {F::geometric,
         {nan, 0},
         "adstock parameter alpha = nan is outside its range",
         "Use a value of alpha from 0 to below 1."},
        {F::binomial,
         {0, 0},
         "adstock parameter alpha = 0 is outside its range",
         "Use a value of alpha above 0, up to 1."},
        {F::binomial,
         {1.5, 0},
         "adstock parameter alpha = 1.5 is outside its range",
         "Use a value of alpha above 0, up to 1."},
        {F::delayed,
         {0, 1},
         "adstock parameter alpha = 0 is outside its range",
         "Use a value of alpha between 0 and 1."},
        {F::delayed,
         {0.5, -1},
         "adstock parameter theta = -1 is outside its range",
         "Use a value of theta of 0 or more."},
        {F::delayed,
         {0.5, inf},
         "adstock parameter theta = inf is outside its range",
         "Use a value of theta of 0 or more."},
        {F::weibull_cdf, {0, 1}, "adstock parameter shape = 0 is outside its range", "Use a value of shape above 0."},
        {F::weibull_cdf, {1, -2}, "adstock parameter scale = -2 is outside its range", "Use a value of scale above 0."},
        {F::weibull_pdf,
         {inf, 1},
         "adstock parameter shape = inf is outside its range",
         "Use a value of shape above 0."},
        {F::weibull_pdf, {1, 0}, "adstock parameter scale = 0 is outside its range", "Use a value of scale above 0."}};
    for (const auto& c : cases) {
        try {
            check_adstock_parameters(c.family, c.parameters.data());
            ADD_FAILURE() << "accepted: " << c.message;
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::invalid_argument);
            EXPECT_STREQ(error.what(), c.message);
            EXPECT_EQ(error.hint(), c.hint);
        }
    }
}

TEST(AdstockParameters, AtTheEndsOfTheirRangeAreAccepted) {
    const double none[2] = {-5, -5}, zero[2] = {0, 0}, one[2] = {1, 0}, peak[2] = {0.5, 0};
    EXPECT_NO_THROW(check_adstock_parameters(AdstockFamily::none, none));
    EXPECT_NO_THROW(check_adstock_parameters(AdstockFamily::geometric, zero));
    EXPECT_NO_THROW(check_adstock_parameters(AdstockFamily::binomial, one));
    EXPECT_NO_THROW(check_adstock_parameters(AdstockFamily::delayed, peak));
}

}  // namespace
}  // namespace mmm
