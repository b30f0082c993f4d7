#include "core/report/context.hpp"

#include <algorithm>
#include <cmath>

#include "core/report/html.hpp"
#include "core/report/number_format.hpp"

namespace mmm::page {

namespace {

constexpr double row_evaluations = 1.2e8;  // some seconds
constexpr std::size_t least_picture_draws = 100, most_picture_draws = 1000;

std::string with_currency(const std::string& currency, double value, std::string (*text)(double)) {
    if (currency.empty() || !std::isfinite(value)) return text(value);
    const std::string amount = text(std::fabs(value));
    const bool is_code = currency.size() > 1 && std::isalpha(static_cast<unsigned char>(currency.back())) != 0;
    return (value < 0 ? "\u2212" : "") + currency + (is_code ? "\u00a0" : "") + amount;
}

void name_period(const TimeStep& step, Wording& words) {
    words.period = "period", words.periods = "periods";
    const auto name = [&](const char* one, const char* many) { words.period = one, words.periods = many; };
    if (step.kind == TimeStep::Kind::months) {
        if (step.months == 1) name("month", "months");
        if (step.months == 3) name("quarter", "quarters");
        if (step.months == 12) name("year", "years");
    }
    if (step.kind == TimeStep::Kind::fixed) {
        if (step.microseconds == microseconds_per_day) name("day", "days");
        if (step.microseconds == 7 * microseconds_per_day) name("week", "weeks");
        if (step.microseconds == 3'600'000'000) name("hour", "hours");
    }
}

}  // namespace

std::string Wording::money(double value) const {
    return with_currency(currency, value, compact);
}
std::string Wording::rate(double value) const {
    return with_currency(currency, value, ratio);
}
std::string Wording::kpi_amount(double value) const {
    return kpi_is_money ? money(value) : compact(value);
}

namespace {

// The currency is said once where both ends are amounts.
std::string currency_range(const std::string& currency, double lower, double upper, std::string (*text)(double)) {
    const bool once = lower >= 0 && upper >= 0 && std::isfinite(upper);
    return range_text(with_currency(currency, lower, text), once ? text(upper) : with_currency(currency, upper, text));
}

}  // namespace

std::string Wording::money_range(double lower, double upper) const {
    return currency_range(currency, lower, upper, compact);
}
std::string Wording::rate_range(double lower, double upper) const {
    return currency_range(currency, lower, upper, ratio);
}
std::string Wording::kpi_range(double lower, double upper) const {
    return currency_range(kpi_is_money ? currency : std::string{}, lower, upper, compact);
}

std::string range_text(const std::string& lower, const std::string& upper) {
    return lower == "\u2013" || upper == "\u2013" || (lower == "0" && upper == "0") ? std::string{}
                                                                                    : lower + " to " + upper;
}

std::vector<ChannelRow> Context::paid() const {
    std::vector<ChannelRow> rows;
    for (const auto& row : channels)
        if (row.roi) rows.push_back(row);
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return *a.roi > *b.roi; });
    return rows;
}

Context context_of(const FittedModel& model, const ReportOptions& options, const Poll& poll) {
    Context context{model,
                    options,
                    poll,
                    {},
                    history_of(model, options.level, poll),
                    channels(model, options.level, {}, poll),
                    diagnostics(model, poll)};
    Wording& words = context.words;
    words.kpi = model.spec.kpi;
    words.currency = options.currency;
    words.kpi_is_money = model.spec.kpi_type == KpiType::revenue;
    words.has_revenue = model.spec.has_revenue();
    words.has_intervals = model.total_draws() > 1;
    words.interval = percent(options.level) + " interval";
    name_period(model.data.step, words);
    return context;
}

FittedModel with_fewer_draws(const FittedModel& model, std::size_t count) {
    FittedModel fewer = model;
    const std::size_t total = model.total_draws();
    if (count >= total) return fewer;
    fewer.chains = 1;
    fewer.draws = static_cast<int>(count);
    fewer.values.clear();
    fewer.totals.clear();
    for (int p = 0; p < model.layout.size(); ++p)
        for (std::size_t d = 0; d < count; ++d) fewer.values.push_back(model.parameter_draws(p)[d * total / count]);
    return fewer;
}

std::size_t affordable_draws(const FittedModel& model, std::size_t evaluations) {
    const double of_draw =
        static_cast<double>(model.data.rows()) * static_cast<double>(evaluations * model.spec.media.size());
    const auto affordable = static_cast<std::size_t>(std::min(1e9, row_evaluations / of_draw));
    return std::clamp(affordable, least_picture_draws, most_picture_draws);
}

std::string section_html(const std::string& id, const std::string& heading, const std::string& introduction,
                         const std::string& body) {
    return "<section id=\"" + id + "\"><h2>" + heading + "</h2>\n" +
           (introduction.empty() ? std::string{} : "<p class=\"lead\">" + introduction + "</p>\n") + body +
           "</section>\n";
}

std::string figure_html(const std::string& caption, const std::string& body) {
    return "<figure>" + body + (caption.empty() ? std::string{} : "<figcaption>" + caption + "</figcaption>") +
           "</figure>\n";
}

}  // namespace mmm::page
