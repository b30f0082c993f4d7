// The headline: what came of it, in words. Every figure stands again, with its interval, in a section below.
#include <algorithm>
#include <cmath>

#include "core/report/context.hpp"
#include "core/report/html.hpp"
#include "core/report/number_format.hpp"
#include "core/report/scale.hpp"

namespace mmm::page {

namespace {

const DiagnosticRow* check_named(const Context& c, const std::string& metric) {
    for (const auto& row : c.review)
        if (row.metric == metric) return &row;
    return nullptr;
}

double check_value(const Context& c, const std::string& metric) {
    const DiagnosticRow* row = check_named(c, metric);
    return row != nullptr && row->value ? *row->value : std::nan("");
}

std::string strong_name(const std::string& name) {
    return "<strong>" + name_html(name) + "</strong>";
}

std::string in_brackets(const std::string& text) {
    return text.empty() ? std::string{} : " (" + text + ")";
}

std::string interval_text(const Context& c, const std::string& range) {
    return range.empty() ? std::string{} : c.words.interval + " " + range;
}

std::string span_text(const Context& c) {
    const auto& data = c.model.data;
    std::string text = count_of(static_cast<double>(data.time.size()), c.words.period, c.words.periods) + ", " +
                       date_text(data.time.front()) + " to " + date_text(data.time.back());
    if (!data.geos.empty()) text += ", in " + count_of(static_cast<double>(data.geos.size()), "geo", "geos");
    return text;
}

// Rows whose KPI is not known are in no actual total, while what drivers bring counts in all rows.
std::string unmeasured_note(const Context& c) {
    const auto n = std::count(c.model.data.kpi_unknown.begin(), c.model.data.kpi_unknown.end(), true);
    if (n == 0) return {};
    return " It is not known in " + count_of(static_cast<double>(n), "row", "rows") +
           ", which this total leaves out; what drivers brought counts in all rows.";
}

std::string total_sentence(const Context& c) {
    return "Over " + span_text(c) + ", " + strong_name(c.words.kpi) + " came to " +
           escape(c.words.kpi_amount(c.history.actual_total)) + "." + unmeasured_note(c);
}

std::string share_range(const Context& c, const DrawSummary& total) {
    return range_text(percent(total.lower / c.history.fitted_total.mean),
                      percent(total.upper / c.history.fitted_total.mean));
}

bool has_organic(const Context& c) {
    return std::any_of(c.channels.begin(), c.channels.end(), [](const auto& row) { return row.kind == "organic"; });
}

std::string media_sentence(const Context& c) {
    const double total = c.history.fitted_total.mean;
    std::string text = has_organic(c) ? "Media, paid and organic, account for " : "Media account for ";
    text += percent(c.history.media_total.mean / total) + " of it" +
            in_brackets(interval_text(c, share_range(c, c.history.media_total)));
    if (has_organic(c)) text += ", paid media alone for " + percent(c.history.paid_total.mean / total);
    std::vector<const ChannelRow*> rows;
    for (const auto& row : c.channels)
        if (row.kind != "treatment") rows.push_back(&row);
    std::stable_sort(rows.begin(), rows.end(), [](auto a, auto b) { return a->contribution > b->contribution; });
    if (rows.size() < 2) return text + ".";
    return text + "; " + strong_name(rows[0]->channel) + " brought the most, " + percent(rows[0]->contribution_share) +
           ".";
}

// "returned €2.94 (90% interval €2.52 to €3.38)"
std::string returned(const Context& c, const ChannelRow& row) {
    const auto& w = c.words;
    return escape(w.rate(*row.roi)) + in_brackets(escape(interval_text(
                                          c, w.rate_range(row.roi_lower.value_or(NAN), row.roi_upper.value_or(NAN)))));
}

std::string overlap_sentence(const ChannelRow& best, const ChannelRow& worst) {
    if (!std::isfinite(best.roi_lower.value_or(NAN)) || !std::isfinite(worst.roi_upper.value_or(NAN))) return {};
    return *best.roi_lower <= *worst.roi_upper
               ? " The two intervals overlap: the data do not settle which of them does better."
               : " The two intervals do not overlap.";
}

std::string return_sentence(const Context& c, const std::vector<ChannelRow>& rows) {
    const std::string unit = c.words.currency.empty() ? "each unit of money" : "each " + escape(c.words.rate(1));
    std::string text =
        "For " + unit + " spent, " + strong_name(rows.front().channel) + " returned " + returned(c, rows.front());
    if (rows.size() == 1) return text + ".";
    text += rows.size() == 2
                ? " and "
                : ", the most of " + count_of(static_cast<double>(rows.size()), "channel", "channels") + ", and ";
    text +=
        strong_name(rows.back().channel) + " " + returned(c, rows.back()) + (rows.size() == 2 ? "." : ", the least.");
    return text + overlap_sentence(rows.front(), rows.back());
}

std::string open_sentence(const Context& c, const std::vector<ChannelRow>& rows) {
    std::vector<std::string> open;
    for (const auto& row : rows)
        if (row.roi_lower.value_or(NAN) <= 1 && row.roi_upper.value_or(NAN) >= 1)
            open.push_back(strong_name(row.channel));
    if (open.empty()) return {};
    if (open.size() == rows.size() && open.size() > 1)
        return "For every channel, the " + c.words.interval +
               " of the ROI includes 1: whether the spend was earned back is open.";
    return "For " + join_and(open) + ", the " + c.words.interval +
           " of the ROI includes 1: whether the spend was earned back is open.";
}

// Where the KPI has no known value, what it cost takes the place of what was returned.
std::string cost_sentence(const Context& c, const std::vector<ChannelRow>& rows) {
    const auto cost = [&](const ChannelRow& row) {
        const auto& w = c.words;
        return escape(w.rate(1 / *row.roi)) +
               in_brackets(escape(interval_text(c, row.roi_lower.value_or(NAN) > 0
                                                       ? w.rate_range(1 / *row.roi_upper, 1 / *row.roi_lower)
                                                       : std::string{})));
    };
    std::string text = "An additional unit of " + strong_name(c.words.kpi) + " cost " + cost(rows.front()) +
                       " through " + strong_name(rows.front().channel);
    if (rows.size() == 1) return text + ".";
    return text + (rows.size() == 2 ? " and " : ", the cheapest channel, and ") + cost(rows.back()) + " through " +
           strong_name(rows.back().channel) + (rows.size() == 2 ? "." : ", the dearest.") +
           overlap_sentence(rows.front(), rows.back());
}

std::string fit_sentence(const Context& c) {
    std::string text = "The model explains " + percent(check_value(c, "r2")) + " of the variance of " +
                       name_html(c.words.kpi) + " in the rows it was fitted to, and is off by " +
                       percent(check_value(c, "mape")) + " in a typical " + c.words.period;
    const double held = check_value(c, "holdout_wmape");
    if (std::isfinite(held)) text += "; what was held out is predicted with an error of " + percent(held);
    return text + ".";
}

std::string convergence_sentence(const Context& c) {
    if (check_named(c, "method") != nullptr)
        return c.words.has_intervals ? "The posterior is approximated, so intervals are rough: confirm them with a "
                                       "full fit before acting on them."
                                     : "This is a single best estimate without uncertainty: no intervals are shown, "
                                       "and a full fit should confirm it.";
    std::string worst = "ok";
    for (const char* metric : {"max_rhat", "min_ess_bulk", "min_ess_tail", "divergences"}) {
        const DiagnosticRow* row = check_named(c, metric);
        if (row != nullptr && (row->verdict == "fail" || worst == "ok")) worst = row->verdict;
    }
    const double divergences = check_value(c, "divergences");
    const std::string figures =
        "largest R-hat " + grouped(check_value(c, "max_rhat"), 3) + ", fewest effective draws " +
        grouped(check_value(c, "min_ess_bulk"), 0) + ", " +
        (divergences == 0 ? "no divergent transition"
                          : count_of(divergences, "divergent transition", "divergent transitions"));
    if (worst == "ok") return "The chains agree: " + figures + ".";
    if (worst == "warn") return "Convergence deserves a look: " + figures + ". Take the intervals as provisional.";
    return "<strong>The chains have not converged</strong>: " + figures +
           ". Do not act on these figures; the review says what to do.";
}

std::string review_sentence(const Context& c) {
    const auto count = [&](const char* verdict) {
        return static_cast<double>(
            std::count_if(c.review.begin(), c.review.end(), [&](const auto& row) { return row.verdict == verdict; }));
    };
    const double warnings = count("warn"), failures = count("fail"), all = static_cast<double>(c.review.size());
    if (warnings + failures == 0) return "All " + grouped(all, 0) + " checks of the review are in order.";
    std::vector<std::string> parts;
    if (warnings > 0) parts.push_back(grouped(warnings, 0) + (warnings == 1 ? " deserves a look" : " deserve a look"));
    if (failures > 0) parts.push_back(grouped(failures, 0) + " failed");
    return "Of " + grouped(all, 0) + " checks, " + join_and(parts) + ": see the review.";
}

std::string key_figure(const std::string& name, const std::string& value, const std::string& detail) {
    return "<div><dt>" + name + "</dt><dd>" + value +
           (detail.empty() ? std::string{} : "<small>" + detail + "</small>") + "</dd></div>\n";
}

std::string key_figures(const Context& c) {
    const auto& w = c.words;
    std::string out = "<dl class=\"figures\">" +
                      key_figure("Total " + name_html(w.kpi),
                                 data_html(c.history.actual_total, escape(w.kpi_amount(c.history.actual_total))),
                                 count_of(static_cast<double>(c.model.data.time.size()), w.period, w.periods));
    out += key_figure("Explained by media", percent(c.history.media_total.mean / c.history.fitted_total.mean),
                      share_range(c, c.history.media_total));
    double spend = 0, contribution = 0, outcome = 0;
    for (const auto& row : c.paid()) {
        spend += *row.spend;
        contribution += row.contribution;
        outcome += *row.roi * *row.spend;
    }
    if (spend > 0) {
        out += key_figure("Spent on media", data_html(spend, escape(w.money(spend))),
                          "in " + count_of(static_cast<double>(c.paid().size()), "channel", "channels"));
        if (w.has_revenue)
            out += key_figure("ROI of all paid media", ratio(outcome / spend), "revenue for each unit of spend");
        else
            out += key_figure("Cost of an additional unit", escape(w.rate(spend / contribution)),
                              "spend / incremental " + name_html(w.kpi));
    }
    return out + "</dl>\n";
}

}  // namespace

std::string summary_section(const Context& c) {
    std::vector<std::string> sentences = {total_sentence(c), media_sentence(c)};
    const auto paid = c.paid();
    if (!paid.empty() && c.words.has_revenue) {
        sentences.push_back(return_sentence(c, paid));
        sentences.push_back(open_sentence(c, paid));
    } else if (!paid.empty()) {
        sentences.push_back(cost_sentence(c, paid));
    }
    sentences.push_back(fit_sentence(c));
    sentences.push_back(convergence_sentence(c));
    sentences.push_back(review_sentence(c));
    std::string list = "<ul>";
    for (const auto& sentence : sentences)
        if (!sentence.empty()) list += "<li>" + sentence + "</li>\n";
    return section_html("summary", "<span class=\"hidden\">Summary</span>", "", key_figures(c) + list + "</ul>\n");
}

}  // namespace mmm::page
