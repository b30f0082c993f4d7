#include "core/sampler/step_size.hpp"

#include <algorithm>
#include <cmath>

namespace mmm {

namespace {

constexpr double offset = 10;
constexpr double kappa = 0.75;
constexpr double largest_log_step = 40;  // a density that is flat everywhere accepts any step

}  // namespace

void DualAveraging::restart(double step_size, double centre, double gamma) {
    gamma_ = gamma;
    log_centre_ = std::log(centre);
    error_ = 0;
    count_ = 0;
    log_averaged_ = std::log(step_size);
    step_size_ = averaged_ = step_size;
}

void DualAveraging::update(double accept_stat) {
    ++count_;
    const auto t = static_cast<double>(count_);
    const double weight = 1 / (t + offset);
    error_ = (1 - weight) * error_ + weight * (target_ - accept_stat);
    const double proposed = log_centre_ - std::sqrt(t) / gamma_ * error_;
    const double log_step = std::clamp(proposed, -largest_log_step, largest_log_step);
    const double forgetting = std::pow(t, -kappa);
    log_averaged_ = forgetting * log_step + (1 - forgetting) * log_averaged_;
    step_size_ = std::exp(log_step);
    averaged_ = std::exp(log_averaged_);
}

double first_step_size(const Place& place, const Density& density, const Metric& metric, double step,
                       RandomStream random, std::int64_t& gradients) {
    PhasePoint start(density.dimension);
    start_trajectory(start, place, metric, random);
    PhasePoint trial = start;
    bool growing = true;
    for (int i = 0; i < largest_log_step; ++i) {
        trial = start;
        leapfrog(trial, density, metric, step);
        ++gradients;
        const bool accepts = start.energy() - trial.energy() > std::log(0.8);  // false when the energy is not a number
        if (i == 0) growing = accepts;
        if (accepts != growing) break;
        step *= growing ? 2 : 0.5;
    }
    return step;
}

}  // namespace mmm
