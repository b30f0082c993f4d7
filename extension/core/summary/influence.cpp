#include "core/summary/influence.hpp"

#include <algorithm>

namespace mmm {

namespace {

constexpr double heavy_variance = 0.1;
constexpr std::size_t influence_cells = 8'000'000;  // 64 MB

void look_again(const FittedModel& model, const std::vector<Eigen::Index>& rows, const Poll& poll,
                std::vector<InfluentialRow>& found) {
    const std::size_t stretch = std::max<std::size_t>(1, influence_cells / model.total_draws());
    for (std::size_t first = 0; first < rows.size(); first += stretch) {
        const auto begin = rows.begin() + static_cast<std::ptrdiff_t>(first);
        const std::vector<Eigen::Index> some(
            begin, begin + static_cast<std::ptrdiff_t>(std::min(stretch, rows.size() - first)));
        const Mat density = log_densities(model, some, poll);
        for (std::size_t i = 0; i < some.size(); ++i) {
            poll();
            found.push_back({some[i], loo_point(model, some[i], density.col(static_cast<Eigen::Index>(i))).pareto_k});
        }
    }
}

}  // namespace

std::vector<InfluentialRow> influence(const FittedModel& model, const ReviewDraws& draws, const Poll& poll) {
    std::vector<InfluentialRow> found;
    std::vector<Eigen::Index> again;
    const bool all = draws.kept.size() == draws.fitted.size();
    std::size_t next = 0;  // in `kept`
    for (std::size_t i = 0; i < draws.fitted.size(); ++i) {
        const auto position = static_cast<Eigen::Index>(i);
        const bool kept = next < draws.kept.size() && draws.kept[next] == position;
        const auto column = static_cast<Eigen::Index>(kept ? next++ : next);
        if (!all && draws.density_variance[position] < heavy_variance) continue;
        if (!kept) {
            again.push_back(draws.fitted[i]);
            continue;
        }
        poll();
        found.push_back({draws.fitted[i], loo_point(model, draws.fitted[i], draws.log_density.col(column)).pareto_k});
    }
    if (!again.empty()) look_again(model, again, poll, found);
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.pareto_k > b.pareto_k; });
    return found;
}

}  // namespace mmm
