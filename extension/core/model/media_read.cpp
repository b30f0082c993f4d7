#include "core/model/media_read.hpp"

#include "core/format.hpp"
#include "core/model/presets.hpp"
#include "core/transform/calendar.hpp"

namespace mmm {

namespace {

struct MediaDefaults {
    AdstockChoice adstock;
    SaturationChoice saturation;
    bool saturation_first = false;
};

// Everything that reading one medium needs besides its own JSON.
struct MediaContext {
    MediaDefaults shared;
    Preset preset;
    PresetForm form;
};

Prior default_effect_prior(const Medium& medium, const MediaContext& context) {
    switch (medium.effect) {
        case EffectKind::roi: return context.preset.roi;
        case EffectKind::mroi: return context.preset.mroi;
        case EffectKind::contribution:
            return medium.kind == MediumKind::treatment ? context.preset.treatment_contribution : context.preset.contribution;
        case EffectKind::coefficient: break;
    }
    return medium.kind == MediumKind::treatment
               ? context.preset.control
               : default_coefficient_prior(context.form, medium.saturation.family);
}

// "prior": {"kind": "roi", "family": ...}: the kind beside the family's own keys.
void parse_effect(const Json* value, const std::string& path, const MediaContext& context, Medium& medium) {
    medium.effect = medium.paid() || context.preset.effect != EffectKind::roi ? context.preset.effect : EffectKind::contribution;
    Json rest = value == nullptr ? Json::object() : *value;
    if (rest.is_object()) {
        if (rest.contains("kind"))
            medium.effect = static_cast<EffectKind>(
                as_choice(rest["kind"], path + ".kind", effect_kind_names(), "a kind of prior"));
        rest.erase("kind");
    }
    const bool by_spend = medium.effect == EffectKind::roi || medium.effect == EffectKind::mroi;
    if (by_spend && !medium.paid())
        specification_error(path + ".kind", "\"" + effect_kind_names()[static_cast<std::size_t>(medium.effect)] +
                                                "\" needs spend, which only paid media have");
    const bool only_kind = rest.is_object() && rest.empty();
    medium.prior_given = !only_kind;
    medium.prior = only_kind ? default_effect_prior(medium, context) : parse_prior(rest, path, PriorOn::effect);
    if (medium.prior.family == PriorFamily::total_paid_share && medium.effect != EffectKind::roi)
        specification_error(path + ".family", "\"total_paid_share\" is a prior on ROI only");
    if (medium.effect != EffectKind::coefficient && (medium.prior.by_geo || !medium.prior.hyper.empty()))
        specification_error(path, "a prior by geo is on coefficients only",
                            R"(Use "kind": "coefficient", or let the effect vary by "geo_effect".)");
    const Interval domain = medium.effect == EffectKind::contribution ? Interval{-1, 1} : Interval{-1e300, 1e300};
    require_inside(medium.prior, domain, path);
}

void parse_geo_effect(JsonObject* object, const MediaContext& context, Medium& medium) {
    const bool treatment = medium.kind == MediumKind::treatment;
    const bool varies = context.form.panel && !medium.prior.by_geo;
    medium.geo_effect = !varies                                                                 ? GeoEffect::common
                        : treatment && context.preset.geo_effect == GeoEffect::log_normal ? GeoEffect::normal
                                                                                                 : context.preset.geo_effect;
    medium.geo_scale = treatment ? context.preset.control_geo_scale : context.preset.geo_scale;
    if (object == nullptr) return;
    medium.geo_effect = static_cast<GeoEffect>(object->choice("geo_effect", geo_effect_names(),
                                                              static_cast<std::size_t>(medium.geo_effect), "a kind of geo effect"));
    if (medium.geo_effect == GeoEffect::common) return;
    const std::string path = object->path_of("geo_effect");
    if (!context.form.panel) specification_error(path, "the model has no geos", "Name the column of the geos as \"geo\".");
    if (medium.prior.by_geo) specification_error(path, "the coefficient's prior is by geo already", "Remove one of the two.");
    medium.geo_scale = parse_prior_or(*object, "geo_scale", medium.geo_scale);
    require_inside(medium.geo_scale, {0, 1e300}, object->path_of("geo_scale"));
    if (medium.geo_scale.by_geo || !medium.geo_scale.hyper.empty())
        specification_error(object->path_of("geo_scale"), "expected a prior common to all geos");
}

void parse_calibration(JsonObject& object, Medium& medium) {
    const Json* value = object.find("calibration_period");
    if (value == nullptr) return;
    JsonObject period(*value, object.path_of("calibration_period"));
    const auto date = [&](const char* key) {
        const std::string text = as_string(period.require(key, "a date"), period.path_of(key));
        const auto time = parse_timestamp(text);
        if (!time) specification_error(period.path_of(key), "found \"" + text + "\", expected a date such as \"2024-03-31\"");
        return *time;
    };
    medium.calibration_period = CalibrationPeriod{date("from"), date("to")};
    period.finish();
    if (medium.calibration_period->from > medium.calibration_period->to)
        specification_error(period.path(), "from lies after to");
    if (medium.effect != EffectKind::roi)
        specification_error(period.path(), "is for priors of \"kind\": \"roi\"", "Remove it, or state the prior on ROI.");
}

// A name alone stands for the column that matters most.
Medium short_medium(Medium medium, const Json& value, const std::string& path, const MediaContext& context) {
    if (medium.kind == MediumKind::paid) medium.spend = column_name(value, path);
    medium.exposure = column_name(value, path);
    parse_effect(nullptr, path + ".prior", context, medium);
    parse_geo_effect(nullptr, context, medium);
    return medium;
}

void read_transforms(JsonObject& object, const MediaContext& context, Medium& medium) {
    if (const Json* adstock = object.find("adstock"))
        medium.adstock = parse_adstock(*adstock, object.path_of("adstock"), medium.adstock, context.form);
    if (const Json* saturation = object.find("saturation"))
        medium.saturation = parse_saturation(*saturation, object.path_of("saturation"), medium.saturation, context.form);
}

void refuse_geo_priors_without_geos(const Medium& medium, const std::string& path, bool panel) {
    if (panel) return;
    const auto refuse = [&](const Prior& prior) {
        if (prior.by_geo) specification_error(path, "a prior is by geo, but the model has no geos", "Name the column of the geos as \"geo\".");
    };
    for (const auto& prior : medium.adstock.priors) refuse(prior);
    for (const auto& prior : medium.saturation.priors) refuse(prior);
    refuse(medium.prior);
}

Medium parse_medium(const std::string& name, const Json& value, const std::string& path, MediumKind kind,
                    const MediaContext& context) {
    Medium medium;
    medium.name = name;
    medium.kind = kind;
    medium.adstock = context.shared.adstock;
    medium.saturation = context.shared.saturation;
    medium.saturation_first = context.shared.saturation_first;
    if (value.is_string()) return short_medium(medium, value, path, context);
    JsonObject object(value, path);
    const bool paid = kind == MediumKind::paid;
    if (paid) medium.spend = column_name(object.require("spend", "a column name"), object.path_of("spend"));
    const Json* exposure = paid ? object.find("exposure") : &object.require("exposure", "a column name");
    medium.exposure = exposure == nullptr ? medium.spend : column_name(*exposure, object.path_of("exposure"));
    read_transforms(object, context, medium);
    medium.saturation_first =
        object.choice("order", {"adstock_first", "saturation_first"}, medium.saturation_first ? 1 : 0, "an order") == 1;
    parse_effect(object.find("prior"), object.path_of("prior"), context, medium);
    parse_geo_effect(&object, context, medium);
    if (paid) parse_calibration(object, medium);
    object.finish();
    refuse_geo_priors_without_geos(medium, path, context.form.panel);
    return medium;
}

// adstock(reach * saturation(frequency)), Meridian's reach and frequency channels.
Medium parse_reach_frequency(const std::string& name, const Json& value, const std::string& path, const MediaContext& context) {
    Medium medium;
    medium.name = name;
    medium.adstock = context.shared.adstock;
    medium.saturation = default_saturation({"meridian", false}, SaturationFamily::hill);
    medium.saturation.priors = context.preset.frequency;
    medium.saturation_first = true;
    JsonObject object(value, path);
    if (object.find("spend") == nullptr) medium.kind = MediumKind::organic;
    else medium.spend = column_name(*object.find("spend"), object.path_of("spend"));
    medium.reach = column_name(object.require("reach", "a column name"), object.path_of("reach"));
    medium.frequency = column_name(object.require("frequency", "a column name"), object.path_of("frequency"));
    read_transforms(object, context, medium);
    parse_effect(object.find("prior"), object.path_of("prior"), context, medium);
    parse_geo_effect(&object, context, medium);
    if (medium.paid()) parse_calibration(object, medium);
    object.finish();
    refuse_geo_priors_without_geos(medium, path, context.form.panel);
    return medium;
}

void parse_baseline(JsonObject& object, Medium& medium) {
    const Json* value = object.find("baseline");
    if (value == nullptr) return;
    if (value->is_string())
        medium.baseline = as_choice(*value, object.path_of("baseline"), {"min", "max"}, "a baseline") == 0 ? BaselineKind::min
                                                                                                             : BaselineKind::max;
    else
        medium.baseline_value = as_number(*value, object.path_of("baseline"), -1e300, 1e300);
}

Medium parse_treatment(const std::string& name, const Json& value, const std::string& path, const MediaContext& context) {
    Medium medium;
    medium.name = name;
    medium.kind = MediumKind::treatment;
    medium.adstock.form = {AdstockFamily::none, 0, false};
    medium.saturation.family = SaturationFamily::none;
    medium.baseline = context.preset.treatment_baseline;
    medium.per_capita = false;
    if (value.is_string()) return short_medium(medium, value, path, context);
    JsonObject object(value, path);
    medium.exposure = column_name(object.require("column", "a column name"), object.path_of("column"));
    parse_baseline(object, medium);
    medium.per_capita = object.boolean("per_capita", false);
    parse_effect(object.find("prior"), object.path_of("prior"), context, medium);
    parse_geo_effect(&object, context, medium);
    object.finish();
    refuse_geo_priors_without_geos(medium, path, context.form.panel);
    return medium;
}

MediaDefaults read_shared(JsonObject& root, const Preset& defaults, const PresetForm& form) {
    MediaDefaults shared;
    const int max_lag = root.integer("max_lag", defaults.max_lag, 0, max_adstock_lag);
    shared.adstock = default_adstock(form, defaults.adstock, max_lag, true);
    shared.saturation = default_saturation(form, defaults.saturation);
    if (const Json* value = root.find("adstock"))
        shared.adstock = parse_adstock(*value, "adstock", shared.adstock, form);
    if (const Json* value = root.find("saturation"))
        shared.saturation = parse_saturation(*value, "saturation", shared.saturation, form);
    shared.saturation_first =
        root.choice("order", {"adstock_first", "saturation_first"}, 0, "an order") == 1;
    return shared;
}

}  // namespace

std::string column_name(const Json& value, const std::string& path) {
    std::string name = as_string(value, path);
    if (name.empty()) specification_error(path, "found \"\", expected a column name");
    return name;
}

void read_media(JsonObject& root, Specification& spec) {
    MediaContext context;
    context.form = {spec.preset, !spec.geo.empty(), spec.link};
    context.preset = preset(context.form);
    context.shared = read_shared(root, context.preset, context.form);
    context.preset.geo_effect = static_cast<GeoEffect>(root.choice(
        "media_geo_effect", geo_effect_names(), static_cast<std::size_t>(context.preset.geo_effect), "a kind of geo effect"));
    const auto read_group = [&](const std::string& key, auto&& parse) {
        const Json* group = root.find(key);
        if (group == nullptr) return;
        const JsonObject checked(*group, key);
        for (const auto& item : group->items()) spec.media.push_back(parse(item.key(), item.value(), checked.path_of(item.key())));
    };
    using S = const std::string&;
    read_group("media", [&](S name, const Json& v, S path) { return parse_medium(name, v, path, MediumKind::paid, context); });
    read_group("reach_frequency", [&](S name, const Json& v, S path) { return parse_reach_frequency(name, v, path, context); });
    read_group("organic_media", [&](S name, const Json& v, S path) { return parse_medium(name, v, path, MediumKind::organic, context); });
    if (spec.media.empty()) {
        const std::string hint = root.hint_for_missing("media");
        specification_error("media", "missing, expected at least one medium",
                            hint.empty() ? R"(Name one as {"media": {"tv": "tv_spend"}}.)" : hint);
    }
    read_group("treatments", [&](S name, const Json& v, S path) { return parse_treatment(name, v, path, context); });
    const bool has_revenue = spec.has_revenue();
    for (auto& medium : spec.media) {
        if (medium.effect != EffectKind::roi || has_revenue || medium.prior_given) continue;
        // Without revenue an ROI is in KPI per currency unit: Meridian gives all channels a common prior of known share.
        medium.prior = make_prior(PriorFamily::total_paid_share, 0.4, 0.2);
    }
}

}  // namespace mmm
