#include "core/sampler/trajectory.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/error.hpp"

namespace mmm {

namespace {

// Weights exp(H_0 - H) are kept as plain numbers. A point this far below the starting energy only occurs where the step
// is far too long (first steps of warm-up); the bound keeps a sum of 2^10 weights finite.
constexpr double largest_log_weight = 600;

void make_single(Span& span, const Vec& momentum) {
    span.near = momentum;
    span.far = momentum;
    span.sum = momentum;
}

// near <- near followed by far.
void append(Span& near, Span& far) {
    near.far.swap(far.far);
    near.sum += far.sum;
}

// Spans merge as bits carry when counting leaves: after leaf k, one merge for each trailing 1 of k.
std::size_t merges(int leaf) { return static_cast<std::size_t>(std::countr_one(static_cast<unsigned>(leaf))); }

void turn_around(Span& span) { span.near.swap(span.far); }

}  // namespace

void start_trajectory(PhasePoint& point, const Place& place, const Metric& metric, RandomStream& random) {
    point.place = place;
    metric.to_force(place.gradient, point.force);
    for (double& p : point.momentum) p = random.normal();
}

void leapfrog(PhasePoint& point, const Density& density, const Metric& metric, double step) {
    point.momentum += (0.5 * step) * point.force;
    metric.to_position(point.momentum, point.velocity);
    point.place.position += step * point.velocity;
    point.place.log_density = density.evaluate(point.place.position, point.place.gradient);
    metric.to_force(point.place.gradient, point.force);
    point.momentum += (0.5 * step) * point.force;
}

bool goes_straight_on(const Span& near, const Span& far) {
    const auto all = near.sum + far.sum;
    if (!(near.near.dot(all) > 0 && far.far.dot(all) > 0)) return false;
    const auto over_near = near.sum + far.near;
    if (!(near.near.dot(over_near) > 0 && far.near.dot(over_near) > 0)) return false;
    const auto over_far = far.sum + near.far;
    return near.far.dot(over_far) > 0 && far.far.dot(over_far) > 0;
}

struct NoUTurnTree::Environment {
    const Density& density;
    const Metric& metric;
    RandomStream& random;
    const StopFlag& stop;
    double start_energy;
};

NoUTurnTree::NoUTurnTree(int dimension, int max_depth)
    : ends_{PhasePoint(dimension), PhasePoint(dimension)},
      whole_(dimension),
      branch_(dimension),
      pending_(static_cast<std::size_t>(std::max(max_depth, 1)), Span(dimension)),
      candidate_(dimension) {}

Transition NoUTurnTree::advance(Place& place, const Density& density, const Metric& metric, double step, int max_depth,
                                RandomStream& random, const StopFlag& stop) {
    start_trajectory(ends_[0], place, metric, random);
    ends_[1] = ends_[0];
    make_single(whole_, ends_[0].momentum);
    const Environment environment{density, metric, random, stop, ends_[0].energy()};
    Transition transition;
    transition.energy = environment.start_energy;
    double weight = 1;
    bool growing_forward = true;
    while (transition.depth < max_depth) {
        const bool forward = random.uniform() < 0.5;
        if (forward != growing_forward) turn_around(whole_);
        growing_forward = forward;
        if (!grow(ends_[forward ? 1 : 0], forward ? step : -step, 1 << transition.depth, environment, transition)) break;
        ++transition.depth;
        if (random.uniform() * weight < branch_weight_) {
            std::swap(place, candidate_);
            transition.energy = candidate_energy_;
        }
        weight += branch_weight_;
        if (!goes_straight_on(whole_, branch_)) break;
        append(whole_, branch_);
    }
    transition.accept_stat /= std::max(transition.leapfrogs, 1);
    return transition;
}

// Doubles the tree by `leaves` steps from `end`; false if the new subtree is not to be used, because it diverged or
// because some dyadic part of it turned back on itself.
bool NoUTurnTree::grow(PhasePoint& end, double step, int leaves, const Environment& environment,
                       Transition& transition) {
    branch_weight_ = 0;
    for (int leaf = 0; leaf < leaves; ++leaf) {
        if (environment.stop.load(std::memory_order_relaxed)) throw Error(ErrorKind::cancelled, "sampling was cancelled");
        leapfrog(end, environment.density, environment.metric, step);
        if (!add_leaf(end, environment, transition)) return false;
        make_single(branch_, end.momentum);
        if (!merge_spans(leaf)) return false;
        if (leaf + 1 < leaves) std::swap(branch_, pending_[merges(leaf)]);
    }
    return true;
}

// Weighs the newest point and perhaps makes it the subtree's candidate; false if it diverged. Choosing the k-th point
// with probability w_k / (w_1 + ... + w_k) as they come is a draw from all of them in proportion to their weights.
bool NoUTurnTree::add_leaf(const PhasePoint& end, const Environment& environment, Transition& transition) {
    const double energy = end.energy();
    const double log_weight = environment.start_energy - energy;
    ++transition.leapfrogs;
    if (!std::isfinite(energy) || -log_weight > divergence_threshold) {
        transition.divergent = true;
        return false;
    }
    const double weight = std::exp(std::min(log_weight, largest_log_weight));
    transition.accept_stat += std::min(weight, 1.0);
    branch_weight_ += weight;
    if (environment.random.uniform() * branch_weight_ < weight) {
        candidate_ = end.place;
        candidate_energy_ = energy;
    }
    return true;
}

bool NoUTurnTree::merge_spans(int leaf) {
    for (std::size_t level = 0; level < merges(leaf); ++level) {
        Span& half = pending_[level];
        if (!goes_straight_on(half, branch_)) return false;
        append(half, branch_);
        std::swap(half, branch_);
    }
    return true;
}

}  // namespace mmm
