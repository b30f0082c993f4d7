#include "core/sampler/nuts.hpp"

#include <cmath>
#include <cstdlib>

#include "core/error.hpp"
#include "core/sampler/trajectory.hpp"
#include "core/sampler/warmup.hpp"

namespace mmm {

namespace {

constexpr int dense_metric_limit = 100;

bool wants_dense(MetricKind kind, int dimension) {
    if (kind == MetricKind::automatic) return dimension <= dense_metric_limit;
    return kind == MetricKind::dense;
}

Metric initial_metric(const StartingPoint& start, const Place& place, bool dense) {
    if (start.covariance.size() > 0) return metric_from_covariance(start.covariance, dense);
    static const bool grad = std::getenv("NOGRADINIT") == nullptr;
    Vec scale = Vec::Ones(place.position.size());
    if (grad) for (Eigen::Index i = 0; i < scale.size(); ++i) {
        const double g = std::abs(place.gradient[i]);
        scale[i] = g > 0 && std::isfinite(g) ? 1 / std::sqrt(std::clamp(g, 1e-10, 1e10)) : 1.0;
    }
    return metric_from_covariance(Mat(scale.cwiseAbs2().asDiagonal()), dense);
}

double find_step(const Place& place, const Density& density, const Metric& metric, double step, RandomStream random, std::int64_t& gradients) {
    PhasePoint start(density.dimension);
    start_trajectory(start, place, metric, random);
    PhasePoint trial = start;
    const double e0 = start.energy();
    int dir = 0;
    for (int i = 0; i < 60; ++i) {
        trial = start;
        leapfrog(trial, density, metric, step);
        ++gradients;
        const double change = e0 - trial.energy();
        const int d = std::isfinite(change) && change > std::log(0.8) ? 1 : -1;
        if (dir == 0) dir = d;
        if (d != dir) break;
        step = dir > 0 ? step * 2 : step / 2;
    }
    return step;
}

}  // namespace

ChainResult run_nuts(const Density& density, const StartingPoint& start, const NutsOptions& options, int chain,
                     ChainProgress& progress, const StopFlag& stop) {
    const int n = density.dimension;
    Place place(n);
    place.position = start.position;
    place.log_density = density.evaluate(place.position, place.gradient);
    if (!std::isfinite(place.log_density) || !place.gradient.allFinite()) {
        throw Error(ErrorKind::invalid_data, "sampling cannot start: the log density is not finite at the starting point");
    }
    const bool dense = wants_dense(options.metric, n);
    Warmup warmup(options.warmup, options.target_accept, initial_metric(start, place, dense), n);
    NoUTurnTree tree(n, options.max_treedepth);
    ChainResult result;
    result.draws.resize(n, options.draws);
    result.log_density.resize(options.draws);
    result.energy.resize(options.draws);
    result.accept_stat.resize(options.draws);
    result.tree_depth.resize(options.draws);
    result.divergent.resize(options.draws);
    result.gradients = 1;
    warmup.restart_step_size(find_step(place, density, warmup.metric(), 1.0, RandomStream(options.seed, chain, UINT32_MAX, stream::nuts), result.gradients));
    progress.total = options.warmup + options.draws;
    progress.phase = Phase::warmup;
    int i = 0;
    bool first_restart = true;
    static const int earlydepth = std::getenv("EARLYDEPTH") ? std::atoi(std::getenv("EARLYDEPTH")) : 10;
    for (; i < options.warmup; ++i) {
        RandomStream random(options.seed, chain, i, stream::nuts);
        const int depth = first_restart ? std::min(earlydepth, options.max_treedepth) : options.max_treedepth;
        const Transition t = tree.advance(place, density, warmup.metric(), warmup.step_size(), depth, random, stop);
        result.gradients += t.leapfrogs;
        const double oldstep = warmup.step_size();
        const bool changed = warmup.learn(place, t);
        if (std::getenv("TRACE")) fprintf(stderr, "%d step %.3g acc %.2f sym %.2f depth %d lf %d lp %.3f%s\n", i, oldstep, t.accept_stat, t.symmetric_accept, t.depth, t.leapfrogs, place.log_density, changed ? " *" : "");
        if (changed && first_restart) {
            first_restart = false;
            warmup.restart_step_size(find_step(place, density, warmup.metric(), 1.0, RandomStream(options.seed, chain, UINT32_MAX - 1, stream::nuts), result.gradients));
        }
        progress.iteration = i + 1;
    }
    const std::int64_t wg = result.gradients;
    progress.phase = Phase::sampling;
    result.step_size = warmup.final_step_size();
    for (int d = 0; d < options.draws; ++d, ++i) {
        RandomStream random(options.seed, chain, i, stream::nuts);
        const Transition t = tree.advance(place, density, warmup.metric(), result.step_size, options.max_treedepth, random, stop);
        result.gradients += t.leapfrogs;
        result.draws.col(d) = place.position;
        result.log_density[d] = static_cast<float>(place.log_density);
        result.energy[d] = static_cast<float>(t.energy);
        result.accept_stat[d] = static_cast<float>(t.accept_stat);
        result.tree_depth[d] = static_cast<std::uint8_t>(t.depth);
        result.divergent[d] = t.divergent;
        if (t.divergent) ++progress.divergences;
        progress.iteration = i + 1;
    }
    if (std::getenv("WG")) fprintf(stderr, "warm gradients %ld sampling %ld\n", (long)wg, (long)(result.gradients - wg));
    return result;
}

}  // namespace mmm
