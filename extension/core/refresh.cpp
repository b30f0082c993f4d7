#include "core/refresh.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/format.hpp"
#include "core/model/event_table.hpp"
#include "core/model/knots.hpp"
#include "core/model/model_units.hpp"
#include "core/model/presets.hpp"
#include "core/model/prior_match.hpp"

namespace mmm {

namespace {

[[noreturn]] void refuse_refresh(ErrorKind kind, const std::string& message, const std::string& hint) {
    throw Error(kind, message, {}, hint);
}

// One step after the last fitted period of a model.
Timestamp first_new_period(const FittedModel& old) {
    Eigen::Index last = 0;
    for (Eigen::Index row = 0; row < old.data.rows(); ++row)
        if (!old.data.holdout[static_cast<std::size_t>(row)]) last = std::max(last, row % old.data.periods());
    return add_steps(old.data.time[static_cast<std::size_t>(last)], old.data.step, 1);
}

int longest_carry_over(const Specification& spec) {
    int lag = 0;
    for (const auto& medium : spec.media)
        if (medium.adstock.form.family != AdstockFamily::none) lag = std::max(lag, medium.adstock.form.max_lag);
    return lag;
}

bool same_step(const TimeStep& a, const TimeStep& b) {
    return a.kind == b.kind && a.microseconds == b.microseconds && a.months == b.months;
}

// What the new rows must be for the old model to go on in them.
void check_new_rows(const FittedModel& old, const Specification& spec, const Dataset& data, bool overlap) {
    if (!same_step(old.data.step, data.step) && data.time.size() > 1)
        refuse_refresh(ErrorKind::invalid_data, "time: the step of the rows is not that of the model", "Refresh with rows of the same step.");
    if (overlap) return;
    const Timestamp from = *spec.fit_from;
    const auto history = std::lower_bound(data.time.begin(), data.time.end(), from) - data.time.begin();
    const auto needed = std::min<std::ptrdiff_t>(longest_carry_over(spec), old.data.periods());
    if (history == static_cast<std::ptrdiff_t>(data.time.size()))
        refuse_refresh(ErrorKind::invalid_data, "there is no row after the last period that the model has seen, " + format_timestamp(add_steps(from, old.data.step, -1)),
                       R"(Refresh when there are new rows; to fit the old ones again, use {"overlap": true}.)");
    if (history < needed || data.time[static_cast<std::size_t>(history)] != from)
        refuse_refresh(ErrorKind::invalid_data,
                       "the rows must go on from " + format_timestamp(from) + " and hold the " + std::to_string(needed) +
                           " periods before it, which media carry over from; the first is " + format_timestamp(data.time.front()),
                       "Keep the old rows in the source: they are history and are not fitted again.");
}

// As merge_patch, but for objects of another family, whose other keys mean nothing in the new one.
void override_with(Json& base, const Json& given) {
    const auto family = [](const Json& value) { return value.is_object() ? value.value("family", Json()) : Json(); };
    if (!base.is_object() || !given.is_object() || (!family(given).is_null() && family(given) != family(base))) base = Json::object();
    if (!given.is_object()) {
        base = given;
        return;
    }
    for (const auto& item : given.items()) {
        if (item.value().is_null()) base.erase(item.key());
        else override_with(base[item.key()], item.value());
    }
}

class Refresh {
public:
    Refresh(const FittedModel& old, const Specification& spec, const RefreshOptions& options, const Table& table, const Host& host)
        : old_(old), spec_(spec), options_(options), table_(table), host_(host) {}

    FittedModelPtr run() {
        prepare();
        if (comparable()) returns_ = returns_on(old_, spec_, data_, host_.poll);
        for (auto& medium : spec_.media)
            if (comparable()) carry_effect(medium);
        // Where the old trend had no knots, the specification places them.
        if (spec_.trend.family == TrendFamily::knots && old_.spec.trend.family == TrendFamily::knots) carry_knots();
        carry_parameters();
        return fit(spec_, table_, host_);
    }

private:
    void prepare() {
        if (old_.total_draws() < 2 || old_.spec.sampler.method == Method::map)
            refuse_refresh(ErrorKind::invalid_argument, "the model is a mode without draws, so there is no posterior to take as prior",
                           R"(Fit it with "method": "nuts" or "pathfinder".)");
        // A process is known by coefficients of a basis over the old periods: in other periods they mean another thing.
        if (!old_.layout.variations.empty())
            refuse_refresh(ErrorKind::unsupported, "a model with effects that vary over time by a Gaussian process cannot be refreshed",
                           "Fit it again to all rows; knots and piecewise trends go on.");
        check_patterns();
        spec_.units = units_of(old_);
        spec_.fit_from.reset();
        if (!options_.overlap) spec_.fit_from = first_new_period(old_);
        std::erase_if(spec_.priors, [&](const NamedPrior& one) { return takes(one.parameter); });
        // Events that the new rows do not hold stay where the old model knows them: forecasts and later refreshes need them.
        for (auto& event : spec_.events) event.optional = !knows("events." + event.name);
        spec_ = without_absent_events(spec_, table_);
        const auto findings = check_data(spec_, table_, data_, host_.poll);
        if (has_errors(findings)) throw_findings(findings, table_.source);
        check_new_rows(old_, spec_, data_, options_.overlap);
    }

