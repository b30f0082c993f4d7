#include "core/planner/objective.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "core/sampler/convergence.hpp"

namespace mmm {

namespace {

std::vector<Eigen::Index> worst_first(ConstVecRef totals) {
    std::vector<Eigen::Index> order(static_cast<std::size_t>(totals.size()));
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    std::sort(order.begin(), order.end(),
              [&](auto a, auto b) { return totals[a] != totals[b] ? totals[a] < totals[b] : a < b; });
    return order;
}

// Weight 1 for whole draws of the worst share, the rest of the share for the draw at its edge.
Vec worst_share(ConstVecRef totals, double share) {
    Vec weights = Vec::Zero(totals.size());
    double left = share * static_cast<double>(totals.size());
    const double all = left;
    for (const auto draw : worst_first(totals)) {
        if (!(left > 0)) break;
        weights[draw] = std::min(left, 1.0) / all;
        left -= 1;
    }
    return weights;
}

double quantile_of(ConstVecRef totals, double p) {
    std::vector<double> sorted(totals.begin(), totals.end());
    std::sort(sorted.begin(), sorted.end());
    return quantile_sorted(sorted.data(), sorted.size(), p);
}

Vec kernel_around(ConstVecRef totals, double centre, double bandwidth) {
    const Vec distance = (totals.array() - centre).abs();
    const double spread = std::sqrt((totals.array() - totals.mean()).square().mean());
    // Wide enough to hold the nearest draw, however far off a target lies.
    const double width = std::max(bandwidth * spread, distance.minCoeff());
    if (!(width > 0)) return Vec::Constant(totals.size(), 1.0 / static_cast<double>(totals.size()));
    const Vec weights = (-0.5 * (distance / width).array().square()).exp();
    return weights / weights.sum();
}

}  // namespace

double score(const Objective& objective, ConstVecRef totals) {
    switch (objective.kind) {
        case ObjectiveKind::mean: return totals.mean();
        case ObjectiveKind::quantile: return quantile_of(totals, objective.parameter);
        case ObjectiveKind::cvar: return worst_share(totals, objective.parameter).dot(totals);
        case ObjectiveKind::probability: break;
    }
    return static_cast<double>((totals.array() >= objective.parameter).count()) / static_cast<double>(totals.size());
}

Vec emphasis(const Objective& objective, ConstVecRef totals, double bandwidth) {
    switch (objective.kind) {
        case ObjectiveKind::mean: return Vec::Constant(totals.size(), 1.0 / static_cast<double>(totals.size()));
        case ObjectiveKind::cvar: return worst_share(totals, objective.parameter);
        case ObjectiveKind::quantile: return kernel_around(totals, quantile_of(totals, objective.parameter), bandwidth);
        case ObjectiveKind::probability: break;
    }
    return kernel_around(totals, objective.parameter, bandwidth);
}

}  // namespace mmm
