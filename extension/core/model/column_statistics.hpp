// Statistics of columns that checks of the data ask for. All but the fences are those of centred columns; a column that
// is constant has no correlation, R2 or inflation (0 and NaN, as said below).
#pragma once

#include <vector>

#include "core/eigen.hpp"
#include "core/host.hpp"

namespace mmm {

// Pearson's r of every two columns. Rows and columns of constants are zeros.
Mat correlations(Mat columns, const Poll& poll);

// VIF_j = 1 / (1 - R2_j), R2_j that of column j regressed on all others: the j-th diagonal element of the inverse of
// the correlation matrix (Marquardt 1970, Technometrics 12(3)). Infinite for a column that the others make up exactly,
// NaN for a constant.
struct Inflation {
    double vif = 1;
    std::vector<Eigen::Index> partners;  // the columns that explain it most, by standardised coefficient; two at most
};
std::vector<Inflation> variance_inflation(ConstMatRef correlation);

// R2 of a regression on groups (as a factor), adjusted for their number: 1 - (1 - R2) (n - 1) / (n - k) for n values in
// k groups. NaN for a constant, or where there are as many groups as values. Groups are numbered from 0.
double group_r2(ConstVecRef values, const std::vector<Eigen::Index>& group);

// The values less the mean of their group.
Vec within_groups(ConstVecRef values, const std::vector<Eigen::Index>& group);

// Spearman's rho, ties at their mean rank; 0 where one of the two is constant.
double rank_correlation(ConstVecRef a, ConstVecRef b);

// Standard deviation over the largest absolute value: how much there is to learn from in the column's own digits.
double relative_spread(ConstVecRef values);

// Quartiles less and plus so many interquartile ranges, or thousandths of the upper quartile where those are more
// (Tukey 1977, Exploratory Data Analysis). Reorders `values`.
struct Fences {
    double lower, upper;          // 1.5 interquartile ranges out
    double far_lower, far_upper;  // 3
};
Fences tukey_fences(std::vector<double>& values);

}  // namespace mmm
