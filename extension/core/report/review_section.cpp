// The review: each check with its verdict in words, number, threshold and what to do.
#include <array>
#include <cmath>

#include "core/report/context.hpp"
#include "core/report/html.hpp"
#include "core/report/number_format.hpp"

namespace mmm::page {

namespace {

struct CheckName {
    const char* metric;
    const char* name;
    const char* bound;  // what comes before the threshold
    bool is_share;
    int decimals;
};

constexpr std::array<CheckName, 15> check_names = {{
    {"max_rhat", "Do the chains agree? Largest R-hat", "at most ", false, 3},
    {"min_ess_bulk", "Effective draws for means, fewest", "at least ", false, 0},
    {"min_ess_tail", "Effective draws for intervals, fewest", "at least ", false, 0},
    {"divergences", "Divergent transitions", "at most ", false, 0},
    {"max_treedepth_hits", "Trajectories cut short", "at most ", false, 0},
    {"mean_treedepth", "Depth of trajectories, mean", "limit ", false, 1},
    {"mean_accept", "Acceptance statistic, mean", "target ", false, 2},
    {"min_e_bfmi", "Exploration of energies (E-BFMI), least", "at least ", false, 2},
    {"r2", "Variance explained (R\u00b2)", "at least ", true, 0},
    {"mape", "Typical error (MAPE)", "at most ", true, 0},
    {"wmape", "Error of the total (wMAPE)", "at most ", true, 0},
    {"durbin_watson", "Autocorrelation of residuals (Durbin-Watson)", "at least ", false, 2},
    {"holdout_wmape", "Error of what was held out (wMAPE)", "at most ", true, 0},
    {"negative_baseline_probability", "Chance that the baseline is negative", "at most ", true, 0},
    {"method", "Method", "", false, 0},
}};

// A check that is not listed keeps its own name.
CheckName check_name(const std::string& metric) {
    for (const auto& one : check_names)
        if (metric == one.metric) return one;
    return {nullptr, nullptr, "", false, -1};
}

std::string check_number(const CheckName& check, const std::optional<double>& value) {
    if (!value) return "\u2013";
    return check.is_share ? percent(*value) : check.decimals < 0 ? compact(*value) : grouped(*value, check.decimals);
}

std::string verdict_html(const std::string& verdict) {
    const bool ok = verdict == "ok", fail = verdict == "fail";
    return "<span class=\"verdict " +
           std::string(ok     ? "ok"
                       : fail ? "fail"
                              : "warn") +
           "\"><b aria-hidden=\"true\">" +
           (ok     ? "\u2713"
            : fail ? "\u2715"
                   : "!") +
           "</b>" +
           (ok     ? "in order"
            : fail ? "failed"
                   : "look at it") +
           "</span>";
}

std::string review_row(const DiagnosticRow& row) {
    const CheckName check = check_name(row.metric);
    std::string name = check.name != nullptr ? check.name : row.metric;
    if (check.name == nullptr)
        for (char& c : name) c = c == '_' ? ' ' : c;
    std::string message = row.message;
    if (!message.empty() && message.front() >= 'a' && message.front() <= 'z')
        message.front() = static_cast<char>(message.front() - 'a' + 'A');
    const std::string value = check_number(check, row.value);
    std::string expected = row.threshold ? check.bound + check_number(check, row.threshold) : std::string("\u2013");
    if (row.metric == "durbin_watson") expected = "1.50 to 2.50";
    return "<tr role=\"row\"><td role=\"cell\">" + verdict_html(row.verdict) +
           "</td><th role=\"rowheader\" scope=\"row\" class=\"across\">" + escape(name) +
           "</th><td role=\"cell\" class=\"number\" data-name=\"found\">" +
           (row.value ? data_html(*row.value, value) : value) +
           "</td><td role=\"cell\" class=\"number\" data-name=\"expected\">" + expected +
           "</td><td role=\"cell\" class=\"across\">" + escape(message) + "</td></tr>\n";
}

}  // namespace

std::string review_section(const Context& c) {
    std::string table =
        "<table role=\"table\" class=\"stack\"><caption>Checks of the model and of the fit</caption><thead><tr "
        "role=\"row\">"
        "<th role=\"columnheader\" scope=\"col\">Verdict</th><th role=\"columnheader\" scope=\"col\">Check</th>"
        "<th role=\"columnheader\" scope=\"col\" class=\"number\">Found</th><th role=\"columnheader\" scope=\"col\" "
        "class=\"number\">Expected</th><th role=\"columnheader\" scope=\"col\">What it means, what to "
        "do</th></tr></thead>\n<tbody>\n";
    for (const char* verdict : {"fail", "warn", "ok"})
        for (const auto& row : c.review)
            if (row.verdict == verdict) table += review_row(row);
    return section_html("review", "Can it be trusted?",
                        "What failed comes first. No check can prove that an effect is causal: an experiment can.",
                        table + "</tbody></table>\n");
}

}  // namespace mmm::page
