#pragma once

// A host that never interrupts: for work whose interruption is not what a test is about.

#include "core/host.hpp"

namespace mmm::test {

inline const Poll idle = [] {};

}  // namespace mmm::test
