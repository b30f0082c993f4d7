#include "core/sampler/nuts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "core/error.hpp"
#include "core/random.hpp"
#include "core/sampler/step_size.hpp"
#include "core/sampler/trajectory.hpp"
#include "core/sampler/warmup.hpp"

namespace mmm {

namespace {

// Streams of the step size search, which is no transition: numbers that no iteration has.
constexpr std::uint32_t first_search = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t second_search = first_search - 1;

bool is_dense(MetricKind kind, int dimension) {
    if (kind == MetricKind::automatic) return dimension <= dense_metric_limit;
    return kind == MetricKind::dense;
}

void check(const Density& density, const StartingPoint& start, const NutsOptions& options) {
    if (density.dimension < 1 || start.position.size() != density.dimension) {
        throw std::invalid_argument("NUTS needs at least one dimension and a starting point of that size");
    }
    if (start.covariance.size() > 0 &&
        (start.covariance.rows() != density.dimension ||
         (start.covariance.cols() != 1 && start.covariance.cols() != density.dimension))) {
        throw std::invalid_argument("the starting covariance does not have the density's dimension");
    }
    if (options.warmup < 0 || options.draws < 0 || options.thinning < 1 || options.max_treedepth < 1 ||
        options.max_treedepth > 20 || !(options.target_accept > 0 && options.target_accept < 1)) {
        throw std::invalid_argument("NUTS options are out of range");
    }
}

Place first_place(const Density& density, const StartingPoint& start) {
    Place place(density.dimension);
    place.position = start.position;
    place.log_density = density.evaluate(place.position, place.gradient);
    if (!std::isfinite(place.log_density) || !place.gradient.allFinite()) {
        throw Error(ErrorKind::invalid_data, "sampling cannot start where the log density is not finite");
    }
    return place;
}

// A normal coordinate of standard deviation s, about one unit off its mean, has a gradient of about s^-2.
Metric first_metric(const StartingPoint& start, const Place& place, bool dense) {
    if (start.covariance.cols() > 1 || start.covariance.size() == 1) return metric_from_covariance(start.covariance, dense);
    const Vec variance = start.covariance.cols() == 1
                             ? Vec(start.covariance.col(0))
                             : Vec(place.gradient.unaryExpr([](double g) { return g == 0 ? 1.0 : 1 / std::abs(g); })
                                       .cwiseMax(1e-4)
                                       .cwiseMin(1e4));
    return metric_from_variances(variance, dense);
}

// One chain in motion.
class Chain {
public:
    Chain(const Density& density, const StartingPoint& start, const NutsOptions& options, int chain,
          ChainProgress& progress, const StopFlag& stop)
        : density_(density), options_(options), chain_(static_cast<std::uint32_t>(chain)), progress_(progress),
          stop_(stop), place_(first_place(density, start)), tree_(density.dimension, options.max_treedepth) {}

    ChainResult run(const StartingPoint& start);

private:
    RandomStream random(std::uint32_t iteration) const {
        return RandomStream(options_.seed, chain_, iteration, stream::nuts);
    }
    Transition advance(const Metric& metric, double step, int max_treedepth);
    void search_step_size(Warmup& warmup, std::uint32_t purpose);
    void warm_up(Warmup& warmup);
    void keep_draw(int draw, const Metric& metric);

    const Density& density_;
    const NutsOptions& options_;
    std::uint32_t chain_;
    ChainProgress& progress_;
    const StopFlag& stop_;
    Place place_;
    NoUTurnTree tree_;
    std::uint32_t iteration_ = 0;
    ChainResult result_;
};

Transition Chain::advance(const Metric& metric, double step, int max_treedepth) {
    RandomStream stream = random(iteration_++);
    const Transition transition = tree_.advance(place_, density_, metric, step, max_treedepth, stream, stop_);
    result_.gradients += transition.leapfrogs;
    return transition;
}

void Chain::search_step_size(Warmup& warmup, std::uint32_t purpose) {
    warmup.start_from(first_step_size(place_, density_, warmup.metric(), 1.0, random(purpose), result_.gradients));
}

void Chain::warm_up(Warmup& warmup) {
    progress_.phase = Phase::warmup;
    search_step_size(warmup, first_search);
    for (int i = 0; i < options_.warmup; ++i) {
        const int max_treedepth = warmup.max_treedepth(options_.max_treedepth);
        const Transition transition = advance(warmup.metric(), warmup.step_size(), max_treedepth);
        if (warmup.learn(place_, transition)) search_step_size(warmup, second_search);
        progress_.iteration.store(i + 1, std::memory_order_relaxed);
    }
}

void Chain::keep_draw(int draw, const Metric& metric) {
    const auto at = static_cast<std::size_t>(draw);
    bool divergent = false;
    Transition transition;
    for (int i = 0; i < options_.thinning; ++i) {
        transition = advance(metric, result_.step_size, options_.max_treedepth);
        divergent = divergent || transition.divergent;
    }
    result_.draws.col(draw) = place_.position;
    result_.log_density[at] = static_cast<float>(place_.log_density);
    result_.energy[at] = static_cast<float>(transition.energy);
    result_.accept_stat[at] = static_cast<float>(transition.accept_stat);
    result_.tree_depth[at] = static_cast<std::uint8_t>(transition.depth);
    result_.divergent[at] = divergent ? 1 : 0;
    if (divergent) progress_.divergences.fetch_add(1, std::memory_order_relaxed);
    progress_.iteration.store(options_.warmup + draw + 1, std::memory_order_relaxed);
}

ChainResult Chain::run(const StartingPoint& start) {
    const auto n = static_cast<std::size_t>(options_.draws);
    result_.draws.resize(density_.dimension, options_.draws);
    result_.log_density.resize(n);
    result_.energy.resize(n);
    result_.accept_stat.resize(n);
    result_.tree_depth.resize(n);
    result_.divergent.resize(n);
    result_.gradients = 1;
    progress_.total = options_.warmup + options_.draws;
    const bool dense = is_dense(options_.metric, density_.dimension);
    Warmup warmup(options_.warmup, options_.target_accept, first_metric(start, place_, dense));
    warm_up(warmup);
    result_.step_size = warmup.final_step_size();
    progress_.phase = Phase::sampling;
    for (int draw = 0; draw < options_.draws; ++draw) keep_draw(draw, warmup.metric());
    return std::move(result_);
}

}  // namespace

ChainResult run_nuts(const Density& density, const StartingPoint& start, const NutsOptions& options, int chain,
                     ChainProgress& progress, const StopFlag& stop) {
    check(density, start, options);
    return Chain(density, start, options, chain, progress, stop).run(start);
}

std::int64_t nuts_memory_bytes(int dimension, const NutsOptions& options) {
    const std::int64_t n = dimension;
    const std::int64_t record = 3 * sizeof(float) + 2;
    const std::int64_t kept = options.draws * (8 * n + record);
    // Draws and gradients of warm-up, and the centred copies of the window that learning works on.
    const std::int64_t window = 4 * 8 * n * options.warmup;
    const std::int64_t tree = 8 * n * (3 * options.max_treedepth + 32);
    const std::int64_t matrices = is_dense(options.metric, dimension) ? 16 * 8 * n * n : 16 * 8 * n;
    return kept + window + tree + matrices + 65536;
}

}  // namespace mmm
