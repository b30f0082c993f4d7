// In which coordinates the processes of a model are sampled.
//
// A process is f = phi v with v_j = sqrt(S(w_j)) z_j. Where the rows say more of v_j than its prior does, z_j would trade
// against amplitude and lengthscale along a curve; there v_j itself is sampled, whitened with the others. Where they say
// less, z_j is (Betancourt & Girolami 2015, arXiv:1312.0906). Which it is follows from the ridge regression with the process linearised
// at f = 0 and its prior at the middle of those of amplitude and lengthscale.
#pragma once

#include "core/model/regression.hpp"

namespace mmm {

// Fills `data.processes`.
void choose_process_coordinates(const Regression& regression, const RegressionSolution& solution, PosteriorData& data,
                                const StopFlag& stop);

}  // namespace mmm
