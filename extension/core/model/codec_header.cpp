#include "core/model/codec_header.hpp"

#include <algorithm>
#include <cmath>

namespace mmm {

double number_or_nan(const Json& value, const Fault& fault) {
    if (value.is_null()) return std::nan("");
    if (!value.is_number()) fault.raise("a number was expected");
    return value.get<double>();
}

std::int64_t count_at(const Json& json, const char* key, std::int64_t most, const Fault& fault) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_number_integer()) fault.raise(std::string(key) + " is missing");
    const auto value = found->get<std::int64_t>();
    if (value < 0 || value > most) fault.raise(std::string(key) + " is out of range");
    return value;
}

const Json& array_at(const Json& json, const char* key, std::size_t size, const Fault& fault) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_array() || found->size() != size)
        fault.raise(std::string(key) + " does not have " + std::to_string(size) + " elements");
    return *found;
}

void check_version(const Json& header, const Fault& fault) {
    if (!header.is_object() || !header.contains("mmm_model")) fault.raise("it has no key \"mmm_model\" with the version");
    const std::int64_t version = count_at(header, "mmm_model", 1'000'000, fault);
    if (version > model_format_version)
        throw Error(fault.kind,
                    "mmm_model version " + std::to_string(version) + " is newer than this extension reads (" +
                        std::to_string(model_format_version) + ")",
                    {}, "Update the extension: ALTER EXTENSION mmm UPDATE after installing a newer version.");
    if (version < 1) fault.raise("version 0 does not exist");
}

namespace {

Json convergence_json(const std::vector<Convergence>& all) {
    Json json = Json::array();
    for (const auto& c : all) json.push_back({c.mean, c.sd, c.rhat, c.ess_bulk, c.ess_tail, c.mcse_mean});
    return json;
}

Json sampler_report_json(const SamplerReport& s) {
    return {{"gradients", s.gradients},     {"divergences", s.divergences}, {"max_depth_hits", s.max_depth_hits},
            {"mean_accept", s.mean_accept}, {"mean_depth", s.mean_depth},   {"e_bfmi", s.e_bfmi},
            {"step_size", s.step_size}};
}

std::vector<double> numbers_at(const Json& json, const char* key, std::size_t most, const Fault& fault) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_array() || found->size() > most) fault.raise(std::string(key) + " is missing");
    std::vector<double> values;
    for (const auto& item : *found) values.push_back(number_or_nan(item, fault));
    return values;
}

void read_sampler(const Json& header, FittedModel& model, const Fault& fault) {
    const auto found = header.find("sampler");
    if (found == header.end() || !found->is_object()) fault.raise("sampler is missing");
    SamplerReport& s = model.sampler;
    constexpr std::int64_t most = std::int64_t{1} << 53;
    s.gradients = count_at(*found, "gradients", most, fault);
    s.divergences = count_at(*found, "divergences", most, fault);
    s.max_depth_hits = count_at(*found, "max_depth_hits", most, fault);
    s.mean_accept = number_or_nan(found->value("mean_accept", Json()), fault);
    s.mean_depth = number_or_nan(found->value("mean_depth", Json()), fault);
    s.e_bfmi = numbers_at(*found, "e_bfmi", 1000, fault);
    s.step_size = numbers_at(*found, "step_size", 1000, fault);
}

void read_geos(const Json& header, FittedModel& model, const Fault& fault) {
    constexpr std::size_t most_geos = 5000;
    const auto geos = header.find("geos");
    if (geos == header.end() || !geos->is_array() || geos->size() > most_geos) fault.raise("geos are missing");
    for (const auto& name : *geos) {
        if (!name.is_string()) fault.raise("a geo is not a string");
        model.data.geos.push_back(name.get<std::string>());
        const auto n = model.data.geos.size();
        if (n > 1 && !(model.data.geos[n - 2] < model.data.geos[n - 1])) fault.raise("its geos are not in order");
    }
    if (model.spec.is_panel() == model.data.geos.empty()) fault.raise("its geos are not those of its specification");
    const Json& population = array_at(header, "population", static_cast<std::size_t>(model.data.n_geos()), fault);
    model.data.population.resize(model.data.n_geos());
    for (std::size_t g = 0; g < population.size(); ++g) {
        const double value = number_or_nan(population[g], fault);
        if (!(value > 0) || !std::isfinite(value)) fault.raise("a population is not above 0");
        model.data.population[static_cast<Eigen::Index>(g)] = value;
    }
}

