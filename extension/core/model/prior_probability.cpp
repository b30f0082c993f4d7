#include "core/model/prior_probability.hpp"

#include <algorithm>
#include <cmath>
#include <exception>

#include "core/model/prior_distribution.hpp"

namespace mmm {

double prior_probability(const Prior& prior, Interval domain, double x) {
    if (prior.is_fixed() || prior.family == PriorFamily::total_paid_share || is_degenerate(prior) || std::isnan(x))
        return std::nan("");
    const Interval support = prior_support(prior);
    const double lower = std::max(support.lower, domain.lower), upper = std::min(support.upper, domain.upper);
    if (x <= lower) return 0;
    if (x >= upper) return 1;
    if (prior.family == PriorFamily::uniform) return (x - lower) / (upper - lower);
    try {
        return with_distribution(prior, [&](const auto& distribution, double location, double scale) {
            // Both tails, as probabilities near 1 run together.
            const auto below = [&](double value) {
                const double z = (value - location) / scale;
                if (z <= boost::math::support(distribution).first) return 0.0;
                return z >= boost::math::support(distribution).second ? 1.0 : boost::math::cdf(distribution, z);
            };
            const auto above = [&](double value) {
                const double z = (value - location) / scale;
                if (z <= boost::math::support(distribution).first) return 1.0;
                return z >= boost::math::support(distribution).second
                           ? 0.0
                           : boost::math::cdf(boost::math::complement(distribution, z));
            };
            const bool tail = below(lower) > 0.5;
            const double share = tail ? (above(lower) - above(x)) / (above(lower) - above(upper))
                                      : (below(x) - below(lower)) / (below(upper) - below(lower));
            return std::clamp(share, 0.0, 1.0);
        });
    } catch (const std::exception&) {
        return std::nan("");
    }
}

}  // namespace mmm
