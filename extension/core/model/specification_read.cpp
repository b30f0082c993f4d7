// JSON -> Specification. Reads top to bottom in the order of the reference; every default comes from the preset.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/format.hpp"
#include "core/limits.hpp"
#include "core/model/event_table.hpp"
#include "core/model/lift_test.hpp"
#include "core/model/media_read.hpp"
#include "core/model/model_units.hpp"
#include "core/model/noise_law.hpp"
#include "core/model/presets.hpp"
#include "core/model/specification.hpp"
#include "core/model/variation_read.hpp"
#include "core/model/waves_read.hpp"

namespace mmm {

namespace {

// The likelihoods of a link are those whose mean it keeps where it has to be.
void read_link(JsonObject& root, const Preset& defaults, Specification& spec) {
    spec.likelihood = static_cast<Likelihood>(
        root.choice("likelihood", likelihood_names(), static_cast<std::size_t>(defaults.likelihood), "a likelihood"));
    if (spec.link == Link::identity) return;
    const bool fits = spec.likelihood == Likelihood::lognormal || spec.likelihood == Likelihood::gamma ||
                      spec.likelihood == Likelihood::negative_binomial;
    if (!fits)
        specification_error("likelihood", "\"" + likelihood_names()[static_cast<std::size_t>(spec.likelihood)] +
                                              "\" does not go with link \"log\"",
                            "Use \"lognormal\", \"gamma\" or \"negative_binomial\", or link \"identity\".");
    if (spec.kpi_scaling == KpiScaling::standardize)
        specification_error("scaling.kpi", "a centred KPI has no logarithm", "Use \"max\", \"mean\" or a number with link \"log\".");
    for (const auto& medium : spec.media)
        if (medium.effect != EffectKind::coefficient)
            specification_error(medium_path(medium) + ".prior.kind",
                                "a prior on " + effect_kind_names()[static_cast<std::size_t>(medium.effect)] +
                                    " needs link \"identity\": under \"log\" it would depend on every other parameter",
                                "Use \"coefficient\", or link \"identity\".");
    if (!spec.lift_tests.empty())
        specification_error("calibration", "lift tests need link \"identity\"", "Remove them, or use link \"identity\".");
}

void read_geo(JsonObject& root, Specification& spec) {
    if (const Json* geo = root.find("geo")) spec.geo = column_name(*geo, "geo");
    const Json* population = root.find("population");
    if (population == nullptr) return;
    if (spec.geo.empty()) specification_error("population", "has no meaning without geos", "Name the column of the geos as \"geo\".");
    spec.population = column_name(*population, "population");
}

std::string last_part(const std::string& column) {
    const auto dot = column.rfind('.');
    return dot == std::string::npos ? column : column.substr(dot + 1);
}

void check_sign(const Control& control, const std::string& path) {
    const Interval support = prior_support(control.prior);
    const bool possible = control.sign == Sign::positive ? support.upper > 0
                          : control.sign == Sign::negative ? support.lower < 0
                                                           : true;
    if (!possible) specification_error(path + ".prior", "the prior excludes every value of the sign asked for");
}

void check_geo_scale(const Control& control, const std::string& path) {
    if (!control.by_geo) return;
    if (control.prior.by_geo) specification_error(path + ".by_geo", "the prior is by geo already", "Remove one of the two.");
    if (control.sign != Sign::any)
        specification_error(path + ".by_geo", "deviations by geo could cross the sign asked for", "Leave out sign, or by_geo.");
    if (control.geo_scale.by_geo || !control.geo_scale.hyper.empty())
        specification_error(path + ".geo_scale", "expected a prior common to all geos");
    require_inside(control.geo_scale, {0, 1e300}, path + ".geo_scale");
}

Control parse_control(const Json& value, const std::string& path, const Preset& preset) {
    Control control;
    control.prior = preset.control;
    control.by_geo = preset.controls_by_geo;
    control.geo_scale = preset.control_geo_scale;
    if (value.is_string()) {
        control.column = column_name(value, path);
        control.name = last_part(control.column);
        return control;
    }
    JsonObject object(value, path);
    control.column = column_name(object.require("column", "a column name"), object.path_of("column"));
    control.name = object.string("name", last_part(control.column));
    control.sign = static_cast<Sign>(object.choice("sign", {"any", "positive", "negative"}, 0, "a sign"));
    control.prior = parse_prior_or(object, "prior", preset.control);
    control.by_geo = object.boolean("by_geo", control.by_geo && !control.prior.by_geo && control.sign == Sign::any);
    if (control.by_geo) control.geo_scale = parse_prior_or(object, "geo_scale", control.geo_scale);
    control.per_capita = object.boolean("per_capita", false);
    object.finish();
    check_geo_scale(control, path);
    check_sign(control, path);
    return control;
}

// A table of events is read by whoever has the data, before the engine sees the document.
void read_events(JsonObject& root, const Preset& preset, Specification& spec) {
    const Json* events = root.find("events");
    if (events != nullptr && events->is_object()) {
        read_event_table(events->dump());
        specification_error("events.table", "a table of events can be read only when fitting or validating");
    }
    each(events, "events", [&](const Json& item, const std::string& path) {
        spec.events.push_back(parse_event(item, path, preset));
    });
}

void read_revenue(JsonObject& root, Specification& spec) {
    spec.kpi_type = static_cast<KpiType>(root.choice("kpi_type", {"revenue", "units"}, 0, "a KPI type"));
    const Json* revenue = root.find("revenue_per_kpi");
    if (revenue == nullptr) return;
    if (spec.kpi_type == KpiType::revenue)
        specification_error("revenue_per_kpi", "has no meaning for a KPI that is revenue already",
                            "Set \"kpi_type\": \"units\", or remove revenue_per_kpi.");
    if (revenue->is_string())
        spec.revenue_per_kpi_column = column_name(*revenue, "revenue_per_kpi");
    else
        spec.revenue_per_kpi = as_number(*revenue, "revenue_per_kpi", least_positive, infinity);
}

void read_scaling(JsonObject& root, const Preset& preset, Specification& spec) {
    spec.kpi_scaling = preset.kpi_scaling;
    spec.media_scaling = preset.media_scaling;
    spec.control_scaling = preset.control_scaling;
    spec.by_population = preset.scale_by_population && !spec.population.empty();
    const Json* value = root.find("scaling");
    if (value == nullptr) return;
    JsonObject object(*value, "scaling");
    const Json* kpi = object.find("kpi");
    if (kpi != nullptr && kpi->is_number()) {
        spec.kpi_scaling = KpiScaling::factor;
        spec.kpi_factor = as_number(*kpi, "scaling.kpi", least_positive, infinity);
    } else {
        spec.kpi_scaling = static_cast<KpiScaling>(
            object.choice("kpi", {"none", "max", "mean", "standardize"}, static_cast<std::size_t>(spec.kpi_scaling),
                          "a scaling of the KPI"));
    }
    spec.media_scaling = static_cast<MediaScaling>(
        object.choice("media", {"none", "max", "mean", "median_nonzero"}, static_cast<std::size_t>(spec.media_scaling),
                      "a scaling of media"));
    spec.control_scaling = static_cast<ControlScaling>(
        object.choice("controls", {"none", "standardize"}, static_cast<std::size_t>(spec.control_scaling),
                      "a scaling of controls"));
    spec.by_population = object.boolean("by_population", spec.by_population);
    if (spec.by_population && spec.population.empty())
        specification_error("scaling.by_population", "no population is named", "Name its column as \"population\".");
    object.finish();
}

Holdout parse_holdout(const Json* value) {
    Holdout holdout;
    if (value == nullptr) return holdout;
    if (value->is_number()) {
        if (const double n = value->get<double>(); n >= 1 && n <= 1e6 && n == std::floor(n))
            specification_error("holdout", "found " + describe(*value) + ", expected a fraction from 0.001 to 0.9",
                                "To hold out the last " + format_number(n) + R"( periods, write {"last": )" + format_number(n) + "}.");
        holdout.kind = HoldoutKind::fraction;
        holdout.fraction = as_number(*value, "holdout", 0.001, 0.9);
        return holdout;
    }
    JsonObject object(*value, "holdout");
    const bool by_column = object.find("column") != nullptr, by_last = object.find("last") != nullptr;
    if (by_column == by_last)
        specification_error("holdout", "expected exactly one of the keys last and column");
    if (by_column) {
        holdout.kind = HoldoutKind::column;
        holdout.column = column_name(*object.find("column"), "holdout.column");
    } else {
        holdout.kind = HoldoutKind::last;
        holdout.last = object.integer("last", 0, 1, 1'000'000);
    }
    object.finish();
    return holdout;
}

SamplerChoice parse_sampler(const Json* value) {
    SamplerChoice s;
    if (value == nullptr) return s;
    JsonObject object(*value, "sampler");
    s.method = static_cast<Method>(object.choice("method", {"nuts", "map", "pathfinder"}, 0, "a sampling method"));
    s.chains = object.integer("chains", s.chains, 1, 64);
    s.warmup = object.integer("warmup", s.warmup, 20, 1'000'000);
    s.draws = object.integer("draws", s.draws, 4, 1'000'000);
    if (const Json* seed = object.find("seed"))
        s.seed = as_integer(*seed, "sampler.seed", 0, std::numeric_limits<std::int64_t>::max());
    s.target_accept = object.number("target_accept", s.target_accept, 0.5, 0.999);
    s.max_treedepth = object.integer("max_treedepth", s.max_treedepth, 1, 20);
    s.threads = object.integer("threads", s.threads, 0, 1024);
    object.finish();
    return s;
}

// The KPI would explain itself.
void refuse_kpi_as_driver(const Specification& spec) {
    const auto refuse = [&](const std::string& column, const std::string& path) {
        if (column == spec.kpi) specification_error(path, "column \"" + column + "\" is the KPI itself", "Name another column.");
    };
    for (const auto& medium : spec.media) {
        refuse(medium.spend, medium_path(medium));
        refuse(medium.exposure, medium_path(medium));
        refuse(medium.reach, medium_path(medium));
        refuse(medium.frequency, medium_path(medium));
    }
    for (const auto& control : spec.controls) refuse(control.column, "controls." + control.name);
}

void collect_columns(Specification& spec) {
    const auto add = [&](const std::string& column) {
        if (!column.empty() && std::find(spec.columns.begin(), spec.columns.end(), column) == spec.columns.end())
            spec.columns.push_back(column);
    };
    add(spec.kpi);
    add(spec.population);
    add(spec.revenue_per_kpi_column);
    for (const auto& medium : spec.media)
        for (const auto* column : {&medium.spend, &medium.exposure, &medium.reach, &medium.frequency}) add(*column);
    for (const auto& control : spec.controls) add(control.column);
    add(spec.holdout.column);
}

// Two parameters of one name could not be told apart in any answer.
void check_names(const std::vector<std::string>& names, const std::string& path) {
    constexpr std::size_t most = 1000;
    if (names.size() > most)
        specification_error(path, "found " + std::to_string(names.size()) + ", expected at most " + std::to_string(most));
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i].empty()) specification_error(path, "a name is empty");
        if (names[i].size() > 200) specification_error(path, "a name is longer than 200 bytes");
        for (std::size_t j = 0; j < i; ++j)
            if (names[i] == names[j])
                specification_error(path, "the name \"" + names[i] + "\" is used twice", "Give each its own name.");
    }
}

