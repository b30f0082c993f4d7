#include "core/model/column_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/sampler/convergence.hpp"

namespace mmm {

namespace {

struct GroupSums {
    Vec sum, count;
};

GroupSums sums_of(ConstVecRef values, const std::vector<Eigen::Index>& group) {
    const Eigen::Index groups = group.empty() ? 0 : 1 + *std::max_element(group.begin(), group.end());
    GroupSums s{Vec::Zero(groups), Vec::Zero(groups)};
    for (Eigen::Index i = 0; i < values.size(); ++i) {
        s.sum[group[static_cast<std::size_t>(i)]] += values[i];
        s.count[group[static_cast<std::size_t>(i)]] += 1;
    }
    return s;
}

// From 1; equal values share the mean of their ranks.
Vec mean_ranks(ConstVecRef values) {
    std::vector<Eigen::Index> order(static_cast<std::size_t>(values.size()));
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    std::sort(order.begin(), order.end(), [&](Eigen::Index a, Eigen::Index b) {
        return values[a] < values[b] || (values[a] == values[b] && a < b);
    });
    Vec ranks(values.size());
    for (std::size_t i = 0; i < order.size();) {
        std::size_t end = i;
        while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
        const double mean = 0.5 * static_cast<double>(i + 1 + end);
        for (; i < end; ++i) ranks[order[i]] = mean;
    }
    return ranks;
}

std::vector<Eigen::Index> strongest_partners(ConstMatRef inverse, Eigen::Index j) {
    constexpr double worth_naming = 0.3;  // of the strongest
    std::vector<Eigen::Index> others;
    for (Eigen::Index k = 0; k < inverse.cols(); ++k)
        if (k != j && inverse(j, k) != 0) others.push_back(k);
    std::stable_sort(others.begin(), others.end(), [&](Eigen::Index a, Eigen::Index b) {
        return std::fabs(inverse(j, a)) > std::fabs(inverse(j, b));
    });
    std::size_t keep = 0;
    while (keep < others.size() && keep < 2 &&
           std::fabs(inverse(j, others[keep])) >= worth_naming * std::fabs(inverse(j, others[0])))
        ++keep;
    others.resize(keep);
    return others;
}

}  // namespace

Mat correlations(Mat columns, const Poll& poll) {
    for (Eigen::Index c = 0; c < columns.cols(); ++c) {
        const double largest = columns.col(c).cwiseAbs().maxCoeff();
        columns.col(c).array() -= columns.col(c).mean();
        const double norm = columns.col(c).norm();
        // What rounding leaves of a constant is none of its variation.
        const double noise = 1e-12 * largest * std::sqrt(static_cast<double>(columns.rows()));
        if (norm > noise && std::isfinite(norm))
            columns.col(c) /= norm;
        else
            columns.col(c).setZero();
    }
    Mat r = Mat::Zero(columns.cols(), columns.cols());
    for (Eigen::Index a = 0; a < columns.cols(); ++a) {
        poll();
        for (Eigen::Index b = 0; b <= a; ++b) r(a, b) = r(b, a) = columns.col(a).dot(columns.col(b));
    }
    return r;
}

std::vector<Inflation> variance_inflation(ConstMatRef correlation) {
    constexpr double nothing = 1e-11;  // an eigenvalue below is one of zero
    const Eigen::Index n = correlation.cols();
    std::vector<Inflation> result(static_cast<std::size_t>(n));
    std::vector<Eigen::Index> varying;
    for (Eigen::Index j = 0; j < n; ++j) {
        if (correlation(j, j) > 0)
            varying.push_back(j);
        else
            result[static_cast<std::size_t>(j)].vif = std::nan("");
    }
    if (varying.size() < 2) return result;
    const Mat r = correlation(varying, varying);
    const Eigen::SelfAdjointEigenSolver<Mat> eigen(r);
    const Mat& v = eigen.eigenvectors();
    const Vec floored = eigen.eigenvalues().cwiseMax(nothing);
    const Mat inverse = v * floored.cwiseInverse().asDiagonal() * v.transpose();
    for (std::size_t i = 0; i < varying.size(); ++i) {
        const auto j = static_cast<Eigen::Index>(i);
        Inflation& inflation = result[static_cast<std::size_t>(varying[i])];
        inflation.vif = std::max(1.0, inverse(j, j));
        for (Eigen::Index k = 0; k < v.cols(); ++k)
            if (eigen.eigenvalues()[k] < nothing && std::fabs(v(j, k)) > 1e-5)
                inflation.vif = std::numeric_limits<double>::infinity();
        for (const Eigen::Index k : strongest_partners(inverse, j))
            inflation.partners.push_back(varying[static_cast<std::size_t>(k)]);
    }
    return result;
}

double group_r2(ConstVecRef values, const std::vector<Eigen::Index>& group) {
    const GroupSums s = sums_of(values, group);
    const auto groups = static_cast<double>((s.count.array() > 0).count());
    const auto n = static_cast<double>(values.size());
    const double total = (values.array() - values.mean()).square().sum();
    const double residual = within_groups(values, group).squaredNorm();
    const double largest = values.size() > 0 ? values.cwiseAbs().maxCoeff() : 0;
    if (!(n > groups) || !(total > 1e-24 * largest * largest * n)) return std::nan("");
    return 1 - residual / total * (n - 1) / (n - groups);
}

Vec within_groups(ConstVecRef values, const std::vector<Eigen::Index>& group) {
    const GroupSums s = sums_of(values, group);
    Vec within = values;
    for (Eigen::Index i = 0; i < values.size(); ++i) {
        const Eigen::Index g = group[static_cast<std::size_t>(i)];
        within[i] -= s.sum[g] / s.count[g];
    }
    return within;
}

double rank_correlation(ConstVecRef a, ConstVecRef b) {
    Mat ranks(a.size(), 2);
    ranks.col(0) = mean_ranks(a);
    ranks.col(1) = mean_ranks(b);
    return correlations(ranks, [] {})(0, 1);
}

double relative_spread(ConstVecRef values) {
    const double largest = values.size() > 0 ? values.cwiseAbs().maxCoeff() : 0;
    if (!(largest > 0)) return 0;
    return std::sqrt((values.array() / largest - values.mean() / largest).square().mean());
}

Fences tukey_fences(std::vector<double>& values) {
    std::sort(values.begin(), values.end());
    const double q1 = quantile_sorted(values.data(), values.size(), 0.25),
                 q3 = quantile_sorted(values.data(), values.size(), 0.75);
    // Values that are the same but for the digits they were written with do not stand out.
    const double range = std::max(q3 - q1, 1e-3 * std::fabs(q3));
    return {q1 - 1.5 * range, q3 + 1.5 * range, q1 - 3 * range, q3 + 3 * range};
}

}  // namespace mmm
