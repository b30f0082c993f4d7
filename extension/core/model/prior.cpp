#include "core/model/prior.hpp"

#include <algorithm>
#include <cmath>

#include "core/limits.hpp"
#include "core/model/prior_distribution.hpp"

namespace mmm {

namespace {

double student_log_density(double nu, double z, double sigma, double& derivative) {
    derivative = -(nu + 1) * z / ((nu + z * z) * sigma);
    return -0.5 * (nu + 1) * std::log1p(z * z / nu);
}

}  // namespace

Prior make_prior(PriorFamily family, double p1, double p2, double p3, double p4) {
    return {family, {p1, p2, p3, p4}, false, {}};
}

Interval prior_support(const Prior& prior) {
    switch (prior.family) {
        case PriorFamily::half_normal:
        case PriorFamily::gamma:
        case PriorFamily::inverse_gamma:
        case PriorFamily::exponential:
        case PriorFamily::half_student_t:
        case PriorFamily::total_paid_share:
        case PriorFamily::half_cauchy: return {0, infinity};
        case PriorFamily::log_normal: return {prior.p[2], infinity};
        case PriorFamily::beta: return {0, 1};
        case PriorFamily::uniform: return {prior.p[0], prior.p[1]};
        case PriorFamily::truncated_normal: return {prior.p[2], prior.p[3]};
        case PriorFamily::fixed: return {prior.p[0], prior.p[0]};
        default: return {-infinity, infinity};
    }
}

double prior_log_density(const Prior& prior, double x, double& derivative) {
    const auto& p = prior.p;
    switch (prior.family) {
        case PriorFamily::normal:
        case PriorFamily::truncated_normal: {
            const double z = (x - p[0]) / p[1];
            derivative = -z / p[1];
            return -0.5 * z * z;
        }
        case PriorFamily::half_normal:
            derivative = -x / (p[0] * p[0]);
            return 0.5 * x * derivative;
        case PriorFamily::log_normal: {
            const double z = (std::log(x - p[2]) - p[0]) / p[1];
            derivative = -(1 + z / p[1]) / (x - p[2]);
            return -0.5 * z * z - std::log(x - p[2]);
        }
        case PriorFamily::beta:
            derivative = (p[0] - 1) / x - (p[1] - 1) / (1 - x);
            return (p[0] - 1) * std::log(x) + (p[1] - 1) * std::log1p(-x);
        case PriorFamily::gamma:
            derivative = (p[0] - 1) / x - p[1];
            return (p[0] - 1) * std::log(x) - p[1] * x;
        case PriorFamily::inverse_gamma:
            derivative = (-(p[0] + 1) + p[1] / x) / x;
            return -(p[0] + 1) * std::log(x) - p[1] / x;
        case PriorFamily::exponential:
            derivative = -p[0];
            return -p[0] * x;
        case PriorFamily::laplace:
            derivative = x > p[0] ? -1 / p[1] : x < p[0] ? 1 / p[1] : 0;
            return -std::fabs(x - p[0]) / p[1];
        case PriorFamily::student_t: return student_log_density(p[0], (x - p[1]) / p[2], p[2], derivative);
        case PriorFamily::half_student_t: return student_log_density(p[0], x / p[1], p[1], derivative);
        case PriorFamily::cauchy: return student_log_density(1, (x - p[0]) / p[1], p[1], derivative);
        case PriorFamily::half_cauchy: return student_log_density(1, x / p[0], p[0], derivative);
        case PriorFamily::uniform:
        case PriorFamily::fixed:
        case PriorFamily::total_paid_share: break;
    }
    derivative = 0;
    return 0;
}

namespace {

namespace bm = boost::math;

double draw_by_inversion(const Prior& prior, Interval domain, double u) {
    const Interval support = prior_support(prior);
    const double lower = std::max(support.lower, domain.lower), upper = std::min(support.upper, domain.upper);
    if (prior.family == PriorFamily::uniform) return lower + (upper - lower) * u;
    return with_distribution(prior, [&](const auto& distribution, double location, double scale) {
        const auto below = [&](double x, double at_infinity) {
            const double z = (x - location) / scale;
            const auto range = bm::support(distribution);
            if (z <= range.first) return 0.0;
            if (z >= range.second) return 1.0;
            return std::isinf(z) ? at_infinity : bm::cdf(distribution, z);
        };
        const double from = below(lower, 0), to = below(upper, 1);
        // Away from 0 and 1, where the quantile is infinite.
        double z;
        if (from > 0.5) {
            // In the upper tail probabilities near 1 run together; those of being above keep their digits.
            const auto above = [&](double x) {
                return std::isinf(x) ? 0.0 : bm::cdf(bm::complement(distribution, (x - location) / scale));
            };
            const double most = above(lower), least = above(upper);
            z = bm::quantile(bm::complement(distribution, std::max(most + (least - most) * u, 1e-300)));
        } else {
            z = bm::quantile(distribution, std::clamp(from + (to - from) * u, 1e-300, 1 - 1e-15));
        }
        return std::clamp(location + scale * z, lower, upper);
    });
}

}  // namespace

double prior_draw(const Prior& prior, Interval domain, RandomStream& random) {
    const double u = random.uniform();
    if (prior.is_fixed()) return prior.p[0];
    if (is_degenerate(prior)) return std::nan("");
    try {
        const double x = draw_by_inversion(prior, domain, u);
        if (std::isfinite(x)) return x;
    } catch (const std::exception&) {
        // Boost.Math's quantiles overflow or give up by exceptions of several kinds.
    }
    return std::nan("");
}

double prior_center(const Prior& prior) {
    const auto& p = prior.p;
    switch (prior.family) {
        case PriorFamily::normal:
        case PriorFamily::laplace:
        case PriorFamily::cauchy:
        case PriorFamily::fixed: return p[0];
        case PriorFamily::student_t: return p[1];
        case PriorFamily::uniform: return 0.5 * (p[0] + p[1]);
        case PriorFamily::truncated_normal: return std::min(std::max(p[0], p[2]), p[3]);
        case PriorFamily::half_normal:
        case PriorFamily::half_cauchy: return 0.67 * p[0];
        case PriorFamily::half_student_t: return 0.67 * p[1];
        case PriorFamily::log_normal: return p[2] + std::exp(p[0]);
        case PriorFamily::beta: return p[0] / (p[0] + p[1]);
        case PriorFamily::gamma: return p[0] / p[1];
        case PriorFamily::inverse_gamma: return p[1] / (p[0] + 1);
        case PriorFamily::exponential: return 0.69 / p[0];
        case PriorFamily::total_paid_share: return 1;
    }
    return 0;
}

double prior_scale(const Prior& prior) {
    const auto& p = prior.p;
    switch (prior.family) {
        case PriorFamily::normal:
        case PriorFamily::truncated_normal:
        case PriorFamily::cauchy: return p[1];
        case PriorFamily::laplace: return std::sqrt(2.0) * p[1];
        case PriorFamily::student_t: return p[2];
        case PriorFamily::half_normal:
        case PriorFamily::half_cauchy: return p[0];
        case PriorFamily::half_student_t: return p[1];
        case PriorFamily::uniform: return (p[1] - p[0]) / std::sqrt(12.0);
        case PriorFamily::gamma: return std::sqrt(p[0]) / p[1];
        case PriorFamily::exponential: return 1 / p[0];
        case PriorFamily::fixed: return 0;
        default: return std::max(std::fabs(prior_center(prior)), 1e-3);
    }
}

}  // namespace mmm
