#include "core/summary/draw_summary.hpp"

#include <algorithm>

#include "core/summary/contributions.hpp"

namespace mmm {

namespace {

constexpr std::size_t values_at_once = 8'000'000;  // 64 MB

}  // namespace

std::vector<DrawSummary> summarise_draws(std::size_t count, std::size_t draws, double level, const FillDraw& fill,
                                         const Poll& poll) {
    std::vector<DrawSummary> summaries;
    const std::size_t stretch = std::clamp<std::size_t>(values_at_once / draws, 1, std::max<std::size_t>(count, 1));
    for (std::size_t first = 0; first < count; first += stretch) {
        const std::size_t n = std::min(stretch, count - first);
        std::vector<std::vector<double>> cells(n, std::vector<double>(draws));
        Vec values(static_cast<Eigen::Index>(n));
        for (std::size_t draw = 0; draw < draws; ++draw) {
            poll();
            fill(draw, first, values);
            for (std::size_t i = 0; i < n; ++i) cells[i][draw] = values[static_cast<Eigen::Index>(i)];
        }
        for (std::size_t i = 0; i < n; ++i) {
            if (i % 16 == 0) poll();
            const double mean = mean_of(cells[i]);
            const Bounds bounds = interval(cells[i], level);
            summaries.push_back({mean, bounds.lower, bounds.upper});
        }
    }
    return summaries;
}

}  // namespace mmm
