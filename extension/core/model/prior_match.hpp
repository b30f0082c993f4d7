// A prior that says what posterior draws said of one parameter.
//
// Candidates have the support asked for and the draws' mean and sd (times `widen`): on the line normal; above a bound
// truncated_normal, log_normal and, above 0, gamma; in (0, 1) beta and truncated_normal; in other intervals truncated_normal.
// That one is taken under which the draws are likeliest.
#pragma once

#include <vector>

#include "core/model/prior.hpp"

namespace mmm {

// At least two draws that are not all alike.
Prior match_prior(const std::vector<double>& draws, Interval support, double widen = 1);

// The truncated normal of a mean and sd: mu and sigma by fixed-point iteration on its moments (Johnson, Kotz & Balakrishnan 1994,
// Continuous Univariate Distributions 1, sec. 13.10.1). Where no such law exists (sd too large for the bounds), the nearest
// that the iteration reaches.
Prior truncated_normal_of(double mean, double sd, Interval support);

}  // namespace mmm
