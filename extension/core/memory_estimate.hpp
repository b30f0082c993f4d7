// How much memory a fit takes, before any of it is taken.
#pragma once

#include <cstdint>
#include <string>

#include "core/model/specification.hpp"
#include "core/model/table.hpp"

namespace mmm {

struct MemoryEstimate {
    double draws = 0;    // kept draws: unconstrained while sampling, float32 after
    double data = 0;     // rows, design and working vectors of the gradient, per thread
    double sampler = 0;  // metric, warm-up history and starting points, per thread
    double total() const { return draws + data + sampler; }
};

MemoryEstimate estimate_memory(const Specification& spec, const Table& table, int threads);

// Throws Error(limit_exceeded) with the estimate and what would reduce it most.
void check_memory(const MemoryEstimate& estimate, std::int64_t limit_bytes);

}  // namespace mmm
