// The budget plan of a fitted model: options and model in, a row a cell out.
#include <algorithm>
#include <cmath>

#include "core/api.hpp"
#include "core/planner/flexible_plan.hpp"
#include "core/planner/model_responses.hpp"
#include "core/planner/period_plan.hpp"
#include "core/planner/plan_region.hpp"
#include "core/planner/response_table.hpp"
#include "core/planner/risk_plan.hpp"
#include "core/summary/contributions.hpp"

namespace mmm {

namespace {

constexpr double marginal_share = 0.01;  // mmm_channels' next 1 %
constexpr double table_tolerance = 1e-7;
constexpr double held_terms = 2e6, held_values = 8e6;  // 64 MB each
constexpr std::size_t breaks_draws = 16;               // that say where a curve needs its breaks
constexpr double table_evaluations = 80e6;             // saturations of one row that a table may cost
constexpr double report_evaluations = 200e6;           // and the report
constexpr double load_evaluations = 3;                 // what loading a row of a draw costs
constexpr std::size_t least_draws = 400, most_risk_draws = 1000, least_report_draws = 1000;

class BudgetPlanner {
public:
    BudgetPlanner(const FittedModel& model, const PlanOptions& options, const Poll& poll)
        : model_(model),
          options_(options),
          poll_(poll),
          channels_(paid_channels(model)),
          window_(plan_window(model, options)),
          responses_(model, plan_cells(model, window_, options.by_geo), window_, options.carryover) {
        current_.resize(static_cast<Eigen::Index>(cells().size()));
        for (std::size_t c = 0; c < cells().size(); ++c) current_[static_cast<Eigen::Index>(c)] = cells()[c].spend;
        for (std::size_t c = 0; c < cells().size(); ++c) {
            const std::size_t channel = channel_of(c);
            money_.push_back({channels_[channel] + (cells()[c].geo ? " in " + *cells()[c].geo : ""), channel,
                              cells()[c].spend, cells()[c].spend});
        }
        region_ = plan_region(options, channels_, money_);
    }

    std::vector<BudgetRow> run() {
        check_feasible(region_, poll_);
        check_reach(region_, money_);
        const ResponseTable table = tabulate();
        return report(plan(table));
    }

private:
    const std::vector<PlanCell>& cells() const { return responses_.cells(); }

    std::size_t channel_of(std::size_t cell) const {
        const auto& name = model_.spec.media[cells()[cell].medium].name;
        return static_cast<std::size_t>(std::find(channels_.begin(), channels_.end(), name) - channels_.begin());
    }

    double multiple(std::size_t cell, double spend) const {
        const double current = current_[static_cast<Eigen::Index>(cell)];
        return current > 0 ? spend / current : 1;
    }

    // Where the mean over a few draws needs its breaks.
    std::vector<Vec> find_nodes() {
        double terms_of_draw = 0;
        for (const auto& cell : cells()) terms_of_draw += static_cast<double>(cell.terms);
        const auto held = static_cast<std::size_t>(std::max(2.0, held_terms / terms_of_draw));
        std::vector<std::vector<PlanTerms>> draws;
        for (const std::size_t draw : spread_draws(model_.total_draws(), std::min(breaks_draws, held))) {
            responses_.load(draw, poll_);
            draws.push_back(responses_.terms());
        }
        std::vector<Vec> nodes;
        for (std::size_t c = 0; c < cells().size(); ++c) {
            const auto k = static_cast<Eigen::Index>(c);
            const auto mean = [&](double spend) {
                poll_();
                double sum = 0;
                for (const auto& terms : draws) sum += responses_.at(c, terms[c], multiple(c, spend)).revenue;
                return sum;
            };
            nodes.push_back(table_nodes(find_breaks(mean, region_.lower[k], region_.upper[k], table_tolerance)));
        }
        return nodes;
    }

    std::size_t affordable_draws(const std::vector<Vec>& nodes) const {
        double evaluations = load_cost(), values = 0;
        for (std::size_t c = 0; c < nodes.size(); ++c) {
            evaluations += static_cast<double>(nodes[c].size() * cells()[c].terms);
            values += static_cast<double>(nodes[c].size());
        }
        const auto affordable = std::max(least_draws, static_cast<std::size_t>(table_evaluations / evaluations));
        if (!is_risk()) return affordable;
        return std::min({affordable, most_risk_draws, static_cast<std::size_t>(1 + held_values / values)});
    }

    double load_cost() const {
        return load_evaluations * static_cast<double>(window_.size()) * static_cast<double>(channels_.size());
    }

    bool is_risk() const { return options_.objective.kind != ObjectiveKind::mean; }

