// Statistics of columns against numbers worked out by hand.
#include <gtest/gtest.h>

#include <cmath>

#include "core/model/column_statistics.hpp"

namespace mmm {
namespace {

// Three columns of mean 0 and length sqrt(8), orthogonal to each other.
Mat orthogonal() {
    Mat h(8, 3);
    for (Eigen::Index i = 0; i < 8; ++i) h.row(i) << (i & 1 ? 1 : -1), (i & 2 ? 1 : -1), (i & 4 ? 1 : -1);
    return h;
}

std::vector<Inflation> inflation_of(const Mat& columns) {
    return variance_inflation(correlations(columns, [] {}));
}

TEST(VarianceInflation, IsOneOverOneMinusR2) {
    // x3 = h1 + h2 + h3 / 2. On the others x3 has R2 2 / 2.25; given x2 and x3, h1 is known but for a part
    // (1/4) / (1 + 1/4) of its variance.
    Mat x = orthogonal();
    x.col(2) = x.col(0) + x.col(1) + 0.5 * x.col(2);
    const auto inflation = inflation_of(x);
    EXPECT_NEAR(inflation[2].vif, 9, 1e-12);
    EXPECT_NEAR(inflation[0].vif, 5, 1e-12);
    EXPECT_NEAR(inflation[1].vif, 5, 1e-12);
    EXPECT_EQ(inflation[2].partners, (std::vector<Eigen::Index>{0, 1}));
    EXPECT_EQ(inflation[0].partners.front(), 2);
    // Neither scale nor level matters.
    Mat moved = x;
    moved.col(0) = 1e6 * x.col(0).array() + 3e6;
    EXPECT_NEAR(inflation_of(moved)[2].vif, 9, 1e-9);
}

TEST(VarianceInflation, IsOneOfColumnsThatHaveNothingInCommon) {
    for (const auto& i : inflation_of(orthogonal())) EXPECT_NEAR(i.vif, 1, 1e-12);
}

TEST(VarianceInflation, IsInfiniteOfAnExactSumAndHasNoMeaningForAConstant) {
    Mat x(8, 5);
    x << orthogonal(), Vec::Constant(8, 7), orthogonal().col(2);
    x.col(2) = x.col(0) + 2 * x.col(1);
    const auto inflation = inflation_of(x);
    for (const std::size_t j : {0U, 1U, 2U}) EXPECT_TRUE(std::isinf(inflation[j].vif)) << j;
    EXPECT_TRUE(std::isnan(inflation[3].vif));
    EXPECT_NEAR(inflation[4].vif, 1, 1e-9);
}

TEST(Correlations, OfAConstantThatRoundingMovesAreZero) {
    Mat x(8, 2);
    x << orthogonal().col(0), Vec::Constant(8, 0.1);
    x(3, 1) += 1e-17;
    EXPECT_EQ(correlations(x, [] {})(1, 0), 0);
    EXPECT_EQ(correlations(x, [] {})(1, 1), 0);
}

TEST(GroupR2, IsAdjustedForTheNumberOfGroups) {
    // Around the mean 4: 9 + 4 + 1 + 1 + 4 + 9 = 28; around the means 2 and 6: 4. 1 - 4 / 28 * 5 / 4.
    const Vec values = Vec{{1, 2, 3, 5, 6, 7}};
    EXPECT_NEAR(group_r2(values, {0, 0, 0, 1, 1, 1}), 1 - 4.0 / 28 * 5 / 4, 1e-14);
    EXPECT_NEAR(group_r2(Vec{{2, 2, 2, 5, 5, 5}}, {0, 0, 0, 1, 1, 1}), 1, 1e-14);
    EXPECT_TRUE(std::isnan(group_r2(values, {0, 1, 2, 3, 4, 5})));
    EXPECT_TRUE(std::isnan(group_r2(Vec::Constant(6, 0.1), {0, 0, 0, 1, 1, 1})));
}

TEST(WithinGroups, TakesTheMeansOfGroupsAway) {
    EXPECT_EQ(within_groups(Vec{{1, 10, 3, 30}}, {0, 1, 0, 1}), (Vec{{-1, -10, 1, 10}}));
}

TEST(RankCorrelation, SharesTheRanksOfTies) {
    // Ranks 1, 2.5, 2.5, 4 and 1, 3, 2, 4: covariance 4.5, lengths sqrt(4.5) and sqrt(5).
    EXPECT_NEAR(rank_correlation(Vec{{1, 2, 2, 3}}, Vec{{10, 30, 20, 400}}), 4.5 / std::sqrt(4.5 * 5), 1e-14);
    EXPECT_NEAR(rank_correlation(Vec{{1, 2, 3}}, Vec{{9, 8, -7}}), -1, 1e-14);
    EXPECT_EQ(rank_correlation(Vec{{1, 2, 3}}, Vec{{5, 5, 5}}), 0);
}

TEST(RelativeSpread, IsTheStandardDeviationInUnitsOfTheLargestValue) {
    EXPECT_NEAR(relative_spread(Vec{{-4, 4}}), 1, 1e-15);
    EXPECT_NEAR(relative_spread(Vec{{99, 101}}), 1.0 / 101, 1e-14);
    EXPECT_EQ(relative_spread(Vec::Zero(3)), 0);
}

TEST(TukeyFences, AreQuartilesAndInterquartileRanges) {
    std::vector<double> values{8, 1, 2, 7, 3, 6, 4, 5};  // quartiles 2.75 and 6.25
    const Fences fences = tukey_fences(values);
    EXPECT_DOUBLE_EQ(fences.lower, -2.5);
    EXPECT_DOUBLE_EQ(fences.upper, 11.5);
    EXPECT_DOUBLE_EQ(fences.far_lower, -7.75);
    EXPECT_DOUBLE_EQ(fences.far_upper, 16.75);
    values = {2, 2, 2, 2, 2.0001};
    EXPECT_DOUBLE_EQ(tukey_fences(values).upper, 2.003);
}

}  // namespace
}  // namespace mmm
