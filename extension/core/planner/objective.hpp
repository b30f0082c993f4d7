// What a plan is judged by: a number made of the total outcome of each posterior draw (equally likely draws).
//
//   mean         the average
//   quantile     the p-quantile (linear interpolation, as percentile_cont)
//   cvar         the average of the worst share p of draws (Rockafellar & Uryasev 2000, Journal of Risk 2(3))
//   probability  the share of draws that reach the target
#pragma once

#include "core/planner/problem.hpp"

namespace mmm {

enum class ObjectiveKind { mean, quantile, cvar, probability };

struct Objective {
    ObjectiveKind kind = ObjectiveKind::mean;
    double parameter = 0;  // quantile, cvar: p; probability: the target
};

double score(const Objective& objective, ConstVecRef totals);

// Weights of the draws (they sum to 1) whose weighted mean moves as the objective does near `totals`: for cvar its
// supergradient; for a quantile and a probability the draws around it, smoothed by a kernel of the width given as a
// share of the spread of totals (the gradient of a quantile is the mean gradient of the draws at it: Hong 2009,
// Operations Research 57(1)).
Vec emphasis(const Objective& objective, ConstVecRef totals, double bandwidth);

}  // namespace mmm
