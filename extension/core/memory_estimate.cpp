#include "core/memory_estimate.hpp"

#include <algorithm>
#include <cstdio>

#include "core/error.hpp"
#include "core/model/parameters.hpp"

namespace mmm {

namespace {

constexpr double mebibyte = 1024.0 * 1024.0;

std::string in_megabytes(double bytes) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.0f MB", std::max(1.0, bytes / mebibyte));
    return buffer;
}

}  // namespace

MemoryEstimate estimate_memory(const Specification& spec, std::int64_t periods, int threads) {
    const Layout layout = make_layout(spec);
    const SamplerChoice& s = spec.sampler;
    const bool single = s.method == Method::map;
    const double chains = single ? 1 : s.chains;
    const double workers = std::min<double>(std::max(threads, 1), chains);
    const double n = layout.size(), t = static_cast<double>(periods), media = static_cast<double>(spec.media.size());
    const double draws = single ? 1 : s.draws;
    MemoryEstimate e;
    // Unconstrained (8 bytes), kept (4), collected (4) and the encoded value (4).
    e.draws = chains * draws * n * 20;
    e.data = 8 * t * (3.0 * layout.linear + 10 * media + 2 * static_cast<double>(spec.controls.size()) + 8) + workers * 8 * t * (9 * media + 6);
    // Dense metrics, covariances and two warm-up histories (draws and gradients).
    e.sampler = workers * 8 * (8 * n * n + 2 * n * (single ? 0 : s.warmup) + 64 * n);
    return e;
}

void check_memory(const MemoryEstimate& estimate, std::int64_t limit_bytes) {
    const auto limit = static_cast<double>(limit_bytes);
    if (estimate.total() <= limit) return;
    const char* remedy = "fewer periods or media";
    if (estimate.draws >= std::max(estimate.data, estimate.sampler))
        remedy = "fewer sampler.draws or sampler.chains";
    else if (estimate.sampler >= estimate.data)
        remedy = "a smaller sampler.warmup, fewer parameters or fewer threads";
    throw Error(ErrorKind::limit_exceeded,
                "the fit needs about " + in_megabytes(estimate.total()) + ", more than mmm.max_memory allows (" +
                    in_megabytes(limit) + ")",
                "Draws take " + in_megabytes(estimate.draws) + ", data and gradient " + in_megabytes(estimate.data) +
                    ", the sampler " + in_megabytes(estimate.sampler) + ".",
                std::string("Use ") + remedy + ", or ask an administrator to raise mmm.max_memory.");
}

}  // namespace mmm
