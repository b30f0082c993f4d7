#include "core/planner/plan_region.hpp"

#include <algorithm>

#include "core/format.hpp"
#include "core/limits.hpp"

namespace mmm {

namespace {

constexpr double furthest_multiple = 1000;  // of the typical spend

class RegionBuilder {
public:
    RegionBuilder(const PlanOptions& options, const std::vector<std::string>& channels,
                  const std::vector<PlanMoney>& cells)
        : options_(options), channels_(channels), cells_(cells) {
        for (const auto& cell : cells) total_ += cell.current;
        if (!(total_ > 0))
            throw Error(ErrorKind::invalid_argument,
                        "no paid channel has spend in the window, so there is nothing to plan", {},
                        "Choose from and to so that money was spent between them.");
    }

    Region build() {
        region_.lower.resize(static_cast<Eigen::Index>(cells_.size()));
        region_.upper = region_.lower;
        for (std::size_t c = 0; c < cells_.size(); ++c) {
            region_.cells.push_back(cells_[c].name);
            bound(static_cast<Eigen::Index>(c), cells_[c]);
        }
        set_rows();
        return std::move(region_);
    }

private:
    // Whether a channel's spend can move between cells of it.
    bool moves() const { return options_.by_geo || options_.by_period; }

    // 0.7 to 1.3 times the current spend, stretched to another budget in proportion; 0 to 2 times for a flexible one.
    SpendBounds default_bounds() const {
        if (options_.flexible()) return {0, 2};
        const double change = options_.budget ? *options_.budget / total_ : 1;
        return {0.7 * std::min(1.0, change), 1.3 * std::max(1.0, change)};
    }

    void bound(Eigen::Index k, const PlanMoney& cell) {
        region_.lower[k] = region_.upper[k] = cell.current;
        if (options_.locked[cell.channel] && !moves()) return;
        const SpendBounds bounds = options_.bounds[cell.channel].value_or(default_bounds());
        const double unit = bounds.in_spend ? 1 : cell.current;
        if (!(cell.typical > 0) && bounds.least * unit > 0)
            specification_error(
                "bounds." + channels_[cell.channel],
                "found at least " + format_number(bounds.least) + ", but " + cell.name + " has no spend in the window",
                "Without spend there is no flighting to scale: leave its bounds out, or choose another window.");
        if (!(cell.typical > 0)) return;
        region_.lower[k] = bounds.least * unit;
        region_.upper[k] = bounds.most * unit;
        // A width that is lost in rounding is none.
        if (region_.upper[k] - region_.lower[k] < 1e-12 * cell.typical) region_.upper[k] = region_.lower[k];
    }

    void set_rows() {
        const Vec ones = Vec::Ones(region_.lower.size());
        const double budget = options_.budget.value_or(total_);
        if (!options_.flexible()) region_.rows.push_back({"budget", ones, budget, budget});
        if (options_.max_budget) region_.rows.push_back({"max_budget", ones, -infinity, *options_.max_budget});
        for (const auto& constraint : options_.constraints)
            region_.rows.push_back(
                {constraint.name, weights_of(constraint.weights), constraint.least, constraint.most});
        for (std::size_t channel = 0; moves() && channel < channels_.size(); ++channel) {
            if (!options_.locked[channel]) continue;
            const Vec own =
                weights_of(Vec::Unit(static_cast<Eigen::Index>(channels_.size()), static_cast<Eigen::Index>(channel)));
            double spend = 0;
            for (const auto& cell : cells_) spend += cell.channel == channel ? cell.current : 0;
            region_.rows.push_back({"locked " + channels_[channel], own, spend, spend});
        }
    }

    // Of each cell, that of its channel.
    Vec weights_of(const Vec& by_channel) const {
        Vec weights(region_.lower.size());
        for (std::size_t c = 0; c < cells_.size(); ++c)
            weights[static_cast<Eigen::Index>(c)] = by_channel[static_cast<Eigen::Index>(cells_[c].channel)];
        return weights;
    }

    const PlanOptions& options_;
    const std::vector<std::string>& channels_;
    const std::vector<PlanMoney>& cells_;
    double total_ = 0;
    Region region_;
};

}  // namespace

std::vector<std::string> paid_channels(const FittedModel& model) {
    std::vector<std::string> names;
    for (const auto& medium : model.spec.media)
        if (medium.paid()) names.push_back(medium.name);
    return names;
}

std::vector<std::size_t> spread_draws(std::size_t total, std::size_t count) {
    count = std::min(count, total);
    std::vector<std::size_t> draws;
    for (std::size_t i = 0; i < count; ++i) draws.push_back(i * total / count);
    return draws;
}

Region plan_region(const PlanOptions& options, const std::vector<std::string>& channels,
                   const std::vector<PlanMoney>& cells) {
    return RegionBuilder(options, channels, cells).build();
}

void check_reach(const Region& region, const std::vector<PlanMoney>& cells) {
    for (std::size_t c = 0; c < cells.size(); ++c) {
        const double most = region.upper[static_cast<Eigen::Index>(c)];
        if (most <= furthest_multiple * cells[c].typical) continue;
        throw Error(ErrorKind::invalid_argument,
                    cells[c].name + " could be given " + format_number(most) +
                        ", more than 1000 times its current spend of " + format_number(cells[c].typical),
                    "So far beyond the data a response is nothing but the curve's formula.",
                    "Lower the upper bound of the channel, or the budget.");
    }
}

}  // namespace mmm
