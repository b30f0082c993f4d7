// The distribution function of a prior.
#pragma once

#include "core/model/prior.hpp"

namespace mmm {

// The probability of values up to x under the prior truncated to `domain` (Boost.Math), to the last digits in both
// tails. Not-a-number for a fixed value, for laws so extreme that it cannot be computed, and for a prior that is yet to
// be resolved (total_paid_share).
double prior_probability(const Prior& prior, Interval domain, double x);

}  // namespace mmm
