#include "core/sampler/warmup.hpp"

#include <algorithm>
#include <utility>

#include "core/sampler/metric_learning.hpp"

namespace mmm {

namespace {

constexpr int shortest_gap = 5;
constexpr double growth = 1.3;
constexpr double recent = 0.7;
constexpr double settling_share = 0.12;
constexpr int shortest_settling = 20;
constexpr int first_max_treedepth = 6;

int settling_length(int warmup) {
    const int wanted = std::max(static_cast<int>(settling_share * warmup), shortest_settling);
    return std::min(wanted, warmup / 3);
}

}  // namespace

WarmupSchedule::WarmupSchedule(int warmup) : last_update(warmup - settling_length(warmup)) {
    for (int next = shortest_gap; next < last_update;) {
        updates.push_back(next);
        next = std::max(next + shortest_gap, static_cast<int>(growth * next));
    }
    // An update too close to the last one would teach nothing new.
    if (updates.size() > 1 && last_update - updates.back() < (updates.back() - updates.end()[-2]) / 2) updates.pop_back();
    updates.push_back(last_update);
    first_update = updates.front();
}

bool WarmupSchedule::learns_metric(int done) const {
    return std::binary_search(updates.begin(), updates.end(), done);
}

int WarmupSchedule::window(int done) const { return std::max(static_cast<int>(recent * done), std::min(done, 3)); }

Warmup::Warmup(int length, double target_accept, Metric metric)
    : schedule_(length),
      metric_(std::move(metric)),
      steps_(target_accept),
      draws_(metric_.dimension(), schedule_.last_update),
      gradients_(metric_.dimension(), schedule_.last_update) {}

int Warmup::max_treedepth(int allowed) const {
    return done_ < schedule_.first_update ? std::min(allowed, first_max_treedepth) : allowed;
}

bool Warmup::learn(const Place& place, const Transition& transition) {
    steps_.update(transition.accept_stat);
    if (done_ < schedule_.last_update) {
        draws_.col(done_) = place.position;
        gradients_.col(done_) = place.gradient;
    }
    ++done_;
    if (!schedule_.learns_metric(done_)) return false;
    learn_metric_from_window();
    if (done_ == schedule_.last_update) {
        const double step = steps_.averaged_step_size();
        steps_.restart(step, step, DualAveraging::settling);
    }
    return done_ == schedule_.first_update && done_ < schedule_.last_update;
}

void Warmup::learn_metric_from_window() {
    const int count = schedule_.window(done_);
    metric_ = learn_metric(metric_, draws_.middleCols(done_ - count, count), gradients_.middleCols(done_ - count, count));
}

}  // namespace mmm
