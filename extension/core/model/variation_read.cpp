#include "core/model/variation_read.hpp"

#include "core/limits.hpp"

namespace mmm {

namespace {

constexpr int most_basis_functions = 1000;

const std::vector<std::string>& variation_scopes() {
    static const std::vector<std::string> names = {"none", "common", "channel"};
    return names;
}

Prior positive_prior(JsonObject& object, const std::string& key, const Prior& fallback) {
    const Prior prior = parse_prior_or(object, key, fallback);
    if (prior.by_geo || !prior.hyper.empty())
        specification_error(object.path_of(key), "expected one prior for all geos, with numbers for its arguments");
    require_inside(prior, {least_positive, infinity}, object.path_of(key));
    return prior;
}

}  // namespace

Variation parse_variation(JsonObject& object, const Preset& preset) {
    Variation variation = preset.variation;
    variation.amplitude = positive_prior(object, "amplitude", variation.amplitude);
    variation.lengthscale = positive_prior(object, "lengthscale", variation.lengthscale);
    variation.basis = object.integer("basis", variation.basis, 1, most_basis_functions);
    return variation;
}

void read_media_variation(JsonObject& root, const Preset& preset, Specification& spec) {
    const Json* value = root.find("time_varying_media");
    if (value == nullptr || (value->is_boolean() && !value->get<bool>())) return;
    spec.media_variation_scope = VariationScope::common;
    spec.media_variation = preset.variation;
    if (!value->is_boolean()) {
        JsonObject object(*value, "time_varying_media");
        spec.media_variation_scope = static_cast<VariationScope>(
            1 + object.choice("scope", {variation_scopes()[1], variation_scopes()[2]}, 0, "a scope"));
        spec.media_variation = parse_variation(object, preset);
        object.finish();
    }
    for (const auto& medium : spec.media)
        if (medium.kind != MediumKind::treatment) return;
    specification_error("time_varying_media", "there are no media to vary", "Remove it, or add media.");
}

Json variation_json(const Variation& variation) {
    return {{"amplitude", prior_json(variation.amplitude)},
            {"lengthscale", prior_json(variation.lengthscale)},
            {"basis", variation.basis}};
}

bool trend_multiplies(const Specification& spec) {
    return spec.trend.family == TrendFamily::gp && spec.link == Link::identity && spec.kpi_scaling != KpiScaling::standardize;
}

}  // namespace mmm
