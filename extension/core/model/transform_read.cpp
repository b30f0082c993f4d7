// The adstock and saturation of a specification, and what a preset puts where nothing is written.
#include "core/limits.hpp"
#include "core/model/media_read.hpp"
#include "core/model/presets.hpp"

namespace mmm {

namespace {

constexpr double below_one = 1 - 0x1p-53;

// The ranges of adstock.hpp.
Interval adstock_range(AdstockFamily family, const std::string& parameter) {
    if (parameter == "theta") return {0, 1e300};
    if (parameter != "alpha") return {least_positive, 1e300};
    return {family == AdstockFamily::geometric ? 0 : least_positive, family == AdstockFamily::binomial ? 1 : below_one};
}

}  // namespace

AdstockChoice default_adstock(const PresetForm& form, AdstockFamily family, int max_lag, bool normalize) {
    AdstockChoice choice;
    choice.form = {family, max_lag, normalize};
    for (int i = 0; i < adstock_parameter_count(family); ++i)
        choice.priors[static_cast<std::size_t>(i)] = default_adstock_prior(form, family, i);
    return choice;
}

SaturationChoice default_saturation(const PresetForm& form, SaturationFamily family) {
    SaturationChoice choice;
    choice.family = family;
    for (int i = 0; i < saturation_parameter_count(family); ++i)
        choice.priors[static_cast<std::size_t>(i)] = default_saturation_prior(form, family, i);
    return choice;
}

AdstockChoice parse_adstock(const Json& value, const std::string& path, const AdstockChoice& fallback,
                            const PresetForm& form) {
    const auto& names = adstock_family_names();
    if (value.is_string()) {
        const auto family = static_cast<AdstockFamily>(as_choice(value, path, names, "an adstock family"));
        return default_adstock(form, family, fallback.form.max_lag, fallback.form.normalize);
    }
    JsonObject object(value, path);
    const auto family = static_cast<AdstockFamily>(
        object.choice("family", names, static_cast<std::size_t>(fallback.form.family), "an adstock family"));
    AdstockChoice choice = family == fallback.form.family
                               ? fallback
                               : default_adstock(form, family, fallback.form.max_lag, fallback.form.normalize);
    if (family != AdstockFamily::none) {
        choice.form.max_lag = object.integer("max_lag", choice.form.max_lag, 0, max_adstock_lag);
        choice.form.normalize = object.boolean("normalize", choice.form.normalize);
    }
    const auto& parameters = adstock_parameter_names(family);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const Json* prior = object.find(parameters[i]);
        if (prior == nullptr) continue;
        choice.priors[i] = parse_prior(*prior, object.path_of(parameters[i]));
        require_inside(choice.priors[i], adstock_range(family, parameters[i]), object.path_of(parameters[i]));
    }
    object.finish();
    return choice;
}

SaturationChoice parse_saturation(const Json& value, const std::string& path, const SaturationChoice& fallback,
                                  const PresetForm& form) {
    const auto& names = saturation_family_names();
    if (value.is_string())
        return default_saturation(form, static_cast<SaturationFamily>(
                                                   as_choice(value, path, names, "a saturation family")));
    JsonObject object(value, path);
    const auto family = static_cast<SaturationFamily>(
        object.choice("family", names, static_cast<std::size_t>(fallback.family), "a saturation family"));
    SaturationChoice choice = family == fallback.family ? fallback : default_saturation(form, family);
    const auto& parameters = saturation_parameter_names(family);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const Json* prior = object.find(parameters[i]);
        if (prior == nullptr) continue;
        choice.priors[i] = parse_prior(*prior, object.path_of(parameters[i]));
        require_inside(choice.priors[i], {1e-300, 1e300}, object.path_of(parameters[i]));
    }
    object.finish();
    return choice;
}

}  // namespace mmm
