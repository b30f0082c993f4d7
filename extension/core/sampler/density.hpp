// What every sampler and optimiser here works on: an unnormalised log density on R^n with its gradient.
#pragma once

#include <functional>

#include "core/eigen.hpp"
#include "core/stop.hpp"

namespace mmm {

// `evaluate(u, gradient)` returns log p(u) up to a constant and writes d log p / d u. It returns -infinity (gradient
// unspecified) where the density is zero or not finite; it never throws for numeric reasons. It may use scratch space
// of its own, so one Density serves one thread.
struct Density {
    int dimension = 0;
    std::function<double(ConstVecRef u, VecRef gradient)> evaluate;
};

}  // namespace mmm
