#include "core/summary/fit_quality.hpp"

#include <cmath>

namespace mmm {

FitQuality fit_quality(const Dataset& data, ConstVecRef fitted, bool holdout) {
    FitQuality q;
    const auto counts = [&](Eigen::Index t) { return t % data.periods() >= data.history_periods && data.holdout[static_cast<std::size_t>(t)] == holdout && data.kpi_known(t); };
    double mean_y = 0, mean_e = 0;
    for (Eigen::Index t = 0; t < data.rows(); ++t) {
        if (!counts(t)) continue;
        ++q.periods;
        mean_y += data.kpi[t];
        mean_e += data.kpi[t] - fitted[t];
    }
    const auto n = static_cast<double>(q.periods);
    mean_y /= n;
    mean_e /= n;
    double var_y = 0, var_e = 0, sum_e2 = 0, sum_abs_e = 0, sum_abs_y = 0, ape = 0, steps = 0;
    double previous = std::nan("");
    Eigen::Index nonzero = 0, pairs = 0;
    for (Eigen::Index t = 0; t < data.rows(); ++t) {
        if (t % data.periods() == 0) previous = std::nan("");  // another geo
        if (!counts(t)) {
            previous = std::nan("");
            continue;
        }
        const double y = data.kpi[t], e = y - fitted[t];
        var_y += (y - mean_y) * (y - mean_y);
        var_e += (e - mean_e) * (e - mean_e);
        sum_e2 += e * e;
        sum_abs_e += std::fabs(e);
        sum_abs_y += std::fabs(y);
        if (y != 0) {
            ape += std::fabs(e / y);
            ++nonzero;
        }
        if (!std::isnan(previous)) {
            steps += (e - previous) * (e - previous);
            ++pairs;
        }
        previous = e;
    }
    q.r2 = 1 - var_e / var_y;
    q.mape = ape / static_cast<double>(nonzero);
    q.wmape = sum_abs_e / sum_abs_y;
    // Pairs across a gap do not count, so neither may their share of the residuals; without gaps the factor is n / (n - 1)
    // short of the textbook's, which is left as it is.
    const double whole = std::max(n - 1, 1.0);
    q.durbin_watson = pairs > 0 ? steps / sum_e2 * whole / static_cast<double>(pairs) : std::nan("");
    return q;
}

}  // namespace mmm
