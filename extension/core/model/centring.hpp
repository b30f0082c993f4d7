// Which parameters under hyperpriors are sampled centred.
//
// Deviations of log-normal geo effects: a deviation d_g ~ normal(0, scale) makes a funnel with its scale in d_g where data say
// little of it, and in d_g / scale where they say more of it than the scale does (Papaspiliopoulos, Roberts & Skold 2007, Stat.
// Sci. 22(1), sec. 4). What they say is the error of ln b_g in a regression of one geo's rows on the responses of all media at the
// reference parameters, which should be the mode: at the middle of the priors the responses are not those that the data show.
// Where the spread of the ln b_g of geos is plain beside their errors, each that is known four times better than the spread is
// centred.
//
// Linear coefficients with a Laplace prior: those that the regression knows four times better than the spread of all that share
// their scale, and whose sign it knows, as the density has a kink at its middle. Their scale then moves without them.
#pragma once

#include "core/model/posterior.hpp"
#include "core/model/regression.hpp"

namespace mmm {

// Sets `data.centring` of linear coefficients, and where they start: around the regression's answer.
void centre_coefficients(const Regression& regression, const RegressionSolution& solution, PosteriorData& data);

// Sets `data.centring` of deviations. `variance`: of the residuals, where the noise of a row is not that of a normal law.
void choose_centring(PosteriorData& data, double variance, const StopFlag& stop);

}  // namespace mmm
