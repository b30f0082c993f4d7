// The No-U-Turn sampler: multinomial trajectories (Betancourt 2017, arXiv:1701.02434, appendix A.3), dual averaging of
// the step size (Hoffman & Gelman 2014, JMLR 15, section 3.2), a metric from draws and gradients.
#pragma once

#include <cstdint>
#include <vector>

#include "core/eigen.hpp"
#include "core/host.hpp"
#include "core/sampler/density.hpp"

namespace mmm {

enum class MetricKind { automatic, diagonal, dense };  // automatic: dense up to `dense_metric_limit` dimensions

struct NutsOptions {
    int warmup = 1000;
    int draws = 1000;
    std::uint64_t seed = 1;
    double target_accept = 0.85;
    int max_treedepth = 10;
    MetricKind metric = MetricKind::automatic;
};

// Where a chain starts: a point, and what is known of the posterior's covariance (empty: the identity).
struct StartingPoint {
    Vec position;
    Mat covariance;
};

// Kept draws of one chain and the sampler's own record of each.
struct ChainResult {
    Mat draws;                         // dimension x draws, unconstrained
    std::vector<float> log_density;    // per kept draw
    std::vector<float> energy;
    std::vector<float> accept_stat;
    std::vector<std::uint8_t> tree_depth;
    std::vector<std::uint8_t> divergent;
    double step_size = 0;
    std::int64_t gradients = 0;        // of warm-up and sampling together
};

// Runs one chain. The result depends on (density, start, options, chain) alone: random numbers come from a Philox
// stream keyed by (seed, chain, iteration). Allocates nothing between iterations.
// Throws Error(cancelled) soon after `stop` is set (within one gradient).
ChainResult run_nuts(const Density& density, const StartingPoint& start, const NutsOptions& options, int chain,
                     ChainProgress& progress, const StopFlag& stop);

}  // namespace mmm