// The level of the KPI: an intercept or knots, and how geos differ from it.
void read_baseline(JsonObject& root, const Preset& defaults, Specification& spec) {
    const bool knots = spec.trend.family == TrendFamily::knots;
    if (knots && root.find("intercept") != nullptr)
        specification_error("intercept", "knots carry the level of the KPI already", "Remove intercept, or the knots of trend.");
    spec.intercept = knots ? make_prior(PriorFamily::fixed, 0) : parse_prior_or(root, "intercept", defaults.intercept);
    spec.geo_intercept = defaults.geo_intercept;
    const Json* value = root.find("geo_intercept");
    if (value != nullptr && value->is_boolean() && !value->get<bool>()) spec.geo_intercept.reset();
    else if (value != nullptr) spec.geo_intercept = parse_prior(*value, "geo_intercept");
    else if (knots && !spec.geo.empty() && !spec.geo_intercept) spec.geo_intercept = defaults.knot;
    spec.baseline_geo = root.string("baseline_geo", "");
    if (!spec.geo_intercept) return;
    if (spec.intercept.by_geo && value == nullptr) return spec.geo_intercept.reset();
    if (spec.geo.empty()) specification_error("geo_intercept", "the model has no geos", "Name the column of the geos as \"geo\".");
    if (spec.intercept.by_geo) specification_error("geo_intercept", "intercept is by geo already", "Remove one of the two.");
    spec.geo_intercept->by_geo = true;
}

