#include "core/model/waves_read.hpp"

#include "core/format.hpp"
#include "core/limits.hpp"
#include "core/model/variation_read.hpp"

namespace mmm {

namespace {

std::vector<Timestamp> parse_dates(const Json& value, const std::string& path) {
    std::vector<Timestamp> dates;
    each(&value, path, [&](const Json& item, const std::string& where) {
        const auto date = parse_timestamp(as_string(item, where));
        if (!date) specification_error(where, "found " + describe(item) + ", expected a date such as \"2024-03-31\"");
        dates.push_back(*date);
    });
    return dates;
}

// LightweightMMM's prior of a weekday (models.py), here on effects that sum to zero.
Prior weekday_prior(const Preset& preset) {
    Prior prior = make_prior(PriorFamily::normal, 0, 0.5);
    prior.by_geo = preset.fourier.by_geo;
    return prior;
}

Seasonality parse_season(const Json& value, const std::string& path, const Preset& preset) {
    JsonObject object(value, path);
    Seasonality season;
    const Json& period = object.require("period", "\"year\", \"week\" or a number of days");
    if (period.is_string()) {
        season.cycle.unit = static_cast<PeriodUnit>(
            as_choice(period, object.path_of("period"), {"year", "week"}, "a period"));
        season.cycle.days = season.cycle.unit == PeriodUnit::year ? 365.25 : 7;
        season.name = period.get<std::string>();
    } else {
        season.cycle.unit = PeriodUnit::days;
        season.cycle.days = as_number(period, object.path_of("period"), least_positive, 1e6);
        season.name = format_number(season.cycle.days) + "_days";
    }
    season.cycle.weekday = object.choice("family", {"fourier", "weekday"}, 0, "a family of seasonality") == 1;
    if (season.cycle.weekday && season.cycle.unit != PeriodUnit::week)
        specification_error(object.path_of("period"), "found " + describe(period) + ", expected \"week\" for effects of weekdays");
    if (season.cycle.weekday) season.name = "weekday";
    else season.cycle.order = object.integer("order", 2, 1, 100);
    season.name = object.string("name", season.name);
    season.prior = parse_prior_or(object, "prior", season.cycle.weekday ? weekday_prior(preset) : preset.fourier);
    object.finish();
    return season;
}

EventShape parse_shape(const Json* value, const std::string& path) {
    static const std::vector<std::string> names = {"period", "gaussian", "decay"};
    EventShape shape;
    if (value == nullptr) return shape;
    if (value->is_string()) {
        shape.family = static_cast<EventFamily>(as_choice(*value, path, names, "an event shape"));
        return shape;
    }
    JsonObject object(*value, path);
    object.require("family", "an event shape: " + join_or(names));
    shape.family = static_cast<EventFamily>(object.choice("family", names, 0, "an event shape"));
    if (shape.family == EventFamily::period) {
        shape.before = object.integer("before", 0, 0, 1000);
        shape.after = object.integer("after", 0, 0, 1000);
    } else {
        shape.days = object.number(shape.family == EventFamily::gaussian ? "days" : "half_life", 7, least_positive, 1e6);
    }
    object.finish();
    return shape;
}

}  // namespace

namespace {

void read_changepoints(JsonObject& object, const Preset& preset, Trend& trend) {
    const Json* points = object.find("changepoints");
    if (points != nullptr && points->is_array()) {
        trend.dates = parse_dates(*points, "trend.changepoints");
        trend.changepoints = static_cast<int>(trend.dates.size());
    } else {
        trend.changepoints = object.integer("changepoints", 5, 1, 1000);
    }
    trend.delta = parse_prior_or(object, "delta", preset.delta);
}

// "knots": a number, a list of dates, "each" or "auto"; "positions" are written by the engine once it knows the data.
void read_knots(JsonObject& object, const Preset& preset, Trend& trend) {
    const Json* knots = object.find("knots");
    trend.knot = parse_prior_or(object, "prior", preset.knot);
    each(object.find("positions"), "trend.positions", [&](const Json& item, const std::string& path) {
        trend.positions.push_back(static_cast<int>(as_integer(item, path, 0, 10'000'000)));
        if (trend.positions.size() > 1 && trend.positions.back() <= trend.positions[trend.positions.size() - 2])
            specification_error(path, "positions are not in order");
    });
    if (knots == nullptr) return;
    if (knots->is_array()) {
        trend.placement = KnotPlacement::dates;
        trend.dates = parse_dates(*knots, "trend.knots");
        if (trend.dates.empty()) specification_error("trend.knots", "found an empty array, expected dates");
    } else if (knots->is_string()) {
        trend.placement = as_choice(*knots, "trend.knots", {"each", "auto"}, "a way to place knots") == 0 ? KnotPlacement::each
                                                                                                           : KnotPlacement::automatic;
    } else {
        trend.placement = KnotPlacement::count;
        trend.knots = static_cast<int>(as_integer(*knots, "trend.knots", 1, 10'000));
    }
}

}  // namespace

Trend parse_trend(const Json* value, const Preset& preset) {
    static const std::vector<std::string> names = {"none", "linear", "piecewise", "knots", "gp"};
    Trend trend;
    trend.family = preset.trend;
    trend.slope = preset.slope;
    trend.delta = preset.delta;
    trend.knot = preset.knot;
    trend.placement = preset.knots;
    trend.variation = preset.variation;
    if (value == nullptr) return trend;
    const auto family = [&](const Json& word, const std::string& path) {
        return static_cast<TrendFamily>(as_choice(word, path, names, "a trend family"));
    };
    if (value->is_string()) {
        trend.family = family(*value, "trend");
        trend.changepoints = trend.family == TrendFamily::piecewise ? 5 : 0;
        return trend;
    }
    JsonObject object(*value, "trend");
    trend.family = family(object.require("family", "a trend family"), "trend.family");
    if (trend.family == TrendFamily::linear || trend.family == TrendFamily::piecewise)
        trend.slope = parse_prior_or(object, "slope", preset.slope);
    if (trend.family == TrendFamily::piecewise) read_changepoints(object, preset, trend);
    if (trend.family == TrendFamily::knots) read_knots(object, preset, trend);
    if (trend.family == TrendFamily::gp) trend.variation = parse_variation(object, preset);
    object.finish();
    return trend;
}

std::vector<Seasonality> parse_seasonality(const Json* value, const Preset& preset) {
    std::vector<Seasonality> seasons;
    if (value == nullptr) {
        if (preset.yearly_seasonality) seasons.push_back({"year", {PeriodUnit::year, 365.25, 2}, preset.fourier});
    } else if (value->is_array()) {
        each(value, "seasonality", [&](const Json& item, const std::string& path) {
            seasons.push_back(parse_season(item, path, preset));
        });
    } else if (!(value->is_boolean() && !value->get<bool>())) {
        seasons.push_back(parse_season(*value, "seasonality", preset));
    }
    return seasons;
}

Event parse_event(const Json& value, const std::string& path, const Preset& preset) {
    JsonObject object(value, path);
    Event event;
    event.name = as_string(object.require("name", "a name"), object.path_of("name"));
    event.dates = parse_dates(object.require("dates", "an array of dates"), object.path_of("dates"));
    if (event.dates.empty()) specification_error(object.path_of("dates"), "found an empty array, expected dates");
    event.shape = parse_shape(object.find("shape"), object.path_of("shape"));
    event.prior = parse_prior_or(object, "prior", preset.event);
    event.optional = object.boolean("optional", false);
    object.finish();
    return event;
}

}  // namespace mmm
