#include "pg/fit_host.hpp"

#include <malloc.h>

#include "pg/interrupts.hpp"
#include "pg/settings.hpp"

namespace mmm::pg {

namespace {

constexpr long nap_milliseconds = 5;

}  // namespace

FitHost::FitHost(const std::string& model) : entry_(model), notice_(model) {
    host_.wait = [] { wait_for_interrupts(nap_milliseconds); };
    host_.poll = [] { check_interrupts(); };
    host_.report = [this](Phase overall, const ChainProgress* chains, int n_chains) {
        entry_.update(overall, chains, n_chains);
        notice_.update(overall, chains, n_chains);
    };
    host_.max_threads = max_threads();
    host_.max_memory_bytes = max_memory_bytes();
}

// Threads leave their arenas behind; a pooled session would keep that memory for good.
FitHost::~FitHost() {
    malloc_trim(0);
}

}  // namespace mmm::pg
