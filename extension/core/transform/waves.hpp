// Columns of known shape: trend, Fourier seasonality and events over given times.
#pragma once

#include <vector>

#include "core/eigen.hpp"
#include "core/transform/calendar.hpp"

namespace mmm {

// Time scaled to 0 at `times.front()` and 1 at `times.back()`; `at` on the same scale.
Vec scaled_time(const std::vector<Timestamp>& times);
double scaled_time(const std::vector<Timestamp>& times, Timestamp at);

// s_t, then max(0, s_t - c_j) for each changepoint c_j (on the scale of scaled_time).
Mat trend_columns(const std::vector<Timestamp>& times, const std::vector<double>& changepoints);
Mat trend_columns(ConstVecRef scaled_times, const std::vector<double>& changepoints);

enum class PeriodUnit { year, week, days };

// sin(2 pi k p_t) for k = 1..order, then cos(2 pi k p_t), with p_t = day of year / 365.25, day of week / 7 (Monday 0) or
// days since 1970-01-01 / days.
struct Cycle {
    PeriodUnit unit = PeriodUnit::year;
    double days = 365.25;
    int order = 2;
    bool weekday = false;  // instead: six columns, Monday to Saturday, 1 on their day and -1 on Sundays, so that effects sum to 0

    int columns() const { return weekday ? 6 : 2 * order; }
};
Mat cycle_columns(const Cycle& cycle, const std::vector<Timestamp>& times);

enum class EventFamily { period, gaussian, decay };

// The height of an event in a period that lies d days from its date (0 when the date is inside the period):
// period: 1 when d = 0, widened by whole periods before and after; gaussian: exp(-(d / days)^2 / 2) on both sides;
// decay: 0 before the date, 2^(-d / days) after it.
struct EventShape {
    EventFamily family = EventFamily::period;
    int before = 0;
    int after = 0;
    double days = 7;
};
// Sum over the dates.
Vec event_column(const EventShape& shape, const std::vector<Timestamp>& dates, const std::vector<Timestamp>& times,
                 const TimeStep& step);

// Whether any period has at least a thousandth of its height: dates outside the periods may reach in.
bool event_reaches(const EventShape& shape, const std::vector<Timestamp>& dates, const std::vector<Timestamp>& times, const TimeStep& step);

}  // namespace mmm
