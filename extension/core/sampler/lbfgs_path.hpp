// L-BFGS by liblbfgs, with the path it takes.
#pragma once

#include <vector>

#include "core/eigen.hpp"
#include "core/sampler/density.hpp"

namespace mmm {

// Iterates of a maximisation: positions and gradients of the log density, the start first.
struct LbfgsPath {
    std::vector<Vec> position;
    std::vector<Vec> gradient;
    double log_density = 0;  // at the last iterate
    bool converged = false;
};

// `precision`: stop when the norm of the gradient is below it times max(1, norm of the position).
// Throws Error(cancelled) when `stop` is set.
LbfgsPath lbfgs_path(const Density& density, ConstVecRef start, int max_iterations, double precision, const StopFlag& stop);

}  // namespace mmm
