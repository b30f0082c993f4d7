#include "core/transform/calendar.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <limits>

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

unsigned last_day(const year_month_day& date) {
    return static_cast<unsigned>((date.year() / date.month() / std::chrono::last).day());
}

unsigned day_of(const year_month_day& date) { return static_cast<unsigned>(date.day()); }

// How many times from the first on are `months` apart, on `day` of the month (its end where that is earlier) and at one
// time of the day.
std::size_t regular_months(const std::vector<Timestamp>& sorted, int months, unsigned day) {
    std::size_t n = 0;
    for (int index = month_index(date_of(sorted[0])); n < sorted.size(); ++n, index += months) {
        const auto date = date_of(sorted[n]);
        const bool same_time = (sorted[n] - sorted[0]) % microseconds_per_day == 0;
        if (!same_time || month_index(date) != index || day_of(date) != std::min(day, last_day(date))) break;
    }
    return n;
}

// A series that starts on the last of a month may keep to any later day of the month; its end is the likeliest.
std::size_t month_step(const std::vector<Timestamp>& sorted, TimeStep& step) {
    const auto start = date_of(sorted[0]);
    step.months = month_index(date_of(sorted[1])) - month_index(start);
    std::size_t longest = 0;
    if (step.months <= 0) return longest;
    for (unsigned day = is_month_end(start) ? 31 : day_of(start); day >= day_of(start); --day) {
        const std::size_t n = regular_months(sorted, step.months, day);
        if (n <= longest) continue;
        longest = n;
        step.day = static_cast<int>(day);
    }
    return longest;
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
    if (sorted.size() < 2) return {};
    TimeStep fixed, monthly;
    fixed.microseconds = sorted[1] - sorted[0];
    std::size_t n = 1;
    while (n < sorted.size() && sorted[n] - sorted[n - 1] == fixed.microseconds) ++n;
    fixed.kind = TimeStep::Kind::fixed;
    if (n == sorted.size()) return fixed;
    const std::size_t n_monthly = month_step(sorted, monthly);
    monthly.kind = TimeStep::Kind::months;
    if (n_monthly == sorted.size()) return monthly;
    TimeStep irregular;
    irregular.first_irregular = std::max(n, n_monthly);
    return irregular;
}

Timestamp add_steps(Timestamp from, const TimeStep& step, int n) {
    if (step.kind != TimeStep::Kind::months) {
        Timestamp distance = 0, to = 0;
        const bool forward = (n > 0) == (step.microseconds > 0);
        if (__builtin_mul_overflow(step.microseconds, n, &distance) || __builtin_add_overflow(from, distance, &to))
            return forward ? std::numeric_limits<Timestamp>::max() : std::numeric_limits<Timestamp>::min();
        return to;
    }
    const auto date = date_of(from);
    // std::chrono::year ends at 32767.
    const int index = std::clamp(month_index(date) + n * step.months, -32'000 * 12, 32'000 * 12);
    const int year = index >= 0 ? index / 12 : (index - 11) / 12;
    const year_month_day first{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(index - year * 12 + 1)},
                               std::chrono::day{1}};
    const unsigned day = std::min(step.day > 0 ? static_cast<unsigned>(step.day) : day_of(date), last_day(first));
    const Timestamp time_of_day = from - day_number(from) * microseconds_per_day;
    return at_day(sys_days{first.year() / first.month() / std::chrono::day{day}}) + time_of_day;
}

}  // namespace mmm