// A national model has no geos to divide a prior by.
void refuse_priors_by_geo(const Specification& spec) {
    const auto refuse = [&](const Prior& prior, const std::string& path) {
        if (prior.by_geo && spec.geo.empty())
            specification_error(path + ".by", "the model has no geos", "Name the column of the geos as \"geo\".");
    };
    refuse(spec.intercept, "intercept");
    refuse(spec.sigma, "sigma");
    refuse(spec.trend.slope, "trend.slope");
    refuse(spec.trend.delta, "trend.delta");
    refuse(spec.trend.knot, "trend.prior");
    for (const auto& season : spec.seasonality) refuse(season.prior, "seasonality." + season.name + ".prior");
    for (const auto& event : spec.events) refuse(event.prior, "events." + event.name + ".prior");
    for (const auto& control : spec.controls) {
        refuse(control.prior, "controls." + control.name + ".prior");
        if (control.by_geo && spec.geo.empty())
            specification_error("controls." + control.name + ".by_geo", "the model has no geos",
                                "Name the column of the geos as \"geo\".");
    }
    if (spec.nu.by_geo || !spec.nu.hyper.empty()) specification_error("nu", "expected one prior for all geos");
}

template <typename List>
std::vector<std::string> names_of(const List& list) {
    std::vector<std::string> names;
    for (const auto& item : list) names.push_back(item.name);
    return names;
}

}  // namespace

