#include "core/planner/grid_plan.hpp"

#include <algorithm>
#include <cmath>

namespace mmm {

namespace {

constexpr int grid_levels = 400;

// The spend that every cell's money comes from, above the lower bounds; none: infinity.
double total_to_spend(const Region& region) {
    for (const auto& row : region.rows) {
        const double weight = row.weights.size() > 0 ? row.weights[0] : 0;
        if (weight > 0 && std::isfinite(row.most) && (row.weights.array() == weight).all())
            return row.most / weight - region.lower.sum();
    }
    return region.upper.sum() - region.lower.sum();
}

std::vector<double> values_on_grid(const Curves& curves, const Region& region, std::size_t cell, double step,
                                   int levels) {
    const auto k = static_cast<Eigen::Index>(cell);
    const double width = region.upper[k] - region.lower[k];
    const int most = std::min(levels, static_cast<int>(std::floor(width / step * (1 + 1e-12))));
    std::vector<double> values;
    for (int level = 0; level <= most; ++level) values.push_back(curves.at(cell, region.lower[k] + level * step).value);
    return values;
}

}  // namespace

Vec grid_plan(const Curves& curves, const Region& region, const Poll& poll) {
    const double total = std::min(total_to_spend(region), (region.upper - region.lower).sum());
    if (!(total > 0)) return region.lower;
    const double step = total / grid_levels;
    const auto levels = static_cast<std::size_t>(grid_levels);
    std::vector<double> best(levels + 1, 0.0);
    std::vector<std::vector<int>> choice(region.size(), std::vector<int>(levels + 1, 0));
    for (std::size_t cell = 0; cell < region.size(); ++cell) {
        poll();
        const auto values = values_on_grid(curves, region, cell, step, grid_levels);
        std::vector<double> next(levels + 1);
        for (std::size_t b = 0; b <= levels; ++b) {
            next[b] = best[b] + values[0];
            for (std::size_t k = 1; k < values.size() && k <= b; ++k) {
                if (!(best[b - k] + values[k] > next[b])) continue;
                next[b] = best[b - k] + values[k];
                choice[cell][b] = static_cast<int>(k);
            }
        }
        best = std::move(next);
    }
    Vec spend = region.lower;
    auto left = static_cast<std::size_t>(std::max_element(best.begin(), best.end()) - best.begin());
    for (std::size_t cell = region.size(); cell-- > 0;) {
        const int taken = choice[cell][left];
        spend[static_cast<Eigen::Index>(cell)] += taken * step;
        left -= static_cast<std::size_t>(taken);
    }
    return spend.cwiseMin(region.upper);
}

}  // namespace mmm