    // A pattern that nothing matches is a typing error, not a wish for no priors.
    void check_patterns() const {
        std::vector<std::string> names;
        for (const auto& parameter : old_.layout.parameters) names.push_back(parameter.name);
        for (const auto& pattern : options_.parameters.value_or(std::vector<std::string>{}))
            if (std::none_of(names.begin(), names.end(), [&](const std::string& name) { return matches_pattern({pattern}, name); }))
                refuse_refresh(ErrorKind::invalid_argument,
                               "options.parameters: no parameter of the model matches \"" + pattern + "\"" + did_you_mean(pattern, names),
                               "mmm_summary() lists the parameters; * stands for anything.");
    }

    // Under link log an ROI depends on everything else, so effects go over as they are.
    bool comparable() const { return data_.geos == old_.data.geos && old_.spec.link == Link::identity; }

    bool knows(const std::string& name) const {
        const auto& all = old_.layout.parameters;
        return takes(name) && std::any_of(all.begin(), all.end(), [&](const Parameter& p) { return p.name == name; });
    }

    bool takes(const std::string& name) const { return !options_.parameters || matches_pattern(*options_.parameters, name); }

    void add_prior(const std::string& name, const std::vector<double>& draws, Interval support) {
        const bool alike = std::all_of(draws.begin(), draws.end(), [&](double x) { return x == draws[0]; });
        const bool finite = std::all_of(draws.begin(), draws.end(), [](double x) { return std::isfinite(x); });
        if (!alike && finite) spec_.priors.push_back({name, match_prior(draws, support, options_.widen)});
    }

    static std::string effect_name(const Medium& medium) {
        return medium_path(medium) + "." + effect_kind_names()[static_cast<std::size_t>(medium.effect)];
    }

    // A paid medium goes over as its ROI in the new rows; a share of the outcome of other media, as a coefficient.
    void carry_effect(Medium& medium) {
        const auto found = std::find_if(old_.spec.media.begin(), old_.spec.media.end(), [&](const Medium& m) { return m.name == medium.name; });
        if (found == old_.spec.media.end() || medium.prior.by_geo || found->prior.by_geo || !takes(effect_name(*found))) return;
        const auto m = found - old_.spec.media.begin();
        const Parameter& before = old_.layout.at(old_.layout.media[static_cast<std::size_t>(m)].effect.first);
        if (!before.sampled() || before.hierarchical()) return;
        const bool roi = medium.paid() && std::isfinite(returns_.roi(0, m));
        const bool share = medium.effect != EffectKind::coefficient && medium.geo_effect == GeoEffect::common;
        if (!roi && !share) return;
        medium.effect = roi ? EffectKind::roi : EffectKind::coefficient;
        medium.calibration_period.reset();
        const Vec values = (roi ? returns_.roi : returns_.coefficient).col(m);
        const bool positive = before.support.lower >= 0 && values.minCoeff() > 0;
        // Replaced at once, but its support stays.
        medium.prior = positive ? make_prior(PriorFamily::log_normal, 0, 1) : make_prior(PriorFamily::normal, 0, 1);
        medium.prior_given = true;
        add_prior(effect_name(medium), {values.begin(), values.end()}, prior_support(medium.prior));
    }

    // Old knots keep their dates, and new ones follow in their distance.
    void carry_knots() {
        const auto& times = data_.time;
        const auto& before = old_.spec.trend.positions;
        const int periods = static_cast<int>(times.size());
        std::vector<int> positions;
        for (std::size_t k = 0; k < before.size(); ++k) {
            const Timestamp time = old_.data.time[static_cast<std::size_t>(before[k])];
            const auto at = std::lower_bound(times.begin(), times.end(), time);
            if (at == times.end() || *at != time) continue;
            positions.push_back(static_cast<int>(at - times.begin()));
            old_knot_.emplace("trend.knot[" + std::to_string(positions.size()) + "]", "trend.knot[" + std::to_string(k + 1) + "]");
        }
        const auto last_seen = std::lower_bound(times.begin(), times.end(), old_.data.time.back()) - times.begin();
        if (spec_.trend.placement == KnotPlacement::dates) {
            for (const int position : place_knots(spec_, data_))
                if (position > last_seen && (positions.empty() || position > positions.back())) positions.push_back(position);
        } else if (before.size() > 1) {
            const int distance = std::max(1, (before.back() - before.front()) / static_cast<int>(before.size() - 1));
            for (int next = (positions.empty() ? static_cast<int>(last_seen) : positions.back()) + distance; next < periods; next += distance)
                positions.push_back(next);
        }
        if (positions.empty()) positions.push_back(0);
        spec_.trend.positions = std::move(positions);
    }