Specification read_specification(const Json& document) {
    JsonObject root(document, "");
    Specification spec;
    spec.preset = preset_names()[root.choice("preset", preset_names(), 0, "a preset")];
    spec.link = static_cast<Link>(root.choice("link", {"identity", "log"}, 0, "a link"));
    read_geo(root, spec);
    const Preset defaults = preset({spec.preset, !spec.geo.empty(), spec.link});
    spec.time = column_name(root.require("time", "the name of the time column"), "time");
    spec.kpi = column_name(root.require("kpi", "the name of the KPI column"), "kpi");
    read_revenue(root, spec);
    read_media(root, spec);
    spec.lift_tests = read_lift_tests(root.find("calibration"), spec.media, spec.is_panel());
    each(root.find("controls"), "controls", [&](const Json& item, const std::string& path) {
        spec.controls.push_back(parse_control(item, path, defaults));
    });
    spec.trend = parse_trend(root.find("trend"), defaults);
    if (spec.trend.family == TrendFamily::piecewise && spec.trend.changepoints == 0)
        specification_error("trend.changepoints", "expected at least one changepoint");
    spec.seasonality = parse_seasonality(root.find("seasonality"), defaults);
    read_events(root, defaults, spec);
    read_scaling(root, defaults, spec);
    read_link(root, defaults, spec);
    read_media_variation(root, defaults, spec);
    read_baseline(root, defaults, spec);
    spec.sigma = parse_prior_or(root, "sigma", defaults.sigma);
    require_inside(spec.sigma, {least_positive, infinity}, "sigma");
    spec.nu = defaults.nu;
    if (spec.likelihood == Likelihood::student_t) spec.nu = parse_prior_or(root, "nu", defaults.nu);
    require_inside(spec.nu, {1, infinity}, "nu");
    spec.holdout = parse_holdout(root.find("holdout"));
    spec.sampler = parse_sampler(root.find("sampler"));
    refuse_priors_by_geo(spec);
    root.find("simulate");
    root.find("missing");  // read below, once the columns are known
    spec.priors = parse_named_priors(root.find("priors"));
    spec.units = parse_units(root.find("units"));
    spec.fit_from = parse_fit_from(root.find("fit_from"));
    root.finish();
    check_names(names_of(spec.media), "media");
    check_names(names_of(spec.controls), "controls");
    check_names(names_of(spec.seasonality), "seasonality");
    check_names(names_of(spec.events), "events");
    refuse_kpi_as_driver(spec);
    collect_columns(spec);
    spec.missing = parse_missing(root.find("missing"), spec);
    return spec;
}

}  // namespace mmm
