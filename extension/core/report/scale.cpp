#include "core/report/scale.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace mmm::page {

namespace {

constexpr std::array<const char*, 12> month_names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct CalendarDay {
    int year, month, day;  // month from 0
    long number;           // days since 1970-01-01
};

CalendarDay calendar_day(Timestamp time) {
    const auto days = std::chrono::floor<std::chrono::days>(std::chrono::microseconds(time));
    const std::chrono::year_month_day date{std::chrono::sys_days{days}};
    return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())) - 1,
            static_cast<int>(static_cast<unsigned>(date.day())), static_cast<long>(days.count())};
}

double nice_step(double span, int count) {
    const double rough = span / count;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 2.5, 5.0})
        if (factor * power >= rough * (1 - 1e-9)) return factor * power;
    return 10 * power;
}

// The first period of each stretch of `step` months, or of `step` days.
std::vector<std::size_t> stretch_begins(const std::vector<CalendarDay>& days, int months, int every_days) {
    std::vector<std::size_t> begins;
    long previous = 0;
    for (std::size_t i = 0; i < days.size(); ++i) {
        const long month = 12L * days[i].year + days[i].month;
        const long stretch = months > 0 ? month / months : (days[i].number - days.front().number) / every_days;
        if (i > 0 ? stretch != previous : (months == 0 || (month % months == 0 && days[i].day <= 7)))
            begins.push_back(i);
        previous = stretch;
    }
    return begins;
}

std::string tick_text(const CalendarDay& day, int months, bool first) {
    if (months >= 12) return std::to_string(day.year);
    const std::string month = month_names[static_cast<std::size_t>(day.month)];
    if (months > 0) return first || day.month == 0 ? month + " " + std::to_string(day.year) : month;
    return std::to_string(day.day) + " " + month;
}

}  // namespace

double Scale::inside(double value) const {
    return std::clamp(at(value), std::min(from, to), std::max(from, to));
}

Scale nice_scale(double low, double high, double from, double to, int count) {
    low = std::isfinite(low) ? std::min(low, 0.0) : 0;
    high = std::isfinite(high) ? std::max(high, 0.0) : 0;
    if (!(high - low > 0)) high = low + 1;
    const double step = nice_step(high - low, count);
    const double first = std::floor(low / step + 1e-9), last = std::ceil(high / step - 1e-9);
    Scale scale{first * step, last * step, from, to, {}};
    for (double i = first; i <= last; ++i) scale.ticks.push_back(i * step);
    return scale;
}

std::vector<DateTick> date_ticks(const std::vector<Timestamp>& time, std::size_t most) {
    std::vector<CalendarDay> days;
    for (const Timestamp one : time) days.push_back(calendar_day(one));
    if (days.empty()) return {};
    const long span = days.back().number - days.front().number;
    std::vector<std::size_t> begins;
    int months = 0;
    if (span < 90)
        for (const int every : {1, 2, 7, 14, 28})
            if (begins = stretch_begins(days, 0, every); begins.size() <= most) break;
    if (span >= 90 || begins.size() > most)
        for (const int step : {1, 3, 6, 12, 24, 60, 120, 240}) {
            months = step;
            if (begins = stretch_begins(days, step, 0); begins.size() <= most) break;
        }
    std::vector<DateTick> ticks;
    for (const std::size_t i : begins) ticks.push_back({i, tick_text(days[i], months, ticks.empty())});
    return ticks;
}

std::string date_text(Timestamp time) {
    const CalendarDay day = calendar_day(time);
    return std::to_string(day.day) + " " + month_names[static_cast<std::size_t>(day.month)] + " " +
           std::to_string(day.year);
}

}  // namespace mmm::page
