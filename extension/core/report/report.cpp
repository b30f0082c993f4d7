// One page with everything that a client asks of a model. The same model and options give the same bytes.
#include "core/api.hpp"
#include "core/report/context.hpp"
#include "core/report/html.hpp"
#include "core/report/number_format.hpp"

namespace mmm {

namespace {

using page::Section;

struct SectionWriter {
    Section section;
    std::string (*write)(const page::Context&);
};

constexpr SectionWriter section_writers[] = {
    {Section::summary, page::summary_section},
    {Section::fit, page::fit_section},
    {Section::contributions, page::contributions_section},
    {Section::returns, page::returns_section},
    {Section::response, page::response_section},
    {Section::adstock, page::adstock_section},
    {Section::frequency, page::frequency_section},
    {Section::budget, page::budget_section},
    {Section::geos, page::geos_section},
    {Section::review, page::review_section},
};

std::string page_head(const std::string& title) {
    return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n<meta name=\"viewport\" "
           "content=\"width=device-width, initial-scale=1\"/>\n<title>" +
           page::escape(title) + "</title>\n<style>" + page::style_sheet() + "</style></head>\n<body>\n" +
           page::pattern_definitions();
}

std::string page_foot(const page::Context& context) {
    const auto draws = static_cast<double>(context.model.total_draws());
    std::string text = "Estimates are posterior means of a Bayesian marketing mix model (mmm)";
    if (context.words.has_intervals)
        text += ", intervals are equal-tailed credible intervals at " + page::percent(context.options.level) +
                ", from " + page::count_of(draws, "draw", "draws") +
                ": given the model and its priors, the value lies inside with that probability";
    return "<footer><p>" + text +
           ". They describe what the model has learned from this history; they are no promise of what "
           "comes.</p></footer>\n";
}

}  // namespace

std::string report(const FittedModel& model, std::string_view options_json, const Poll& poll) {
    const page::ReportOptions options = page::read_report_options(options_json);
    const page::Context context = page::context_of(model, options, poll);
    const std::string title = options.title.empty() ? "What drives " + model.spec.kpi : options.title;
    std::string html = page_head(title) + "<main>\n<header><h1>" + page::escape(title) +
                       "</h1>\n<p class=\"about\">Marketing mix report</p></header>\n";
    for (const SectionWriter& one : section_writers)
        if (options.wants(one.section)) html += one.write(context);
    return html + page_foot(context) + "</main>\n</body></html>\n";
}

}  // namespace mmm
