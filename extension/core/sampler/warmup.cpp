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
constexpr double climb_per_dimension = 100;

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
      gradients_(metric_.dimension(), schedule_.last_update),
      log_densities_(schedule_.last_update) {}

int Warmup::max_treedepth(int allowed) const {
    return has_learned_ ? allowed : std::min(allowed, first_max_treedepth);
}

bool Warmup::learn(const Place& place, const Transition& transition) {
    steps_.update(transition.accept_stat);
    if (done_ < schedule_.last_update) {
        draws_.col(done_) = place.position;
        gradients_.col(done_) = place.gradient;
        log_densities_[done_] = place.log_density;
    }
    ++done_;
    if (!schedule_.learns_metric(done_)) return false;
    const int count = schedule_.window(done_);
    const bool is_last = done_ == schedule_.last_update;
    const bool is_first = !has_learned_;
    if (!is_last && is_still_climbing(count)) return false;
    metric_ = learn_metric(metric_, draws_.middleCols(done_ - count, count), gradients_.middleCols(done_ - count, count));
    has_learned_ = true;
    if (is_last) {
        const double step = steps_.averaged_step_size();
        steps_.restart(step, step, DualAveraging::settling);
    }
    return is_first && !is_last;
}

// Whether the chain rose so far during the last `count` draws that they say nothing of the posterior's shape. Learning
// from such draws would fit the metric to the slope and keep the chain on it.
bool Warmup::is_still_climbing(int count) const {
    const int quarter = std::max(count / 4, 1);
    const double before = log_densities_.segment(done_ - count, quarter).mean();
    const double now = log_densities_.segment(done_ - quarter, quarter).mean();
    return now - before > climb_per_dimension * metric_.dimension();
}

}  // namespace mmm