Json filled_json(const FilledReport& filled) {
    Json cells = Json::array();
    for (const auto& one : filled.cells)
        cells.push_back({one.column, missing_rule_names()[static_cast<std::size_t>(one.rule)], one.cells});
    return {{"rows", filled.rows}, {"cells", cells}};
}

// Absent where nothing was missing.
void read_filled(const Json& header, FittedModel& model, const Fault& fault) {
    const auto found = header.find("filled");
    if (found == header.end()) return;
    constexpr std::int64_t most = 1'000'000'000;
    const auto cells = found->is_object() ? found->find("cells") : found->end();
    if (cells == found->end() || !cells->is_array()) fault.raise("what was missing in its data is incomplete");
    model.data.filled.rows = count_at(*found, "rows", most, fault);
    for (const auto& cell : *cells) {
        const bool shaped = cell.is_array() && cell.size() == 3 && cell[0].is_string() && cell[2].is_number_integer();
        const auto& names = missing_rule_names();
        const auto rule = shaped ? std::find(names.begin(), names.end(), cell[1]) : names.end();
        if (rule == names.end()) fault.raise("what was missing in its data is incomplete");
        model.data.filled.cells.push_back({cell[0].get<std::string>(), static_cast<MissingRule>(rule - names.begin()),
                                           std::clamp<std::int64_t>(cell[2].get<std::int64_t>(), 0, most)});
    }
}

void check_knot_positions(const Specification& spec, std::int64_t periods, const Fault& fault) {
    if (spec.trend.family != TrendFamily::knots) return;
    if (spec.trend.positions.empty() || spec.trend.positions.back() >= periods) fault.raise("its knots are not in its periods");
}

}  // namespace

Json header_json(const FittedModel& model) {
    Json names = Json::array();
    for (const auto& parameter : model.layout.parameters) names.push_back(parameter.name);
    Json header = {{"mmm_model", model_format_version},
            {"spec", write_specification(model.spec)},
            {"parameters", names},
            {"chains", model.chains},
            {"draws_per_chain", model.draws},
            {"periods", model.data.periods()},
            {"geos", model.data.geos},
            {"population", std::vector<double>(model.data.population.begin(), model.data.population.end())},
            {"convergence", convergence_json(model.convergence)},
            {"sampler", sampler_report_json(model.sampler)}};
    if (!model.totals.empty()) header["totals"] = totals_version;
    if (!model.data.filled.empty()) header["filled"] = filled_json(model.data.filled);
    return header;
}

FittedModel read_header(const Json& header, const Fault& fault) {
    check_version(header, fault);
    FittedModel model;
    const auto spec = header.find("spec");
    if (spec == header.end()) fault.raise("spec is missing");
    try {
        model.spec = read_specification(*spec);
    } catch (const Error& error) {
        fault.raise("its specification is not valid: " + std::string(error.what()));
    }
    read_geos(header, model, fault);
    check_knot_positions(model.spec, count_at(header, "periods", 10'000'000, fault), fault);
    model.layout = make_layout(model.spec, model.data.geos, model.data.baseline_geo(model.spec));
    const auto n = static_cast<std::size_t>(model.layout.size());
    const Json& names = array_at(header, "parameters", n, fault);
    for (std::size_t i = 0; i < n; ++i)
        if (names[i] != model.layout.parameters[i].name) fault.raise("its parameters are not those of its specification");
    model.chains = static_cast<int>(count_at(header, "chains", 1000, fault));
    model.draws = static_cast<int>(count_at(header, "draws_per_chain", 100'000'000, fault));
    if (model.chains == 0 || model.draws == 0) fault.raise("it has no draws");
    const Json& rows = array_at(header, "convergence", n, fault);
    for (const auto& row : rows) {
        if (!row.is_array() || row.size() != 6) fault.raise("convergence is incomplete");
        const auto at = [&](std::size_t i) { return number_or_nan(row[i], fault); };
        model.convergence.push_back({at(0), at(1), at(2), at(3), at(4), at(5)});
    }
    read_sampler(header, model, fault);
    read_filled(header, model, fault);
    return model;
}

}  // namespace mmm
