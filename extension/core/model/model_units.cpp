#include "core/model/model_units.hpp"

#include <algorithm>
#include <unordered_map>

#include "core/format.hpp"
#include "core/limits.hpp"

namespace mmm {

namespace {

Timestamp parse_date_at(const Json& value, const std::string& path) {
    const auto date = parse_timestamp(as_string(value, path));
    if (!date) specification_error(path, "found " + describe(value) + ", expected a date such as \"2024-03-31\"");
    return *date;
}

FixedUnit parse_unit(const Json& value, const std::string& path, const std::string& name) {
    JsonObject object(value, path);
    FixedUnit unit{name, object.number("offset", 0, -infinity, infinity), object.number("scale", 1, least_positive, infinity),
                   object.number("baseline", 0, -infinity, infinity)};
    object.finish();
    return unit;
}

std::vector<FixedUnit> parse_named_units(const Json* value, const std::string& path) {
    std::vector<FixedUnit> units;
    if (value == nullptr) return units;
    JsonObject(*value, path);  // refuses what is no object
    for (const auto& item : value->items()) units.push_back(parse_unit(item.value(), path + "." + item.key(), item.key()));
    return units;
}

Json named_units_json(const std::vector<FixedUnit>& units) {
    Json json = Json::object();
    for (const auto& unit : units) json[unit.name] = {{"offset", unit.offset}, {"scale", unit.scale}, {"baseline", unit.baseline}};
    return json;
}

const FixedUnit* unit_named(const std::vector<FixedUnit>& units, const std::string& name) {
    const auto found = std::find_if(units.begin(), units.end(), [&](const auto& unit) { return unit.name == name; });
    return found == units.end() ? nullptr : &*found;
}

Interval common_part(Interval a, Interval b) { return {std::max(a.lower, b.lower), std::min(a.upper, b.upper)}; }

}  // namespace

std::vector<NamedPrior> parse_named_priors(const Json* value) {
    std::vector<NamedPrior> priors;
    if (value == nullptr) return priors;
    JsonObject(*value, "priors");  // refuses what is no object
    for (const auto& item : value->items()) {
        const std::string path = "priors." + item.key();
        priors.push_back({item.key(), parse_prior(item.value(), path)});
        const Prior& prior = priors.back().prior;
        if (prior.by_geo || !prior.hyper.empty() || prior.is_fixed())
            specification_error(path, "expected a family with numbers", "The prior of one parameter has neither geos nor hyperpriors.");
    }
    return priors;
}

Json named_priors_json(const std::vector<NamedPrior>& priors) {
    Json json = Json::object();
    for (const auto& one : priors) json[one.parameter] = prior_json(one.prior);
    return json;
}

std::optional<ModelUnits> parse_units(const Json* value) {
    if (value == nullptr) return std::nullopt;
    JsonObject object(*value, "units");
    ModelUnits units;
    const FixedUnit kpi = parse_unit(object.require("kpi", "an object with offset and scale"), "units.kpi", "kpi");
    units.kpi_offset = kpi.offset;
    units.kpi_scale = kpi.scale;
    units.media = parse_named_units(object.find("media"), "units.media");
    units.controls = parse_named_units(object.find("controls"), "units.controls");
    JsonObject time(object.require("time", "an object with from and to"), "units.time");
    units.time = {parse_date_at(time.require("from", "a date"), "units.time.from"),
                  parse_date_at(time.require("to", "a date"), "units.time.to")};
    time.finish();
    object.finish();
    if (units.time[1] <= units.time[0]) specification_error("units.time", "from is not before to", "Scaled time is 0 at from and 1 at to.");
    return units;
}

Json units_json(const ModelUnits& units) {
    return {{"kpi", {{"offset", units.kpi_offset}, {"scale", units.kpi_scale}}},
            {"media", named_units_json(units.media)},
            {"controls", named_units_json(units.controls)},
            {"time", {{"from", format_timestamp(units.time[0])}, {"to", format_timestamp(units.time[1])}}}};
}

std::optional<Timestamp> parse_fit_from(const Json* value) {
    if (value == nullptr) return std::nullopt;
    return parse_date_at(*value, "fit_from");
}

const FixedUnit* fixed_unit(const Specification& spec, const Medium& medium) {
    return spec.units ? unit_named(spec.units->media, medium.name) : nullptr;
}

const FixedUnit* fixed_unit(const Specification& spec, const Control& control) {
    return spec.units ? unit_named(spec.units->controls, control.name) : nullptr;
}

void set_named_priors(const Specification& spec, Layout& layout) {
    if (spec.priors.empty()) return;
    std::unordered_map<std::string, const Prior*> named;
    for (const auto& one : spec.priors) named.emplace(one.parameter, &one.prior);
    for (auto& parameter : layout.parameters) {
        const auto found = named.find(parameter.name);
        if (found == named.end() || !parameter.sampled()) continue;
        const Interval support = common_part(parameter.support, prior_support(*found->second));
        if (!(support.lower < support.upper)) continue;  // reported by check_named_priors()
        parameter.prior = *found->second;
        parameter.support = support;
        parameter.argument = {-1, -1, -1, -1};
    }
}

void check_named_priors(const Specification& spec, const Dataset& data, ColumnChecks& checks) {
    if (spec.priors.empty()) return;
    Specification plain = spec;
    plain.priors.clear();
    // Knots that the data will place have no parameters yet.
    const bool unplaced = spec.trend.family == TrendFamily::knots && spec.trend.positions.empty();
    const Layout layout = make_layout(plain, data.geos, data.baseline_geo(spec));
    std::unordered_map<std::string, const Parameter*> known;
    std::vector<std::string> names;
    for (const auto& parameter : layout.parameters) {
        known.emplace(parameter.name, &parameter);
        names.push_back(parameter.name);
    }
    for (const auto& one : spec.priors) {
        const auto found = known.find(one.parameter);
        const std::string path = "priors." + one.parameter;
        if (found == known.end()) {
            if (unplaced && one.parameter.starts_with("trend.knot[")) continue;
            checks.add("error", "unknown_parameter", path, "the model has no such parameter" + did_you_mean(one.parameter, names),
                       "mmm_summary() of a model lists its parameters.");
            continue;
        }
        const Interval range = found->second->support, support = common_part(range, prior_support(one.prior));
        if (!found->second->sampled())
            checks.add("error", "fixed_parameter", path, "the parameter is fixed", "Remove the prior, or let the parameter vary.");
        else if (!(support.lower < support.upper))
            checks.add("error", "prior_range", path,
                       "the prior leaves nothing of the parameter's range, " + format_number(range.lower) + " to " + format_number(range.upper),
                       "Choose a prior inside the range.");
    }
}

namespace {

// A unit that stands for nothing is a typing error, or left by a medium that is no longer there.
template <typename Driver>
void check_unit_names(const std::vector<FixedUnit>& units, const std::vector<Driver>& drivers, const std::string& path,
                      ColumnChecks& checks) {
    std::vector<std::string> names;
    for (const auto& driver : drivers) names.push_back(driver.name);
    for (const auto& unit : units)
        if (std::find(names.begin(), names.end(), unit.name) == names.end())
            checks.add("warning", "unused_unit", path + "." + unit.name,
                       "the model has no \"" + unit.name + "\" to give a unit" + did_you_mean(unit.name, names), "Remove it, or correct the name.");
}

}  // namespace

void check_fixed_units(const Specification& spec, const Dataset& data, ColumnChecks& checks) {
    check_unit_names(spec.units->media, spec.media, "units.media", checks);
    check_unit_names(spec.units->controls, spec.controls, "units.controls", checks);
    if (data.fitted_rows() > 0) return;
    checks.add("error", "too_few_rows", "time",
               "there is no row to fit" + (spec.fit_from ? " from " + format_timestamp(*spec.fit_from) + " on" : std::string()),
               spec.fit_from ? "Add rows of later periods, or an earlier \"fit_from\"." : "Add rows of later periods.");
}

}  // namespace mmm
