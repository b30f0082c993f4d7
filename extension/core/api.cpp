#include "core/api.hpp"

#include "core/memory_estimate.hpp"
#include "core/model/codec.hpp"
#include "core/model/data_review.hpp"
#include "core/model/dataset.hpp"
#include "core/model/event_table.hpp"
#include "core/model/fitted_model.hpp"
#include "core/model/media_read.hpp"
#include "core/model/presets.hpp"
#include "core/model/specification.hpp"

namespace mmm {

SpecificationPtr parse_specification(std::string_view json) {
    return std::make_shared<const Specification>(read_specification(parse_json(json, ErrorKind::invalid_specification)));
}

std::string specification_json(const Specification& spec) { return write_specification(spec).dump(); }

std::string preset_json(std::string_view name) {
    const auto index = as_choice(std::string(name), "preset", preset_names(), "a preset");
    // The shortest specification, so that the answer is one that can be edited and fitted.
    const Json shortest = {{"preset", preset_names()[index]}, {"time", "time"}, {"kpi", "kpi"}, {"media", {{"channel", "spend"}}}};
    return write_specification(read_specification(shortest)).dump();
}

const std::string& time_column(const Specification& spec) { return spec.time; }
const std::string& geo_column(const Specification& spec) { return spec.geo; }
const std::vector<std::string>& value_columns(const Specification& spec) { return spec.columns; }

std::vector<Finding> validate(const Specification& given, const Table& table, const Host& host) {
    const Specification spec = without_absent_events(given, table);
    check_memory(estimate_memory(spec, table, host.max_threads), host.max_memory_bytes);
    Dataset data;
    std::vector<Finding> findings = check_data(spec, table, data, host.poll);
    if (spec.events.size() < given.events.size())
        findings.push_back({"info", "events_absent", "events",
                            std::to_string(given.events.size() - spec.events.size()) + " of " + std::to_string(given.events.size()) +
                                " events of the calendar have no date in the data and are left out",
                            {}});
    if (!has_errors(findings)) review_data(spec, data, table, findings, host.poll);
    return findings;
}

std::string model_to_bytes(const FittedModel& model) { return encode_model(model); }
FittedModelPtr model_from_bytes(std::string_view bytes) { return std::make_shared<const FittedModel>(decode_model(bytes)); }
std::string model_to_json(const FittedModel& model) { return model_text(model); }
FittedModelPtr model_from_json(std::string_view json) { return std::make_shared<const FittedModel>(read_model_text(json)); }

std::vector<double> adstock_array(const std::vector<double>& x, std::string_view adstock_json, const Poll& poll) {
    const Json json = parse_json(adstock_json, ErrorKind::invalid_specification);
    AdstockChoice unset;
    unset.form.family = AdstockFamily::none;
    unset.form.max_lag = unlimited_lag;
    if (!json.is_object() || !json.contains("family"))
        specification_error("family", "missing, expected an adstock family",
                            R"(Write {"family": "geometric", "alpha": 0.5, "max_lag": 8}.)");
    Json complete = json;
    const bool unlimited = json["family"] == "geometric" && !json.contains("max_lag");
    if (!json.contains("max_lag") && json["family"] != "none") complete["max_lag"] = 8;
    const AdstockChoice choice = parse_adstock(complete, "adstock", unset, PresetForm{});
    double parameters[max_adstock_parameters] = {0, 0};
    const auto& names = adstock_parameter_names(choice.form.family);
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (!json.contains(names[i])) specification_error("adstock." + names[i], "missing, expected a number");
        if (!choice.priors[i].is_fixed()) specification_error("adstock." + names[i], "found a prior, expected a number");
        parameters[i] = choice.priors[i].p[0];
    }
    const int max_lag = unlimited ? unlimited_lag : choice.form.family == AdstockFamily::none ? 0 : choice.form.max_lag;
    std::vector<double> memory(AdstockState::bytes(max_lag) / sizeof(double) + 1);
    auto* state = AdstockState::create(memory.data(), choice.form.family, parameters[0], parameters[1], max_lag,
                                       choice.form.normalize);
    std::vector<double> out;
    out.reserve(x.size());
    for (const double value : x) {
        if (out.size() % 1024 == 0) poll();
        state->push(value);
        out.push_back(state->value());
    }
    return out;
}

}  // namespace mmm
