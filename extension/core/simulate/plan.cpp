#include "core/simulate/plan.hpp"

#include "core/limits.hpp"

namespace mmm {

namespace {

constexpr double largest = 1e15;

Timestamp read_start(JsonObject& object) {
    const std::string text = object.string("start", "2022-01-03");
    const auto start = parse_timestamp(text);
    if (!start) specification_error("simulate.start", "found \"" + text + "\", expected a date such as \"2022-01-03\"");
    return *start;
}

// Per-name objects: every name must be one of the specification's.
template <typename Read>
void each_named(const Json* group, const std::string& path, const std::vector<std::string>& names, Read&& read) {
    if (group == nullptr) return;
    JsonObject object(*group, path);
    for (std::size_t i = 0; i < names.size(); ++i)
        if (const Json* one = object.find(names[i])) {
            JsonObject item(*one, object.path_of(names[i]));
            read(i, item);
            item.finish();
        }
    object.finish();
}

void read_truth(const Json* value, const Layout& layout, SimulationPlan& plan) {
    if (value == nullptr) return;
    JsonObject object(*value, "simulate.truth");
    for (const auto& parameter : layout.parameters) {
        const Json* given = object.find(parameter.name);
        if (given == nullptr) continue;
        plan.truth.emplace_back(parameter.name, as_number(*given, object.path_of(parameter.name), parameter.support.lower,
                                                          parameter.support.upper));
    }
    object.finish();
}

}  // namespace

SimulationPlan read_simulation_plan(const Json& document, const Specification& spec) {
    static const Json empty = Json::object();
    const auto found = document.find("simulate");
    JsonObject object(found == document.end() || found->is_null() ? empty : *found, "simulate");
    SimulationPlan plan;
    plan.periods = object.integer("periods", 156, 4, 1'000'000);
    plan.start = read_start(object);
    const std::size_t step = object.choice("step", {"week", "day", "month"}, 0, "a step");
    plan.step.kind = step == 2 ? TimeStep::Kind::months : TimeStep::Kind::fixed;
    plan.step.months = 1;
    plan.step.microseconds = (step == 0 ? 7 : 1) * microseconds_per_day;
    if (days_since_epoch(plan.start) + 31.0 * plan.periods > 2'932'896)
        specification_error("simulate.periods", "the last period would lie beyond the year 9999");
    plan.kpi_scale = spec.kpi_scaling == KpiScaling::factor ? spec.kpi_factor
                                                            : object.number("kpi_scale", plan.kpi_scale, least_positive, largest);
    plan.revenue_per_kpi = object.number("revenue_per_kpi", 1, least_positive, largest);
    plan.media.resize(spec.media.size());
    plan.controls.resize(spec.controls.size());
    std::vector<std::string> media, controls;
    for (const auto& medium : spec.media) media.push_back(medium.name);
    for (const auto& control : spec.controls) controls.push_back(control.name);
    each_named(object.find("media"), "simulate.media", media, [&](std::size_t i, JsonObject& item) {
        plan.media[i].mean = item.number("mean", plan.media[i].mean, least_positive, largest);
        plan.media[i].variation = item.number("variation", plan.media[i].variation, 0.01, 3);
        plan.media[i].active = item.number("active", plan.media[i].active, 0.01, 1);
        plan.media[i].cpm = item.number("cpm", plan.media[i].cpm, least_positive, largest);
    });
    each_named(object.find("controls"), "simulate.controls", controls, [&](std::size_t i, JsonObject& item) {
        plan.controls[i].mean = item.number("mean", 0, -largest, largest);
        plan.controls[i].sd = item.number("sd", 1, least_positive, largest);
    });
    if (spec.is_panel()) {
        plan.geos = object.integer("geos", 10, 1, 5000);
        plan.population = object.number("population", plan.population, least_positive, largest);
        plan.geo_variation = object.number("geo_variation", plan.geo_variation, 0, 3);
    }
    if (static_cast<double>(plan.geos) * plan.periods > 1e6)
        specification_error("simulate.geos", "geos times periods is more than 1000000 rows", "Simulate fewer geos or periods.");
    object.find("truth");
    object.finish();
    return plan;
}

std::vector<std::string> simulated_geos(const Specification& spec, const SimulationPlan& plan) {
    std::vector<std::string> names;
    const std::size_t width = std::to_string(plan.geos).size();
    for (int g = 1; spec.is_panel() && g <= plan.geos; ++g) {
        const std::string number = std::to_string(g);
        names.push_back("geo_" + std::string(width - number.size(), '0') + number);
    }
    return names;
}

void read_simulated_truth(const Json& document, const Layout& layout, SimulationPlan& plan) {
    const auto found = document.find("simulate");
    if (found == document.end() || found->is_null()) return;
    JsonObject object(*found, "simulate");
    read_truth(object.find("truth"), layout, plan);
}

}  // namespace mmm
