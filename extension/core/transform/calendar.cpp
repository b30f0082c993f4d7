#include "core/transform/calendar.hpp"

#include <chrono>
#include <cstdio>

namespace mmm {

namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

std::int64_t day_number(Timestamp time) {
    const std::int64_t day = time / microseconds_per_day;
    return time % microseconds_per_day < 0 ? day - 1 : day;
}

year_month_day date_of(Timestamp time) {
    return year_month_day{sys_days{std::chrono::days{day_number(time)}}};
}

Timestamp at_day(sys_days day) { return day.time_since_epoch().count() * microseconds_per_day; }

// Months since year 0.
int month_index(const year_month_day& date) {
    return static_cast<int>(date.year()) * 12 + static_cast<int>(static_cast<unsigned>(date.month())) - 1;
}

bool is_month_end(const year_month_day& date) {
    return date == year_month_day{date.year() / date.month() / std::chrono::last};
}

// Same day of the month, or both at the month's end.
bool same_month_day(Timestamp a, Timestamp b) {
    const auto x = date_of(a), y = date_of(b);
    const bool same_time = (a - b) % microseconds_per_day == 0;
    return same_time && (x.day() == y.day() || (is_month_end(x) && is_month_end(y)));
}

bool digits(std::string_view text, std::size_t from, std::size_t n, int& value) {
    value = 0;
    for (std::size_t i = from; i < from + n; ++i) {
        if (i >= text.size() || text[i] < '0' || text[i] > '9') return false;
        value = value * 10 + (text[i] - '0');
    }
    return true;
}

}  // namespace

std::optional<Timestamp> parse_timestamp(std::string_view text) {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    const bool date_ok = digits(text, 0, 4, year) && digits(text, 5, 2, month) && digits(text, 8, 2, day) &&
                         text[4] == '-' && text[7] == '-';
    if (!date_ok) return std::nullopt;
    const year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                              std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return std::nullopt;
    if (text.size() != 10) {
        const bool time_ok = text.size() == 19 && (text[10] == ' ' || text[10] == 'T') && text[13] == ':' &&
                             text[16] == ':' && digits(text, 11, 2, hour) && digits(text, 14, 2, minute) &&
                             digits(text, 17, 2, second) && hour < 24 && minute < 60 && second < 60;
        if (!time_ok) return std::nullopt;
    }
    return at_day(sys_days{date}) + ((hour * 60LL + minute) * 60 + second) * 1'000'000;
}

std::string format_timestamp(Timestamp time) {
    const auto date = date_of(time);
    char buffer[48];
    const int year = static_cast<int>(date.year());
    const unsigned month = static_cast<unsigned>(date.month()), day = static_cast<unsigned>(date.day());
    const std::int64_t seconds = (time - day_number(time) * microseconds_per_day) / 1'000'000;
    if (seconds == 0)
        std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02u", year, month, day);
    else
        std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02u %02d:%02d:%02d", year, month, day,
                      static_cast<int>(seconds / 3600), static_cast<int>(seconds / 60 % 60),
                      static_cast<int>(seconds % 60));
    return buffer;
}

int day_of_year(Timestamp time) {
    const auto date = date_of(time);
    const sys_days first{date.year() / std::chrono::January / 1};
    return static_cast<int>((sys_days{date} - first).count()) + 1;
}

int day_of_week(Timestamp time) {
    // 1970-01-01 was a Thursday.
    const std::int64_t shifted = (day_number(time) + 3) % 7;
    return static_cast<int>(shifted < 0 ? shifted + 7 : shifted);
}

double days_since_epoch(Timestamp time) {
    return static_cast<double>(time) / static_cast<double>(microseconds_per_day);
}

TimeStep detect_step(const std::vector<Timestamp>& sorted) {
    TimeStep step;
    if (sorted.size() < 2) return step;
    const Timestamp first = sorted[1] - sorted[0];
    std::size_t fixed_until = 1;
    while (fixed_until < sorted.size() && sorted[fixed_until] - sorted[fixed_until - 1] == first) ++fixed_until;
    const int months = month_index(date_of(sorted[1])) - month_index(date_of(sorted[0]));
    std::size_t months_until = 1;
    while (months > 0 && months_until < sorted.size() && same_month_day(sorted[months_until], sorted[0]) &&
           month_index(date_of(sorted[months_until])) - month_index(date_of(sorted[months_until - 1])) == months)
        ++months_until;
    if (fixed_until == sorted.size()) {
        step.kind = TimeStep::Kind::fixed;
        step.microseconds = first;
    } else if (months_until == sorted.size()) {
        step.kind = TimeStep::Kind::months;
        step.months = months;
    } else {
        step.first_irregular = std::max(fixed_until, months_until);
    }
    return step;
}

Timestamp add_steps(Timestamp from, const TimeStep& step, int n) {
    if (step.kind != TimeStep::Kind::months) return from + n * step.microseconds;
    const auto date = date_of(from);
    const int index = month_index(date) + n * step.months;
    const int year = index >= 0 ? index / 12 : (index - 11) / 12;
    const auto month = std::chrono::year{year} / std::chrono::month{static_cast<unsigned>(index - year * 12 + 1)};
    const year_month_day last{month / std::chrono::last};
    const auto day = is_month_end(date) || date.day() > last.day() ? last.day() : date.day();
    const Timestamp time_of_day = from - day_number(from) * microseconds_per_day;
    return at_day(sys_days{month / day}) + time_of_day;
}

}  // namespace mmm
