// Progress of running fits: written by the backend that fits, read by any session of the same database.
#pragma once

#include "core/host.hpp"

#include "pg/progress_slots.hpp"

namespace mmm::pg {

// Shows a fit in the shared table while it lives. Without a table or a free slot it does nothing.
class ProgressEntry {
public:
    explicit ProgressEntry(const std::string& model);
    ~ProgressEntry();
    ProgressEntry(const ProgressEntry&) = delete;
    ProgressEntry& operator=(const ProgressEntry&) = delete;
    void update(Phase overall, const ChainProgress* chains, int n_chains);

private:
    FitSlot* slot_ = nullptr;
};

struct RunningChain {
    int pid;
    std::string model;  // in the database's encoding
    Phase phase;
    int chain;  // from 1; 0 while the fit has no chains yet
    int iteration, total, divergences;
    TimestampTz started_at;
    std::optional<TimestampTz> eta;
};

// Fits in this database run by a role whose rights the caller has; all of its fits for members of pg_read_all_stats.
std::vector<RunningChain> running_chains();

}  // namespace mmm::pg
