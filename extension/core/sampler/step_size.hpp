// Adaptation of the leapfrog step size.
#pragma once

#include <cstdint>

namespace mmm {

// Dual averaging of log step size (Hoffman & Gelman 2014, JMLR 15, section 3.2.1, with gamma = 0.05, t0 = 10,
// kappa = 0.75): after each trajectory
//   H <- (1 - 1/(t + t0)) H + (target - accept) / (t + t0)
//   log e = mu - sqrt(t) / gamma H,    log average <- t^-kappa log e + (1 - t^-kappa) log average.
class DualAveraging {
public:
    explicit DualAveraging(double target_accept) : target_(target_accept) {}

    // Starts anew around `step_size`, first exploring larger ones.
    void restart(double step_size, bool fin = false);
    // `accept_stat` in [0, 1]: mean acceptance probability along the trajectory just made.
    void update(double accept_stat);

    double step_size() const { return step_size_; }          // for the next trajectory of warm-up
    double averaged_step_size() const { return averaged_; }  // for sampling

private:
    double target_;
    double centre_ = 0;
    double error_ = 0;
    double log_averaged_ = 0;
    double step_size_ = 1;
    double averaged_ = 1;
    std::int64_t count_ = 0;
};

}  // namespace mmm