    // For the mean one row, already averaged.
    ResponseTable tabulate() {
        std::vector<Vec> nodes = find_nodes();
        const auto draws = spread_draws(model_.total_draws(), affordable_draws(nodes));
        const auto n = static_cast<double>(draws.size());
        ResponseTable table(std::move(nodes), is_risk() ? static_cast<Eigen::Index>(draws.size()) : 1);
        for (std::size_t d = 0; d < draws.size(); ++d) {
            responses_.load(draws[d], poll_);
            for (std::size_t c = 0; c < cells().size(); ++c) {
                poll_();
                const Vec& spends = table.nodes(c);
                for (Eigen::Index j = 0; j < spends.size(); ++j) {
                    const double revenue = responses_.at(c, multiple(c, spends[j])).revenue;
                    if (is_risk())
                        table.values(c)(static_cast<Eigen::Index>(d), j) = revenue;
                    else
                        table.values(c)(0, j) += revenue / n;
                }
            }
        }
        return table;
    }

    Vec plan(const ResponseTable& table) const {
        if (!options_.flexible()) return maximise_objective(table, region_, options_.objective, poll_);
        const Vec even = Vec::Constant(table.draws(), 1.0 / static_cast<double>(table.draws()));
        const auto mean = table.weighted(even);
        return options_.target_roi ? plan_for_roi(*mean, region_, *options_.target_roi, poll_)
                                   : plan_for_marginal_roi(*mean, region_, *options_.target_mroi, poll_);
    }

    std::size_t reported_draws() const {
        double evaluations = load_cost();
        for (const auto& cell : cells()) evaluations += 3 * static_cast<double>(cell.terms);
        const auto affordable =
            std::max(least_report_draws, static_cast<std::size_t>(report_evaluations / evaluations));
        // A value is held for each cell and draw.
        return std::min(affordable, least_draws + static_cast<std::size_t>(held_values) / cells().size());
    }

    std::vector<BudgetRow> report(const Vec& spend) {
        const auto draws = spread_draws(model_.total_draws(), reported_draws());
        const std::size_t n = cells().size(), total = draws.size();
        std::vector<double> before(n, 0), marginal(n, 0);
        std::vector<std::vector<double>> after(n, std::vector<double>(total));
        for (std::size_t draw = 0; draw < total; ++draw) {
            responses_.load(draws[draw], poll_);
            for (std::size_t c = 0; c < n; ++c) {
                poll_();
                const double k = multiple(c, spend[static_cast<Eigen::Index>(c)]);
                const auto planned = responses_.at(c, k);
                after[c][draw] = planned.kpi;
                before[c] += (k == 1 ? planned : responses_.at(c, 1)).kpi / static_cast<double>(total);
                marginal[c] += (responses_.at(c, k + next(k)).revenue - planned.revenue) / static_cast<double>(total);
            }
        }
        std::vector<BudgetRow> rows;
        for (std::size_t c = 0; c < n; ++c) rows.push_back(row_of(c, spend, before[c], after[c], marginal[c]));
        return rows;
    }

    // The next 1 % of the plan; of the current spend where the plan is nothing.
    static double next(double multiple) { return marginal_share * (multiple > 0 ? multiple : 1); }

    BudgetRow row_of(std::size_t cell, const Vec& spend, double before, std::vector<double>& after,
                     double marginal) const {
        const auto k = static_cast<Eigen::Index>(cell);
        BudgetRow row{};
        row.channel = channels_[channel_of(cell)];
        row.geo = cells()[cell].geo;
        row.current_spend = current_[k];
        row.optimal_spend = spend[k];
        row.lower_bound = region_.lower[k];
        row.upper_bound = region_.upper[k];
        row.current_contribution = before;
        row.optimal_contribution = mean_of(after);
        const Bounds bounds = interval(after, options_.level);
        row.optimal_lower = bounds.lower;
        row.optimal_upper = bounds.upper;
        if (current_[k] > 0) row.mroi = marginal / (next(multiple(cell, spend[k])) * current_[k]);
        return row;
    }

    const FittedModel& model_;
    const PlanOptions& options_;
    const Poll& poll_;
    std::vector<std::string> channels_;
    Vec window_;
    ModelResponses responses_;
    Vec current_;
    std::vector<PlanMoney> money_;
    Region region_;
};

}  // namespace

std::vector<BudgetRow> optimize_budget(const FittedModel& model, std::string_view options_json, const Poll& poll) {
    if (model.spec.link == Link::log)
        throw Error(ErrorKind::invalid_argument,
                    "a budget plan needs the identity link, but the model has link \"log\"",
                    "Under link log what one channel brings depends on what the others do.",
                    "mmm_response_curve() says what more or less of one channel would bring.");
    const Json document = parse_json(options_json, ErrorKind::invalid_argument);
    const PlanOptions options = read_plan_options(document, paid_channels(model));
    if (options.objective.kind != ObjectiveKind::mean && model.total_draws() < 2)
        throw Error(ErrorKind::invalid_argument, "objective: the model has one draw, which says nothing of uncertainty",
                    {}, "Leave objective out, or fit with sampler.method \"nuts\" or \"pathfinder\".");
    return options.by_period ? plan_by_period(model, options, poll) : BudgetPlanner(model, options, poll).run();
}

}  // namespace mmm
