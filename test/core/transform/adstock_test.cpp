// Carrying exposure over: the convolution, its reverse, and the running form that SQL windows use.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "core/error.hpp"
#include "core/transform/adstock.hpp"
#include "transform/generators.hpp"

namespace mmm {
namespace {

Vec forward(const Vec& x, const Vec& weights) {
    Vec out(x.size());
    adstock_forward(x, weights, out);
    return out;
}

// The definition, term by term.
Vec by_definition(const Vec& x, const Vec& weights) {
    Vec out = Vec::Zero(x.size());
    for (Eigen::Index t = 0; t < x.size(); ++t)
        for (Eigen::Index l = 0; l < weights.size() && l <= t; ++l) out[t] += weights[l] * x[t - l];
    return out;
}

TEST(Adstock, OfASinglePeriodAreTheWeights) {
    Vec impulse = Vec::Zero(10), weights(4);
    impulse[2] = 1;
    weights << 0.5, 0.3, 0.15, 0.05;
    Vec expected = Vec::Zero(10);
    expected.segment(2, 4) = weights;
    EXPECT_EQ(forward(impulse, weights), expected);
}

TEST(Adstock, TakesTheTimeBeforeTheFirstRowAsZero) {
    Vec x(3), weights(2);
    x << 8, 4, 2;
    weights << 1, 0.5;
    EXPECT_EQ(forward(x, weights), (Vec(3) << 8, 8, 4).finished());
}

TEST(Adstock, AcceptsMoreWeightsThanRows) {
    Vec x(2), weights(5);
    x << 3, 1;
    weights << 1, 2, 4, 8, 16;
    EXPECT_EQ(forward(x, weights), (Vec(2) << 3, 7).finished());
    Vec ones = Vec::Ones(2), d_x(2);
    adstock_reverse_input(weights, ones, d_x);
    EXPECT_EQ(d_x, (Vec(2) << 3, 1).finished());
}

RC_GTEST_PROP(Adstock, IsTheSumOverLags, ()) {
    const auto n = *rc::gen::inRange<Eigen::Index>(1, 40);
    const Vec x = *test::series(n), weights = *test::series(*rc::gen::inRange<Eigen::Index>(1, 50));
    RC_ASSERT((forward(x, weights) - by_definition(x, weights)).norm() <= 1e-9);
}

RC_GTEST_PROP(Adstock, IsLinearInTheExposure, ()) {
    const auto n = *rc::gen::inRange<Eigen::Index>(1, 40);
    const Vec x = *test::series(n), y = *test::series(n),
              weights = *test::series(*rc::gen::inRange<Eigen::Index>(1, 20));
    const double a = *test::number_between(-3, 3);
    RC_ASSERT((forward(a * x + y, weights) - (a * forward(x, weights) + forward(y, weights))).norm() <= 1e-8);
}

RC_GTEST_PROP(Adstock, AndItsReverseAreAdjoint, ()) {
    const auto n = *rc::gen::inRange<Eigen::Index>(1, 40);
    const Vec x = *test::series(n), y = *test::series(n),
              weights = *test::series(*rc::gen::inRange<Eigen::Index>(1, 50));
    const double through = forward(x, weights).dot(y);
    Vec back(n);
    adstock_reverse_input(weights, y, back);
    RC_ASSERT(std::fabs(through - x.dot(back)) <= 1e-7);
}

struct Running {
    std::vector<double> memory;
    AdstockState* state;
    Running(AdstockFamily family, double p1, double p2, int max_lag, bool normalise)
        : memory(AdstockState::bytes(max_lag) / sizeof(double) + 1),
          state(AdstockState::create(memory.data(), family, p1, p2, max_lag, normalise)) {}
    Vec over(const Vec& x) {
        Vec out(x.size());
        for (Eigen::Index t = 0; t < x.size(); ++t) {
            state->push(x[t]);
            out[t] = state->value();
        }
        return out;
    }
};

RC_GTEST_PROP(AdstockState, GivesTheValuesOfTheWholeSeriesForEveryFamily, ()) {
    const Vec x = *test::series(*rc::gen::inRange<Eigen::Index>(1, 60));
    const int max_lag = *rc::gen::inRange(0, 20);
    const bool normalise = *rc::gen::arbitrary<bool>();
    for (const auto family : test::every_adstock) {
        const auto p = *test::adstock_parameters(family);
        Vec weights(max_lag + 1);
        Mat derivatives(max_lag + 1, max_adstock_parameters);
        adstock_weights({family, max_lag, normalise}, p.data(), weights, derivatives);
        const Vec whole = forward(x, weights), running = Running(family, p[0], p[1], max_lag, normalise).over(x);
        RC_ASSERT((whole - running).cwiseAbs().maxCoeff() <= 1e-12 * std::max(1.0, whole.cwiseAbs().maxCoeff()));
    }
}

RC_GTEST_PROP(AdstockState, WithoutALimitIsTheRecursion, ()) {
    const Vec x = *test::series(*rc::gen::inRange<Eigen::Index>(1, 60));
    const double alpha = *test::number_between(0, 0.99);
    const Vec plain = Running(AdstockFamily::geometric, alpha, 0, unlimited_lag, false).over(x);
    const Vec normalised = Running(AdstockFamily::geometric, alpha, 0, unlimited_lag, true).over(x);
    double carried = 0;
    for (Eigen::Index t = 0; t < x.size(); ++t) {
        carried = x[t] + alpha * carried;
        RC_ASSERT(std::fabs(plain[t] - carried) <= 1e-12 * std::max(1.0, std::fabs(carried)));
        // The weights alpha^l sum to 1 / (1 - alpha).
        RC_ASSERT(std::fabs(normalised[t] - (1 - alpha) * carried) <= 1e-12 * std::max(1.0, std::fabs(carried)));
    }
}

TEST(AdstockState, WithoutALimitIsTheLimitOfLongWindows) {
    Vec x = Vec::Zero(400);
    for (Eigen::Index t = 0; t < x.size(); ++t) x[t] = std::cos(0.37 * static_cast<double>(t)) + 1;
    const Vec endless = Running(AdstockFamily::geometric, 0.8, 0, unlimited_lag, false).over(x);
    const Vec window = Running(AdstockFamily::geometric, 0.8, 0, 399, false).over(x);
    EXPECT_LT((endless - window).cwiseAbs().maxCoeff(), 1e-12);
}

TEST(AdstockState, AskedTwiceAnswersTheSame) {
    Running running(AdstockFamily::geometric, 0.5, 0, 3, false);
    running.state->push(2);
    EXPECT_EQ(running.state->value(), 2);
    EXPECT_EQ(running.state->value(), 2);
    running.state->push(0);
    EXPECT_EQ(running.state->value(), 1);
}

TEST(AdstockState, BeforeAnyRowIsZero) {
    EXPECT_EQ(Running(AdstockFamily::delayed, 0.5, 1, 3, true).state->value(), 0);
    EXPECT_EQ(Running(AdstockFamily::geometric, 0.5, 0, unlimited_lag, true).state->value(), 0);
}

TEST(AdstockState, KnowsWhichParametersItWasMadeWith) {
    const Running running(AdstockFamily::delayed, 0.5, 1, 3, true);
    EXPECT_TRUE(running.state->same(AdstockFamily::delayed, 0.5, 1, 3, true));
    EXPECT_FALSE(running.state->same(AdstockFamily::binomial, 0.5, 1, 3, true));
    EXPECT_FALSE(running.state->same(AdstockFamily::delayed, 0.4, 1, 3, true));
    EXPECT_FALSE(running.state->same(AdstockFamily::delayed, 0.5, 2, 3, true));
    EXPECT_FALSE(running.state->same(AdstockFamily::delayed, 0.5, 1, 4, true));
    EXPECT_FALSE(running.state->same(AdstockFamily::delayed, 0.5, 1, 3, false));
}

TEST(AdstockState, RefusesLagsOutsideTheirRange) {
    for (const int max_lag : {-2, 1024, 1 << 30}) {
        std::vector<double> memory(64);
        try {
            AdstockState::create(memory.data(), AdstockFamily::geometric, 0.5, 0, max_lag, true);
            ADD_FAILURE() << max_lag;
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::invalid_argument);
            EXPECT_EQ(error.what(), "max_lag = " + std::to_string(max_lag) + " is outside its range");
            EXPECT_EQ(error.hint(), "Use a max_lag from 0 to 1023.");
        }
    }
}

TEST(AdstockState, RefusesParametersOutsideTheirRange) {
    std::vector<double> memory(AdstockState::bytes(4));
    EXPECT_THROW(AdstockState::create(memory.data(), AdstockFamily::geometric, 1, 0, 4, true), Error);
    EXPECT_THROW(AdstockState::create(memory.data(), AdstockFamily::weibull_pdf, 1, 0, 4, true), Error);
}

}  // namespace
}  // namespace mmm
