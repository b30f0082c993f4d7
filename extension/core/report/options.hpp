// The options of a report, read from JSON. Every error names the field, the value and the remedy.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mmm::page {

enum class Section { summary, fit, contributions, returns, response, adstock, frequency, budget, geos, review };

struct ReportOptions {
    std::string title;     // empty: made from the KPI's name
    std::string currency;  // as it is to be shown; empty: numbers alone
    double level = 0.9;
    std::string budget = "{}";  // options of the budget plan, JSON
    std::vector<Section> sections;

    bool wants(Section section) const;
};

// {"title", "currency", "level", "budget": false or an object, "sections": a list of names}
ReportOptions read_report_options(std::string_view json);

}  // namespace mmm::page
