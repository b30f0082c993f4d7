// Dates of the Gregorian calendar as the engine needs them. No time zones: times are wall-clock `timestamp`s.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/timestamp.hpp"

namespace mmm {

constexpr Timestamp microseconds_per_day = 86'400'000'000;

// "2024-03-31" or "2024-03-31 12:00:00" (a T between is fine); nothing else.
std::optional<Timestamp> parse_timestamp(std::string_view text);
std::string format_timestamp(Timestamp time);  // ISO 8601; the date alone at midnight

int day_of_year(Timestamp time);      // 1..366
int day_of_week(Timestamp time);      // Monday 0 .. Sunday 6
double days_since_epoch(Timestamp time);

// The regular step of sorted, distinct times.
struct TimeStep {
    enum class Kind { irregular, fixed, months } kind = Kind::irregular;
    Timestamp microseconds = 0;  // fixed
    int months = 0;              // 1 monthly, 3 quarterly, 12 yearly
    int day = 0;                 // months: day of the month, 31 for its end; shorter months end earlier
    std::size_t first_irregular = 0;  // index of the first time that breaks the step
};
TimeStep detect_step(const std::vector<Timestamp>& sorted);

// The time n steps after (or before) one of the series. Stays on the int64 scale where the answer would leave it.
Timestamp add_steps(Timestamp from, const TimeStep& step, int n);

}  // namespace mmm
