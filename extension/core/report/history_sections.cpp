// Model fit over time, and what the KPI is made of: areas over time and a waterfall of totals.
#include <algorithm>
#include <cmath>

#include "core/report/context.hpp"
#include "core/report/graphic_table.hpp"
#include "core/report/html.hpp"
#include "core/report/number_format.hpp"
#include "core/report/time_chart.hpp"

namespace mmm::page {

namespace {

std::string points_note(const Context& c) {
    if (c.history.periods_a_point == 1) return {};
    return " Each point is the mean of " +
           count_of(static_cast<double>(c.history.periods_a_point), c.words.period, c.words.periods) + ".";
}

std::string per_period(const Context& c) {
    return escape(c.words.kpi) +
           (c.words.kpi_is_money && !c.words.currency.empty() ? " in " + escape(c.words.currency) : "") + " per " +
           c.words.period + (c.model.data.geos.empty() ? "" : ", all geos together");
}

std::string fit_key(const Context& c) {
    const auto entry = [](const std::string& drawing, const std::string& text) {
        return "<li><svg width=\"26\" height=\"14\" aria-hidden=\"true\">" + drawing + "</svg>" + text + "</li>";
    };
    std::string out = "<ul class=\"key\">" + entry("<path class=\"actual\" d=\"M7 7h0M19 7h0\"/>", "actual") +
                      entry("<path class=\"model\" d=\"M1 7H25\"/>", "model, posterior mean");
    if (c.words.has_intervals)
        out += entry("<rect class=\"band\" width=\"26\" height=\"14\"/>", "predictive " + c.words.interval);
    if (std::find(c.history.holdout.begin(), c.history.holdout.end(), true) != c.history.holdout.end())
        out += entry("<rect class=\"holdout\" width=\"26\" height=\"14\"/>", "held out, not fitted");
    return out + "</ul>\n";
}

// How many points lie inside the band, against how many should.
std::string coverage_sentence(const Context& c) {
    double inside = 0, all = 0;
    for (Eigen::Index i = 0; i < c.history.actual.size(); ++i) {
        if (!std::isfinite(c.history.lower[i]) || c.history.holdout[static_cast<std::size_t>(i)]) continue;
        ++all;
        inside += c.history.actual[i] >= c.history.lower[i] && c.history.actual[i] <= c.history.upper[i] ? 1 : 0;
    }
    if (all == 0) return {};
    return " The band holds " + percent(inside / all) + " of the fitted points; " + percent(c.options.level) +
           " is what it should hold.";
}

std::string layer_key(const Context& c, const std::vector<Layer>& layers) {
    std::string out = "<ul class=\"key\">";
    for (const Layer& layer : layers)
        out += "<li>" + swatch_html(layer.style) + "<span><b>" + layer.letter + "</b> " + name_html(layer.name) + " " +
               percent(layer.total / c.history.fitted_total.mean) + "</span></li>";
    return out + "</ul>\n";
}

// Baseline parts first, then treatments and media by size.
std::vector<Part> waterfall_order(const History& history) {
    std::vector<Part> parts = history.parts;
    const auto rank = [](const Part& part) {
        switch (part.kind) {
            case Part::Kind::baseline: return 0;
            case Part::Kind::season: return 1;
            case Part::Kind::control: return 2;
            case Part::Kind::treatment:
            case Part::Kind::organic:
            case Part::Kind::paid: break;
        }
        return 3;
    };
    std::stable_sort(parts.begin(), parts.end(), [&](const Part& a, const Part& b) {
        return rank(a) != rank(b) ? rank(a) < rank(b) : rank(a) == 3 && a.total.mean > b.total.mean;
    });
    return parts;
}

std::string kind_note(Part::Kind kind) {
    switch (kind) {
        case Part::Kind::control: return " <small>control</small>";
        case Part::Kind::treatment: return " <small>treatment</small>";
        case Part::Kind::organic: return " <small>organic</small>";
        case Part::Kind::baseline:
        case Part::Kind::season:
        case Part::Kind::paid: break;
    }
    return {};
}

// Sums of what cancels out by construction are rounding: nothing to show.
DrawSummary without_dust(const DrawSummary& total, double of) {
    const auto clean = [&](double value) { return std::fabs(value) < 1e-7 * std::fabs(of) ? 0 : value; };
    return {clean(total.mean), clean(total.lower), clean(total.upper)};
}

std::string amount_title(const Context& c, const std::string& name, const DrawSummary& total) {
    const std::string range = c.words.kpi_range(total.lower, total.upper);
    return name + ": " + c.words.kpi_amount(total.mean) + (range.empty() ? "" : ", " + c.words.interval + " " + range);
}

GraphicRow waterfall_row(const Context& c, const Scale& axis, const Part& part, double begin) {
    const double end = begin + part.total.mean;
    const bool base =
        part.kind == Part::Kind::baseline || part.kind == Part::Kind::season || part.kind == Part::Kind::control;
    GraphicRow row;
    row.name = name_html(part.name) + kind_note(part.kind);
    row.title = amount_title(c, part.name, part.total);
    row.marks = bar_marks(axis, begin, end, -9, 18,
                          part.total.mean < 0 ? "bar minus"
                          : base              ? "bar base"
                                              : "bar") +
                whisker_marks(axis, begin + part.total.lower, begin + part.total.upper);
    row.value = data_html(part.total.mean, escape(c.words.kpi_amount(part.total.mean))) + " \u00b7 " +
                percent(part.total.mean / c.history.fitted_total.mean);
    row.detail = escape(c.words.kpi_range(part.total.lower, part.total.upper));
    return row;
}

std::string waterfall(const Context& c) {
    auto parts = waterfall_order(c.history);
    for (Part& part : parts) part.total = without_dust(part.total, c.history.fitted_total.mean);
    double at = 0, low = 0, high = std::max(0.0, c.history.actual_total);
    for (const Part& part : parts) {
        for (const double edge : {at + part.total.mean, at + part.total.lower, at + part.total.upper})
            if (std::isfinite(edge)) low = std::min(low, edge), high = std::max(high, edge);
        at += part.total.mean;
    }
    GraphicTable table;
    table.caption = "Where the total comes from <small>\u2013 total " + escape(c.words.kpi) +
                    ", share of the fitted total, " +
                    (c.words.has_intervals ? c.words.interval : std::string("posterior mean")) + "</small>";
    table.name_head = "Part";
    table.value_head = "Total";
    table.axis = percent_scale(low, high, 5);
    at = 0;
    for (const Part& part : parts) {
        table.rows.push_back(waterfall_row(c, table.axis, part, at));
        at += part.total.mean;
    }
    const auto sum = [&](const std::string& name, double value) {
        GraphicRow row;
        row.name = name;
        row.title = name + ": " + c.words.kpi_amount(value);
        row.marks = bar_marks(table.axis, 0, value, -9, 18, "bar sum");
        row.value = data_html(value, escape(c.words.kpi_amount(value)));
        row.total = true;
        table.rows.push_back(row);
    };
    sum("Fitted total", c.history.fitted_total.mean);
    sum(c.model.data.kpi_unknown.empty() ? "Actual total" : "Actual total of measured rows", c.history.actual_total);
    return table.html();
}

}  // namespace

std::string fit_section(const Context& c) {
    std::string caption = "In " + per_period(c) + "." + points_note(c) + coverage_sentence(c);
    if (c.history.scattered_holdout) caption += " Some rows inside the points were held out.";
    return section_html("fit", "Does the model follow the data?",
                        "The model is worth reading only where it follows what happened. Dots outside the band are "
                        "what it does not explain.",
                        fit_key(c) + figure_html(caption, fit_picture(c.history, c.words.kpi)));
}

std::string contributions_section(const Context& c) {
    const auto layers = layers_of(c.history);
    return section_html(
        "contributions", "What brought the results",
        "Every " + c.words.period +
            " taken apart: what would have come without media, and what each channel added to it.",
        layer_key(c, layers) +
            figure_html(
                "Posterior means, in " + per_period(c) + "." + points_note(c) +
                    (c.history.time.size() > 80 ? " Where it is narrow, the picture shows means of neighbours." : "") +
                    " Percentages are shares of the fitted total.",
                stack_picture(c.history, layers, c.words.kpi)) +
            waterfall(c));
}

}  // namespace mmm::page
