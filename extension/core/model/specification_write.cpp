// Specification -> JSON, complete: reading it again gives the same specification.
#include "core/model/lift_test.hpp"
#include "core/model/model_units.hpp"
#include "core/model/noise_law.hpp"
#include "core/model/specification.hpp"
#include "core/model/variation_read.hpp"
#include "core/transform/calendar.hpp"

namespace mmm {

namespace {

Json adstock_json(const AdstockChoice& choice) {
    Json json = {{"family", adstock_family_names()[static_cast<std::size_t>(choice.form.family)]}};
    if (choice.form.family == AdstockFamily::none) return json;
    json["max_lag"] = choice.form.max_lag;
    json["normalize"] = choice.form.normalize;
    const auto& names = adstock_parameter_names(choice.form.family);
    for (std::size_t i = 0; i < names.size(); ++i) json[names[i]] = prior_json(choice.priors[i]);
    return json;
}

Json saturation_json(const SaturationChoice& choice) {
    Json json = {{"family", saturation_family_names()[static_cast<std::size_t>(choice.family)]}};
    const auto& names = saturation_parameter_names(choice.family);
    for (std::size_t i = 0; i < names.size(); ++i) json[names[i]] = prior_json(choice.priors[i]);
    return json;
}

Json effect_json(const Medium& medium) {
    Json json = {{"kind", effect_kind_names()[static_cast<std::size_t>(medium.effect)]}};
    const Json prior = prior_json(medium.prior);
    for (const auto& item : prior.items()) json[item.key()] = item.value();
    return json;
}

Json baseline_json(const Medium& medium) {
    switch (medium.baseline) {
        case BaselineKind::min: return "min";
        case BaselineKind::max: return "max";
        case BaselineKind::value: break;
    }
    return medium.baseline_value;
}

Json medium_json(const Medium& medium) {
    Json json = Json::object();
    const bool treatment = medium.kind == MediumKind::treatment;
    if (medium.paid()) json["spend"] = medium.spend;
    if (treatment) {
        json["column"] = medium.exposure;
        json["baseline"] = baseline_json(medium);
        json["per_capita"] = medium.per_capita;
    } else {
        if (medium.has_frequency()) {
            json["reach"] = medium.reach;
            json["frequency"] = medium.frequency;
        } else {
            json["exposure"] = medium.exposure;
        }
        json["adstock"] = adstock_json(medium.adstock);
        json["saturation"] = saturation_json(medium.saturation);
        if (!medium.has_frequency()) json["order"] = medium.saturation_first ? "saturation_first" : "adstock_first";
    }
    json["prior"] = effect_json(medium);
    json["geo_effect"] = geo_effect_names()[static_cast<std::size_t>(medium.geo_effect)];
    if (medium.geo_effect != GeoEffect::common) json["geo_scale"] = prior_json(medium.geo_scale);
    if (medium.calibration_period)
        json["calibration_period"] = {{"from", format_timestamp(medium.calibration_period->from)},
                                      {"to", format_timestamp(medium.calibration_period->to)}};
    return json;
}

Json dates_json(const std::vector<Timestamp>& dates) {
    Json json = Json::array();
    for (const Timestamp date : dates) json.push_back(format_timestamp(date));
    return json;
}

Json knots_json(const Trend& trend) {
    Json json = {{"family", "knots"}};
    switch (trend.placement) {
        case KnotPlacement::count: json["knots"] = trend.knots; break;
        case KnotPlacement::each: json["knots"] = "each"; break;
        case KnotPlacement::automatic: json["knots"] = "auto"; break;
        case KnotPlacement::dates: json["knots"] = dates_json(trend.dates); break;
    }
    json["prior"] = prior_json(trend.knot);
    if (!trend.positions.empty()) json["positions"] = trend.positions;
    return json;
}

Json trend_json(const Trend& trend) {
    static const char* names[] = {"none", "linear", "piecewise", "knots", "gp"};
    Json json = {{"family", names[static_cast<int>(trend.family)]}};
    if (trend.family == TrendFamily::none) return json;
    if (trend.family == TrendFamily::knots) return knots_json(trend);
    if (trend.family == TrendFamily::gp) {
        json.update(variation_json(trend.variation));
        return json;
    }
    json["slope"] = prior_json(trend.slope);
    if (trend.family == TrendFamily::linear) return json;
    if (trend.dates.empty())
        json["changepoints"] = trend.changepoints;
    else
        json["changepoints"] = dates_json(trend.dates);
    json["delta"] = prior_json(trend.delta);
    return json;
}

Json season_json(const Seasonality& season) {
    Json json = {{"name", season.name}};
    if (season.cycle.unit == PeriodUnit::days)
        json["period"] = season.cycle.days;
    else
        json["period"] = season.cycle.unit == PeriodUnit::year ? "year" : "week";
    if (season.cycle.weekday) json["family"] = "weekday";
    else json["order"] = season.cycle.order;
    json["prior"] = prior_json(season.prior);
    return json;
}

Json event_json(const Event& event) {
    static const char* names[] = {"period", "gaussian", "decay"};
    Json shape = {{"family", names[static_cast<int>(event.shape.family)]}};
    if (event.shape.family == EventFamily::period) {
        shape["before"] = event.shape.before;
        shape["after"] = event.shape.after;
    } else {
        shape[event.shape.family == EventFamily::gaussian ? "days" : "half_life"] = event.shape.days;
    }
    Json json = {{"name", event.name}, {"dates", dates_json(event.dates)}, {"shape", shape}, {"prior", prior_json(event.prior)}};
    if (event.optional) json["optional"] = true;
    return json;
}

Json scaling_json(const Specification& spec) {
    static const char* kpi[] = {"none", "max", "mean", "standardize"};
    static const char* media[] = {"none", "max", "mean", "median_nonzero"};
    Json json = Json::object();
    if (spec.kpi_scaling == KpiScaling::factor)
        json["kpi"] = spec.kpi_factor;
    else
        json["kpi"] = kpi[static_cast<int>(spec.kpi_scaling)];
    json["media"] = media[static_cast<int>(spec.media_scaling)];
    json["controls"] = spec.control_scaling == ControlScaling::standardize ? "standardize" : "none";
    if (spec.is_panel()) json["by_population"] = spec.by_population;
    return json;
}

Json sampler_json(const SamplerChoice& s) {
    static const char* methods[] = {"nuts", "map", "pathfinder"};
    return {{"method", methods[static_cast<int>(s.method)]},
            {"chains", s.chains},
            {"warmup", s.warmup},
            {"draws", s.draws},
            {"seed", s.seed},
            {"target_accept", s.target_accept},
            {"max_treedepth", s.max_treedepth},
            {"threads", s.threads}};
}

Json holdout_json(const Holdout& holdout) {
    switch (holdout.kind) {
        case HoldoutKind::last: return {{"last", holdout.last}};
        case HoldoutKind::column: return {{"column", holdout.column}};
        case HoldoutKind::fraction: return holdout.fraction;
        case HoldoutKind::none: break;
    }
    return nullptr;
}

void write_media(const Specification& spec, Json& json) {
    for (const char* key : {"media", "reach_frequency", "organic_media", "treatments"}) json[key] = Json::object();
    for (const auto& medium : spec.media) {
        const std::string path = medium_path(medium);
        json[path.substr(0, path.find('.'))][medium.name] = medium_json(medium);
    }
}

Json control_json(const Control& control, const Specification& spec) {
    static const char* signs[] = {"any", "positive", "negative"};
    Json json = {{"name", control.name},
                 {"column", control.column},
                 {"sign", signs[static_cast<int>(control.sign)]},
                 {"prior", prior_json(control.prior)}};
    if (!spec.is_panel()) return json;
    json["by_geo"] = control.by_geo;
    if (control.by_geo) json["geo_scale"] = prior_json(control.geo_scale);
    json["per_capita"] = control.per_capita;
    return json;
}

void write_baseline(const Specification& spec, Json& json) {
    if (spec.trend.family != TrendFamily::knots) json["intercept"] = prior_json(spec.intercept);
    if (!spec.is_panel()) return;
    json["geo_intercept"] = spec.geo_intercept ? prior_json(*spec.geo_intercept) : Json(false);
    if (!spec.baseline_geo.empty()) json["baseline_geo"] = spec.baseline_geo;
}

}  // namespace

Json write_specification(const Specification& spec) {
    Json json = {{"preset", spec.preset}, {"time", spec.time}};
    if (spec.is_panel()) json["geo"] = spec.geo;
    if (!spec.population.empty()) json["population"] = spec.population;
    json["kpi"] = spec.kpi;
    json["kpi_type"] = spec.kpi_type == KpiType::revenue ? "revenue" : "units";
    if (!spec.revenue_per_kpi_column.empty()) json["revenue_per_kpi"] = spec.revenue_per_kpi_column;
    if (spec.revenue_per_kpi) json["revenue_per_kpi"] = *spec.revenue_per_kpi;
    write_media(spec, json);
    json["controls"] = Json::array();
    for (const auto& control : spec.controls) json["controls"].push_back(control_json(control, spec));
    json["trend"] = trend_json(spec.trend);
    json["seasonality"] = Json::array();
    for (const auto& season : spec.seasonality) json["seasonality"].push_back(season_json(season));
    json["events"] = Json::array();
    for (const auto& event : spec.events) json["events"].push_back(event_json(event));
    write_baseline(spec, json);
    if (spec.media_variation_scope != VariationScope::none) {
        json["time_varying_media"] = variation_json(spec.media_variation);
        json["time_varying_media"]["scope"] = spec.media_variation_scope == VariationScope::common ? "common" : "channel";
    }
    if (!spec.lift_tests.empty()) json["calibration"] = Json::array();
    for (const auto& test : spec.lift_tests) json["calibration"].push_back(lift_test_json(test));
    json["link"] = spec.link == Link::log ? "log" : "identity";
    json["likelihood"] = likelihood_names()[static_cast<std::size_t>(spec.likelihood)];
    json["sigma"] = prior_json(spec.sigma);
    if (spec.likelihood == Likelihood::student_t) json["nu"] = prior_json(spec.nu);
    json["scaling"] = scaling_json(spec);
    if (spec.holdout.kind != HoldoutKind::none) json["holdout"] = holdout_json(spec.holdout);
    if (spec.missing.any()) json["missing"] = missing_json(spec.missing);
    if (!spec.priors.empty()) json["priors"] = named_priors_json(spec.priors);
    if (spec.fit_from) json["fit_from"] = format_timestamp(*spec.fit_from);
    if (spec.units) json["units"] = units_json(*spec.units);
    json["sampler"] = sampler_json(spec.sampler);
    return json;
}

}  // namespace mmm
