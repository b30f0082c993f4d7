// Warm-up: when the metric is learned and from which draws, and how the step size follows.
#pragma once

#include <vector>

#include "core/eigen.hpp"
#include "core/sampler/metric.hpp"
#include "core/sampler/step_size.hpp"
#include "core/sampler/trajectory.hpp"

namespace mmm {

// The metric is learned often at first and then at growing distances, each time from the more recent draws only:
// overlapping windows that grow with the run, so that early draws, far from the posterior, are soon forgotten. The last
// part of warm-up keeps the metric and settles the step size.
//
// With 1000 transitions: after 5, 10, 15, 20, 26, 33, ... and last after 880. All constants were chosen by gradients per
// effective draw over two dozen densities of 2 to 100 dimensions; none of them matters by more than a few per cent.
struct WarmupSchedule {
    explicit WarmupSchedule(int warmup);

    bool learns_metric(int done) const;  // after `done` transitions
    int window(int done) const;          // how many of the last draws are used then

    int last_update = 0;
    std::vector<int> updates;
};

// The adaptation of one chain: fed with every transition of warm-up, it holds the metric and the step size to use next.
class Warmup {
public:
    Warmup(int length, double target_accept, Metric metric);

    const Metric& metric() const { return metric_; }
    double step_size() const { return steps_.step_size(); }
    double final_step_size() const { return steps_.averaged_step_size(); }
    // Until the metric has been learned once, long trajectories only buy precision in a poor metric.
    int max_treedepth(int allowed) const;
    void start_from(double step_size) { steps_.restart(step_size, 2 * step_size, DualAveraging::searching); }

    // True if the metric was learned for the first time: the step size has to be found anew.
    bool learn(const Place& place, const Transition& transition);

private:
    bool is_still_climbing(int count) const;

    WarmupSchedule schedule_;
    Metric metric_;
    DualAveraging steps_;
    Mat draws_;
    Mat gradients_;
    Vec log_densities_;
    bool has_learned_ = false;
    int done_ = 0;
};

}  // namespace mmm
