// Drivers that cannot be told apart: two that move together, and one that several others make up.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/format.hpp"
#include "core/model/column_statistics.hpp"
#include "core/model/data_review.hpp"

namespace mmm {

namespace {

constexpr double high_correlation = 0.9, same_column = 0.999;
constexpr double high_inflation = 10, extreme_inflation = 1000;
constexpr Eigen::Index geos_to_a_driver = 3;  // for fewer, the means of geos are collinear by their number alone

// The rows in which drivers are compared.
struct Comparison {
    std::string where;  // "within geos, "
    Mat correlation;
    std::vector<double> explained;  // of each driver: the VIF that pairs already reported account for
};

std::string three_decimals(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", value);
    return text;
}

class CollinearityReview {
public:
    CollinearityReview(const ReviewedData& reviewed, ColumnChecks& checks)
        : reviewed_(reviewed),
          checks_(checks),
          pair_reported_(Mat::Zero(size(), size())),
          reported_(reviewed.columns.size(), false) {}

    void run(Comparison comparison) {
        comparison.explained.assign(reviewed_.columns.size(), 1);
        for (Eigen::Index a = 0; a < size(); ++a)
            for (Eigen::Index b = 0; b < a; ++b) pair(a, b, comparison);
        const auto inflation = variance_inflation(comparison.correlation);
        for (std::size_t c = 0; c < inflation.size(); ++c) column(c, inflation[c], comparison);
    }

private:
    Eigen::Index size() const { return static_cast<Eigen::Index>(reviewed_.columns.size()); }
    const ReviewedColumn& at(Eigen::Index c) const { return reviewed_.columns[static_cast<std::size_t>(c)]; }

    void pair(Eigen::Index a, Eigen::Index b, Comparison& comparison) {
        const double r = comparison.correlation(a, b);
        if (!(std::fabs(r) > high_correlation)) return;
        const double vif = 1 - r * r > 1e-9 ? 1 / (1 - r * r) : INFINITY;
        for (const Eigen::Index c : {a, b}) {
            double& explained = comparison.explained[static_cast<std::size_t>(c)];
            explained = std::max(explained, vif);
        }
        if (pair_reported_(a, b) != 0) return;
        pair_reported_(a, b) = 1;
        const bool same = std::fabs(r) > same_column;
        checks_.add("warning", at(a).medium && at(b).medium ? "correlated_media" : "correlated_drivers", at(a).path,
                    comparison.where + at(a).noun + " has correlation " + three_decimals(r) + " with that of " +
                        at(b).path + ", beyond " + format_number(same ? same_column : high_correlation),
                    same ? "Nothing in the data tells their effects apart: remove one, or merge them."
                         : "Their effects can hardly be told apart: merge them, or give them informative priors.");
    }

    void column(std::size_t c, const Inflation& inflation, const Comparison& comparison) {
        constexpr double beyond_the_pair = 1.5;
        if (!(inflation.vif > high_inflation) || reported_[c]) return;
        if (inflation.vif <= beyond_the_pair * comparison.explained[c]) return;
        reported_[c] = true;
        std::vector<std::string> partners;
        for (const Eigen::Index k : inflation.partners) partners.push_back(at(k).path);
        const bool extreme = inflation.vif > extreme_inflation;
        const std::string vif = std::isinf(inflation.vif) ? "an infinite variance inflation factor"
                                                          : "a variance inflation factor of " + figure(inflation.vif);
        checks_.add("warning", "collinear", reviewed_.columns[c].path,
                    comparison.where + reviewed_.columns[c].noun + " has " + vif + ", above " +
                        format_number(extreme ? extreme_inflation : high_inflation) + ": the other columns explain " +
                        figure(100 * (1 - 1 / inflation.vif)) + " % of it, most of all " + listed(partners, 2),
                    extreme
                        ? "Remove it, or one of those it is made of."
                        : "Its effect can hardly be told from theirs: merge columns, or give them informative priors.");
    }

    const ReviewedData& reviewed_;
    ColumnChecks& checks_;
    Mat pair_reported_;
    std::vector<bool> reported_;
};

Mat reviewed_matrix(const ReviewedData& reviewed) {
    Mat columns(static_cast<Eigen::Index>(reviewed.geo.size()), static_cast<Eigen::Index>(reviewed.columns.size()));
    for (std::size_t c = 0; c < reviewed.columns.size(); ++c)
        columns.col(static_cast<Eigen::Index>(c)) = reviewed.columns[c].values;
    return columns;
}

}  // namespace

void review_collinearity(const Specification& spec, const Dataset& data, const ReviewedData& reviewed,
                         ColumnChecks& checks, const Poll& poll) {
    const Mat columns = reviewed_matrix(reviewed);
    CollinearityReview review(reviewed, checks);
    review.run({"", correlations(columns, poll), {}});
    if (!spec.is_panel() || data.n_geos() < 2) return;
    Mat within(columns.rows(), columns.cols());
    for (Eigen::Index c = 0; c < columns.cols(); ++c) {
        poll();
        within.col(c) = within_groups(columns.col(c), reviewed.geo);
        // What rounding leaves of a column that never changes in a geo.
        if (within.col(c).cwiseAbs().maxCoeff() <= 1e-12 * columns.col(c).cwiseAbs().maxCoeff())
            within.col(c).setZero();
    }
    review.run({"within geos, ", correlations(within, poll), {}});
    if (data.n_geos() < geos_to_a_driver * columns.cols()) return;
    review.run({"between geos, ", correlations(columns - within, poll), {}});
}

}  // namespace mmm
