// Adaptation of the leapfrog step size.
#pragma once

#include <cstdint>

#include "core/random.hpp"
#include "core/sampler/trajectory.hpp"

namespace mmm {

// Dual averaging of log step size (Hoffman & Gelman 2014, JMLR 15, section 3.2.1, with t0 = 10, kappa = 0.75): after
// each trajectory
//   H <- (1 - 1/(t + t0)) H + (target - accept) / (t + t0)
//   log e = mu - sqrt(t) / gamma H,    log average <- t^-kappa log e + (1 - t^-kappa) log average.
class DualAveraging {
public:
    // gamma = 0.05 of the paper finds a step size quickly. It also keeps log e jumping by about +-0.25, and because
    // acceptance falls ever faster with the step, the average of such jumps is a step too short: with a target of 0.85 it
    // accepts 0.885. Settling with twice the damping removes most of that (0.855; 8 % more effective draws a gradient).
    static constexpr double searching = 0.05;
    static constexpr double settling = 0.1;

    explicit DualAveraging(double target_accept) : target_(target_accept) {}

    // Starts anew from `step_size`, with log e shrunk towards log `centre`.
    void restart(double step_size, double centre, double gamma);
    // `accept_stat` in [0, 1]: mean acceptance probability along the trajectory just made.
    void update(double accept_stat);

    double step_size() const { return step_size_; }          // for the next trajectory of warm-up
    double averaged_step_size() const { return averaged_; }  // for sampling

private:
    double target_;
    double gamma_ = searching;
    double log_centre_ = 0;
    double error_ = 0;
    double log_averaged_ = 0;
    double step_size_ = 1;
    double averaged_ = 1;
    std::int64_t count_ = 0;
};

// The heuristic of Hoffman & Gelman 2014 (algorithm 4, with 0.8 for 0.5 as in Stan): doubles or halves `step` until the
// acceptance probability of one leapfrog step from `place` crosses 0.8. Adds the gradients it took to `gradients`.
double first_step_size(const Place& place, const Density& density, const Metric& metric, double step,
                       RandomStream random, std::int64_t& gradients);

}  // namespace mmm
