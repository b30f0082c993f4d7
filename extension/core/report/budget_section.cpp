// The plan of mmm_optimize_budget() beside what was spent.
#include <algorithm>
#include <cmath>

#include "core/model/json.hpp"
#include "core/report/context.hpp"
#include "core/report/graphic_table.hpp"
#include "core/report/html.hpp"
#include "core/report/number_format.hpp"
#include "core/report/scale.hpp"
#include "core/summary/contributions.hpp"
#include "core/summary/draw_summary.hpp"

namespace mmm::page {

namespace {

constexpr std::size_t most_plan_rows = 120;

struct PlanTotals {
    double current_spend = 0, optimal_spend = 0, current = 0, optimal = 0;
};

PlanTotals totals_of(const std::vector<BudgetRow>& rows) {
    PlanTotals t;
    for (const auto& row : rows) {
        t.current_spend += row.current_spend;
        t.optimal_spend += row.optimal_spend;
        t.current += row.current_contribution;
        t.optimal += row.optimal_contribution;
    }
    return t;
}

// What the plan would have brought more over the whole history, draw by draw; none where the plan is about a part of
// it.
std::optional<DrawSummary> gain_of(const Context& c, const std::vector<BudgetRow>& rows) {
    const Json options = parse_json(c.options.budget, ErrorKind::invalid_argument);
    for (const char* key : {"by", "from", "to", "carryover"})
        if (options.contains(key)) return std::nullopt;
    const FittedModel fewer = with_fewer_draws(c.model, affordable_draws(c.model, 2));
    Contributions contributions(fewer);
    Vec planned, current;
    const auto fill = [&](std::size_t draw, std::size_t, VecRef values) {
        contributions.load(draw);
        values[0] = 0;
        for (std::size_t m = 0; m < fewer.spec.media.size(); ++m)
            for (const auto& row : rows) {
                if (row.channel != fewer.spec.media[m].name || !fewer.spec.media[m].paid() || !(row.current_spend > 0))
                    continue;
                contributions.medium(m, row.optimal_spend / row.current_spend, planned);
                contributions.medium(m, 1, current);
                values[0] += planned.sum() - current.sum();
            }
    };
    return summarise_draws(1, fewer.total_draws(), c.options.level, fill, c.poll).front();
}

std::string change_text(double from, double to) {
    if (!(from > 0)) return {};
    const double change = to / from - 1;
    if (std::fabs(change) < 0.0005) return "unchanged";
    return (change > 0 ? "+" : "") + percent(change);
}

std::string plan_name(const BudgetRow& row) {
    if (row.period) return row.channel + " \u00b7 " + date_text(*row.period);
    return row.geo ? row.channel + " \u00b7 " + *row.geo : row.channel;
}

std::string plan_picture(const Context& c, const std::vector<BudgetRow>& rows) {
    double most = 0;
    for (const auto& row : rows) most = std::max({most, row.current_spend, row.optimal_spend});
    GraphicTable table;
    table.caption = "Spend now and in the plan";
    table.name_head = "Channel";
    table.value_head = "Plan";
    table.axis = percent_scale(0, most, 4);
    for (const auto& row : rows) {
        GraphicRow one;
        const std::string name = plan_name(row);
        one.name = name_html(name);
        one.title = name + ": now " + c.words.money(row.current_spend) + ", plan " + c.words.money(row.optimal_spend);
        one.marks = bar_marks(table.axis, 0, row.current_spend, -12, 10, "bar before") +
                    bar_marks(table.axis, 0, row.optimal_spend, 2, 10, "bar");
        one.value = data_html(row.optimal_spend, escape(c.words.money(row.optimal_spend)));
        one.detail = change_text(row.current_spend, row.optimal_spend);
        table.rows.push_back(std::move(one));
    }
    return "<ul class=\"key\"><li><svg width=\"26\" height=\"12\" aria-hidden=\"true\"><rect class=\"bar before\" "
           "x=\"1\" y=\"1\" width=\"24\" "
           "height=\"10\"/></svg>now</li><li><svg width=\"26\" height=\"12\" aria-hidden=\"true\"><rect class=\"bar\" "
           "x=\"1\" y=\"1\" "
           "width=\"24\" height=\"10\"/></svg>plan</li></ul>\n" +
           table.html();
}

std::string plan_cell(const std::string& name, const std::string& html) {
    return "<td role=\"cell\" class=\"number\" data-name=\"" + name + "\">" + html + "</td>";
}

std::string plan_table(const Context& c, const std::vector<BudgetRow>& rows, const PlanTotals& totals) {
    const auto& w = c.words;
    const auto head = [](const char* name) {
        return std::string("<th role=\"columnheader\" scope=\"col\" class=\"number\">") + name + "</th>";
    };
    std::string out = "<table role=\"table\" class=\"stack\"><caption>The plan in figures <small>\u2013 incremental " +
                      escape(w.kpi) +
                      "</small></caption><thead><tr role=\"row\"><th role=\"columnheader\" scope=\"col\">Channel</th>" +
                      head("Spend now") + head("Spend in the plan") + head("Brings now") + head("Brings in the plan") +
                      head(w.has_revenue ? "mROI in the plan" : "Next one costs") + "</tr></thead>\n<tbody>\n";
    for (const auto& row : rows) {
        const std::string range = escape(w.kpi_range(row.optimal_lower, row.optimal_upper));
        const double marginal = row.mroi.value_or(NAN);
        out += "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\" class=\"across\">" + name_html(plan_name(row)) +
               "</th>" + plan_cell("now", data_html(row.current_spend, escape(w.money(row.current_spend)))) +
               plan_cell("plan", data_html(row.optimal_spend, escape(w.money(row.optimal_spend)))) +
               plan_cell("brings now",
                         data_html(row.current_contribution, escape(w.kpi_amount(row.current_contribution)))) +
               plan_cell("would bring",
                         data_html(row.optimal_contribution, escape(w.kpi_amount(row.optimal_contribution))) +
                             (range.empty() ? "" : " <small>" + range + "</small>")) +
               plan_cell(w.has_revenue ? "mROI" : "next one costs",
                         w.has_revenue ? data_html(marginal, ratio(marginal))
                                       : escape(w.rate(marginal > 0 ? 1 / marginal : NAN))) +
               "</tr>\n";
    }
    return out +
           "<tr role=\"row\" class=\"total\"><th role=\"rowheader\" scope=\"row\" class=\"across\">All paid "
           "channels</th>" +
           plan_cell("now", data_html(totals.current_spend, escape(w.money(totals.current_spend)))) +
           plan_cell("plan", data_html(totals.optimal_spend, escape(w.money(totals.optimal_spend)))) +
           plan_cell("brings now", data_html(totals.current, escape(w.kpi_amount(totals.current)))) +
           plan_cell("would bring", data_html(totals.optimal, escape(w.kpi_amount(totals.optimal)))) +
           plan_cell("", "") + "</tr>\n</tbody></table>\n";
}

std::string plan_lead(const Context& c, const std::vector<BudgetRow>& rows, const PlanTotals& t) {
    const auto& w = c.words;
    const bool same = std::fabs(t.optimal_spend / t.current_spend - 1) < 1e-6;
    std::string text = same ? "The same money, " + escape(w.money(t.optimal_spend)) + ", divided differently, "
                            : "With " + escape(w.money(t.optimal_spend)) + " instead of " +
                                  escape(w.money(t.current_spend)) + ", the plan ";
    const double gain = t.optimal - t.current;
    text += "would have brought " + escape(w.kpi_amount(std::fabs(gain))) + (gain < 0 ? " less " : " more ") +
            name_html(w.kpi);
    if (t.current > 0) text += ", " + percent(std::fabs(gain) / t.current) + " of what paid media brought";
    if (const auto summary = gain_of(c, rows); summary && w.has_intervals && std::isfinite(summary->lower)) {
        text += " (" + w.interval + " of the difference: " + escape(w.kpi_range(summary->lower, summary->upper)) + ")";
        if (summary->lower < 0 && summary->upper > 0 && gain > 0)
            text += ". The interval includes 0: the gain is not certain";
    }
    return text + ". A plan is a bet on the curves above: move step by step, and measure.";
}

std::string bounds_note(const std::vector<BudgetRow>& rows) {
    double low = INFINITY, high = 0;
    for (const auto& row : rows) {
        if (!(row.current_spend > 0)) continue;
        low = std::min(low, row.lower_bound / row.current_spend);
        high = std::max(high, row.upper_bound / row.current_spend);
    }
    if (!(low <= high) || high > 1e6) return {};
    return "<p class=\"note\">Each channel is kept between " + percent(low) + " and " + percent(high) +
           " of what it had, or inside narrower bounds.</p>\n";
}

}  // namespace

std::string budget_section(const Context& c) {
    if (c.paid().empty() || c.model.spec.link == Link::log) return {};
    auto rows = optimize_budget(c.model, c.options.budget, c.poll);
    const PlanTotals totals = totals_of(rows);
    const std::string lead = plan_lead(c, rows, totals);
    std::string note = bounds_note(rows);
    if (rows.size() > most_plan_rows) {
        note += "<p class=\"note\">The first " + std::to_string(most_plan_rows) + " of " + std::to_string(rows.size()) +
                " rows are shown; the total is of all.</p>\n";
        rows.resize(most_plan_rows);
    }
    return section_html("budget", "How to spend it", lead, plan_picture(c, rows) + plan_table(c, rows, totals) + note);
}

}  // namespace mmm::page
