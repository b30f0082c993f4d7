// The schedule of warm-up: when the metric is learned, and from which draws.
#pragma once

#include "core/eigen.hpp"
#include "core/sampler/metric.hpp"
#include "core/sampler/step_size.hpp"
#include "core/sampler/trajectory.hpp"

namespace mmm {

// Metric updates come often at first and then at growing distances; each uses the more recent draws only (overlapping
// windows that grow with the run, in the spirit of nutpie: Seyboldt & PyMC developers). The last part of warm-up
// keeps the metric and only settles the step size.
struct WarmupSchedule {
    explicit WarmupSchedule(int warmup);
    // Whether the metric is learned anew after `done` transitions, and how many of the last draws it uses.
    bool updates_metric(int done) const;
    int window(int done) const;
    int metric_end;  // the last update
private:
    std::vector<int> updates_;
};

// The state of adaptation of one chain: feeds on transitions, holds the metric and the step size.
class Warmup {
public:
    Warmup(int length, double target_accept, Metric metric, int dimension);
    // Looks at a transition; true if the metric changed.
    bool learn(const Place& place, const Transition& transition);
    const Metric& metric() const { return metric_; }
    double step_size() const { return steps_.step_size(); }
    double final_step_size() const { return steps_.averaged_step_size(); }
    void restart_step_size(double step) { steps_.restart(step); }
private:
    WarmupSchedule schedule_;
    Metric metric_;
    DualAveraging steps_;
    Mat draws_;
    Mat gradients_;
    int done_ = 0;
};

}  // namespace mmm
