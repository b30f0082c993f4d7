#include "core/model/missing.hpp"

#include <algorithm>

#include "core/format.hpp"
#include "core/model/column_checks.hpp"
#include "core/model/specification.hpp"

namespace mmm {

namespace {

using enum MissingRule;

struct MissingRole {
    const char* name;
    std::vector<MissingRule> rules;  // besides refuse
};

const std::vector<MissingRole>& missing_roles() {
    static const std::vector<MissingRole> roles = {
        {"media", {zero, carry}},     {"controls", {zero, carry}}, {"treatments", {zero, carry}}, {"kpi", {skip, zero}},
        {"revenue_per_kpi", {carry}}, {"population", {carry}},     {"holdout", {zero}}};
    return roles;
}

const MissingRole& role_named(const std::string& name) {
    const auto& roles = missing_roles();
    return *std::find_if(roles.begin(), roles.end(), [&](const auto& role) { return role.name == name; });
}

// The roles that a column plays, each once.
std::vector<std::string> roles_of(const Specification& spec, const std::string& column) {
    std::vector<std::string> roles;
    const auto add = [&](const char* role, const std::string& name) {
        if (name == column && std::find(roles.begin(), roles.end(), role) == roles.end()) roles.emplace_back(role);
    };
    add("kpi", spec.kpi);
    add("population", spec.population);
    add("revenue_per_kpi", spec.revenue_per_kpi_column);
    for (const auto& medium : spec.media)
        for (const auto* name : {&medium.spend, &medium.exposure, &medium.reach, &medium.frequency})
            add(medium.kind == MediumKind::treatment ? "treatments" : "media", *name);
    for (const auto& control : spec.controls) add("controls", control.column);
    add("holdout", spec.holdout.column);
    return roles;
}

bool has_rule(const MissingRole& role, MissingRule rule) {
    return rule == refuse || std::find(role.rules.begin(), role.rules.end(), rule) != role.rules.end();
}

std::vector<std::string> rule_words(const MissingRole& role) {
    std::vector<std::string> words = {missing_rule_names()[0]};
    for (const MissingRule rule : role.rules) words.push_back(missing_rule_names()[static_cast<std::size_t>(rule)]);
    return words;
}

void require_rule(const std::string& role, MissingRule rule, const std::string& path) {
    if (has_rule(role_named(role), rule)) return;
    specification_error(path, "\"" + missing_rule_names()[static_cast<std::size_t>(rule)] + "\" is no rule for " + role +
                                  ", expected " + join_or(rule_words(role_named(role))));
}

bool is_column(const Specification& spec, const std::string& name) {
    return std::find(spec.columns.begin(), spec.columns.end(), name) != spec.columns.end();
}

void check_missing_key(const Specification& spec, const std::string& key, MissingRule rule, const std::string& path) {
    if (is_column(spec, key)) {
        for (const auto& role : roles_of(spec, key)) require_rule(role, rule, path);
        return;
    }
    std::vector<std::string> known;
    for (const auto& role : missing_roles()) known.emplace_back(role.name);
    if (std::find(known.begin(), known.end(), key) == known.end()) {
        known.insert(known.end(), spec.columns.begin(), spec.columns.end());
        specification_error(path, "neither a column of the model nor a role" + did_you_mean(key, known),
                            "Roles are media, controls, treatments, kpi, revenue_per_kpi, population and holdout.");
    }
    require_rule(key, rule, path);
}

const MissingRule* given_rule(const MissingRules& rules, const std::string& key) {
    const auto found = std::find_if(rules.values.begin(), rules.values.end(), [&](const auto& entry) { return entry.first == key; });
    return found == rules.values.end() ? nullptr : &found->second;
}

}  // namespace

const std::vector<std::string>& missing_rule_names() {
    static const std::vector<std::string> names = {"refuse", "zero", "carry", "skip"};
    return names;
}

MissingRules parse_missing(const Json* value, const Specification& spec) {
    MissingRules rules;
    if (value == nullptr) return rules;
    JsonObject object(*value, "missing");
    rules.fill_periods = object.choice("periods", {"refuse", "fill"}, 0, "a rule for periods") == 1;
    if (const Json* values = object.find("values")) {
        JsonObject(*values, "missing.values");  // refuses what is no object
        for (const auto& item : values->items()) {
            const std::string path = "missing.values." + item.key();
            const auto rule = static_cast<MissingRule>(as_choice(item.value(), path, missing_rule_names(), "a rule for missing values"));
            check_missing_key(spec, item.key(), rule, path);
            rules.values.emplace_back(item.key(), rule);
        }
    }
    object.finish();
    for (const auto& column : spec.columns) {
        if (given_rule(rules, column) != nullptr) continue;
        const auto roles = roles_of(spec, column);
        const auto rule = [&](const std::string& role) {
            const MissingRule* given = given_rule(rules, role);
            return given == nullptr ? refuse : *given;
        };
        for (const auto& role : roles)
            if (rule(role) != rule(roles[0]))
                specification_error("missing.values", "column \"" + column + "\" is in " + roles[0] + " and in " + role +
                                                          ", which have different rules",
                                    "Give the column its own rule.");
    }
    return rules;
}

Json missing_json(const MissingRules& rules) {
    Json values = Json::object();
    for (const auto& [key, rule] : rules.values) values[key] = missing_rule_names()[static_cast<std::size_t>(rule)];
    return {{"values", values}, {"periods", rules.fill_periods ? "fill" : "refuse"}};
}

MissingRule rule_of(const Specification& spec, const std::string& column) {
    if (const MissingRule* own = given_rule(spec.missing, column)) return *own;
    const auto roles = roles_of(spec, column);
    const MissingRule* given = roles.empty() ? nullptr : given_rule(spec.missing, roles[0]);
    return given == nullptr ? refuse : *given;
}

std::string missing_advice(const Specification& spec, const std::string& column) {
    const auto roles = roles_of(spec, column);
    if (roles.empty()) return {};
    std::vector<std::string> possible;
    for (const MissingRule rule : role_named(roles[0]).rules) {
        const bool allowed = std::all_of(roles.begin(), roles.end(), [&](const auto& role) { return has_rule(role_named(role), rule); });
        if (allowed) possible.push_back("\"" + missing_rule_names()[static_cast<std::size_t>(rule)] + "\"");
    }
    if (possible.empty()) return {};
    return "Say what a missing value stands for: \"missing\": {\"values\": {\"" + column + "\": " + join_or(possible) +
           "}}, or fill the gaps in a view.";
}

void report_filled(const FilledReport& report, std::size_t rows, ColumnChecks& checks) {
    const auto severity = [&](std::int64_t n) { return 10 * n > static_cast<std::int64_t>(rows) ? "warning" : "info"; };
    const auto count = [](std::int64_t n, const std::string& noun) { return std::to_string(n) + " " + noun + (n == 1 ? "" : "s"); };
    if (report.rows > 0)
        checks.add(severity(report.rows), "rows_filled", "missing.periods",
                   count(report.rows, "row") + " that the source lacks " + (report.rows == 1 ? "was" : "were") + " added by missing.periods",
                   "Every column of such a row follows its rule in missing.values.");
    for (const auto& filled : report.cells) {
        const std::string what = count(filled.cells, "value") + " of column \"" + filled.column + "\" ";
        switch (filled.rule) {
            case zero: checks.add(severity(filled.cells), "counted_as_zero", "missing.values", what + "counted as zero by missing.values"); break;
            case carry:
                checks.add(severity(filled.cells), "carried", "missing.values", what + "carried on from the value before by missing.values");
                break;
            case skip:
                checks.add(severity(filled.cells), "kpi_skipped", "missing.values",
                           what + "skipped by missing.values: these rows are not in the likelihood");
                break;
            case refuse: break;
        }
    }
}

}  // namespace mmm
