#include "core/model/media_read.hpp"


#include "core/format.hpp"
#include "core/limits.hpp"
#include "core/model/presets.hpp"

namespace mmm {

namespace {

AdstockChoice default_adstock(const std::string& preset_name, AdstockFamily family, int max_lag, bool normalize) {
    AdstockChoice choice;
    choice.form = {family, max_lag, normalize};
    for (int i = 0; i < adstock_parameter_count(family); ++i)
        choice.priors[static_cast<std::size_t>(i)] = default_adstock_prior(preset_name, family, i);
    return choice;
}

SaturationChoice default_saturation(const std::string& preset_name, SaturationFamily family) {
    SaturationChoice choice;
    choice.family = family;
    for (int i = 0; i < saturation_parameter_count(family); ++i)
        choice.priors[static_cast<std::size_t>(i)] = default_saturation_prior(preset_name, family, i);
    return choice;
}

constexpr double below_one = 1 - 0x1p-53;

// The ranges of adstock.hpp.
Interval adstock_range(AdstockFamily family, const std::string& parameter) {
    if (parameter == "theta") return {0, 1e300};
    if (parameter != "alpha") return {least_positive, 1e300};
    return {family == AdstockFamily::geometric ? 0 : least_positive, family == AdstockFamily::binomial ? 1 : below_one};
}

std::string column(const Json& value, const std::string& path) {
    std::string name = as_string(value, path);
    if (name.empty()) specification_error(path, "found \"\", expected a column name");
    return name;
}

// "prior": {"kind": "roi", "family": ...}: the kind beside the family's own keys.
void parse_effect(const Json* value, const std::string& path, const Preset& defaults, const std::string& preset_name,
                  Medium& medium) {
    const auto default_prior = [&] {
        switch (medium.effect) {
            case EffectKind::roi: return defaults.roi;
            case EffectKind::contribution: return defaults.contribution;
            default: return default_coefficient_prior(preset_name, medium.saturation.family);
        }
    };
    medium.effect = medium.paid || defaults.effect != EffectKind::roi ? defaults.effect : EffectKind::contribution;
    if (value == nullptr) {
        medium.prior = default_prior();
        return;
    }
    Json rest = *value;
    if (rest.is_object()) {
        if (rest.contains("kind") && rest["kind"] == "mroi")
            throw Error(ErrorKind::unsupported, path + ".kind: priors on mROI are not supported by this version of mmm", {},
                        "Use " + join_or(effect_kind_names()) + ".");
        if (rest.contains("kind"))
            medium.effect = static_cast<EffectKind>(
                as_choice(rest["kind"], path + ".kind", effect_kind_names(), "a kind of prior"));
        rest.erase("kind");
    }
    if (medium.effect == EffectKind::roi && !medium.paid)
        specification_error(path + ".kind", "\"roi\" needs spend, which organic media do not have");
    const bool only_kind = rest.is_object() && rest.empty();
    medium.prior_given = !only_kind;
    medium.prior = only_kind ? default_prior() : parse_prior(rest, path, PriorOn::effect);
    if (medium.prior.family == PriorFamily::total_paid_share && medium.effect != EffectKind::roi)
        specification_error(path + ".family", "\"total_paid_share\" is a prior on ROI only");
    const Interval domain = medium.effect == EffectKind::contribution ? Interval{-1, 1} : Interval{-1e300, 1e300};
    require_inside(medium.prior, domain, path);
}

struct MediaDefaults {
    AdstockChoice adstock;
    SaturationChoice saturation;
    bool saturation_first = false;
};

Medium parse_medium(const std::string& name, const Json& value, const std::string& path, bool paid,
                    const MediaDefaults& shared, const Preset& defaults, const std::string& preset_name) {
    Medium medium;
    medium.name = name;
    medium.paid = paid;
    medium.adstock = shared.adstock;
    medium.saturation = shared.saturation;
    medium.saturation_first = shared.saturation_first;
    if (value.is_string()) {
        (paid ? medium.spend : medium.exposure) = column(value, path);
        if (paid) medium.exposure = medium.spend;
        parse_effect(nullptr, path + ".prior", defaults, preset_name, medium);
        return medium;
    }
    JsonObject object(value, path);
    if (paid) medium.spend = column(object.require("spend", "a column name"), object.path_of("spend"));
    const Json* exposure = paid ? object.find("exposure") : &object.require("exposure", "a column name");
    medium.exposure = exposure == nullptr ? medium.spend : column(*exposure, object.path_of("exposure"));
    if (const Json* adstock = object.find("adstock"))
        medium.adstock = parse_adstock(*adstock, object.path_of("adstock"), shared.adstock, preset_name);
    if (const Json* saturation = object.find("saturation"))
        medium.saturation = parse_saturation(*saturation, object.path_of("saturation"), shared.saturation, preset_name);
    medium.saturation_first =
        object.choice("order", {"adstock_first", "saturation_first"}, medium.saturation_first ? 1 : 0, "an order") == 1;
    parse_effect(object.find("prior"), object.path_of("prior"), defaults, preset_name, medium);
    object.finish();
    return medium;
}

MediaDefaults read_shared(JsonObject& root, const Preset& defaults, const std::string& preset_name) {
    MediaDefaults shared;
    const int max_lag = root.integer("max_lag", defaults.max_lag, 0, max_adstock_lag);
    shared.adstock = default_adstock(preset_name, defaults.adstock, max_lag, true);
    shared.saturation = default_saturation(preset_name, defaults.saturation);
    if (const Json* value = root.find("adstock"))
        shared.adstock = parse_adstock(*value, "adstock", shared.adstock, preset_name);
    if (const Json* value = root.find("saturation"))
        shared.saturation = parse_saturation(*value, "saturation", shared.saturation, preset_name);
    shared.saturation_first =
        root.choice("order", {"adstock_first", "saturation_first"}, 0, "an order") == 1;
    return shared;
}

}  // namespace

AdstockChoice parse_adstock(const Json& value, const std::string& path, const AdstockChoice& fallback,
                            const std::string& preset_name) {
    const auto& names = adstock_family_names();
    if (value.is_string()) {
        const auto family = static_cast<AdstockFamily>(as_choice(value, path, names, "an adstock family"));
        return default_adstock(preset_name, family, fallback.form.max_lag, fallback.form.normalize);
    }
    JsonObject object(value, path);
    const auto family = static_cast<AdstockFamily>(
        object.choice("family", names, static_cast<std::size_t>(fallback.form.family), "an adstock family"));
    AdstockChoice choice = family == fallback.form.family
                               ? fallback
                               : default_adstock(preset_name, family, fallback.form.max_lag, fallback.form.normalize);
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
                                  const std::string& preset_name) {
    const auto& names = saturation_family_names();
    if (value.is_string())
        return default_saturation(preset_name, static_cast<SaturationFamily>(
                                                   as_choice(value, path, names, "a saturation family")));
    JsonObject object(value, path);
    const auto family = static_cast<SaturationFamily>(
        object.choice("family", names, static_cast<std::size_t>(fallback.family), "a saturation family"));
    SaturationChoice choice = family == fallback.family ? fallback : default_saturation(preset_name, family);
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

void read_media(JsonObject& root, Specification& spec) {
    const Preset defaults = preset(spec.preset);
    const MediaDefaults shared = read_shared(root, defaults, spec.preset);
    const auto read_group = [&](const Json* group, const std::string& path, bool paid) {
        if (group == nullptr) return;
        const JsonObject checked(*group, path);
        for (const auto& item : group->items())
            spec.media.push_back(parse_medium(item.key(), item.value(), path + "." + item.key(), paid, shared, defaults,
                                              spec.preset));
    };
    read_group(root.find("media"), "media", true);
    read_group(root.find("organic_media"), "organic_media", false);
    if (spec.media.empty())
        specification_error("media", "missing, expected at least one medium",
                            R"(Name one as {"media": {"tv": "tv_spend"}}.)");
    const bool has_revenue = spec.has_revenue();
    for (auto& medium : spec.media) {
        if (medium.effect != EffectKind::roi || has_revenue || medium.prior_given) continue;
        // Without revenue an ROI is in KPI per currency unit: Meridian gives all channels a common prior of known share.
        medium.prior = make_prior(PriorFamily::total_paid_share, 0.4, 0.2);
    }
}

}  // namespace mmm
