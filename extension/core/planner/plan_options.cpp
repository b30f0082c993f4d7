#include "core/planner/plan_options.hpp"

#include <algorithm>

#include "core/format.hpp"
#include "core/limits.hpp"
#include "core/transform/calendar.hpp"

namespace mmm {

namespace {

constexpr std::size_t most_constraints = 100;
constexpr double most_weight = 1e9;  // rows of the same order, so that rounding stays rounding

class PlanReader {
public:
    PlanReader(const Json& document, const std::vector<std::string>& channels)
        : options_(document, ""), channels_(channels) {
        plan_.bounds.resize(channels.size());
        plan_.locked.resize(channels.size(), false);
        plan_.flighting.resize(channels.size());
    }

    PlanOptions read() {
        goal();
        if (const Json* found = options_.find("bounds")) bounds(*found);
        each(options_.find("locked"), "locked", [&](const Json& name, const std::string& path) {
            plan_.locked[channel(as_string(name, path), path)] = true;
        });
        each(options_.find("constraints"), "constraints", [&](const Json& value, const std::string& path) {
            JsonObject object(value, path);
            weights(object, object.require("channels", R"(an object of weights such as {"tv": 1, "radio": -1})"), true);
        });
        if (const Json* found = options_.find("groups")) groups(*found);
        const std::size_t by = options_.choice("by", {"channel", "geo", "period"}, 0, "what a plan can be made by");
        plan_.by_geo = by == 1;
        plan_.by_period = by == 2;
        plan_.every = options_.integer("every", 1, 1, 100'000);
        if (const Json* found = options_.find("flighting")) flighting(*found);
        plan_.from = time("from");
        plan_.to = time("to");
        plan_.carryover = options_.choice("carryover", {"steady", "after"}, 0, "a way to count carry-over") == 0
                              ? Carryover::steady
                              : Carryover::after;
        if (const Json* found = options_.find("objective")) objective(*found);
        plan_.level = options_.number("level", 0.9, 0, 1);
        options_.finish();
        consistent();
        return std::move(plan_);
    }

private:
    std::size_t channel(const std::string& name, const std::string& path) const {
        const auto found = std::find(channels_.begin(), channels_.end(), name);
        if (found != channels_.end()) return static_cast<std::size_t>(found - channels_.begin());
        specification_error(path, "\"" + name + "\" is not a paid channel of the model" + did_you_mean(name, channels_),
                            "Use " + join_or(channels_) + ".");
    }

    std::optional<double> amount(const std::string& key, double least) {
        const Json* found = options_.find(key);
        if (found == nullptr) return std::nullopt;
        return as_number(*found, key, least, infinity);
    }

    void goal() {
        plan_.budget = amount("budget", least_positive);
        plan_.target_roi = amount("target_roi", least_positive);
        plan_.target_mroi = amount("target_mroi", least_positive);
        plan_.max_budget = amount("max_budget", least_positive);
        std::vector<std::string> given;
        if (plan_.budget) given.emplace_back("budget");
        if (plan_.target_roi) given.emplace_back("target_roi");
        if (plan_.target_mroi) given.emplace_back("target_mroi");
        if (given.size() > 1)
            specification_error(given[1], "found beside " + given[0] + ", expected one of them",
                                "Give a budget, or a target_roi or target_mroi with max_budget.");
        if (plan_.max_budget && !plan_.flexible())
            specification_error("max_budget", "found without a target",
                                "Give target_roi or target_mroi, or a fixed budget.");
    }

    static SpendBounds pair_of(const Json& value, const std::string& path, bool in_spend) {
        if (!value.is_array() || value.size() != 2)
            specification_error(path, "found " + describe(value) + ", expected [least, most]",
                                "Multiples of the current spend such as [0.5, 2], or money with \"unit\": \"spend\".");
        const SpendBounds bounds{as_number(value[0], path + "[0]", 0, infinity),
                                 as_number(value[1], path + "[1]", 0, infinity), in_spend};
        if (bounds.least > bounds.most)
            specification_error(path, "found " + format_number(bounds.least) + " above " + format_number(bounds.most) +
                                          ", expected [least, most]");
        return bounds;
    }

    void bounds(const Json& value) {
        if (value.is_array()) {
            plan_.bounds.assign(channels_.size(), pair_of(value, "bounds", false));
            return;
        }
        JsonObject object(value, "bounds");
        // A channel may be called "unit": its bounds are an array then.
        const Json* unit = object.find("unit");
        const bool names_unit = unit != nullptr && !unit->is_array();
        const bool in_spend =
            names_unit && as_choice(*unit, "bounds.unit", {"multiplier", "spend"}, "a unit of bounds") == 1;
        if (const Json* others = object.find("*"))
            plan_.bounds.assign(channels_.size(), pair_of(*others, "bounds.*", in_spend));
        for (const auto& item : value.items()) {
            if (item.key() == "*" || (item.key() == "unit" && names_unit)) continue;
            const std::string path = object.path_of(item.key());
            plan_.bounds[channel(item.key(), path)] = pair_of(item.value(), path, in_spend);
        }
    }

    // {"channels": ..., "min": ..., "max": ...}
    void weights(JsonObject& object, const Json& named, bool weighted) {
        const std::string path = object.path_of("channels");
        PlanConstraint constraint{object.path(), Vec::Zero(static_cast<Eigen::Index>(channels_.size())), 0, 0};
        const auto weight = [&](const std::string& name, const std::string& at) -> double& {
            return constraint.weights[static_cast<Eigen::Index>(channel(name, at))];
        };
        if (weighted) {
            const JsonObject checked(named, path);
            for (const auto& item : named.items())
                weight(item.key(), path + "." + item.key()) =
                    as_number(item.value(), path + "." + item.key(), -most_weight, most_weight);
        } else {
            each(&named, path, [&](const Json& name, const std::string& at) { weight(as_string(name, at), at) = 1; });
        }
        if (constraint.weights.isZero(0))
            specification_error(path, "no channel has a weight other than 0", "Name at least one channel.");
        constraint.least = object.number("min", -infinity, -infinity, infinity);
        constraint.most = object.number("max", infinity, -infinity, infinity);
        object.finish();
        if (constraint.least == -infinity && constraint.most == infinity)
            specification_error(object.path(), "neither min nor max is given", "Give at least one of them, in spend.");
        if (constraint.least > constraint.most)
            specification_error(object.path_of("min"), "found " + format_number(constraint.least) + " above max " +
                                                           format_number(constraint.most) + ", expected min <= max");
        if (plan_.constraints.size() >= most_constraints)
            specification_error(object.path(),
                                "more than " + std::to_string(most_constraints) + " constraints and groups",
                                "Say what is asked for in fewer of them.");
        plan_.constraints.push_back(std::move(constraint));
    }

    void groups(const Json& value) {
        const JsonObject checked(value, "groups");
        for (const auto& item : value.items()) {
            JsonObject object(item.value(), "groups." + item.key());
            weights(object, object.require("channels", R"(a list of channels such as ["search", "social"])"), false);
        }
    }

    // {"tv": [1, 2, 1]}: how a channel's money is spread over the window.
    void flighting(const Json& value) {
        const JsonObject checked(value, "flighting");
        for (const auto& item : value.items()) {
            const std::string path = "flighting." + item.key();
            auto& shares = plan_.flighting[channel(item.key(), path)];
            double sum = 0;
            each(&item.value(), path, [&](const Json& weight, const std::string& at) {
                shares.push_back(as_number(weight, at, 0, most_weight));
                sum += shares.back();
            });
            if (!(sum > 0))
                specification_error(path, "no weight is above 0",
                                    "Give a weight to each period, such as [1, 0, 0, 2].");
            for (double& share : shares) share /= sum;
        }
    }

    std::optional<Timestamp> time(const std::string& key) {
        const Json* found = options_.find(key);
        if (found == nullptr) return std::nullopt;
        const std::string text = as_string(*found, key);
        const auto parsed = parse_timestamp(text);
        if (!parsed) specification_error(key, "\"" + text + "\" is not a date", "Write it as \"2024-03-31\".");
        return parsed;
    }

    void objective(const Json& value) {
        if (value.is_string()) {
            as_choice(value, "objective", {"mean"}, "an objective without a parameter");
            return;
        }
        JsonObject object(value, "objective");
        int given = 0;
        const auto kind = [&](const std::string& key, ObjectiveKind one, double least, double most) {
            const Json* found = object.find(key);
            if (found == nullptr) return;
            plan_.objective = {one, as_number(*found, object.path_of(key), least, most)};
            ++given;
        };
        kind("quantile", ObjectiveKind::quantile, 0, 1);
        kind("cvar", ObjectiveKind::cvar, 1e-6, 1);
        kind("probability", ObjectiveKind::probability, -infinity, infinity);
        object.finish();
        if (given != 1)
            specification_error("objective", "found " + std::to_string(given) + " objectives, expected one",
                                R"(Use "mean", {"quantile": 0.1}, {"cvar": 0.1} or {"probability": target outcome}.)");
    }

    void consistent() const {
        // By geo and by period, bounds say how far a locked channel's spend may move.
        for (std::size_t i = 0; i < channels_.size() && !plan_.by_geo && !plan_.by_period; ++i)
            if (plan_.locked[i] && plan_.bounds[i] && options_.value().contains("bounds") &&
                options_.value()["bounds"].is_object() && options_.value()["bounds"].contains(channels_[i]))
                specification_error("locked", "\"" + channels_[i] + "\" is locked and has bounds",
                                    "Leave it out of one of them: a locked channel keeps its spend.");
        by_period();
        if (plan_.flexible() && plan_.objective.kind != ObjectiveKind::mean)
            specification_error("objective", "a target ROI or mROI is about the mean",
                                "Leave objective out, or give a fixed budget instead of the target.");
        if (!(plan_.level > 0 && plan_.level < 1))
            specification_error("level", "found " + format_number(plan_.level) + ", expected a number between 0 and 1",
                                "Use 0.9 for a 90 % credible interval.");
    }

    void by_period() const {
        if (!plan_.by_period) {
            for (const char* key : {"every", "flighting"})
                if (options_.value().contains(key) && !options_.value()[key].is_null())
                    specification_error(key, "found in a plan that is not by period", R"(Add "by": "period".)");
            return;
        }
        if (options_.value().contains("carryover") && plan_.carryover == Carryover::steady)
            specification_error(
                "carryover", "\"steady\" knows no periods",
                R"(Leave it out: by period, the effect of the window's money counts as long as it lasts.)");
        if (plan_.flexible())
            specification_error(plan_.target_roi ? "target_roi" : "target_mroi",
                                "a plan by period divides a given budget",
                                "Find the budget by channel, then plan it by period.");
    }

    JsonObject options_;
    const std::vector<std::string>& channels_;
    PlanOptions plan_;
};

}  // namespace

PlanOptions read_plan_options(const Json& document, const std::vector<std::string>& channels) {
    if (!document.is_object())
        specification_error("options", "found " + describe(document) + ", expected an object",
                            R"(Write {"budget": 100000}.)");
    return PlanReader(document, channels).read();
}

}  // namespace mmm
