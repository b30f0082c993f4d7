#include "core/model/prior_match.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/normal.hpp>

#include "core/model/prior_distribution.hpp"

namespace mmm {

namespace {

namespace bm = boost::math;

double standard_density(double z) { return std::isinf(z) ? 0 : bm::pdf(bm::normal(), z); }

// P(a < Z < b) with the digits of the nearer tail.
double standard_mass(double a, double b) {
    const auto below = [](double z) { return std::isinf(z) ? (z > 0 ? 1.0 : 0.0) : bm::cdf(bm::normal(), z); };
    const auto above = [](double z) { return std::isinf(z) ? (z > 0 ? 0.0 : 1.0) : bm::cdf(bm::complement(bm::normal(), z)); };
    return a > 0 ? above(a) - above(b) : below(b) - below(a);
}

struct Moments {
    double mean = 0, sd = 0;
};

Moments truncated_moments(double mu, double sigma, Interval support) {
    const double a = (support.lower - mu) / sigma, b = (support.upper - mu) / sigma;
    const double mass = standard_mass(a, b), pa = standard_density(a), pb = standard_density(b);
    if (!(mass > 1e-300)) return {std::nan(""), std::nan("")};
    const double shift = (pa - pb) / mass;
    const double edge = ((std::isinf(a) ? 0 : a * pa) - (std::isinf(b) ? 0 : b * pb)) / mass;
    return {mu + sigma * shift, sigma * std::sqrt(std::max(1 + edge - shift * shift, 1e-12))};
}

// The mean of ln p(x) over the draws, with its constant; -infinity where a draw is impossible.
double mean_log_density(const Prior& prior, const std::vector<double>& draws) {
    double sum = 0;
    if (prior.family == PriorFamily::truncated_normal) {
        const double mass = standard_mass((prior.p[2] - prior.p[0]) / prior.p[1], (prior.p[3] - prior.p[0]) / prior.p[1]);
        for (const double x : draws) sum += std::log(standard_density((x - prior.p[0]) / prior.p[1]) / (prior.p[1] * mass));
    } else {
        for (const double x : draws)
            sum += with_distribution(prior, [&](const auto& law, double location, double scale) {
                return std::log(bm::pdf(law, (x - location) / scale) / scale);
            });
    }
    return std::isnan(sum) ? -INFINITY : sum / static_cast<double>(draws.size());
}

Prior log_normal_of(double mean, double sd, double shift) {
    const double variance = std::log1p((sd / (mean - shift)) * (sd / (mean - shift)));
    return make_prior(PriorFamily::log_normal, std::log(mean - shift) - variance / 2, std::sqrt(variance), shift);
}

std::vector<Prior> candidates(double mean, double sd, Interval support) {
    if (std::isinf(support.lower) && std::isinf(support.upper)) return {make_prior(PriorFamily::normal, mean, sd)};
    std::vector<Prior> list = {truncated_normal_of(mean, sd, support)};
    if (std::isinf(support.upper)) {
        list.push_back(log_normal_of(mean, sd, support.lower));
        const double shape = (mean / sd) * (mean / sd);
        if (support.lower == 0) list.push_back(make_prior(PriorFamily::gamma, shape, shape / mean));
    } else if (support.lower == 0 && support.upper == 1) {
        // No beta spreads as far as its two ends.
        const double variance = std::min(sd * sd, 0.9 * mean * (1 - mean)), n = mean * (1 - mean) / variance - 1;
        list.push_back(make_prior(PriorFamily::beta, mean * n, (1 - mean) * n));
    }
    return list;
}

}  // namespace

Prior truncated_normal_of(double mean, double sd, Interval support) {
    double mu = mean, sigma = sd;
    for (int round = 0; round < 200; ++round) {
        const Moments now = truncated_moments(mu, sigma, support);
        if (!std::isfinite(now.mean)) break;
        if (std::fabs(now.mean - mean) < 1e-6 * sd && std::fabs(now.sd / sd - 1) < 1e-6) break;
        // Half steps: whole ones overshoot where the law leans on a bound. Further out it is an exponential in all but name.
        mu = std::clamp(mu + 0.5 * (mean - now.mean), mean - 30 * sd, mean + 30 * sd);
        sigma = std::min(sigma * std::sqrt(sd / now.sd), 10 * sd);
    }
    return make_prior(PriorFamily::truncated_normal, mu, sigma, support.lower, support.upper);
}

Prior match_prior(const std::vector<double>& draws, Interval support, double widen) {
    const auto n = static_cast<double>(draws.size());
    double mean = 0, squares = 0;
    for (const double x : draws) mean += x / n;
    for (const double x : draws) squares += (x - mean) * (x - mean);
    const double sd = std::sqrt(squares / (n - 1));
    // Draws are rounded, and may stand on a bound where densities end.
    std::vector<double> inside = draws;
    for (double& x : inside) x = std::clamp(x, support.lower + 1e-6 * sd, support.upper - 1e-6 * sd);
    const auto plain = candidates(mean, sd, support), wide = candidates(mean, widen * sd, support);
    std::size_t best = 0;
    double most = -INFINITY;
    for (std::size_t i = 0; i < plain.size(); ++i) {
        const double fit = mean_log_density(plain[i], inside);
        if (fit > most) most = fit, best = i;
    }
    return wide[best];
}

}  // namespace mmm
