// What tests of a model's plans share.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/api.hpp"
#include "core/model/fitted_model.hpp"
#include "core/transform/calendar.hpp"

namespace mmm::test {

// What media bring varies over time, by medium, in either order of adstock and saturation.
inline const char* const varying =
    R"({"time": "week", "kpi": "sales", "time_varying_media": {"scope": "channel", "basis": 6},
    "media": {"tv": {"spend": "tv", "adstock": {"family": "geometric", "max_lag": 3}, "prior": {"kind": "roi"}},
              "web": "web", "mail": {"spend": "mail", "order": "saturation_first", "adstock": {"family": "delayed", "max_lag": 4}},
              "print": {"spend": "print", "saturation": "none"}},
    "simulate": {"periods": 60, "truth": {"intercept": 0.6}}})";

// "locked" with every paid channel: the plan is what was done.
inline std::string all_locked(const FittedModel& model) {
    std::string names;
    for (const auto& medium : model.spec.media)
        if (medium.paid()) names += (names.empty() ? "\"" : ", \"") + medium.name + "\"";
    return R"("locked": [)" + names + "]";
}

// "from" and "to" of two periods.
inline std::string between(const FittedModel& model, std::size_t from, std::size_t to) {
    return R"("from": ")" + format_timestamp(model.data.time[from]) + R"(", "to": ")" +
           format_timestamp(model.data.time[to]) + "\"";
}

// The sum of a figure over the rows of a channel, or of all.
inline double total(const std::vector<BudgetRow>& rows, double BudgetRow::*figure, const std::string& channel = "") {
    double sum = 0;
    for (const auto& row : rows)
        if (channel.empty() || row.channel == channel) sum += row.*figure;
    return sum;
}

}  // namespace mmm::test
