// How well a fit describes the KPI: numbers worked out by hand.
#include <gtest/gtest.h>

#include <cmath>

#include "core/summary/fit_quality.hpp"

namespace mmm {
namespace {

Dataset kpi(const Vec& values, std::vector<bool> holdout = {}) {
    Dataset data;
    data.time.resize(static_cast<std::size_t>(values.size()));
    data.kpi = values;
    data.holdout =
        holdout.empty() ? std::vector<bool>(static_cast<std::size_t>(values.size()), false) : std::move(holdout);
    return data;
}

Vec vec(std::initializer_list<double> values) {
    Vec v(static_cast<Eigen::Index>(values.size()));
    std::copy(values.begin(), values.end(), v.begin());
    return v;
}

TEST(FitQuality, IsThatOfTheResidualsByHand) {
    // Residuals 1, -1, 2, 0 with mean 0.5: variance sum 6 - 4 / 4 = 5; KPI 10, 20, 30, 40: 500.
    const FitQuality q = fit_quality(kpi(vec({10, 20, 30, 40})), vec({9, 21, 28, 40}), false);
    EXPECT_EQ(q.periods, 4);
    EXPECT_DOUBLE_EQ(q.r2, 1 - 5.0 / 500);
    EXPECT_DOUBLE_EQ(q.mape, (1.0 / 10 + 1.0 / 20 + 2.0 / 30) / 4);
    EXPECT_DOUBLE_EQ(q.wmape, 4.0 / 100);
    EXPECT_DOUBLE_EQ(q.durbin_watson, (4.0 + 9 + 4) / 6);
}

TEST(FitQuality, OfAPerfectFitIsPerfect) {
    const Vec y = vec({1, 5, 2, 8});
    const FitQuality q = fit_quality(kpi(y), y, false);
    EXPECT_EQ(q.r2, 1);
    EXPECT_EQ(q.mape, 0);
    EXPECT_EQ(q.wmape, 0);
}

TEST(FitQuality, OfTheMeanExplainsNothing) {
    EXPECT_DOUBLE_EQ(fit_quality(kpi(vec({1, 2, 3})), vec({2, 2, 2}), false).r2, 0);
}

TEST(FitQuality, LeavesPeriodsWithoutKpiOutOfPercentages) {
    const FitQuality q = fit_quality(kpi(vec({0, 10, -20})), vec({5, 8, -16}), false);
    EXPECT_DOUBLE_EQ(q.mape, (0.2 + 0.2) / 2);
    EXPECT_DOUBLE_EQ(q.wmape, 11.0 / 30);
}

TEST(FitQuality, SeparatesFittedAndHeldOutPeriods) {
    const Dataset data = kpi(vec({10, 20, 30, 40, 50}), {false, false, true, false, true});
    const Vec fitted = vec({9, 22, 36, 41, 50});
    const FitQuality in = fit_quality(data, fitted, false), out = fit_quality(data, fitted, true);
    EXPECT_EQ(in.periods, 3);
    EXPECT_DOUBLE_EQ(in.wmape, 4.0 / 70);
    // Residuals 1, -2 and, after a gap, -1: only the first step joins neighbours, one of the
    // n - 1 = 2 that a series without gaps would have.
    EXPECT_DOUBLE_EQ(in.durbin_watson, 9.0 / 6 * 2);
    EXPECT_EQ(out.periods, 2);
    EXPECT_DOUBLE_EQ(out.wmape, 6.0 / 80);
}

TEST(FitQuality, DoesNotLoseDigitsToALargeLevel) {
    const Vec y = vec({1, 2, 4, 3, 5}), fitted = vec({1.2, 1.9, 3.8, 3.3, 4.8});
    const double r2 = fit_quality(kpi(y), fitted, false).r2;
    EXPECT_NEAR(fit_quality(kpi(y.array() + 1e9), fitted.array() + 1e9, false).r2, r2, 1e-6);
}

}  // namespace
}  // namespace mmm
