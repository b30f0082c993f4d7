#include "core/planner/presolve.hpp"

#include <algorithm>
#include <cmath>

namespace mmm {

namespace {

constexpr int propagation_rounds = 10;
constexpr double pinned_share = 1e-12;  // of a cell's width: no room to speak of

struct RowRange {
    double least, most, size;
};

RowRange range_of(const PlanRow& row, const Vec& lower, const Vec& upper) {
    RowRange range{0, 0, 0};
    for (Eigen::Index i = 0; i < lower.size(); ++i) {
        const double a = row.weights[i] * lower[i], b = row.weights[i] * upper[i];
        range.least += std::min(a, b);
        range.most += std::max(a, b);
        range.size += std::max(std::fabs(a), std::fabs(b));
    }
    return range;
}

// What a row leaves to each cell when all others do what suits it best. A gain of less than a thousandth of what is
// left is not taken: repeated, rounding would grow into it.
bool propagate(const PlanRow& row, const Vec& pinned_width, Vec& lower, Vec& upper) {
    const RowRange range = range_of(row, lower, upper);
    bool changed = false;
    for (Eigen::Index i = 0; i < lower.size(); ++i) {
        const double weight = row.weights[i], low = lower[i], high = upper[i], width = high - low;
        if (weight == 0 || width <= pinned_width[i]) continue;
        // By how much of its width the cell may leave the bound that suits `most`, and the one that suits `least`.
        const double for_most = std::max(0.0, (row.most - range.least) / std::fabs(weight));
        const double for_least = std::max(0.0, (range.most - row.least) / std::fabs(weight));
        if (for_most < 0.999 * width)
            (weight > 0 ? upper[i] : lower[i]) = weight > 0 ? low + for_most : high - for_most;
        if (for_least < 0.999 * width)
            (weight > 0 ? lower[i] : upper[i]) = weight > 0 ? high - for_least : low + for_least;
        if (lower[i] > upper[i]) lower[i] = upper[i] = (lower[i] + upper[i]) / 2;
        changed = changed || lower[i] != low || upper[i] != high;
    }
    return changed;
}

// Of the cells that are free, the weights of a row and what the others put into it.
struct FreeRow {
    Vec weights;
    double fixed;
};

FreeRow free_part(const PlanRow& row, const Region& region) {
    FreeRow free{row.weights, 0};
    for (Eigen::Index i = 0; i < row.weights.size(); ++i) {
        if (region.lower[i] < region.upper[i]) continue;
        free.fixed += row.weights[i] * region.lower[i];
        free.weights[i] = 0;
    }
    return free;
}

// Where both rows weigh the free cells alike but for a factor: leaves in `row` what both leave. An inequality along an
// equation would have no room for a method that goes through the inside.
bool merge_parallel(PlanRow& row, const PlanRow& other, const Region& region) {
    const FreeRow own = free_part(row, region), theirs = free_part(other, region);
    const double square = own.weights.squaredNorm(), factor = theirs.weights.dot(own.weights) / square;
    if (!(square > 0) || factor == 0) return false;
    if ((theirs.weights - factor * own.weights).cwiseAbs().maxCoeff() > 1e-12 * theirs.weights.cwiseAbs().maxCoeff())
        return false;
    double least = (other.least - theirs.fixed) / factor + own.fixed,
           most = (other.most - theirs.fixed) / factor + own.fixed;
    if (factor < 0) std::swap(least, most);
    if (row.least == row.most) return true;
    if (least == most) {
        row.least = row.most = least;
        return true;
    }
    row.least = std::max(row.least, least);
    row.most = std::min(row.most, most);
    if (row.least > row.most) row.least = row.most = (row.least + row.most) / 2;  // rounding: the region is not empty
    return true;
}

}  // namespace

Region presolved(const Region& region) {
    Region simple = region;
    Vec lower = region.lower, upper = region.upper;
    const Vec pinned_width = pinned_share * (upper - lower);
    for (int round = 0; round < propagation_rounds; ++round) {
        bool changed = false;
        for (const auto& row : region.rows) changed = propagate(row, pinned_width, lower, upper) || changed;
        if (!changed) break;
    }
    for (Eigen::Index i = 0; i < lower.size(); ++i)
        if (upper[i] - lower[i] <= pinned_width[i]) simple.lower[i] = simple.upper[i] = (lower[i] + upper[i]) / 2;
    std::erase_if(simple.rows, [&](const PlanRow& row) {
        const RowRange range = range_of(row, simple.lower, simple.upper);
        const double rounding = 1e-12 * range.size;
        return range.least >= row.least - rounding && range.most <= row.most + rounding;
    });
    std::vector<PlanRow> kept;
    for (const PlanRow& row : simple.rows)
        if (std::none_of(kept.begin(), kept.end(), [&](PlanRow& other) { return merge_parallel(other, row, simple); }))
            kept.push_back(row);
    simple.rows = std::move(kept);
    return simple;
}

}  // namespace mmm
