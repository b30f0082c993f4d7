// Hamiltonian trajectories: the leapfrog step, and the No-U-Turn tree built of leapfrog steps.
//
// Everything here is in the metric's whitened coordinates: positions u = L z, kinetic energy |p|^2 / 2.
#pragma once

#include <array>
#include <vector>

#include "core/eigen.hpp"
#include "core/random.hpp"
#include "core/sampler/density.hpp"
#include "core/sampler/metric.hpp"

namespace mmm {

// A point of the chain: u, d log p / d u and log p(u).
struct Place {
    explicit Place(int dimension) : position(dimension), gradient(dimension) {}
    Vec position;
    Vec gradient;
    double log_density = 0;
};

// A place with a momentum. `force` is the gradient in z, `velocity` the last step's direction in u (scratch).
struct PhasePoint {
    explicit PhasePoint(int dimension) : place(dimension), momentum(dimension), force(dimension), velocity(dimension) {}
    // H = |p|^2 / 2 - log p(u)
    double energy() const { return 0.5 * momentum.squaredNorm() - place.log_density; }
    Place place;
    Vec momentum;
    Vec force;
    Vec velocity;
};

// Stands at `place` with a fresh standard normal momentum.
void start_trajectory(PhasePoint& point, const Place& place, const Metric& metric, RandomStream& random);

// One leapfrog step of (signed) size `step`: p += step/2 f, z += step p, p += step/2 f. Reversible, volume preserving,
// energy error O(step^2) over a trajectory. One evaluation of the density.
void leapfrog(PhasePoint& point, const Density& density, const Metric& metric, double step);

// A stretch of a trajectory, as the U-turn criterion sees it: the momenta at its two ends and the sum of all of them.
struct Span {
    explicit Span(int dimension) : near(dimension), far(dimension), sum(dimension) {}
    Vec near;
    Vec far;
    Vec sum;
};

// The generalised criterion of Betancourt 2017 (appendix A.4.2) for two adjoining spans built near to far, with Stan's
// two checks across the seam: true while none of the three stretches (all; near + first of far; last of near + far) has
// an end momentum at or beyond a right angle to its summed momentum.
bool goes_straight_on(const Span& near, const Span& far);

// What happened on the way from one draw to the next.
struct Transition {
    double accept_stat = 0;     // mean over the trajectory of min(1, exp(H_0 - H))
    double energy = 0;          // H of the chosen point
    int depth = 0;              // doublings completed
    int leapfrogs = 0;
    bool divergent = false;     // energy error above `divergence_threshold`
};

constexpr double divergence_threshold = 1000;

// Work space of the No-U-Turn sampler and its transition. Allocates only when constructed.
class NoUTurnTree {
public:
    NoUTurnTree(int dimension, int max_depth);

    // Moves `place` to the next draw: multinomial within subtrees, biased progressive between them (Betancourt 2017,
    // appendix A.3), at most 2^max_depth - 1 steps. Throws Error(cancelled) when `stop` is set.
    Transition advance(Place& place, const Density& density, const Metric& metric, double step, int max_depth,
                       RandomStream& random, const StopFlag& stop);

private:
    struct Environment;
    bool grow(PhasePoint& end, double step, int leaves, const Environment& environment, Transition& transition);
    bool add_leaf(const PhasePoint& end, const Environment& environment, Transition& transition);
    bool merge_spans(int leaf);

    std::array<PhasePoint, 2> ends_;   // backward, forward
    Span whole_;                       // the tree so far, oriented so that its far side is the one that grows
    Span branch_;                      // the newest complete stretch of the growing subtree
    std::vector<Span> pending_;        // complete stretches of 2^level leaves that wait for their other half
    Place candidate_;                  // of the growing subtree
    double candidate_energy_ = 0;
    double branch_weight_ = 0;         // sum of exp(H_0 - H) over the growing subtree
};

}  // namespace mmm
