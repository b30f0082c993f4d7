#include "core/planner/period_plan.hpp"

#include <algorithm>

#include "core/planner/path_outcome.hpp"
#include "core/planner/plan_region.hpp"
#include "core/summary/contributions.hpp"
#include "core/transform/calendar.hpp"

namespace mmm {

namespace {

constexpr double plan_rows = 2e6;  // rows of all channels in all draws, at which an outcome may be evaluated
constexpr double report_rows = 25e6;
constexpr double held_parts = 8e6;  // 64 MB
constexpr std::size_t least_path_draws = 48, least_risk_draws = 100, most_path_draws = 1000, least_path_report = 1000;

class PeriodPlanner {
public:
    PeriodPlanner(const FittedModel& model, const PlanOptions& options, const Poll& poll)
        : model_(model),
          options_(options),
          poll_(poll),
          channels_(paid_channels(model)),
          blocks_(plan_blocks(model, options)) {
        for (std::size_t m = 0; m < model.spec.media.size(); ++m)
            if (model.spec.media[m].paid()) flights_.push_back(flight_of(model, m, blocks_));
        for (std::size_t i = 0; i < flights_.size(); ++i) add_cells(i);
        region_ = plan_region(options, channels_, money_);
        check_feasible(region_, poll);
        check_reach(region_, money_);
    }

    std::vector<BudgetRow> run() {
        PathOutcome outcome(model_, blocks_, flights_, shares_);
        outcome.load(spread_draws(model_.total_draws(), planned_draws()), poll_);
        Vec current(static_cast<Eigen::Index>(money_.size()));
        for (std::size_t c = 0; c < money_.size(); ++c) current[static_cast<Eigen::Index>(c)] = money_[c].current;
        return report(outcome, maximise_jointly(outcome, options_.objective, region_, current, poll_));
    }

private:
    std::string date_of(Eigen::Index block) const { return format_timestamp(time_of(block)); }
    Timestamp time_of(Eigen::Index block) const {
        return model_.data.time[static_cast<std::size_t>(blocks_.begin(block))];
    }

    // A cell for each block, or one that a pattern spreads.
    void add_cells(std::size_t channel) {
        const Vec& spend = flights_[channel].current;
        const auto& pattern = options_.flighting[channel];
        const double total = spend.sum();
        if (!pattern.empty()) {
            if (static_cast<Eigen::Index>(pattern.size()) != blocks_.count)
                specification_error("flighting." + channels_[channel],
                                    "found " + std::to_string(pattern.size()) + " weights, expected one for each of " +
                                        std::to_string(blocks_.count) + " blocks of periods, from " + date_of(0) +
                                        " to " + date_of(blocks_.count - 1));
            shares_.push_back(Eigen::Map<const Vec>(pattern.data(), blocks_.count));
            money_.push_back({channels_[channel], channel, total, total});
            return;
        }
        shares_.push_back(Mat::Identity(blocks_.count, blocks_.count));
        for (Eigen::Index b = 0; b < blocks_.count; ++b)
            money_.push_back({channels_[channel] + " in " + date_of(b), channel, spend[b],
                              std::max(spend[b], total / static_cast<double>(blocks_.count))});
    }

    double rows() const {
        return static_cast<double>(model_.data.n_geos() * blocks_.periods) * static_cast<double>(flights_.size());
    }

    std::size_t planned_draws() const {
        const std::size_t least = options_.objective.kind == ObjectiveKind::mean ? least_path_draws : least_risk_draws;
        return std::clamp(static_cast<std::size_t>(plan_rows / rows()), least, most_path_draws);
    }

    std::size_t reported_draws() const {
        const double all = rows() + static_cast<double>(model_.data.rows()) * static_cast<double>(flights_.size()),
                     cells = static_cast<double>(blocks_.count) * static_cast<double>(flights_.size());
        return std::min(std::max(least_path_report, static_cast<std::size_t>(report_rows / all)),
                        least_path_draws + static_cast<std::size_t>(held_parts / cells));
    }

    std::vector<BudgetRow> report(PathOutcome& outcome, const Vec& spend) {
        const auto draws = spread_draws(model_.total_draws(), reported_draws());
        std::vector<BudgetRow> rows;
        std::vector<Channel> sums;
        for (std::size_t i = 0; i < flights_.size(); ++i)
            sums.push_back({outcome.by_block(i, spend), outcome.paths()[i].zeros(), outcome.paths()[i].zeros(),
                            Mat(static_cast<Eigen::Index>(draws.size()), blocks_.count)});
        const double share = 1 / static_cast<double>(draws.size());
        for (std::size_t d = 0; d < draws.size(); ++d) {
            const auto parameters = outcome.parameters_of(draws[d], poll_);
            for (std::size_t i = 0; i < flights_.size(); ++i) {
                poll_();
                add_draw(outcome.paths()[i], parameters[i], share, static_cast<Eigen::Index>(d), sums[i]);
            }
        }
        for (std::size_t i = 0; i < flights_.size(); ++i)
            for (Eigen::Index b = 0; b < blocks_.count; ++b) rows.push_back(row_of(outcome, i, b, share, sums[i]));
        return rows;
    }

    // Of one channel, over the draws.
    struct Channel {
        Vec plan;                // money by block
        PathSums before, slope;  // sums of parts; mean gradient in revenue
        Mat after;               // parts of each draw
    };

    void add_draw(MediumPath& path, const PathParameters& parameters, double share, Eigen::Index draw,
                  Channel& sums) const {
        PathSums planned = path.zeros();
        path.add(parameters, sums.plan, model_.design.row_scale, 1, PathQuestion::parts, planned);
        sums.after.row(draw) = planned.parts.transpose();
        path.add(parameters, path.flight().current, model_.design.row_scale, 1, PathQuestion::parts, sums.before);
        path.add(parameters, sums.plan, model_.design.revenue, share, PathQuestion::gradient, sums.slope);
    }

    BudgetRow row_of(PathOutcome& outcome, std::size_t channel, Eigen::Index block, double share,
                     const Channel& sums) const {
        BudgetRow row{};
        row.channel = channels_[channel];
        row.period = time_of(block);
        row.current_spend = flights_[channel].current[block];
        row.optimal_spend = sums.plan[block];
        row.lower_bound = outcome.by_block(channel, region_.lower)[block];
        row.upper_bound = outcome.by_block(channel, region_.upper)[block];
        row.current_contribution = share * sums.before.parts[block];
        std::vector<double> after(sums.after.col(block).begin(), sums.after.col(block).end());
        row.optimal_contribution = mean_of(after);
        const Bounds bounds = interval(after, options_.level);
        row.optimal_lower = bounds.lower;
        row.optimal_upper = bounds.upper;
        if (flights_[channel].current.sum() > 0) row.mroi = sums.slope.gradient[block];
        return row;
    }

    const FittedModel& model_;
    const PlanOptions& options_;
    const Poll& poll_;
    std::vector<std::string> channels_;
    PlanBlocks blocks_;
    std::vector<Flight> flights_;
    std::vector<Mat> shares_;
    std::vector<PlanMoney> money_;
    Region region_;
};

}  // namespace

std::vector<BudgetRow> plan_by_period(const FittedModel& model, const PlanOptions& options, const Poll& poll) {
    return PeriodPlanner(model, options, poll).run();
}

}  // namespace mmm
