// The kernels with eight lanes in a register, compiled for any processor.
#pragma once

#include "core/kernel/kernels.hpp"

namespace mmm::wide {
extern const Kernels table;
}
