#include "core/planner/path_outcome.hpp"

namespace mmm {

PathOutcome::PathOutcome(const FittedModel& model, const PlanBlocks& blocks, const std::vector<Flight>& flights,
                         std::vector<Mat> shares)
    : model_(model), shares_(std::move(shares)) {
    auto space = std::make_shared<MediumSpace>();
    space->carryover = Carryover::after;
    space->window = Vec::Zero(model.data.rows());
    space->kpi = model.design.revenue;
    for (std::size_t i = 0; i < flights.size(); ++i) {
        paths_.emplace_back(model, blocks, flights[i]);
        groups_.push_back(shares_[i].cols());
        rows_.emplace_back(model, flights[i].medium, space);
    }
}

std::vector<PathParameters> PathOutcome::parameters_of(std::size_t draw, const Poll& poll) {
    Vec parameters(model_.layout.size());
    model_.copy_draw(draw, parameters);
    std::vector<PathParameters> all;
    for (std::size_t i = 0; i < paths_.size(); ++i) {
        poll();
        rows_[i].load(parameters);
        all.push_back({rows_[i].weights(), rows_[i].saturations(), rows_[i].coefficients(), rows_[i].variation(), 0});
    }
    return all;
}

void PathOutcome::load(const std::vector<std::size_t>& draws, const Poll& poll) {
    kept_.clear();
    for (const std::size_t draw : draws) {
        kept_.push_back(parameters_of(draw, poll));
        for (std::size_t i = 0; i < paths_.size(); ++i) paths_[i].settle(kept_.back()[i], model_.design.revenue);
    }
}

Vec PathOutcome::by_block(std::size_t path, const Vec& spend) const {
    Eigen::Index begin = 0;
    for (std::size_t i = 0; i < path; ++i) begin += groups_[i];
    return shares_[path] * spend.segment(begin, groups_[path]);
}

bool PathOutcome::concave() const {
    for (const auto& draw : kept_)
        for (std::size_t i = 0; i < paths_.size(); ++i)
            if (!paths_[i].concave(draw[i])) return false;
    return true;
}

Vec PathOutcome::totals(const Vec& spend, const Poll& poll) {
    Vec totals = Vec::Zero(draws());
    PathSums sums;
    for (std::size_t i = 0; i < paths_.size(); ++i) {
        const Vec own = by_block(i, spend);
        for (std::size_t d = 0; d < kept_.size(); ++d) {
            poll();
            sums.value = 0;
            paths_[i].add(kept_[d][i], own, model_.design.revenue, 1, PathQuestion::value, sums);
            totals[static_cast<Eigen::Index>(d)] += sums.value;
        }
    }
    return totals;
}

JointSlopes PathOutcome::slopes(const Vec& spend, const Vec& weights, const Poll& poll) {
    JointSlopes slopes{0, Vec(spend.size()), {}};
    Eigen::Index begin = 0;
    for (std::size_t i = 0; i < paths_.size(); ++i) {
        const Vec own = by_block(i, spend);
        PathSums sums = paths_[i].zeros();
        for (std::size_t d = 0; d < kept_.size(); ++d) {
            const double weight = weights[static_cast<Eigen::Index>(d)];
            if (weight == 0) continue;
            poll();
            paths_[i].add(kept_[d][i], own, model_.design.revenue, weight, PathQuestion::slopes, sums);
        }
        slopes.value += sums.value;
        slopes.gradient.segment(begin, groups_[i]) = shares_[i].transpose() * sums.gradient;
        const Mat curvature = sums.curvature.selfadjointView<Eigen::Lower>();
        slopes.curvature.push_back(shares_[i].transpose() * curvature * shares_[i]);
        begin += groups_[i];
    }
    return slopes;
}

}  // namespace mmm
