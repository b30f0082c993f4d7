#include "core/summary/psis.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace mmm {

namespace {

constexpr double endless = std::numeric_limits<double>::infinity();
constexpr Eigen::Index least_tail = 5;

// Indices of the `count` largest values, ascending by value.
std::vector<Eigen::Index> indices_of_largest(ConstVecRef values, Eigen::Index count) {
    std::vector<Eigen::Index> order(static_cast<std::size_t>(values.size()));
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    // Ties by index, so that the answer does not depend on how the library sorts.
    const auto less = [&](Eigen::Index a, Eigen::Index b) {
        return values[a] < values[b] || (values[a] == values[b] && a < b);
    };
    const auto first = order.end() - count;
    std::nth_element(order.begin(), first, order.end(), less);
    std::sort(first, order.end(), less);
    return {first, order.end()};
}

// `tail` holds the largest ratios in ascending order; `cutoff` is the largest that does not belong to it.
double smooth_tail(VecRef log_ratios, const std::vector<Eigen::Index>& tail, double cutoff) {
    const auto n = static_cast<Eigen::Index>(tail.size());
    const double base = std::exp(cutoff);
    Vec exceedances(n);
    for (Eigen::Index i = 0; i < n; ++i)
        exceedances[i] = std::exp(log_ratios[tail[static_cast<std::size_t>(i)]]) - base;
    if (!(exceedances[n - 1] - exceedances[0] > std::numeric_limits<double>::epsilon() * 100)) return -endless;
    const ParetoFit fit = fit_pareto(exceedances);
    if (!std::isfinite(fit.k)) return endless;
    for (Eigen::Index i = 0; i < n; ++i) {
        const double quantile = pareto_quantile((static_cast<double>(i) + 0.5) / static_cast<double>(n), fit);
        log_ratios[tail[static_cast<std::size_t>(i)]] = std::min(std::log(quantile + base), 0.0);
    }
    return fit.k;
}

}  // namespace

double log_sum_exp(ConstVecRef values) {
    const double most = values.maxCoeff();
    if (!std::isfinite(most)) return most;
    return most + std::log((values.array() - most).exp().sum());
}

ParetoFit fit_pareto(ConstVecRef sorted) {
    const auto n = static_cast<double>(sorted.size());
    const int grid = 30 + static_cast<int>(std::sqrt(n));
    const double quartile = sorted[std::max<Eigen::Index>(static_cast<Eigen::Index>(std::floor(n / 4 + 0.5)), 1) - 1];
    Vec theta(grid), log_likelihood(grid);
    for (int j = 0; j < grid; ++j) {
        theta[j] = 1 / sorted[sorted.size() - 1] + (1 - std::sqrt(grid / (j + 0.5))) / (3 * quartile);
        const double k = (-theta[j] * sorted.array()).log1p().mean();
        log_likelihood[j] = n * (std::log(-theta[j] / k) - k - 1);
    }
    const Vec weights = (log_likelihood.array() - log_sum_exp(log_likelihood)).exp();
    const double mean = theta.dot(weights) / weights.sum();
    ParetoFit fit;
    fit.k = (-mean * sorted.array()).log1p().mean();
    fit.sigma = -fit.k / mean;
    fit.k = (n * fit.k + 10 * 0.5) / (n + 10);
    return fit;
}

double pareto_quantile(double probability, const ParetoFit& fit) {
    const double log_survival = std::log1p(-probability);
    if (fit.k == 0) return -fit.sigma * log_survival;
    return fit.sigma * std::expm1(-fit.k * log_survival) / fit.k;
}

double smooth_weights(VecRef log_ratios, double relative_efficiency) {
    const auto draws = static_cast<double>(log_ratios.size());
    // What is not a number has no place in an order; a ratio without bounds leaves nothing of the others.
    if (!log_ratios.allFinite()) {
        log_ratios.setConstant(std::numeric_limits<double>::quiet_NaN());
        return endless;
    }
    log_ratios.array() -= log_ratios.maxCoeff();
    const double wanted = std::ceil(std::min(0.2 * draws, 3 * std::sqrt(draws / relative_efficiency)));
    auto count = static_cast<Eigen::Index>(std::min(wanted, draws - 1));
    double k = endless;
    if (count >= least_tail) {
        std::vector<Eigen::Index> tail = indices_of_largest(log_ratios, count + 1);
        // Exponentials of what is smaller vanish against the largest ratio, which is 1.
        const double cutoff = std::max(log_ratios[tail.front()], std::log(std::numeric_limits<double>::min()));
        tail.erase(tail.begin());
        std::erase_if(tail, [&](Eigen::Index i) { return log_ratios[i] <= cutoff; });
        if (static_cast<Eigen::Index>(tail.size()) >= least_tail)
            k = smooth_tail(log_ratios, tail, cutoff);
        else if (tail.empty())
            k = -endless;
    }
    log_ratios.array() -= log_sum_exp(log_ratios);
    return k;
}

double pareto_k_threshold(double draws) {
    return std::min(1 - 1 / std::log10(draws), 0.7);
}

}  // namespace mmm
