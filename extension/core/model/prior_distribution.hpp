// Priors as distributions of Boost.Math.
#pragma once

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/cauchy.hpp>
#include <boost/math/distributions/exponential.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/inverse_gamma.hpp>
#include <boost/math/distributions/laplace.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

#include "core/model/prior.hpp"

namespace mmm {

// x = location + scale * z of a symmetric or one-sided standard law: calls `use(distribution, location, scale)`.
template <typename Use>
auto with_distribution(const Prior& prior, Use&& use) {
    const auto& p = prior.p;
    switch (prior.family) {
        case PriorFamily::half_normal: return use(boost::math::normal(0, p[0]), 0.0, 1.0);
        case PriorFamily::log_normal: return use(boost::math::lognormal(p[0], p[1]), p[2], 1.0);
        case PriorFamily::beta: return use(boost::math::beta_distribution<>(p[0], p[1]), 0.0, 1.0);
        case PriorFamily::gamma: return use(boost::math::gamma_distribution<>(p[0], 1 / p[1]), 0.0, 1.0);
        case PriorFamily::inverse_gamma: return use(boost::math::inverse_gamma_distribution<>(p[0], p[1]), 0.0, 1.0);
        case PriorFamily::exponential: return use(boost::math::exponential(p[0]), 0.0, 1.0);
        case PriorFamily::laplace: return use(boost::math::laplace(p[0], p[1]), 0.0, 1.0);
        case PriorFamily::student_t: return use(boost::math::students_t(p[0]), p[1], p[2]);
        case PriorFamily::half_student_t: return use(boost::math::students_t(p[0]), 0.0, p[1]);
        case PriorFamily::cauchy: return use(boost::math::cauchy(p[0], p[1]), 0.0, 1.0);
        case PriorFamily::half_cauchy: return use(boost::math::cauchy(0, p[0]), 0.0, 1.0);
        default: return use(boost::math::normal(p[0], p[1]), 0.0, 1.0);
    }
}

// Laws all but concentrated in a point, whose quantiles take Boost.Math seconds to minutes.
inline bool is_degenerate(const Prior& prior) {
    constexpr double most_shape = 1e9;
    const bool shaped = prior.family == PriorFamily::beta || prior.family == PriorFamily::gamma ||
                        prior.family == PriorFamily::inverse_gamma;
    return shaped && (prior.p[0] > most_shape || (prior.family == PriorFamily::beta && prior.p[1] > most_shape));
}

}  // namespace mmm
