#include "core/summary/loo.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/api.hpp"
#include "core/sampler/convergence.hpp"
#include "core/summary/contributions.hpp"
#include "core/summary/noise.hpp"
#include "core/summary/psis.hpp"

namespace mmm {

namespace {

constexpr std::size_t densities_at_once = 8'000'000;  // 64 MB
constexpr std::size_t least_loo_draws = 25;               // fewer have no tail to look at

// Of the likelihood itself, as that is what is averaged.
double efficiency_of(const FittedModel& model, ConstVecRef log_density) {
    const Mat likelihood =
        (log_density.array() - log_density.maxCoeff()).exp().matrix().reshaped(model.draws, model.chains);
    const double ess = ess_mean(likelihood);
    return std::isfinite(ess) ? ess / static_cast<double>(model.total_draws()) : 1;
}

double standard_error(const std::vector<double>& points) {
    const double mean = mean_of(points);
    double squares = 0;
    for (const double point : points) squares += (point - mean) * (point - mean);
    const auto n = static_cast<double>(points.size());
    return std::sqrt(n * squares / (n - 1));
}

std::vector<double> elpd_of(const std::vector<LooPoint>& points) {
    std::vector<double> elpd;
    for (const LooPoint& point : points) elpd.push_back(point.elpd);
    return elpd;
}

LooRow loo_row(const FittedModel& model, const std::vector<LooPoint>& points) {
    LooRow row{};
    row.elpd_loo = 0;
    const double threshold = pareto_k_threshold(static_cast<double>(model.total_draws()));
    for (const LooPoint& point : points) {
        row.elpd_loo += point.elpd;
        row.p_loo += point.lpd - point.elpd;
        row.bad_k += point.pareto_k > threshold ? 1 : 0;
    }
    row.se = standard_error(elpd_of(points));
    return row;
}

void require_same_data(const Dataset& first, const Dataset& other, std::size_t position) {
    const auto differ = [&](const std::string& what) {
        throw Error(ErrorKind::invalid_argument,
                    "model " + std::to_string(position) + " was fitted to other data than model 1: " + what, {},
                    "Compare models of the same rows: fit them to one source, with the same holdout.");
    };
    if (first.time != other.time) differ("their times differ");
    if (first.geos != other.geos) differ("their geos differ");
    if (first.kpi != other.kpi) differ("the values of their KPI differ");
    if (first.holdout != other.holdout) differ("the rows held out differ");
}

}  // namespace

Mat log_densities(const FittedModel& model, const std::vector<Eigen::Index>& rows, const Poll& poll) {
    Contributions contributions(model);
    Mat result(static_cast<Eigen::Index>(model.total_draws()), static_cast<Eigen::Index>(rows.size()));
    Vec mean;
    for (std::size_t draw = 0; draw < model.total_draws(); ++draw) {
        poll();
        contributions.mean(draw, mean);
        for (std::size_t i = 0; i < rows.size(); ++i)
            result(static_cast<Eigen::Index>(draw), static_cast<Eigen::Index>(i)) =
                noise_of(model, contributions, rows[i]).log_density(model.data.kpi[rows[i]], mean[rows[i]]);
    }
    return result;
}

LooPoint loo_point(const FittedModel& model, Eigen::Index row, ConstVecRef log_density) {
    Vec weights = -log_density;
    const double k = smooth_weights(weights, efficiency_of(model, log_density));
    return {row, log_sum_exp(weights + log_density),
            log_sum_exp(log_density) - std::log(static_cast<double>(log_density.size())), k};
}

std::vector<LooPoint> loo_points(const FittedModel& model, const Poll& poll) {
    if (model.total_draws() < least_loo_draws)
        throw Error(
            ErrorKind::invalid_argument,
            "the model has " + std::to_string(model.total_draws()) + (model.total_draws() == 1 ? " draw" : " draws") +
                ", too few for leave-one-out",
            {}, R"(Fit it with "sampler": {"method": "nuts"} and at least )" + std::to_string(least_loo_draws) + " draws.");
    std::vector<Eigen::Index> fitted;
    for (Eigen::Index row = 0; row < model.data.kpi.size(); ++row)
        if (!model.data.holdout[static_cast<std::size_t>(row)]) fitted.push_back(row);
    const std::size_t stretch = std::max<std::size_t>(1, densities_at_once / model.total_draws());
    std::vector<LooPoint> points;
    for (std::size_t first = 0; first < fitted.size(); first += stretch) {
        const std::size_t n = std::min(stretch, fitted.size() - first);
        const auto begin = fitted.begin() + static_cast<std::ptrdiff_t>(first);
        const std::vector<Eigen::Index> rows(begin, begin + static_cast<std::ptrdiff_t>(n));
        const Mat log_density = log_densities(model, rows, poll);
        for (std::size_t i = 0; i < n; ++i) {
            poll();
            points.push_back(loo_point(model, rows[i], log_density.col(static_cast<Eigen::Index>(i))));
        }
    }
    return points;
}

LooRow loo(const FittedModel& model, const Poll& poll) {
    return loo_row(model, loo_points(model, poll));
}

// Maximised by the mixture's own fixed point w_k <- w_k mean_i p_ik / sum_j w_j p_ij, which never lowers the score,
// until the gap to the maximum, at most max_k mean_i p_ik / sum_j w_j p_ij - 1, is below the tolerance.
Vec stacking_weights(ConstMatRef elpd, const Poll& poll) {
    constexpr double gap = 1e-9;
    constexpr int most_iterations = 100'000;
    const Mat density = (elpd.colwise() - elpd.rowwise().maxCoeff()).array().exp();
    Vec weights = Vec::Constant(elpd.cols(), 1 / static_cast<double>(elpd.cols()));
    for (int i = 0; i < most_iterations; ++i) {
        if (i % 64 == 0) poll();
        const Vec mixture = density * weights;
        const Vec ratio = density.transpose() * mixture.cwiseInverse() / static_cast<double>(elpd.rows());
        weights = weights.cwiseProduct(ratio);
        weights /= weights.sum();
        if (ratio.maxCoeff() - 1 < gap) break;
    }
    return weights;
}

std::vector<CompareRow> compare(const std::vector<FittedModelPtr>& models, const Poll& poll) {
    std::vector<CompareRow> rows;
    if (models.empty()) return rows;
    std::vector<std::vector<double>> elpd;
    for (std::size_t k = 0; k < models.size(); ++k) require_same_data(models[0]->data, models[k]->data, k + 1);
    for (std::size_t k = 0; k < models.size(); ++k) {
        const auto points = loo_points(*models[k], poll);
        elpd.push_back(elpd_of(points));
        rows.push_back({0, static_cast<int>(k) + 1, loo_row(*models[k], points), 0, 0, 0});
    }
    Mat all(static_cast<Eigen::Index>(elpd[0].size()), static_cast<Eigen::Index>(elpd.size()));
    for (std::size_t k = 0; k < elpd.size(); ++k)
        all.col(static_cast<Eigen::Index>(k)) = Eigen::Map<const Vec>(elpd[k].data(), all.rows());
    const Vec weights = stacking_weights(all, poll);
    std::vector<std::size_t> order(rows.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return rows[a].loo.elpd_loo > rows[b].loo.elpd_loo; });
    std::vector<CompareRow> ranked;
    for (const std::size_t k : order) {
        CompareRow row = rows[k];
        row.rank = static_cast<int>(ranked.size()) + 1;
        row.weight = weights[static_cast<Eigen::Index>(k)];
        const Vec difference = all.col(static_cast<Eigen::Index>(k)) - all.col(static_cast<Eigen::Index>(order[0]));
        row.elpd_diff = difference.sum();
        row.diff_se = standard_error({difference.begin(), difference.end()});
        ranked.push_back(row);
    }
    return ranked;
}

}  // namespace mmm
