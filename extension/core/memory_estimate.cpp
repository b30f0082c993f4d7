#include "core/memory_estimate.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/error.hpp"
#include "core/model/parameters.hpp"
#include "core/model/regression.hpp"
#include "core/sampler/nuts.hpp"

namespace mmm {

namespace {

constexpr double mebibyte = 1024.0 * 1024.0;

std::string in_megabytes(double bytes) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.0f MB", std::max(1.0, bytes / mebibyte));
    return buffer;
}

// The layout of the largest model that the rows can make: of knots, one a period unless fewer are asked for.
Layout largest_layout(const Specification& spec, const Table& table, double periods) {
    Specification placed = spec;
    const bool few = spec.trend.placement == KnotPlacement::count || spec.trend.placement == KnotPlacement::dates;
    const double knots = few ? std::max<double>(spec.trend.knots, static_cast<double>(spec.trend.dates.size())) : periods;
    placed.trend.positions.assign(static_cast<std::size_t>(std::min(knots, periods)), 0);
    return make_layout(placed, spec.is_panel() ? table.geo_names : std::vector<std::string>{});
}

}  // namespace

MemoryEstimate estimate_memory(const Specification& spec, const Table& table, int threads) {
    // Filling adds no more rows than there are.
    const double rows = static_cast<double>(table.rows()) * (spec.missing.fill_periods ? 2 : 1), geos = std::max(1.0, static_cast<double>(table.geo_names.size()));
    const double periods = std::ceil(rows / geos), media = static_cast<double>(spec.media.size());
    const Layout layout = largest_layout(spec, table, periods);
    const SamplerChoice& s = spec.sampler;
    const bool single = s.method == Method::map;
    const double chains = single ? 1 : s.chains;
    const double workers = std::min<double>(std::max(threads, 1), chains);
    double linear = 0, regression = media;
    for (const auto& term : layout.terms) {
        linear += term.by_row ? 1 : 1 / geos;
        regression += term.coefficient.by_geo ? geos : 1;
    }
    const auto deviations = static_cast<double>(deviation_columns(spec, static_cast<Eigen::Index>(geos)));
    regression += deviations;
    // Functions of processes, and the largest one's precision while the sampler is prepared.
    double functions = 0, columns = 0;
    for (const auto& variation : layout.variations) {
        functions += variation.basis;
        columns = std::max(columns, 2.0 * variation.basis);
    }
    const double n = layout.size();
    const double draws = single ? 1 : s.draws;
    MemoryEstimate e;
    // Unconstrained (8 bytes), kept (4), collected (4) and the encoded value (4).
    e.draws = chains * draws * n * 20;
    e.data = 8 * rows * (3 * linear + 2 * regression + 10 * media + 2 * static_cast<double>(spec.controls.size()) + 8) +
             workers * 8 * rows * (9 * media + 6) + 8 * (2 * periods * functions + columns * columns + (deviations > 0 ? 6 * regression * regression : 0));
    // Metrics and covariances (of few dimensions: diagonal ones beyond), Pathfinder's path and two warm-up histories (draws and
    // gradients) with the windows that learning copies.
    const double matrices = n <= dense_metric_limit ? 8 * n * n : 0;
    e.sampler = workers * 8 * (matrices + 4 * n * (single ? 0 : s.warmup) + 500 * n);
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
