#include "core/sampler/warmup.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/sampler/metric_learning.hpp"

namespace mmm {
static double knob(const char* name, double fallback) {
    const char* text = std::getenv(name);
    return text ? std::atof(text) : fallback;
}

WarmupSchedule::WarmupSchedule(int warmup) {
    const double frac = knob("FINAL", 0.15);
    metric_end = warmup - static_cast<int>(frac * warmup);
    double next = knob("FIRST", 10);
    double gap = knob("GAP", 10), growth = knob("GROWTH", 1.3);
    while (next < metric_end) {
        updates_.push_back(static_cast<int>(next));
        next = std::max(next + gap, next * growth);
    }
    if (!updates_.empty() && metric_end - updates_.back() < 0.3 * (metric_end - (updates_.size() > 1 ? updates_[updates_.size() - 2] : 0)))
        updates_.pop_back();
    updates_.push_back(metric_end);
}

bool WarmupSchedule::updates_metric(int done) const {
    return std::find(updates_.begin(), updates_.end(), done) != updates_.end();
}

int WarmupSchedule::window(int done) const {
    const double frac = knob("WINDOW", 0.6);
    return std::max(3, static_cast<int>(done * frac));
}

Warmup::Warmup(int length, double target_accept, Metric metric, int dimension)
    : schedule_(length), metric_(std::move(metric)), steps_(target_accept), draws_(dimension, length), gradients_(dimension, length) {}

bool Warmup::learn(const Place& place, const Transition& transition) {
    draws_.col(done_) = place.position;
    gradients_.col(done_) = place.gradient;
    ++done_;
    static const bool sym = knob("SYM", 0) > 0;
    steps_.update(sym ? transition.symmetric_accept : transition.accept_stat);
    if (!schedule_.updates_metric(done_)) return false;
    const int w = std::min(schedule_.window(done_), done_);
    metric_ = learn_metric(metric_, draws_.middleCols(done_ - w, w), gradients_.middleCols(done_ - w, w));
    if (knob("RESTART", 1) > 0 || done_ == schedule_.metric_end) steps_.restart(knob("AVG", 0) > 0 ? steps_.averaged_step_size() : steps_.step_size(), done_ == schedule_.metric_end);
    return true;
}

}  // namespace mmm
