// How fast this machine multiplies and adds, by the instructions of one set: the baseline of kernels and gradients.
#pragma once

#include "core/kernel/kernels.hpp"

namespace mmm::bench {

// Runs `rounds` rounds of multiply-adds that wait for nothing; returns their number. The set must be one the processor has.
double multiply_add_at_peak(InstructionSet set, long rounds, double& sink);

}  // namespace mmm::bench
