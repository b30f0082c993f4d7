// Dates: text, days, and the regular steps of a series.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <chrono>

#include "core/transform/calendar.hpp"

namespace mmm {
namespace {

constexpr Timestamp hour = 3'600'000'000;

Timestamp at(const char* text) {
    return parse_timestamp(text).value();
}

std::vector<Timestamp> times(const std::vector<const char*>& texts) {
    std::vector<Timestamp> all;
    for (const char* text : texts) all.push_back(at(text));
    return all;
}

TEST(Calendar, CountsMicrosecondsFrom1970) {
    EXPECT_EQ(at("1970-01-01"), 0);
    EXPECT_EQ(at("1970-01-02"), microseconds_per_day);
    EXPECT_EQ(at("1969-12-31"), -microseconds_per_day);
    EXPECT_EQ(at("1970-01-01 01:02:03"), (3600LL + 2 * 60 + 3) * 1'000'000);
    EXPECT_EQ(at("2000-03-01"), 11'017 * microseconds_per_day);
    EXPECT_EQ(at("0001-01-01"), -719'162 * microseconds_per_day);
    EXPECT_EQ(at("9999-12-31"), 2'932'896 * microseconds_per_day);
}

TEST(Calendar, ReadsDatesAndTimesInIsoOrderOnly) {
    EXPECT_EQ(parse_timestamp("2024-03-31T12:30:00"), parse_timestamp("2024-03-31 12:30:00"));
    for (const char* wrong : {"",
                              "2024",
                              "2024-3-31",
                              "24-03-31",
                              "2024/03/31",
                              "31-03-2024",
                              "2024-03-31 ",
                              " 2024-03-31",
                              "2024-03-31 12:30",
                              "2024-03-31 12:30:00Z",
                              "2024-03-31 12:30:00.5",
                              "2024-03-31x12:30:00",
                              "2024-03-31 24:00:00",
                              "2024-03-31 12:60:00",
                              "2024-03-31 12:30:60",
                              "2024-03-31 1 :30:00",
                              "2024-13-01",
                              "2024-00-01",
                              "2024-01-00",
                              "2024-04-31",
                              "-024-01-01",
                              "2024-01-+1",
                              "yesterday"})
        EXPECT_EQ(parse_timestamp(wrong), std::nullopt) << wrong;
}

TEST(Calendar, KnowsLeapYears) {
    EXPECT_TRUE(parse_timestamp("2024-02-29"));
    EXPECT_TRUE(parse_timestamp("2000-02-29"));
    EXPECT_FALSE(parse_timestamp("2023-02-29"));
    EXPECT_FALSE(parse_timestamp("1900-02-29"));
    EXPECT_FALSE(parse_timestamp("2100-02-29"));
    EXPECT_EQ(at("2024-03-01") - at("2024-02-28"), 2 * microseconds_per_day);
    EXPECT_EQ(at("2100-03-01") - at("2100-02-28"), microseconds_per_day);
}

TEST(Calendar, WritesTheDateAloneAtMidnight) {
    EXPECT_EQ(format_timestamp(0), "1970-01-01");
    EXPECT_EQ(format_timestamp(-1'000'000), "1969-12-31 23:59:59");
    EXPECT_EQ(format_timestamp(at("2024-02-29 06:07:08")), "2024-02-29 06:07:08");
    EXPECT_EQ(format_timestamp(at("0001-01-01")), "0001-01-01");
}

RC_GTEST_PROP(Calendar, ReadsWhatItWrote, ()) {
    const auto seconds = *rc::gen::inRange<std::int64_t>(-62'135'596'800, 253'402'300'800);
    RC_ASSERT(parse_timestamp(format_timestamp(seconds * 1'000'000)) == seconds * 1'000'000);
}

TEST(Calendar, NumbersTheDaysOfTheYear) {
    EXPECT_EQ(day_of_year(at("2023-01-01")), 1);
    EXPECT_EQ(day_of_year(at("2023-12-31")), 365);
    EXPECT_EQ(day_of_year(at("2024-12-31")), 366);
    EXPECT_EQ(day_of_year(at("2024-03-01")), 61);
    EXPECT_EQ(day_of_year(at("2023-03-01")), 60);
    EXPECT_EQ(day_of_year(at("1969-12-31 23:59:59")), 365);
}

TEST(Calendar, NumbersTheDaysOfTheWeekFromMonday) {
    EXPECT_EQ(day_of_week(at("1970-01-01")), 3);  // a Thursday
    EXPECT_EQ(day_of_week(at("1969-07-20")), 6);  // the first moon landing: a Sunday
    EXPECT_EQ(day_of_week(at("2000-01-01")), 5);
    EXPECT_EQ(day_of_week(at("2024-02-29")), 3);
    EXPECT_EQ(day_of_week(at("2022-01-03 23:00:00")), 0);
    EXPECT_EQ(day_of_week(at("1969-12-31 23:59:59")), 2);
}

TEST(Calendar, CountsDaysWithTheirFractions) {
    EXPECT_EQ(days_since_epoch(at("1970-01-03 12:00:00")), 2.5);
    EXPECT_EQ(days_since_epoch(at("1969-12-31 18:00:00")), -0.25);
}

void expect_fixed(const std::vector<Timestamp>& series, Timestamp step) {
    const TimeStep found = detect_step(series);
    EXPECT_EQ(found.kind, TimeStep::Kind::fixed);
    EXPECT_EQ(found.microseconds, step);
}

void expect_monthly(const std::vector<Timestamp>& series, int months) {
    const TimeStep found = detect_step(series);
    EXPECT_EQ(found.kind, TimeStep::Kind::months);
    EXPECT_EQ(found.months, months);
    for (std::size_t from = 0; from < series.size(); ++from)
        for (std::size_t to = 0; to < series.size(); ++to)
            EXPECT_EQ(add_steps(series[from], found, static_cast<int>(to) - static_cast<int>(from)), series[to])
                << format_timestamp(series[from]) << " to " << format_timestamp(series[to]);
}

TEST(TimeSteps, OfHoursDaysAndWeeksAreFixed) {
    expect_fixed(times({"2024-02-28", "2024-02-29", "2024-03-01"}), microseconds_per_day);
    expect_fixed(times({"2024-12-23", "2024-12-30", "2025-01-06", "2025-01-13"}), 7 * microseconds_per_day);
    expect_fixed({0, hour, 2 * hour, 3 * hour}, hour);
    expect_fixed(times({"2023-01-01", "2024-01-01"}), 365 * microseconds_per_day);
}

TEST(TimeSteps, OfMonthsKeepTheDayOfTheMonth) {
    expect_monthly(times({"2023-11-01", "2023-12-01", "2024-01-01", "2024-02-01", "2024-03-01"}), 1);
    expect_monthly(times({"2024-01-15 06:00:00", "2024-02-15 06:00:00", "2024-03-15 06:00:00"}), 1);
    expect_monthly(times({"2023-02-28", "2023-03-28", "2023-04-28"}), 1);  // starts on a month's end by chance
    expect_monthly(times({"2023-04-30", "2023-05-30", "2023-06-30"}), 1);
}

TEST(TimeSteps, OfMonthsMayStandAtTheirEnd) {
    expect_monthly(times({"2023-01-31", "2023-02-28", "2023-03-31", "2023-04-30"}), 1);
    expect_monthly(times({"2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31"}), 1);
    expect_monthly(times({"2023-06-30", "2023-09-30", "2023-12-31", "2024-03-31"}), 3);
}

TEST(TimeSteps, OfMonthsFallBackToTheEndOfShorterOnes) {
    expect_monthly(times({"2023-01-30", "2023-02-28", "2023-03-30", "2023-04-30"}), 1);
    expect_monthly(times({"2024-01-30", "2024-02-29", "2024-03-30", "2024-04-30"}), 1);
    expect_monthly(times({"2023-02-28", "2023-03-30", "2023-04-30", "2023-05-30"}), 1);
}

TEST(TimeSteps, OfQuartersAndYearsAreMonths) {
    expect_monthly(times({"2023-01-01", "2023-04-01", "2023-07-01", "2023-10-01", "2024-01-01"}), 3);
    expect_monthly(times({"2023-01-01", "2024-01-01", "2025-01-01"}), 12);
    expect_monthly(times({"2022-02-28", "2023-02-28", "2024-02-29", "2025-02-28"}), 12);
    expect_monthly(times({"2022-02-28", "2023-02-28", "2024-02-28", "2025-02-28"}), 12);
}

TEST(TimeSteps, FollowTheCalendarAcrossTheYear) {
    TimeStep month;
    month.kind = TimeStep::Kind::months;
    month.months = 1;
    EXPECT_EQ(add_steps(at("2023-12-01"), month, 1), at("2024-01-01"));
    EXPECT_EQ(add_steps(at("2024-01-01"), month, -1), at("2023-12-01"));
    EXPECT_EQ(add_steps(at("2024-01-31"), month, 1), at("2024-02-29"));
    EXPECT_EQ(add_steps(at("2024-01-15 06:00:00"), month, 13), at("2025-02-15 06:00:00"));
}

RC_GTEST_PROP(TimeSteps, ForwardAndBackLeadToTheStart, ()) {
    const auto day = *rc::gen::inRange<std::int64_t>(-700'000, 2'900'000);
    const int n = *rc::gen::inRange(-500, 500);
    TimeStep week;
    week.kind = TimeStep::Kind::fixed;
    week.microseconds = 7 * microseconds_per_day;
    RC_ASSERT(add_steps(add_steps(day * microseconds_per_day, week, n), week, -n) == day * microseconds_per_day);
    TimeStep month;
    month.kind = TimeStep::Kind::months;
    month.months = *rc::gen::element(1, 3, 12);
    // From the first 28 days of a month, which every month has.
    const auto date = std::chrono::year_month_day{std::chrono::sys_days{std::chrono::days{day}}};
    RC_PRE(static_cast<unsigned>(date.day()) <= 28u);
    RC_ASSERT(add_steps(add_steps(day * microseconds_per_day, month, n), month, -n) == day * microseconds_per_day);
}

RC_GTEST_PROP(TimeSteps, AreFoundInEverySeriesMadeOfThem, ()) {
    const auto start = *rc::gen::inRange<std::int64_t>(-700'000, 2'900'000) * microseconds_per_day;
    TimeStep month;
    month.kind = TimeStep::Kind::months;
    month.months = *rc::gen::element(1, 2, 3, 6, 12);
    std::vector<Timestamp> series;
    for (int n = 0; n < 30; ++n) series.push_back(add_steps(start, month, n));
    const TimeStep found = detect_step(series);
    RC_ASSERT(found.kind == TimeStep::Kind::months);
    RC_ASSERT(found.months == month.months);
    for (std::size_t t = 1; t < series.size(); ++t) RC_ASSERT(add_steps(series[t - 1], found, 1) == series[t]);
}

TEST(TimeSteps, BeyondTheScaleStayOnIt) {
    TimeStep long_step;
    long_step.kind = TimeStep::Kind::fixed;
    long_step.microseconds = 3'000 * 366 * microseconds_per_day;
    EXPECT_EQ(add_steps(at("9000-01-01"), long_step, 1001), INT64_MAX);
    EXPECT_EQ(add_steps(at("0100-01-01"), long_step, -1001), INT64_MIN);
    TimeStep millennia;
    millennia.kind = TimeStep::Kind::months;
    millennia.months = 12'000;
    EXPECT_GT(add_steps(at("9000-01-01"), millennia, 1001), at("9999-12-31"));
    EXPECT_LT(add_steps(at("9000-01-01"), millennia, -1001), at("0001-01-01"));
}

TEST(TimeSteps, ThatAreIrregularNameTheFirstTimeThatBreaksThem) {
    const auto first_irregular = [](const std::vector<const char*>& texts) {
        const TimeStep step = detect_step(times(texts));
        EXPECT_EQ(step.kind, TimeStep::Kind::irregular);
        return step.first_irregular;
    };
    EXPECT_EQ(first_irregular({"2024-01-01", "2024-01-08", "2024-01-15", "2024-01-29"}), 3u);
    EXPECT_EQ(first_irregular({"2024-01-01", "2024-01-08", "2024-01-14", "2024-01-21"}), 2u);
    EXPECT_EQ(first_irregular({"2024-01-01", "2024-02-01", "2024-03-01", "2024-04-15", "2024-05-01"}), 3u);
    EXPECT_EQ(first_irregular({"2024-01-31", "2024-02-29", "2024-03-30", "2024-04-30"}), 2u);
    EXPECT_EQ(first_irregular({"2024-01-01", "2024-02-01", "2024-04-01"}), 2u);
}

TEST(TimeSteps, NeedTwoTimes) {
    EXPECT_EQ(detect_step({}).kind, TimeStep::Kind::irregular);
    EXPECT_EQ(detect_step({0}).kind, TimeStep::Kind::irregular);
}

}  // namespace
}  // namespace mmm
