// Maximum a posteriori by L-BFGS, and Pathfinder (Zhang, Carpenter, Gelman, Vehtari 2022, JMLR 23(306)) on its path.
#pragma once

#include <cstdint>

#include "core/eigen.hpp"
#include "core/sampler/density.hpp"
#include "core/sampler/nuts.hpp"

namespace mmm {

struct MapResult {
    Vec position;
    double log_density = 0;
    int iterations = 0;
    bool converged = false;
};

// Maximises the density from `start` (L-BFGS of liblbfgs). Throws Error(cancelled) when `stop` is set.
MapResult maximise(const Density& density, ConstVecRef start, const StopFlag& stop);

struct PathfinderResult {
    Mat draws;               // dimension x n_draws, from the normal approximation with the best ELBO on the path
    Vec log_approximation;   // log q of each draw
    Vec log_density;         // log p of each draw (unnormalised)
    Vec mean;
    Mat covariance;          // of the best approximation; above dense_metric_limit dimensions its diagonal, n x 1
    double elbo = 0;
};

// One path from `start`. Random numbers keyed by (seed, chain).
PathfinderResult pathfinder(const Density& density, ConstVecRef start, int n_draws, std::uint64_t seed, int chain,
                            const StopFlag& stop);

}  // namespace mmm
