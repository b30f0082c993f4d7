#include "core/summary/scores.hpp"

#include <algorithm>
#include <cmath>

#include "core/summary/psis.hpp"

namespace mmm {

namespace {

Score relative_error(ConstVecRef error, ConstVecRef actual) {
    double sum = 0, n = 0;
    for (Eigen::Index t = 0; t < actual.size(); ++t) {
        if (actual[t] == 0 || std::isnan(actual[t])) continue;
        sum += std::fabs(error[t] / actual[t]);
        ++n;
    }
    return {"mape", sum / n};
}

}  // namespace

double crps(std::vector<double>& sample, double actual) {
    if (std::any_of(sample.begin(), sample.end(), [](double x) { return std::isnan(x); })) return std::nan("");
    std::sort(sample.begin(), sample.end());
    const auto n = static_cast<double>(sample.size());
    double distance = 0, spread = 0;
    for (std::size_t i = 0; i < sample.size(); ++i) {
        distance += std::fabs(sample[i] - actual);
        // Half the sum over all pairs: x_(i) is the larger of i pairs and the smaller of n - 1 - i.
        spread += (2 * static_cast<double>(i) + 1 - n) * sample[i];
    }
    return distance / n - spread / (n * n);
}

std::vector<Score> forecast_scores(Forecast& forecast, std::size_t draws, ConstVecRef actual, double level,
                                   const Poll& poll) {
    const Eigen::Index n = forecast.rows();
    Mat sample(static_cast<Eigen::Index>(draws), n), density(sample.rows(), n);
    Vec mean, kpi, mean_sum = Vec::Zero(n);
    for (std::size_t draw = 0; draw < draws; ++draw) {
        poll();
        forecast.evaluate(draw, mean, kpi);
        const auto row = static_cast<Eigen::Index>(draw);
        sample.row(row) = kpi.transpose();
        mean_sum += mean;
        for (Eigen::Index t = 0; t < n; ++t) density(row, t) = forecast.noise(t).log_density(actual[t], mean[t]);
    }
    // What was not measured scores nothing.
    const auto known = actual.array().isNaN() == false;
    const auto rows = static_cast<double>(known.count());
    const Vec error = known.select(actual - mean_sum / static_cast<double>(draws), 0.0);
    double ranked = 0, inside = 0, elpd = 0;
    for (Eigen::Index t = 0; t < n; ++t) {
        poll();
        if (std::isnan(actual[t])) continue;
        std::vector<double> values(sample.col(t).begin(), sample.col(t).end());
        ranked += crps(values, actual[t]) / rows;
        const Bounds bounds = interval(values, level);
        inside += bounds.lower <= actual[t] && actual[t] <= bounds.upper ? 1 : 0;
        elpd += log_sum_exp(density.col(t)) - std::log(static_cast<double>(draws));
    }
    return {relative_error(error, actual),
            {"wmape", error.cwiseAbs().sum() / known.select(actual, 0.0).cwiseAbs().sum()},
            {"rmse", std::sqrt(error.squaredNorm() / rows)},
            {"crps", ranked},
            {"coverage", draws > 1 ? inside / rows : std::nan("")},
            {"elpd", elpd}};
}

}  // namespace mmm
