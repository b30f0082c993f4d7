#include "core/model/likelihood.hpp"

#include <cmath>

#include <boost/math/special_functions/digamma.hpp>

#include "core/model/noise_law.hpp"

namespace mmm {

double normal_log_likelihood(LikelihoodTape& tape, Eigen::Index periods) {
    double sum = 0;
    for (Eigen::Index g = 0; g < tape.sigma.size(); ++g) {
        const double sigma = tape.sigma[g], precision = 1 / (sigma * sigma), n = tape.fitted_rows[g];
        const auto e = tape.residual.segment(g * periods, periods);
        const double squares = e.squaredNorm() * precision;
        tape.d_mean.segment(g * periods, periods) = precision * e;
        tape.d_sigma[g] += (squares - n) / sigma;
        sum += -n * std::log(sigma) - 0.5 * squares;
    }
    return sum;
}

double student_log_likelihood(LikelihoodTape& tape, Eigen::Index periods, double nu, double& d_nu) {
    double sum = 0, all_logs = 0, all_pulls = 0, rows = 0;
    for (Eigen::Index g = 0; g < tape.sigma.size(); ++g) {
        const double sigma = tape.sigma[g], n = tape.fitted_rows[g];
        double logs = 0, pulls = 0;  // sum ln(1 + z^2 / nu), sum z^2 / (nu + z^2); both 0 for held-out rows
        for (Eigen::Index t = g * periods; t < (g + 1) * periods; ++t) {
            const double z = tape.residual[t] / sigma, z2 = z * z;
            logs += std::log1p(z2 / nu);
            pulls += z2 / (nu + z2);
            tape.d_mean[t] = (nu + 1) * z / ((nu + z2) * sigma);
        }
        tape.d_sigma[g] += ((nu + 1) * pulls - n) / sigma;
        sum += -n * std::log(sigma) - 0.5 * (nu + 1) * logs;
        all_logs += logs;
        all_pulls += pulls;
        rows += n;
    }
    d_nu += 0.5 * (rows * (boost::math::digamma(0.5 * (nu + 1)) - boost::math::digamma(0.5 * nu) - 1 / nu) - all_logs +
                   (nu + 1) * all_pulls / nu);
    return sum + rows * (std::lgamma(0.5 * (nu + 1)) - std::lgamma(0.5 * nu) - 0.5 * std::log(nu));
}

double log_likelihood_above_zero(const Specification& spec, const Design& design, ConstVecRef mean, LikelihoodTape& tape) {
    const bool logarithm = spec.link == Link::log;
    const double level = design.kpi_offset / design.kpi_scale;  // kpi = row_scale (level + y)
    double sum = 0;
    for (Eigen::Index row = 0; row < mean.size(); ++row) {
        tape.d_mean[row] = 0;
        if (design.weight[row] == 0) continue;
        const Eigen::Index g = row / design.n_periods;
        const double m = logarithm ? std::exp(mean[row]) : level + mean[row];
        const NoiseDensity density = noise_density(spec.likelihood, design.outcome[row], m, tape.sigma[g], design.row_scale[row]);
        sum += density.value;
        tape.d_mean[row] = density.d_mean * (logarithm ? m : 1);
        tape.d_sigma[g] += density.d_sigma;
    }
    return sum;
}

}  // namespace mmm
