#include "core/sampler/step_size.hpp"

#include <algorithm>
#include <cmath>

#include <cstdlib>
namespace mmm {

namespace {
static double gamma = 0.05;
constexpr double offset = 10;
constexpr double kappa = 0.75;
}  // namespace

void DualAveraging::restart(double step_size, bool fin) {
    gamma = fin && std::getenv("FGAM") ? std::atof(std::getenv("FGAM")) : 0.05;
    double first = std::getenv("DAMU") ? std::atof(std::getenv("DAMU")) : 2; if (fin && std::getenv("FMU")) first = std::atof(std::getenv("FMU"));
    centre_ = std::log(first * step_size);
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
    const double log_step = centre_ - std::sqrt(t) / gamma * error_;
    const double forgetting = std::pow(t, -kappa);
    log_averaged_ = forgetting * log_step + (1 - forgetting) * log_averaged_;
    step_size_ = std::exp(log_step);
    averaged_ = std::exp(log_averaged_);
}

}  // namespace mmm
