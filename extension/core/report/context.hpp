// What every section of a report is written from.
#pragma once

#include <string>
#include <vector>

#include "core/api.hpp"
#include "core/report/history.hpp"
#include "core/report/options.hpp"

namespace mmm::page {

// How figures of this model read.
struct Wording {
    std::string kpi;  // the user's name of it, plain text
    std::string currency;
    bool kpi_is_money;            // the KPI is revenue
    bool has_revenue;             // its value is known
    bool has_intervals;           // more than one draw
    std::string interval;         // "90% interval"
    std::string period, periods;  // "week", "weeks"

    std::string money(double value) const;       // plain text
    std::string rate(double value) const;        // money for one, plain text: "€2.94"
    std::string kpi_amount(double value) const;  // plain text
    // "€2.5M to 3.4M"; empty where there is no interval.
    std::string money_range(double lower, double upper) const;
    std::string rate_range(double lower, double upper) const;
    std::string kpi_range(double lower, double upper) const;
};

struct Context {
    const FittedModel& model;
    const ReportOptions& options;
    const Poll& poll;
    Wording words;
    History history;
    std::vector<ChannelRow> channels;
    std::vector<DiagnosticRow> review;

    std::vector<ChannelRow> paid() const;  // with spend, largest ROI first
};

Context context_of(const FittedModel& model, const ReportOptions& options, const Poll& poll);

// "2.52 to 3.38"; empty where there is no interval.
std::string range_text(const std::string& lower, const std::string& upper);

// `count` of the model's draws, evenly spread, as a model: for pictures that need less than all of them.
FittedModel with_fewer_draws(const FittedModel& model, std::size_t count);
// How many draws may be evaluated at `evaluations` exposures of a channel each.
std::size_t affordable_draws(const FittedModel& model, std::size_t evaluations);

// The sections: a whole <section> each, or nothing where the model has nothing to say on it.
std::string summary_section(const Context& context);
std::string fit_section(const Context& context);
std::string contributions_section(const Context& context);
std::string returns_section(const Context& context);
std::string response_section(const Context& context);
std::string adstock_section(const Context& context);
std::string frequency_section(const Context& context);
std::string budget_section(const Context& context);
std::string geos_section(const Context& context);
std::string review_section(const Context& context);

// <section id> with a heading and an introduction, all HTML.
std::string section_html(const std::string& id, const std::string& heading, const std::string& introduction,
                         const std::string& body);
std::string figure_html(const std::string& caption, const std::string& body);

// The style sheet and the patterns that pictures refer to.
const std::string& style_sheet();
std::string pattern_definitions();
// A field of the colour and pattern of a layer, for keys.
std::string swatch_html(std::size_t style);

}  // namespace mmm::page
