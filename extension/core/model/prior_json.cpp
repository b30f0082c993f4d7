// Priors as JSON: {"family": "normal", "mu": 0, "sigma": 2}, or a plain number for a fixed value.
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/format.hpp"
#include "core/limits.hpp"
#include "core/model/prior.hpp"

namespace mmm {

namespace {


struct ParameterRule {
    const char* name;
    double least;
    double most;
    double fallback;  // NaN: must be given
};

constexpr double needed = std::numeric_limits<double>::quiet_NaN();

struct FamilyRule {
    const char* name;
    std::vector<ParameterRule> parameters;
};

const std::vector<FamilyRule>& rules() {
    static const std::vector<FamilyRule> all = {
        {"normal", {{"mu", -infinity, infinity, 0}, {"sigma", least_positive, infinity, needed}}},
        {"half_normal", {{"sigma", least_positive, infinity, needed}}},
        {"truncated_normal",
         {{"mu", -infinity, infinity, needed},
          {"sigma", least_positive, infinity, needed},
          {"lower", -infinity, infinity, -infinity},
          {"upper", -infinity, infinity, infinity}}},
        {"log_normal",
         {{"mu", -infinity, infinity, needed},
           {"sigma", least_positive, infinity, needed},
           {"shift", -infinity, infinity, 0}}},
        {"beta", {{"alpha", least_positive, infinity, needed}, {"beta", least_positive, infinity, needed}}},
        {"gamma", {{"alpha", least_positive, infinity, needed}, {"beta", least_positive, infinity, needed}}},
        {"inverse_gamma", {{"alpha", least_positive, infinity, needed}, {"beta", least_positive, infinity, needed}}},
        {"exponential", {{"rate", least_positive, infinity, needed}}},
        {"uniform", {{"lower", -infinity, infinity, needed}, {"upper", -infinity, infinity, needed}}},
        {"laplace", {{"mu", -infinity, infinity, 0}, {"b", least_positive, infinity, needed}}},
        {"student_t",
         {{"nu", least_positive, infinity, needed},
           {"mu", -infinity, infinity, 0},
           {"sigma", least_positive, infinity, needed}}},
        {"half_student_t", {{"nu", least_positive, infinity, needed}, {"sigma", least_positive, infinity, needed}}},
        {"cauchy", {{"mu", -infinity, infinity, 0}, {"sigma", least_positive, infinity, needed}}},
        {"half_cauchy", {{"sigma", least_positive, infinity, needed}}},
        {"fixed", {{"value", -infinity, infinity, needed}}},
        {"total_paid_share", {{"mean", least_positive, infinity, needed}, {"sd", least_positive, infinity, needed}}},
    };
    return all;
}

// The smallest and largest value the argument of a family may have.
Interval argument_range(const ParameterRule& rule) { return {rule.least, rule.most}; }

// An argument given as a prior: a parameter of its own.
void read_hyperprior(const Json& value, const std::string& path, int position, const ParameterRule& rule, PriorOn on,
                     Prior& prior) {
    if (on == PriorOn::hyper)
        specification_error(path, "found a prior, expected a number", "A hyperprior's own arguments are numbers.");
    const bool scale_or_location = may_be_hierarchical(prior.family) && rule.name != std::string("nu") && rule.name != std::string("shift");
    if (!scale_or_location)
        specification_error(path, "found a prior, expected a number",
                            "Priors on arguments are for normal, half_normal, log_normal, laplace, student_t, half_student_t, "
                            "cauchy and half_cauchy.");
    Hyperprior hyper{position, parse_prior(value, path, PriorOn::hyper)};
    if (hyper.prior.is_fixed() || hyper.prior.by_geo)
        specification_error(path, "expected a number, or a prior common to all geos");
    require_inside(hyper.prior, argument_range(rule), path);
    prior.p[static_cast<std::size_t>(position)] = rule.least == least_positive ? prior_scale(hyper.prior) : prior_center(hyper.prior);
    prior.hyper.push_back(std::move(hyper));
}

std::vector<std::string> family_names() {
    std::vector<std::string> names;
    for (const auto& rule : rules()) names.emplace_back(rule.name);
    return names;
}

// Families that may be given by mean and standard deviation instead.
bool from_moments(JsonObject& object, Prior& prior) {
    const bool possible = prior.family == PriorFamily::gamma || prior.family == PriorFamily::inverse_gamma ||
                          prior.family == PriorFamily::log_normal;
    const auto found = object.value().find("mean");
    if (!possible || found == object.value().end() || found->is_null()) return false;
    const double mean = object.number("mean", needed, least_positive, infinity);
    object.require("sd", "a number above 0");
    const double sd = object.number("sd", needed, least_positive, infinity);
    const double ratio = (mean / sd) * (mean / sd);
    if (prior.family == PriorFamily::gamma) {
        prior.p = {ratio, ratio / mean};
    } else if (prior.family == PriorFamily::inverse_gamma) {
        prior.p = {ratio + 2, mean * (ratio + 1)};
    } else {
        const double variance = std::log1p(1 / ratio);
        prior.p = {std::log(mean) - variance / 2, std::sqrt(variance), object.number("shift", 0, -infinity, infinity)};
    }
    // A log-normal's mu may be of either sign.
    const bool proper = (prior.family == PriorFamily::log_normal || prior.p[0] > 0) && prior.p[1] > 0;
    if (!proper || !std::isfinite(prior.p[0]) || !std::isfinite(prior.p[1]))
        specification_error(object.path(), "mean = " + format_number(mean) + " and sd = " + format_number(sd) +
                                               " are too far apart for the family");
    return true;
}

void check_order(const Prior& prior, const std::string& path) {
    const bool has_bounds = prior.family == PriorFamily::uniform || prior.family == PriorFamily::truncated_normal;
    if (!has_bounds) return;
    const Interval support = prior_support(prior);
    if (!(support.lower < support.upper))
        specification_error(path, "lower = " + format_number(support.lower) + " is not below upper = " +
                                      format_number(support.upper));
}

}  // namespace

bool may_be_hierarchical(PriorFamily family) {
    using F = PriorFamily;
    return family == F::normal || family == F::half_normal || family == F::log_normal || family == F::laplace ||
           family == F::student_t || family == F::half_student_t || family == F::cauchy || family == F::half_cauchy;
}

std::vector<std::string> prior_argument_names(PriorFamily family) {
    std::vector<std::string> names;
    for (const auto& parameter : rules()[static_cast<std::size_t>(family)].parameters) names.emplace_back(parameter.name);
    return names;
}

void require_inside(const Prior& prior, Interval domain, const std::string& path) {
    const Interval support = prior_support(prior);
    const double lower = std::max(support.lower, domain.lower), upper = std::min(support.upper, domain.upper);
    if (prior.is_fixed() ? lower <= upper : lower < upper) return;
    specification_error(path, prior.is_fixed()
                                  ? "the value " + format_number(prior.p[0]) + " is outside the range of the parameter"
                                  : "the prior excludes the whole range of the parameter");
}

Prior parse_prior(const Json& value, const std::string& path, PriorOn on) {
    if (value.is_number()) return make_prior(PriorFamily::fixed, as_number(value, path, -infinity, infinity));
    if (!value.is_object())
        specification_error(path, "found " + describe(value) + ", expected a prior or a number",
                            R"(Write a prior as {"family": "normal", "mu": 0, "sigma": 1}, or a number to fix the parameter.)");
    JsonObject object(value, path);
    object.require("family", "a prior family: " + join_or(family_names()));
    const std::size_t index = object.choice("family", family_names(), 0, "a prior family");
    Prior prior;
    prior.family = static_cast<PriorFamily>(index);
    if (prior.family == PriorFamily::total_paid_share && on != PriorOn::effect)
        specification_error(object.path_of("family"), "\"total_paid_share\" is a prior on ROI only");
    if (!from_moments(object, prior)) {
        std::size_t position = 0;
        for (const auto& rule : rules()[index].parameters) {
            if (std::isnan(rule.fallback)) object.require(rule.name, "a number");
            const Json* given = object.find(rule.name);
            if (given != nullptr && given->is_object())
                read_hyperprior(*given, object.path_of(rule.name), static_cast<int>(position++), rule, on, prior);
            else
                prior.p[position++] = object.number(rule.name, rule.fallback, rule.least, rule.most);
        }
    }
    if (on != PriorOn::hyper) prior.by_geo = object.choice("by", {"geo"}, 1, "a way to divide a prior") == 0;
    object.finish();
    check_order(prior, path);
    return prior;
}

Prior parse_prior_or(JsonObject& object, const std::string& key, const Prior& fallback) {
    const Json* found = object.find(key);
    return found == nullptr ? fallback : parse_prior(*found, object.path_of(key));
}

Json prior_json(const Prior& prior) {
    const auto& rule = rules()[static_cast<std::size_t>(prior.family)];
    Json json = {{"family", rule.name}};
    for (std::size_t i = 0; i < rule.parameters.size(); ++i)
        if (std::isfinite(prior.p[i])) json[rule.parameters[i].name] = prior.p[i];
    for (const auto& hyper : prior.hyper)
        json[rule.parameters[static_cast<std::size_t>(hyper.argument)].name] = prior_json(hyper.prior);
    if (prior.by_geo) json["by"] = "geo";
    return json;
}

Json prior_schema() {
    Json variants = Json::array({{{"type", "number"}, {"description", "a fixed value"}}});
    for (const auto& rule : rules()) {
        Json properties = {{"family", {{"const", rule.name}}}};
        Json required = Json::array({"family"});
        for (const auto& parameter : rule.parameters) {
            Json number = {{"type", "number"}};
            if (parameter.least == least_positive) number["exclusiveMinimum"] = 0;
            const std::string name = parameter.name;
            const bool nested = may_be_hierarchical(static_cast<PriorFamily>(&rule - rules().data())) && name != "nu" && name != "shift";
            properties[name] = nested ? Json{{"anyOf", {number, {{"$ref", "#/$defs/prior"}}}}} : number;
            if (std::isnan(parameter.fallback)) required.push_back(name);
        }
        properties["by"] = {{"const", "geo"}};
        variants.push_back(
            {{"type", "object"}, {"properties", properties}, {"required", required}, {"additionalProperties", false}});
    }
    for (const char* family : {"gamma", "inverse_gamma", "log_normal"}) {
        Json properties = {{"family", {{"const", family}}},
                           {"mean", {{"type", "number"}, {"exclusiveMinimum", 0}}},
                           {"sd", {{"type", "number"}, {"exclusiveMinimum", 0}}},
                           {"by", {{"const", "geo"}}}};
        if (std::string(family) == "log_normal") properties["shift"] = {{"type", "number"}};
        variants.push_back({{"type", "object"},
                            {"properties", properties},
                            {"required", {"family", "mean", "sd"}},
                            {"additionalProperties", false}});
    }
    return {{"description", "a prior distribution, or a number that fixes the parameter"}, {"anyOf", variants}};
}

}  // namespace mmm
