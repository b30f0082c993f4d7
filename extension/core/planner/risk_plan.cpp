#include "core/planner/risk_plan.hpp"

#include <algorithm>
#include <cmath>

#include "core/planner/concave.hpp"
#include "core/planner/maximise.hpp"
#include "core/random.hpp"

namespace mmm {

namespace {

constexpr std::uint32_t random_subsets = 3;

class RiskSearch {
public:
    RiskSearch(const RiskProblem& problem, const Region& region, const Objective& objective, const Poll& poll)
        : problem_(problem), region_(region), objective_(objective), poll_(poll) {}

    Vec run() {
        const Vec even = Vec::Constant(problem_.draws, 1.0 / static_cast<double>(problem_.draws));
        const Vec mean_plan = problem_.best_for(even);
        offer(mean_plan);
        for (const Vec& weights : starts(even, problem_.totals(mean_plan))) follow(weights);
        polish();
        return best_;
    }

private:
    struct Value {
        double score, mean;
    };
    Value judge(const Vec& spend) const {
        poll_();
        const Vec totals = problem_.totals(spend);
        return {score(objective_, totals), totals.mean()};
    }

    // Keeps the better plan; of two that do equally well, the one with the better mean.
    bool offer(const Vec& spend) {
        const Value value = judge(spend);
        const bool better = best_.size() == 0 || value.score > value_.score ||
                            (value.score == value_.score && value.mean > value_.mean);
        if (better) {
            best_ = spend;
            value_ = value;
        }
        return better;
    }

    std::vector<Vec> starts(const Vec& even, const Vec& totals) const {
        std::vector<Vec> all = {even};
        if (!problem_.many_starts) return all;
        for (const double p : {0.1, 0.5}) {
            all.push_back(emphasis({ObjectiveKind::cvar, p}, totals, 0));
            all.push_back(emphasis({ObjectiveKind::cvar, p}, -totals, 0));
        }
        for (std::uint32_t subset = 0; subset < random_subsets; ++subset) {
            RandomStream random(1, 0, subset, stream::plan);
            Vec weights(even.size());
            for (double& weight : weights) weight = random.uniform() < 0.1 ? 1 : 1e-3;
            all.push_back(weights / weights.sum());
        }
        return all;
    }

    void follow(Vec weights) {
        for (int round = 0; round < problem_.rounds; ++round) {
            const Vec plan = problem_.best_for(weights);
            offer(plan);
            between(plan);
            const double step = 2.0 / (round + 3), bandwidth = std::max(0.05, 0.5 / (1 + round));
            weights = (1 - step) * weights + step * emphasis(objective_, problem_.totals(plan), bandwidth);
        }
    }

    // Plans on the line from the best towards another one: the region is convex, so they lie in it.
    bool between(const Vec& other) {
        bool better = false;
        for (const double share : {0.5, 0.25, 0.1, 0.03, 0.01, 0.001}) {
            const Vec from = best_;
            better = offer(from + share * (other - from)) || better;
        }
        return better;
    }

    // Moves between pairs of cells, ever smaller.
    void polish() {
        const Vec width = region_.upper - region_.lower;
        const auto n = static_cast<Eigen::Index>(region_.size());
        if (n > 12) return;
        for (double step = 0.1; step > 1e-8; step /= 2) {
            for (int round = 0; round < 8; ++round) {
                bool better = false;
                for (Eigen::Index i = 0; i < n; ++i)
                    for (Eigen::Index j = 0; j < n; ++j)
                        if (i != j) better = exchange(i, j, step * std::min(width[i], width[j])) || better;
                if (!better) break;
            }
        }
    }

    bool exchange(Eigen::Index from, Eigen::Index to, double money) {
        money = std::min({money, best_[from] - region_.lower[from], region_.upper[to] - best_[to]});
        if (!(money > 0)) return false;
        Vec plan = best_;
        plan[from] -= money;
        plan[to] += money;
        return violation(region_, plan) <= 1e-12 && offer(plan);
    }

    const RiskProblem& problem_;
    const Region& region_;
    const Objective& objective_;
    const Poll& poll_;
    Vec best_;
    Value value_{0, 0};
};

}  // namespace

Vec total_outcomes(const DrawCurves& curves, ConstVecRef spend) {
    Vec totals = Vec::Zero(curves.draws());
    for (Eigen::Index i = 0; i < spend.size(); ++i) curves.add_outcome(static_cast<std::size_t>(i), spend[i], totals);
    return totals;
}

Vec search_risk(const RiskProblem& problem, const Region& region, const Objective& objective, const Poll& poll) {
    return RiskSearch(problem, region, objective, poll).run();
}

Vec maximise_objective(const DrawCurves& curves, const Region& region, const Objective& objective, const Poll& poll) {
    if (objective.kind != ObjectiveKind::mean) {
        const auto totals = [&](const Vec& spend) { return total_outcomes(curves, spend); };
        const auto best_for = [&](const Vec& weights) { return maximise(*curves.weighted(weights), region, poll); };
        return search_risk({curves.draws(), totals, best_for, region.size() > 40 ? 12 : 40, true}, region, objective,
                           poll);
    }
    const Vec even = Vec::Constant(curves.draws(), 1.0 / static_cast<double>(curves.draws()));
    return maximise(*curves.weighted(even), region, poll);
}

}  // namespace mmm
