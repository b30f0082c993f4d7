// What the engine asks of whoever runs it: somewhere to report progress, and a way to be interrupted.
// A backend implements it on latches and CHECK_FOR_INTERRUPTS, a test on nothing at all.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>

namespace mmm {

enum class Phase : int { waiting, reading, preparing, starting, warmup, sampling, summarising, done };

constexpr const char* phase_name(Phase phase) {
    constexpr std::array names = {"waiting", "reading", "preparing", "starting",
                                  "warmup",  "sampling", "summarising", "done"};
    return names[static_cast<std::size_t>(phase)];
}

// Written by one worker, read by the leader. `total` counts warm-up and kept draws together.
struct ChainProgress {
    std::atomic<Phase> phase{Phase::waiting};
    std::atomic<int> iteration{0};
    std::atomic<int> total{0};
    std::atomic<int> divergences{0};
};

// `wait` is called by the leader again and again while workers compute. It sleeps a few milliseconds at most and
// throws to stop the work: the workers are then told, joined, and the exception goes on to the caller.
// `poll` is called from single-threaded loops at least every few milliseconds; it throws to stop.
// `report` shows progress: chain states as they are now.
struct Host {
    std::function<void()> wait = [] {};
    std::function<void()> poll = [] {};
    std::function<void(Phase overall, const ChainProgress* chains, int n_chains)> report = [](Phase, const ChainProgress*, int) {};
    int max_threads = 1;
    std::int64_t max_memory_bytes = INT64_MAX;
};

using Poll = std::function<void()>;

}  // namespace mmm
