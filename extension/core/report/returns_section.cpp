// ROI and marginal ROI with intervals, or the cost of one more of the KPI where its value is not known; the same by
// geo.
#include <algorithm>
#include <cmath>

#include "core/report/context.hpp"
#include "core/report/graphic_table.hpp"
#include "core/report/html.hpp"
#include "core/report/number_format.hpp"

namespace mmm::page {

namespace {

struct Estimate {
    std::string name;
    double mean, lower, upper;
};

std::string ratio_range(double lower, double upper) {
    return range_text(ratio(lower), ratio(upper));
}
std::string percent_range(double lower, double upper) {
    return range_text(percent(lower), percent(upper));
}

double axis_low(const std::vector<Estimate>& estimates) {
    double low = 0, largest = 0;
    for (const auto& one : estimates) {
        if (std::isfinite(one.mean)) largest = std::max(largest, std::fabs(one.mean));
        for (const double value : {one.mean, one.lower})
            if (std::isfinite(value)) low = std::min(low, value);
    }
    return std::max(low, -3 * largest);
}

// `text`: how a value reads; `range_of`: how an interval does.
template <typename Text, typename Range>
GraphicTable estimate_table(const Context& c, const std::vector<Estimate>& estimates, const Text& text,
                            const Range& range_of) {
    std::vector<double> means, uppers;
    for (const auto& one : estimates) means.push_back(one.mean), uppers.push_back(one.upper);
    GraphicTable table;
    table.axis = percent_scale(axis_low(estimates), shown_limit(means, uppers), 4);
    for (const auto& one : estimates) {
        GraphicRow row;
        row.name = name_html(one.name);
        const std::string range = range_of(one.lower, one.upper);
        row.title = one.name + ": " + text(one.mean) + (range.empty() ? "" : ", " + c.words.interval + " " + range);
        row.marks = dot_marks(table.axis, one.mean, one.lower, one.upper);
        row.value = data_html(one.mean, escape(text(one.mean)));
        row.detail = escape(range);
        table.rows.push_back(std::move(row));
    }
    return table;
}

void add_break_even(GraphicTable& table, const Context& c) {
    if (!c.words.has_revenue) return;
    table.reference = 1;
    table.reference_label = "1: the spend is earned back in revenue";
    if (table.axis.high < 1) table.axis = percent_scale(table.axis.low, 1, 4);
}

// A cost is the inverse of a return; where the return may be nothing, the cost has no upper end.
Estimate cost_of(const std::string& name, double mean, double lower, double upper) {
    return {name, mean > 0 ? 1 / mean : INFINITY, upper > 0 ? 1 / upper : NAN, lower > 0 ? 1 / lower : INFINITY};
}

std::string roi_pair(const Context& c) {
    std::vector<Estimate> roi, mroi;
    for (const auto& row : c.paid()) {
        roi.push_back({row.channel, *row.roi, row.roi_lower.value_or(NAN), row.roi_upper.value_or(NAN)});
        mroi.push_back(
            {row.channel, row.mroi.value_or(NAN), row.mroi_lower.value_or(NAN), row.mroi_upper.value_or(NAN)});
    }
    double high = 1, low = 0;
    for (const auto* list : {&roi, &mroi}) {
        std::vector<double> means, uppers;
        for (const auto& one : *list) means.push_back(one.mean), uppers.push_back(one.upper);
        high = std::max(high, shown_limit(means, uppers));
        low = std::min(low, axis_low(*list));
    }
    std::string out = "<div class=\"pair\">";
    for (const bool marginal : {false, true}) {
        const auto& estimates = marginal ? mroi : roi;
        // Both on one axis, so that they can be compared.
        const Scale axis = percent_scale(low, high, 4);
        GraphicTable table = estimate_table(c, estimates, ratio, ratio_range);
        table.axis = axis;
        for (std::size_t i = 0; i < estimates.size(); ++i)
            table.rows[i].marks = dot_marks(axis, estimates[i].mean, estimates[i].lower, estimates[i].upper);
        table.caption = marginal ? "Marginal ROI <small>\u2013 what the next 1 % of spend returns</small>"
                                 : "ROI <small>\u2013 revenue for each unit of spend</small>";
        table.name_head = "Channel";
        table.value_head = marginal ? "mROI" : "ROI";
        add_break_even(table, c);
        out += "<div>" + table.html() + "</div>";
    }
    return out + "</div>\n";
}

std::string cost_pair(const Context& c) {
    std::vector<Estimate> average, marginal;
    for (const auto& row : c.paid()) {
        average.push_back(cost_of(row.channel, *row.roi, row.roi_lower.value_or(NAN), row.roi_upper.value_or(NAN)));
        marginal.push_back(
            cost_of(row.channel, row.mroi.value_or(NAN), row.mroi_lower.value_or(NAN), row.mroi_upper.value_or(NAN)));
    }
    const auto text = [&](double value) { return value == INFINITY ? std::string("no limit") : c.words.rate(value); };
    const auto range = [&](double lower, double upper) {
        return upper == INFINITY ? range_text(text(lower), text(upper)) : c.words.rate_range(lower, upper);
    };
    GraphicTable first = estimate_table(c, average, text, range), second = estimate_table(c, marginal, text, range);
    first.caption = "Cost of one more " + escape(c.words.kpi) + " <small>\u2013 spend / incremental " +
                    escape(c.words.kpi) + "</small>";
    second.caption = "Cost of the next one <small>\u2013 at the next 1 % of spend</small>";
    first.name_head = second.name_head = "Channel";
    first.value_head = "CPIK";
    second.value_head = "Next";
    return "<div class=\"pair\"><div>" + first.html() + "</div><div>" + second.html() + "</div></div>\n";
}

std::string channel_table(const Context& c) {
    std::string out =
        "<table role=\"table\" class=\"stack\"><caption>Spend and contribution of each channel</caption><thead><tr "
        "role=\"row\">"
        "<th role=\"columnheader\" scope=\"col\">Channel</th><th role=\"columnheader\" scope=\"col\">Kind</th>"
        "<th role=\"columnheader\" scope=\"col\" class=\"number\">Spend</th><th role=\"columnheader\" scope=\"col\" "
        "class=\"number\">Contribution</th><th role=\"columnheader\" scope=\"col\" "
        "class=\"number\">Share</th></tr></thead>\n<tbody>\n";
    for (const auto& row : c.channels) {
        const std::string range = escape(c.words.kpi_range(row.contribution_lower, row.contribution_upper));
        out += "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">" + name_html(row.channel) +
               "</th><td role=\"cell\">" + row.kind + "</td><td role=\"cell\" class=\"number\" data-name=\"spend\">" +
               (row.spend ? data_html(*row.spend, escape(c.words.money(*row.spend))) : std::string("\u2013")) +
               "</td><td role=\"cell\" class=\"number\" data-name=\"contribution\">" +
               data_html(row.contribution, escape(c.words.kpi_amount(row.contribution))) +
               (range.empty() ? std::string{} : " <small>" + range + "</small>") +
               "</td><td role=\"cell\" class=\"number\" data-name=\"share\">" +
               data_html(row.contribution_share, percent(row.contribution_share)) + "</td></tr>\n";
    }
    return out + "</tbody></table>\n";
}

}  // namespace

std::string returns_section(const Context& c) {
    const auto paid = c.paid();
    if (paid.empty()) return section_html("returns", "What each channel brought", "", channel_table(c));
    std::string lead = c.words.has_revenue
                           ? "A dot is the estimate, the line its uncertainty: a long line means that the data say "
                             "little about that channel. "
                             "The ROI judges what was spent; the marginal ROI, which is lower where a channel "
                             "saturates, says what more would bring."
                           : "A dot is the estimate, the line its uncertainty: a long line means that the data say "
                             "little about that channel. "
                             "No value of the KPI is known, so cost takes the place of return: less is better.";
    if (c.words.has_intervals)
        lead += " Lines are " + c.words.interval + "s; an arrow means that one goes on beyond the picture.";
    return section_html("returns", c.words.has_revenue ? "What the money returned" : "What the results cost", lead,
                        (c.words.has_revenue ? roi_pair(c) : cost_pair(c)) + channel_table(c));
}

std::string geos_section(const Context& c) {
    if (c.history.geos.empty()) return {};
    std::vector<Estimate> estimates;
    for (const auto& geo : c.history.geos) {
        if (c.words.has_revenue)
            estimates.push_back({geo.name, geo.roi.mean, geo.roi.lower, geo.roi.upper});
        else
            estimates.push_back({geo.name, geo.contribution.mean / geo.actual, geo.contribution.lower / geo.actual,
                                 geo.contribution.upper / geo.actual});
    }
    GraphicTable table = c.words.has_revenue ? estimate_table(c, estimates, ratio, ratio_range)
                                             : estimate_table(c, estimates, percent, percent_range);
    table.caption = c.words.has_revenue ? "ROI of all paid media together <small>\u2013 contribution, spend</small>"
                                        : "Share of " + escape(c.words.kpi) +
                                              " brought by paid media <small>\u2013 contribution, spend</small>";
    table.name_head = "Geo";
    table.value_head = c.words.has_revenue ? "ROI" : "Share";
    for (std::size_t g = 0; g < c.history.geos.size(); ++g) {
        const auto& geo = c.history.geos[g];
        table.rows[g].name += " <small class=\"detail\">" +
                              data_html(geo.contribution.mean, escape(c.words.kpi_amount(geo.contribution.mean))) +
                              ", " + data_html(geo.spend, escape(c.words.money(geo.spend))) + "</small>";
    }
    add_break_even(table, c);
    const std::size_t half = (table.rows.size() + 1) / 2;
    if (table.rows.size() <= 8) return section_html("geos", "By geo", "", table.html());
    GraphicTable second = table;
    second.rows.erase(second.rows.begin(), second.rows.begin() + static_cast<std::ptrdiff_t>(half));
    second.caption = "Continued";
    table.rows.resize(half);
    table.reference_label.clear();
    return section_html(
        "geos", "By geo", "In alphabetical order. Differences within the intervals are no ranking.",
        "<div class=\"pair dense\"><div>" + table.html() + "</div><div>" + second.html() + "</div></div>\n");
}

}  // namespace mmm::page
