// Columns of known shape: trend, Fourier seasonality and events over given times.
#pragma once

#include <vector>

#include "core/eigen.hpp"
#include "core/model/specification.hpp"
#include "core/transform/calendar.hpp"

namespace mmm {

// Time scaled to 0 at `times.front()` and 1 at `times.back()`.
Vec scaled_time(const std::vector<Timestamp>& times);

// s_t, then max(0, s_t - c_j) for each changepoint. Formula in Trend.
Mat trend_columns(const Trend& trend, const std::vector<Timestamp>& times);

// sin 1..order, then cos 1..order. Formula in Seasonality.
Mat seasonality_columns(const Seasonality& season, const std::vector<Timestamp>& times);

// Sum over the dates of the heights in EventShape.
Vec event_column(const Event& event, const std::vector<Timestamp>& times, const TimeStep& step);

}  // namespace mmm
