// Saturation: the formulas of saturation.hpp, their shape and their derivatives.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>

#include "core/error.hpp"
#include "core/transform/saturation.hpp"

namespace mmm {
namespace {

using F = SaturationFamily;

struct Family {
    const char* name;
    F family;
    std::vector<std::array<double, 2>> parameters;
    std::function<double(double x, double p1, double p2)> formula;
    bool bounded;
};

const std::vector<Family>& families() {
    static const std::vector<Family> all = {
        {"none", F::none, {{0, 0}}, [](double x, double, double) { return x; }, false},
        {"hill",
         F::hill,
         {{0.8, 1}, {0.5, 2}, {1.5, 0.7}, {0.1, 3.3}},
         [](double x, double k, double s) { return std::pow(x, s) / (std::pow(x, s) + std::pow(k, s)); },
         true},
        {"logistic",
         F::logistic,
         {{3, 0}, {0.2, 0}, {12, 0}},
         [](double x, double r, double) { return (1 - std::exp(-r * x)) / (1 + std::exp(-r * x)); },
         true},
        {"inverse_scaled_logistic",
         F::inverse_scaled_logistic,
         {{0.5, 0}, {2, 0}},
         [](double x, double k, double) { return std::tanh(std::log(3.0) / k * x / 2); },
         true},
        {"tanh", F::tanh, {{0.5, 0}, {3, 0}}, [](double x, double c, double) { return std::tanh(x / c); }, true},
        {"michaelis_menten",
         F::michaelis_menten,
         {{0.5, 0}, {3, 0}},
         [](double x, double k, double) { return x / (x + k); },
         true},
        {"root",
         F::root,
         {{0.5, 0}, {0.9, 0}, {1.4, 0}},
         [](double x, double a, double) { return std::pow(x, a); },
         false},
        {"log", F::log, {{0, 0}}, [](double x, double, double) { return std::log(1 + x); }, false}};
    return all;
}

const Vec& exposures() {
    static const Vec x = (Vec(10) << 0, 1e-6, 0.01, 0.1, 0.3, 0.5, 1, 1.7, 4, 25).finished();
    return x;
}

struct Shape {
    Vec value, d_input, d_first, d_second;
};

// Derivatives one by one, from sums that have one term.
Shape run(F family, const Vec& x, double p1, double p2, bool known_slope = false) {
    const Eigen::Index n = x.size();
    Shape shape{x, Vec::Zero(n), Vec::Zero(n), Vec::Zero(n)};
    const SaturationCurve curve = saturation_curve(family, p1, p2, known_slope, kernels());
    curve.kernel->value(x.data(), n, curve.a, curve.b, shape.value.data());
    const Vec ones = Vec::Ones(n);
    for (Eigen::Index i = 0; i < n; ++i) {
        std::array<double, 3> sums{};
        curve.kernel->reverse(&x[i], &shape.value[i], &ones[i], 1, curve.a, curve.b, !known_slope, &ones[i], n, 1, sums.data());
        shape.d_first[i] = sums[0] * curve.a_by_first;
        shape.d_second[i] = sums[1];
        shape.d_input[i] = sums[2];
    }
    return shape;
}

template <typename Check>
void for_each_family(Check&& check) {
    for (const auto& family : families())
        for (const auto& p : family.parameters) {
            SCOPED_TRACE(std::string(family.name) + "(" + std::to_string(p[0]) + ", " + std::to_string(p[1]) + ")");
            check(family, p);
        }
}

TEST(Saturation, FollowsItsFormula) {
    for_each_family([](const Family& f, const auto& p) {
        const Shape tape = run(f.family, exposures(), p[0], p[1]);
        for (Eigen::Index i = 0; i < exposures().size(); ++i)
            EXPECT_NEAR(tape.value[i], f.formula(exposures()[i], p[0], p[1]), 1e-14 * std::max(1.0, tape.value[i]));
    });
}

TEST(Saturation, OfNothingIsNothing) {
    for_each_family(
        [](const Family& f, const auto& p) { EXPECT_EQ(run(f.family, Vec::Zero(1), p[0], p[1]).value[0], 0); });
}

TEST(Saturation, GrowsWithTheExposureAndStaysBelowOneWhereItSaturates) {
    for_each_family([](const Family& f, const auto& p) {
        const Shape tape = run(f.family, exposures(), p[0], p[1]);
        for (Eigen::Index i = 1; i < exposures().size(); ++i) EXPECT_GE(tape.value[i], tape.value[i - 1]);
        if (f.bounded) {
            EXPECT_LE(tape.value.maxCoeff(), 1);
            EXPECT_GT(run(f.family, Vec::Constant(1, 1e9), p[0], p[1]).value[0], 0.999);
        }
    });
}

TEST(Saturation, IsOneHalfAtItsHalfSaturationPoint) {
    for (const double half : {0.05, 0.8, 3.0})
        for (const double slope : {0.5, 1.0, 2.5}) {
            EXPECT_NEAR(saturation_value(F::hill, half, half, slope), 0.5, 1e-15);
            EXPECT_NEAR(saturation_value(F::michaelis_menten, half, half, 0), 0.5, 1e-15);
            EXPECT_NEAR(saturation_value(F::inverse_scaled_logistic, half, half, 0), 0.5, 1e-15);
        }
}

TEST(Saturation, HillOfSlopeOneIsMichaelisMenten) {
    const Shape hill = run(F::hill, exposures(), 0.7, 1, true), mm = run(F::michaelis_menten, exposures(), 0.7, 0);
    EXPECT_LT((hill.value - mm.value).norm(), 1e-15);
    EXPECT_LT((hill.d_input - mm.d_input).norm(), 1e-15);
    EXPECT_LT((hill.d_first - mm.d_first).norm(), 1e-15);
}

TEST(Saturation, HillDoesNotJumpAsTheSlopeCrossesOne) {
    const Shape at = run(F::hill, exposures(), 0.7, 1), beside = run(F::hill, exposures(), 0.7, 1 + 1e-12);
    EXPECT_LT((at.value - beside.value).norm(), 1e-10);
    EXPECT_LT((at.d_first - beside.d_first).norm(), 1e-10);
    EXPECT_LT((at.d_second - beside.d_second).norm(), 1e-10);
}

TEST(Saturation, OfAKnownSlopeIsTheSameWithoutItsDerivativeBySlope) {
    for (const double slope : {1.0, 1.7}) {
        const Shape known = run(F::hill, exposures(), 0.7, slope, true), free = run(F::hill, exposures(), 0.7, slope);
        EXPECT_LT((known.value - free.value).norm(), 1e-14);
        // At no exposure, the slope of a curve whose exponent is free is taken as 0.
        EXPECT_LT((known.d_input - free.d_input).tail(exposures().size() - 1).norm(), 1e-13);
        EXPECT_LT((known.d_first - free.d_first).norm(), 1e-13);
    }
}

double difference(const std::function<double(double)>& f, double x) {
    const double h = 1e-3 * x;
    return (f(x - 2 * h) - 8 * f(x - h) + 8 * f(x + h) - f(x + 2 * h)) / (12 * h);
}

TEST(Saturation, DerivativesAgreeWithDifferences) {
    for_each_family([](const Family& f, const auto& p) {
        const Shape tape = run(f.family, exposures(), p[0], p[1]);
        for (Eigen::Index i = 1; i < exposures().size(); ++i) {
            const double x = exposures()[i];
            const auto expect = [&](double exact, double numeric) {
                EXPECT_NEAR(exact, numeric, 1e-7 * std::max({1.0, std::fabs(numeric)})) << "x = " << x;
            };
            expect(tape.d_input[i], difference([&](double v) { return f.formula(v, p[0], p[1]); }, x));
            if (saturation_parameter_count(f.family) > 0)
                expect(tape.d_first[i], difference([&](double v) { return f.formula(x, v, p[1]); }, p[0]));
            if (saturation_parameter_count(f.family) > 1)
                expect(tape.d_second[i], difference([&](double v) { return f.formula(x, p[0], v); }, p[1]));
        }
    });
}

TEST(Saturation, StaysFiniteForExtremeExposuresAndParameters) {
    const Vec x = (Vec(5) << 0, 1e-300, 1e-10, 1e10, 1e100).finished();
    for (const auto& f : families())
        for (const double p1 : {1e-10, 1e-3, 1.0, 1e3, 1e10})
            for (const double p2 : {1e-3, 0.5, 1.0, 30.0}) {
                if (f.family == F::root && p1 > 1) continue;  // x^a itself leaves the range of a double
                const Shape t = run(f.family, x, p1, p2);
                EXPECT_TRUE(t.value.allFinite() && t.d_first.allFinite() && t.d_second.allFinite())
                    << f.name << " " << p1 << " " << p2;
                EXPECT_LE(f.bounded ? t.value.maxCoeff() : 0, 1) << f.name << " " << p1 << " " << p2;
            }
}

TEST(Saturation, OfASeriesHasNoInfiniteSlopeAtZero) {
    const Shape root = run(F::root, Vec::Zero(1), 0.5, 0), hill = run(F::hill, Vec::Zero(1), 0.5, 0.5);
    EXPECT_EQ(root.d_input[0], 0);
    EXPECT_EQ(hill.d_input[0], 0);
}

TEST(SaturationValue, EqualsTheKernelOfTheEngineButForRounding) {
    for_each_family([](const Family& f, const auto& p) {
        const Shape shape = run(f.family, exposures(), p[0], p[1], true);
        for (Eigen::Index i = 0; i < exposures().size(); ++i)
            EXPECT_NEAR(saturation_value(f.family, exposures()[i], p[0], p[1]), shape.value[i], 1e-14 * std::max(1.0, shape.value[i]));
    });
}

struct OutsideRange {
    F family;
    double x, p1, p2;
    const char* message;
    const char* hint;
};

TEST(SaturationValue, RefusesWhatIsOutsideItsRangeByName) {
    const double inf = std::numeric_limits<double>::infinity();
    const char* exposure = "Saturation is defined for a finite exposure x of 0 or more.";
    const std::vector<OutsideRange> cases = {
        {F::log, -1, 0, 0, "x = -1 is outside its range", exposure},
        {F::none, inf, 0, 0, "x = inf is outside its range", exposure},
        {F::hill, std::nan(""), 1, 1, "x = nan is outside its range", exposure},
        {F::hill, 1, 0, 1, "saturation parameter half = 0 is outside its range", "Use a finite half above 0."},
        {F::hill, 1, 1, -2, "saturation parameter slope = -2 is outside its range", "Use a finite slope above 0."},
        {F::logistic, 1, -3, 0, "saturation parameter rate = -3 is outside its range", "Use a finite rate above 0."},
        {F::inverse_scaled_logistic, 1, 0, 0, "saturation parameter half = 0 is outside its range",
         "Use a finite half above 0."},
        {F::michaelis_menten, 1, inf, 0, "saturation parameter half = inf is outside its range",
         "Use a finite half above 0."},
        {F::tanh, 1, 0, 0, "saturation parameter scale = 0 is outside its range", "Use a finite scale above 0."},
        {F::root, 1, -0.5, 0, "saturation parameter power = -0.5 is outside its range", "Use a finite power above 0."}};
    for (const auto& c : cases) {
        try {
            saturation_value(c.family, c.x, c.p1, c.p2);
            ADD_FAILURE() << "accepted: " << c.message;
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::invalid_argument);
            EXPECT_STREQ(error.what(), c.message);
            EXPECT_EQ(error.hint(), c.hint);
        }
    }
}

}  // namespace
}  // namespace mmm
