// Stopping workers: a flag that the leader sets and that every loop over something long looks at.
#pragma once

#include <atomic>

#include "core/error.hpp"

namespace mmm {

using StopFlag = std::atomic<bool>;

inline void stop_if_asked(const StopFlag& stop) {
    if (stop.load(std::memory_order_relaxed)) throw Error(ErrorKind::cancelled, "the work was cancelled");
}
inline void stop_if_asked(const StopFlag* stop) {
    if (stop != nullptr) stop_if_asked(*stop);
}

}  // namespace mmm