    void carry_parameters() {
        std::map<std::string, int> before;
        for (int p = 0; p < old_.layout.size(); ++p) before.emplace(old_.layout.at(p).name, p);
        std::vector<std::string> done;
        for (const auto& one : spec_.priors) done.push_back(one.parameter);
        const std::vector<std::string> window = effects_of_window();
        const Layout layout = make_layout(spec_, data_.geos, data_.baseline_geo(spec_));
        for (const Parameter& parameter : layout.parameters) {
            host_.poll();
            const auto knot = old_knot_.find(parameter.name);
            const bool renumbered = parameter.name.starts_with("trend.knot[");
            if (renumbered && knot == old_knot_.end()) continue;
            const auto found = before.find(renumbered ? knot->second : parameter.name);
            const auto is = [&](const std::string& name) { return name == parameter.name; };
            if (found == before.end() || !parameter.sampled() || !takes(parameter.name)) continue;
            if (std::any_of(done.begin(), done.end(), is) || std::any_of(window.begin(), window.end(), is)) continue;
            const float* draws = old_.parameter_draws(found->second);
            add_prior(parameter.name, {draws, draws + old_.total_draws()}, parameter.support);
        }
    }

    // Effects that are about all rows of a model, and so mean another thing in other rows, but could not be carried over.
    std::vector<std::string> effects_of_window() const {
        std::vector<std::string> names;
        for (const auto& medium : spec_.media)
            if (medium.effect != EffectKind::coefficient && !comparable()) names.push_back(effect_name(medium));
        return names;
    }

    const FittedModel& old_;
    Specification spec_;
    const RefreshOptions& options_;
    const Table& table_;
    const Host& host_;
    Dataset data_;
    DrawReturns returns_;
    std::map<std::string, std::string> old_knot_;
};

}  // namespace

bool matches_pattern(const std::vector<std::string>& patterns, const std::string& name) {
    const auto matches = [](const std::string& pattern, const std::string& text) {
        std::size_t p = 0, t = 0, star = std::string::npos, mark = 0;
        while (t < text.size()) {
            if (p < pattern.size() && pattern[p] == '*') star = p++, mark = t;
            else if (p < pattern.size() && pattern[p] == text[t]) ++p, ++t;
            else if (star != std::string::npos) p = star + 1, t = ++mark;
            else return false;
        }
        return pattern.find_first_not_of('*', p) == std::string::npos;
    };
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) { return matches(pattern, name); });
}

RefreshOptions read_refresh_options(std::string_view text) {
    const Json json = parse_json(text, ErrorKind::invalid_argument);
    JsonObject object(json, "options");
    RefreshOptions options;
    options.widen = object.number("widen", 1, 1, 1e6);
    options.overlap = object.boolean("overlap", false);
    if (const Json* parameters = object.find("parameters")) {
        options.parameters.emplace();
        each(parameters, "options.parameters", [&](const Json& item, const std::string& path) { options.parameters->push_back(as_string(item, path)); });
    }
    const auto overrides = [&](const char* key) {
        const Json* found = object.find(key);
        if (found == nullptr) return std::string("{}");
        JsonObject(*found, object.path_of(key));  // refuses what is no object
        return found->dump();
    };
    options.spec = overrides("spec");
    options.sampler = overrides("sampler");
    object.finish();
    return options;
}

std::string refresh_specification(const FittedModel& old, std::string_view text) {
    const RefreshOptions options = read_refresh_options(text);
    const Json given = parse_json(options.spec, ErrorKind::invalid_argument);
    Json json = write_specification(old.spec);
    // The old posterior knows the old experiments; periods held out of it are new ones by now.
    json.erase("calibration");
    if (old.spec.holdout.kind != HoldoutKind::column) json.erase("holdout");
    if (json["trend"].is_object()) json["trend"].erase("positions");
    for (const char* key : {"units", "fit_from"}) {
        json.erase(key);
        if (given.contains(key)) specification_error(std::string("options.spec.") + key, "a refresh chooses it itself", "Remove it.");
    }
    override_with(json, given);
    Json sampler = {{"sampler", parse_json(options.sampler, ErrorKind::invalid_argument)}};
    json.merge_patch(sampler);
    return json.dump();
}

FittedModelPtr refresh(const FittedModel& old, const Specification& spec, std::string_view text, const Table& table, const Host& host) {
    const RefreshOptions options = read_refresh_options(text);
    return Refresh(old, spec, options, table, host).run();
}

}  // namespace mmm
