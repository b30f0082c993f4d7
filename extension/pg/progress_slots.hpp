// The table of running fits that all backends share: a memory-mapped file in the directory that PostgreSQL keeps for
// extensions' temporary statistics, so that no entry in shared_preload_libraries is needed. Base backups leave it out.
//
// A slot belongs to the process whose pid is in it. Slots are claimed by compare-exchange on the pid; a slot whose
// process is gone may be claimed over. What is written once sits behind a sequence lock, counters are plain atomics.
// The file may hold anything when it is opened: what does not look like ours is replaced, never read.
#pragma once

#include "core/host.hpp"

#include "pg/boundary.hpp"

namespace mmm::pg {

constexpr int most_fits = 128;
constexpr int most_chains = 64;  // chains beyond are not shown
constexpr std::size_t longest_model_name = 128;

struct ChainSlot {
    std::atomic<std::int32_t> phase, iteration, total, divergences;
};

struct FitSlot {
    std::atomic<std::int32_t> pid;        // 0: free
    std::atomic<std::uint32_t> sequence;  // odd while the description below is being written
    // description
    std::atomic<std::int64_t> process_started;  // tells a process from a later one with the same pid
    std::atomic<std::int64_t> started_at;
    std::atomic<std::uint32_t> database, role;
    std::array<std::atomic<char>, longest_model_name> model;  // zero-terminated, in the database's encoding
    // counters
    std::atomic<std::int64_t> sampling_since;  // 0 until the first iteration
    std::atomic<std::int32_t> phase, n_chains;
    std::array<ChainSlot, most_chains> chains;
};

static_assert(std::atomic<std::int64_t>::is_always_lock_free && std::atomic<std::int32_t>::is_always_lock_free);

// The slots, or null where the file cannot be had (a WARNING says why, once a backend). Throws PgError.
FitSlot* shared_slots();

// The slots if they are mapped already, else null.
FitSlot* mapped_slots() noexcept;

// Whether the process that wrote `pid` and `process_started` still runs. Call under `guarded`.
bool process_lives(int pid, std::int64_t process_started);

}  // namespace mmm::pg
