#include "core/model/knots.hpp"

#include <algorithm>
#include <cmath>

#include "core/limits.hpp"

namespace mmm {

namespace {

// The period that a date falls into.
int period_of(const std::vector<Timestamp>& times, Timestamp date) {
    const auto after = std::upper_bound(times.begin(), times.end(), date);
    return std::max(0, static_cast<int>(after - times.begin()) - 1);
}

// A x = b for a symmetric positive definite A of bandwidth 2, by Cholesky; x overwrites b. Rows hold the diagonal and
// the two elements below it.
void solve_pentadiagonal(Mat band, VecRef b) {
    const Eigen::Index n = b.size();
    for (Eigen::Index j = 0; j < n; ++j) {
        for (Eigen::Index k = 1; k <= 2 && k <= j; ++k)
            for (Eigen::Index i = 0; i + k <= 2; ++i) band(i, j) -= band(k, j - k) * band(i + k, j - k);
        band(0, j) = std::sqrt(band(0, j));
        band.col(j).tail(2) /= band(0, j);
    }
    for (Eigen::Index j = 0; j < n; ++j) {
        for (Eigen::Index k = 1; k <= 2 && k <= j; ++k) b[j] -= band(k, j - k) * b[j - k];
        b[j] /= band(0, j);
    }
    for (Eigen::Index j = n - 1; j >= 0; --j) {
        for (Eigen::Index k = 1; k <= 2 && j + k < n; ++k) b[j] -= band(k, j) * b[j + k];
        b[j] /= band(0, j);
    }
}

// What least squares of all geos on one curve needs: in each period the number of rows and their sum.
struct PeriodSums {
    Vec count, sum;
    double squares = 0;
};

// Second differences of the curve that fits best under the penalty, after the weights have settled.
Vec penalised_bends(const PeriodSums& s, double lambda, Vec& weight) {
    const Eigen::Index n = s.count.size();
    Vec bends(n - 2), curve;
    for (int round = 0; round < 100; ++round) {
        Mat band = Mat::Zero(3, n);
        band.row(0) = s.count.transpose().array() + 1e-9;
        for (Eigen::Index j = 0; j + 2 < n; ++j) {
            const double w = lambda * weight[j];
            band(0, j) += w;
            band(0, j + 1) += 4 * w;
            band(0, j + 2) += w;
            band(1, j) -= 2 * w;
            band(1, j + 1) -= 2 * w;
            band(2, j) += w;
        }
        curve = s.sum;
        solve_pentadiagonal(band, curve);
        bends = curve.head(n - 2) - 2 * curve.segment(1, n - 2) + curve.tail(n - 2);
        const Vec next = (bends.array().square() + 1e-10).inverse().matrix();
        const double change = ((next - weight).array() / weight.array()).abs().maxCoeff();
        weight = next;
        if (change < 1e-4) break;
    }
    return bends;
}

// Corrected for few rows (Hurvich & Tsai 1989, Biometrika 76(2)). It is generous: among hundreds of candidates it takes some
// bends of the noise as well. The extended Bayesian criterion keeps 2 knots of Meridian's demonstration data, this one 65.
double akaike(const PeriodSums& s, const std::vector<int>& knots) {
    const Mat x = knot_columns(knots, s.count.size());
    const Mat product = x.transpose() * s.count.asDiagonal() * x + 1e-9 * Mat::Identity(x.cols(), x.cols());
    const Vec xy = x.transpose() * s.sum;
    const Vec coefficient = product.ldlt().solve(xy);
    const double rows = s.count.sum(), rss = std::max(s.squares - coefficient.dot(xy), 1e-12 * s.squares);
    const double k = static_cast<double>(knots.size()) + 1;  // and the variance
    if (rows - k - 1 <= 0) return infinity;
    return rows * std::log(rss / rows) + 2 * k + 2 * k * (k + 1) / (rows - k - 1);
}

}  // namespace

Mat knot_columns(const std::vector<int>& positions, Eigen::Index periods) {
    const auto n = static_cast<Eigen::Index>(positions.size());
    Mat columns = Mat::Zero(periods, n);
    for (Eigen::Index t = 0; t < periods; ++t) {
        Eigen::Index next = 0;
        while (next < n && positions[static_cast<std::size_t>(next)] < t) ++next;
        if (next == 0 || next == n || positions[static_cast<std::size_t>(next)] == t) {
            columns(t, std::min(next, n - 1)) = 1;
            continue;
        }
        const int left = positions[static_cast<std::size_t>(next - 1)], right = positions[static_cast<std::size_t>(next)];
        columns(t, next) = static_cast<double>(t - left) / (right - left);
        columns(t, next - 1) = 1 - columns(t, next);
    }
    return columns;
}

std::vector<int> select_knots(ConstMatRef y, ConstMatRef weight, const StopFlag& stop) {
    PeriodSums s;
    s.count = weight.rowwise().sum();
    s.sum = y.cwiseProduct(weight).rowwise().sum();
    s.squares = y.cwiseProduct(weight).squaredNorm();
    const auto last = static_cast<int>(y.rows()) - 1;
    Vec adaptive = Vec::Ones(y.rows() - 2);
    std::vector<int> best{0, last};
    double least = akaike(s, best);
    constexpr int penalties = 60;
    for (int i = 0; i < penalties; ++i) {
        stop_if_asked(stop);
        const Vec bends = penalised_bends(s, std::pow(10.0, -2 + 5.0 * i / (penalties - 1)), adaptive);
        std::vector<int> knots{0};
        for (Eigen::Index j = 0; j < bends.size(); ++j)
            if (adaptive[j] * bends[j] * bends[j] > 0.99) knots.push_back(static_cast<int>(j) + 1);
        knots.push_back(last);
        const double criterion = akaike(s, knots);
        if (criterion < least) {
            least = criterion;
            best = knots;
        }
    }
    return best;
}

std::vector<int> place_knots(const Specification& spec, const Dataset& data, const StopFlag& stop) {
    const auto periods = static_cast<int>(data.periods());
    std::vector<int> positions;
    switch (spec.trend.placement) {
        case KnotPlacement::each:
            for (int t = 0; t < periods; ++t) positions.push_back(t);
            break;
        case KnotPlacement::count:
            for (int k = 0; k < spec.trend.knots; ++k)
                positions.push_back(spec.trend.knots == 1 ? 0 : static_cast<int>(std::lround(k * (periods - 1.0) / (spec.trend.knots - 1))));
            break;
        case KnotPlacement::dates:
            for (const Timestamp date : spec.trend.dates) positions.push_back(period_of(data.time, date));
            break;
        case KnotPlacement::automatic: {
            Mat y = Eigen::Map<const Mat>(data.kpi.data(), data.periods(), data.n_geos());
            Mat weight(y.rows(), y.cols());
            for (Eigen::Index i = 0; i < weight.size(); ++i) weight.data()[i] = data.holdout[static_cast<std::size_t>(i)] ? 0 : 1;
            for (Eigen::Index g = 0; g < y.cols(); ++g) {
                if (spec.by_population) y.col(g) /= data.population[g];
                y.col(g).array() -= y.col(g).dot(weight.col(g)) / std::max(1.0, weight.col(g).sum());
            }
            const double scale = std::sqrt(y.squaredNorm() / static_cast<double>(y.size()));
            if (scale > 0) y /= scale;
            positions = select_knots(y, weight, stop);
        }
    }
    std::sort(positions.begin(), positions.end());
    positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
    return positions;
}

void check_knots(const Specification& spec, const Dataset& data, ColumnChecks& checks) {
    if (spec.trend.family != TrendFamily::knots) return;
    const Trend& trend = spec.trend;
    if (trend.placement == KnotPlacement::count && trend.knots > data.periods())
        checks.add("error", "too_many_knots", "trend.knots",
                   std::to_string(trend.knots) + " knots for " + std::to_string(data.periods()) + " periods",
                   R"(Use at most one a period: "each".)");
    if (trend.placement == KnotPlacement::automatic && data.periods() < 8)
        checks.add("error", "too_few_rows", "trend.knots", std::to_string(data.periods()) + " periods are too few to select knots from",
                   "Give a number of knots.");
    const Timestamp end = add_steps(data.time.back(), data.step, 1);
    for (const Timestamp date : trend.placement == KnotPlacement::dates ? trend.dates : std::vector<Timestamp>{})
        if (date < data.time.front() || date >= end) {
            checks.add("error", "knot_outside", "trend.knots",
                       "the knot at " + format_timestamp(date) + " lies outside the data, which runs from " +
                           format_timestamp(data.time.front()) + " to before " + format_timestamp(end),
                       "Remove the knot, or correct its date.");
            return;
        }
}

}  // namespace mmm
