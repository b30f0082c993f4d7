#include "core/transform/waves.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mmm {

namespace {

double cycle_position(const Seasonality& season, Timestamp time) {
    switch (season.unit) {
        case PeriodUnit::year: return day_of_year(time) / 365.25;
        case PeriodUnit::week: return day_of_week(time) / 7.0;
        case PeriodUnit::days: break;
    }
    return days_since_epoch(time) / season.days;
}

double height(const EventShape& shape, double distance_days) {
    const double ratio = distance_days / shape.days;
    switch (shape.family) {
        case EventFamily::gaussian: return std::exp(-0.5 * ratio * ratio);
        case EventFamily::decay: return distance_days < 0 ? 0 : std::exp2(-ratio);
        case EventFamily::period: break;
    }
    return distance_days == 0 ? 1 : 0;
}

}  // namespace

Vec scaled_time(const std::vector<Timestamp>& times) {
    const auto n = static_cast<Eigen::Index>(times.size());
    Vec s(n);
    const double first = days_since_epoch(times.front());
    const double span = std::max(days_since_epoch(times.back()) - first, 1e-9);
    for (Eigen::Index i = 0; i < n; ++i) s[i] = (days_since_epoch(times[static_cast<std::size_t>(i)]) - first) / span;
    return s;
}

Mat trend_columns(const Trend& trend, const std::vector<Timestamp>& times) {
    const Vec s = scaled_time(times);
    const int points = trend.family == TrendFamily::piecewise ? trend.changepoints : 0;
    Mat columns(s.size(), 1 + points);
    columns.col(0) = s;
    const double first = days_since_epoch(times.front());
    const double span = std::max(days_since_epoch(times.back()) - first, 1e-9);
    for (int j = 0; j < points; ++j) {
        const double at = trend.dates.empty()
                              ? (j + 1.0) / (points + 1.0)
                              : (days_since_epoch(trend.dates[static_cast<std::size_t>(j)]) - first) / span;
        columns.col(1 + j) = (s.array() - at).max(0.0).matrix();
    }
    return columns;
}

Mat seasonality_columns(const Seasonality& season, const std::vector<Timestamp>& times) {
    const auto n = static_cast<Eigen::Index>(times.size());
    Mat columns(n, 2 * season.order);
    for (Eigen::Index i = 0; i < n; ++i) {
        const double angle = 2 * std::numbers::pi * cycle_position(season, times[static_cast<std::size_t>(i)]);
        for (int k = 1; k <= season.order; ++k) {
            columns(i, k - 1) = std::sin(k * angle);
            columns(i, season.order + k - 1) = std::cos(k * angle);
        }
    }
    return columns;
}

Vec event_column(const Event& event, const std::vector<Timestamp>& times, const TimeStep& step) {
    const auto n = static_cast<Eigen::Index>(times.size());
    const bool by_period = event.shape.family == EventFamily::period;
    Vec column = Vec::Zero(n);
    for (Eigen::Index i = 0; i < n; ++i) {
        const Timestamp time = times[static_cast<std::size_t>(i)];
        const Timestamp from = by_period ? add_steps(time, step, -event.shape.after) : time;
        const Timestamp to = add_steps(time, step, by_period ? 1 + event.shape.before : 1);
        for (const Timestamp date : event.dates) {
            const Timestamp distance = date < from ? from - date : date >= to ? to - 1 - date : 0;
            column[i] += height(event.shape, days_since_epoch(distance));
        }
    }
    return column;
}

}  // namespace mmm
