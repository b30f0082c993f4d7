#include "core/report/options.hpp"

#include <algorithm>

#include "core/format.hpp"
#include "core/model/json.hpp"

namespace mmm::page {

namespace {

constexpr std::size_t longest_title = 200, longest_currency = 8;

const std::vector<std::string>& section_names() {
    static const std::vector<std::string> names = {"summary", "fit",       "contributions", "returns", "response",
                                                   "adstock", "frequency", "budget",        "geos",    "review"};
    return names;
}

std::string short_text(JsonObject& options, const std::string& key, std::size_t longest) {
    const std::string text = options.string(key, "");
    if (text.size() > longest)
        specification_error(
            key, "found " + std::to_string(text.size()) + " bytes, expected at most " + std::to_string(longest));
    return text;
}

void read_budget(JsonObject& options, ReportOptions& read) {
    const Json* budget = options.find("budget");
    if (budget == nullptr) return;
    if (budget->is_object()) {
        Json plan = *budget;
        if (!plan.contains("level")) plan["level"] = read.level;
        read.budget = plan.dump();
        return;
    }
    if (!budget->is_boolean())
        specification_error("budget", "found " + describe(*budget) + ", expected false or an object",
                            "Write false to leave the plan out, or options of mmm_optimize_budget().");
    if (budget->get<bool>()) return;
    read.sections.erase(std::remove(read.sections.begin(), read.sections.end(), Section::budget), read.sections.end());
}

}  // namespace

bool ReportOptions::wants(Section section) const {
    return std::find(sections.begin(), sections.end(), section) != sections.end();
}

ReportOptions read_report_options(std::string_view json) {
    const Json document = parse_json(json, ErrorKind::invalid_argument);
    if (!document.is_object())
        specification_error("options", "found " + describe(document) + ", expected an object",
                            R"(Write {"title": "Quarterly review", "currency": "EUR"}.)");
    JsonObject options(document, "");
    ReportOptions read;
    read.title = short_text(options, "title", longest_title);
    read.currency = short_text(options, "currency", longest_currency);
    read.level = options.number("level", 0.9, 0, 1);
    if (!(read.level > 0 && read.level < 1))
        specification_error("level", "found " + format_number(read.level) + ", expected a number between 0 and 1",
                            "Use 0.9 for a 90 % credible interval.");
    Json plan = Json::object();
    plan["level"] = read.level;
    read.budget = plan.dump();
    const Json* sections = options.find("sections");
    each(sections, "sections", [&](const Json& name, const std::string& path) {
        read.sections.push_back(
            static_cast<Section>(as_choice(name, path, section_names(), "a section of the report")));
    });
    if (sections != nullptr && read.sections.empty())
        specification_error("sections", "the list is empty", "Name at least one of " + join_or(section_names()) + ".");
    for (std::size_t i = 0; sections == nullptr && i < section_names().size(); ++i)
        read.sections.push_back(static_cast<Section>(i));
    read_budget(options, read);
    options.finish();
    return read;
}

}  // namespace mmm::page
