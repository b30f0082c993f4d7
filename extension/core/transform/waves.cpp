#include "core/transform/waves.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mmm {

namespace {

double cycle_position(const Cycle& cycle, Timestamp time) {
    switch (cycle.unit) {
        case PeriodUnit::year: return day_of_year(time) / 365.25;
        case PeriodUnit::week: return day_of_week(time) / 7.0;
        case PeriodUnit::days: break;
    }
    return days_since_epoch(time) / cycle.days;
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

double scaled_time(const std::vector<Timestamp>& times, Timestamp at) {
    const double first = days_since_epoch(times.front());
    // A single period has no span; any will do.
    const double span = std::max(days_since_epoch(times.back()) - first, 1e-9);
    return (days_since_epoch(at) - first) / span;
}

Vec scaled_time(const std::vector<Timestamp>& times) {
    Vec s(static_cast<Eigen::Index>(times.size()));
    for (Eigen::Index i = 0; i < s.size(); ++i) s[i] = scaled_time(times, times[static_cast<std::size_t>(i)]);
    return s;
}

Mat trend_columns(const std::vector<Timestamp>& times, const std::vector<double>& changepoints) {
    const Vec s = scaled_time(times);
    return trend_columns(s, changepoints);
}

Mat trend_columns(ConstVecRef s, const std::vector<double>& changepoints) {
    Mat columns(s.size(), 1 + static_cast<Eigen::Index>(changepoints.size()));
    columns.col(0) = s;
    for (std::size_t j = 0; j < changepoints.size(); ++j)
        columns.col(1 + static_cast<Eigen::Index>(j)) = (s.array() - changepoints[j]).max(0.0).matrix();
    return columns;
}

Mat cycle_columns(const Cycle& cycle, const std::vector<Timestamp>& times) {
    const auto n = static_cast<Eigen::Index>(times.size());
    Mat columns = Mat::Zero(n, cycle.columns());
    for (Eigen::Index i = 0; i < n; ++i) {
        if (cycle.weekday) {
            const int day = day_of_week(times[static_cast<std::size_t>(i)]);
            if (day < 6) columns(i, day) = 1;
            else columns.row(i).setConstant(-1);
            continue;
        }
        const double angle = 2 * std::numbers::pi * cycle_position(cycle, times[static_cast<std::size_t>(i)]);
        for (int k = 1; k <= cycle.order; ++k) {
            columns(i, k - 1) = std::sin(k * angle);
            columns(i, cycle.order + k - 1) = std::cos(k * angle);
        }
    }
    return columns;
}

Vec event_column(const EventShape& shape, const std::vector<Timestamp>& dates, const std::vector<Timestamp>& times,
                 const TimeStep& step) {
    const auto n = static_cast<Eigen::Index>(times.size());
    const bool by_period = shape.family == EventFamily::period;
    Vec column = Vec::Zero(n);
    for (Eigen::Index i = 0; i < n; ++i) {
        const Timestamp time = times[static_cast<std::size_t>(i)];
        const Timestamp from = by_period ? add_steps(time, step, -shape.after) : time;
        const Timestamp to = add_steps(time, step, by_period ? 1 + shape.before : 1);
        for (const Timestamp date : dates) {
            // Positive when the period lies after the date.
            const Timestamp distance = date < from ? from - date : date >= to ? to - 1 - date : 0;
            column[i] += height(shape, days_since_epoch(distance));
        }
    }
    return column;
}

bool event_reaches(const EventShape& shape, const std::vector<Timestamp>& dates, const std::vector<Timestamp>& times, const TimeStep& step) {
    constexpr double seen = 1e-3;
    return !times.empty() && event_column(shape, dates, times, step).maxCoeff() >= seen;
}

}  // namespace mmm
