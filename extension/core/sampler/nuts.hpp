// The No-U-Turn sampler: multinomial trajectories (Betancourt 2017, arXiv:1701.02434, appendix A.3), dual averaging of
// the step size (Hoffman & Gelman 2014, JMLR 15, section 3.2), a metric from draws and gradients (metric_learning.hpp).
#pragma once

#include <cstdint>
#include <vector>

#include "core/eigen.hpp"
#include "core/host.hpp"
#include "core/sampler/density.hpp"

namespace mmm {

enum class MetricKind { automatic, diagonal, dense };  // automatic: dense up to `dense_metric_limit` dimensions

// Where a dense metric stops paying for a cheap gradient: its two triangular products then cost about 10 us a step.
constexpr int dense_metric_limit = 150;

struct NutsOptions {
    int warmup = 1000;             // >= 0; 100 transitions already learn most metrics
    int draws = 1000;              // >= 0
    std::uint64_t seed = 1;
    double target_accept = 0.85;   // in (0, 1)
    int max_treedepth = 10;        // 1..20: at most 2^depth - 1 gradients a transition
    int thinning = 1;              // transitions a kept draw
    MetricKind metric = MetricKind::automatic;
};

// Where a chain starts: a point of finite density, and what is known of the posterior's covariance (Pathfinder's, say).
// n x n, or n x 1: variances alone. Without a covariance, coordinates are first scaled by |gradient|^-1/2.
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
    std::vector<std::uint8_t> divergent;  // 1 if any transition of this draw diverged
    double step_size = 0;
    std::int64_t gradients = 0;        // of warm-up and sampling together
};

// Runs one chain. The result depends on (density, start, options, chain) alone: random numbers come from a Philox
// stream keyed by (seed, chain, iteration). Allocates nothing between transitions, except where warm-up learns the metric.
// `progress.divergences` counts those of kept draws only.
// Throws Error(cancelled) soon after `stop` is set (within one gradient), Error(invalid_data) if the density or its
// gradient is not finite at the start, std::invalid_argument for options out of range.
ChainResult run_nuts(const Density& density, const StartingPoint& start, const NutsOptions& options, int chain,
                     ChainProgress& progress, const StopFlag& stop);

// Upper bound of what run_nuts allocates, results included.
std::int64_t nuts_memory_bytes(int dimension, const NutsOptions& options);

}  // namespace mmm
