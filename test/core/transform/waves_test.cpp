// Columns of known shape: trend, Fourier waves and events.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/transform/waves.hpp"

namespace mmm {
namespace {

constexpr double tau = 2 * std::numbers::pi;

Timestamp moment(const char* text) {
    return parse_timestamp(text).value();
}

std::vector<Timestamp> weeks(const char* first, int n) {
    std::vector<Timestamp> times;
    for (int i = 0; i < n; ++i) times.push_back(moment(first) + i * 7 * microseconds_per_day);
    return times;
}

void expect_column(const Vec& found, const std::vector<double>& expected, double tolerance = 1e-12) {
    ASSERT_EQ(found.size(), static_cast<Eigen::Index>(expected.size()));
    for (std::size_t i = 0; i < expected.size(); ++i)
        EXPECT_NEAR(found[static_cast<Eigen::Index>(i)], expected[i], tolerance) << "period " << i;
}

TEST(Trend, TimeRunsFromZeroToOne) {
    expect_column(scaled_time(weeks("2024-01-01", 5)), {0, 0.25, 0.5, 0.75, 1});
    // By the calendar, not by the row: February 2023 has 28 days, January and March 31.
    const std::vector<Timestamp> months = {moment("2023-01-01"), moment("2023-02-01"), moment("2023-03-01"), moment("2023-04-01")};
    expect_column(scaled_time(months), {0, 31.0 / 90, 59.0 / 90, 1});
    EXPECT_EQ(scaled_time(weeks("2024-01-01", 5), moment("2024-01-08")), 0.25);
}

TEST(Trend, OfASinglePeriodIsZero) {
    expect_column(scaled_time(weeks("2024-01-01", 1)), {0});
}

TEST(Trend, BendsAtItsChangepoints) {
    const Mat columns = trend_columns(weeks("2024-01-01", 5), {0.25, 0.6});
    ASSERT_EQ(columns.cols(), 3);
    expect_column(columns.col(0), {0, 0.25, 0.5, 0.75, 1});
    expect_column(columns.col(1), {0, 0, 0.25, 0.5, 0.75});
    expect_column(columns.col(2), {0, 0, 0, 0.15, 0.4});
}

TEST(Trend, WithoutChangepointsIsALine) {
    EXPECT_EQ(trend_columns(weeks("2024-01-01", 5), {}).cols(), 1);
}

TEST(Waves, OfTheYearFollowTheDayOfTheYear) {
    const std::vector<Timestamp> times = {moment("2023-01-01"), moment("2023-07-02"), moment("2024-12-31")};
    const Mat columns = cycle_columns({PeriodUnit::year, 365.25, 2}, times);
    ASSERT_EQ(columns.cols(), 4);  // sin 1, sin 2, cos 1, cos 2
    const double days[] = {1, 183, 366};
    for (int i = 0; i < 3; ++i) {
        EXPECT_NEAR(columns(i, 0), std::sin(tau * days[i] / 365.25), 1e-14);
        EXPECT_NEAR(columns(i, 1), std::sin(2 * tau * days[i] / 365.25), 1e-14);
        EXPECT_NEAR(columns(i, 2), std::cos(tau * days[i] / 365.25), 1e-14);
        EXPECT_NEAR(columns(i, 3), std::cos(2 * tau * days[i] / 365.25), 1e-14);
    }
}

TEST(Waves, OfTheWeekStartOnMonday) {
    const std::vector<Timestamp> days = {moment("2024-01-01"), moment("2024-01-02"),
                                         moment("2024-01-08")};  // Monday, Tuesday, Monday
    const Mat columns = cycle_columns({PeriodUnit::week, 7, 1}, days);
    expect_column(columns.col(0), {0, std::sin(tau / 7), 0});
    expect_column(columns.col(1), {1, std::cos(tau / 7), 1});
}

TEST(Waves, OfAnyPeriodCountFrom1970) {
    const std::vector<Timestamp> times = {0, moment("1970-01-04"), moment("1970-01-11"), moment("1970-01-04 12:00:00")};
    const Mat columns = cycle_columns({PeriodUnit::days, 10, 1}, times);
    expect_column(columns.col(0), {0, std::sin(tau * 0.3), 0, std::sin(tau * 0.35)});
    expect_column(columns.col(1), {1, std::cos(tau * 0.3), 1, std::cos(tau * 0.35)});
}

TEST(Waves, OfAWholeNumberOfPeriodsAreOrthogonal) {
    std::vector<Timestamp> days;
    for (int i = 0; i < 70; ++i) days.push_back(i * microseconds_per_day);
    const Mat columns = cycle_columns({PeriodUnit::days, 35, 3}, days);
    EXPECT_LT((columns.transpose() * columns - 35 * Mat::Identity(6, 6)).norm(), 1e-9);
    EXPECT_LT(columns.colwise().sum().norm(), 1e-10);
}

Vec weekly_event(const EventShape& shape, const std::vector<const char*>& dates) {
    std::vector<Timestamp> all;
    for (const char* date : dates) all.push_back(moment(date));
    const auto times = weeks("2024-01-01", 5);
    return event_column(shape, all, times, detect_step(times));
}

TEST(Event, OfAPeriodIsOneInThePeriodThatHoldsItsDate) {
    const EventShape shape{EventFamily::period, 0, 0, 7};
    expect_column(weekly_event(shape, {"2024-01-08"}), {0, 1, 0, 0, 0});           // its first day
    expect_column(weekly_event(shape, {"2024-01-14 23:59:59"}), {0, 1, 0, 0, 0});  // its last second
    expect_column(weekly_event(shape, {"2024-01-15"}), {0, 0, 1, 0, 0});
    expect_column(weekly_event(shape, {"2024-02-04"}), {0, 0, 0, 0, 1});  // the last week's Sunday
    expect_column(weekly_event(shape, {"2023-12-31"}), {0, 0, 0, 0, 0});
    expect_column(weekly_event(shape, {"2024-02-05"}), {0, 0, 0, 0, 0});
}

TEST(Event, WidensByWholePeriods) {
    expect_column(weekly_event({EventFamily::period, 2, 0, 7}, {"2024-01-24"}), {0, 1, 1, 1, 0});
    expect_column(weekly_event({EventFamily::period, 0, 1, 7}, {"2024-01-24"}), {0, 0, 0, 1, 1});
    expect_column(weekly_event({EventFamily::period, 1, 3, 7}, {"2024-01-10"}), {1, 1, 1, 1, 1});
    // An event outside the data reaches in.
    expect_column(weekly_event({EventFamily::period, 1, 1, 7}, {"2023-12-31"}), {1, 0, 0, 0, 0});
    expect_column(weekly_event({EventFamily::period, 1, 1, 7}, {"2024-02-05"}), {0, 0, 0, 0, 1});
}

TEST(Event, SumsOverItsDates) {
    expect_column(weekly_event({EventFamily::period, 0, 0, 7}, {"2024-01-08", "2024-01-09", "2024-01-29"}),
                  {0, 2, 0, 0, 1});
    expect_column(weekly_event({EventFamily::period, 0, 0, 7}, {}), {0, 0, 0, 0, 0});
}

// Distances of the five weeks from Wednesday 17 January: the first two end 9 and 2 days before it (a microsecond more,
// as the last moment of Sunday is meant), the last two begin 5 and 12 days after it.
TEST(Event, OfGaussianShapeFallsOnBothSides) {
    const auto bump = [](double d) { return std::exp(-d * d / 2 / 16); };
    expect_column(weekly_event({EventFamily::gaussian, 0, 0, 4}, {"2024-01-17"}),
                  {bump(9), bump(2), 1, bump(5), bump(12)}, 1e-9);
}

TEST(Event, OfDecayHalvesAfterItsDateAndIsNothingBefore) {
    const auto left = [](double d) { return std::exp2(-d / 5); };
    expect_column(weekly_event({EventFamily::decay, 0, 0, 5}, {"2024-01-17"}), {0, 0, 1, left(5), left(12)}, 1e-12);
    expect_column(weekly_event({EventFamily::decay, 0, 0, 5}, {"2024-01-08"}), {0, 1, left(7), left(14), left(21)},
                  1e-12);
    expect_column(weekly_event({EventFamily::decay, 0, 0, 5}, {"2023-12-27"}),
                  {left(5), left(12), left(19), left(26), left(33)}, 1e-12);
}

TEST(Event, FollowsTheCalendarOfMonths) {
    const std::vector<Timestamp> months = {moment("2023-12-31"), moment("2024-01-31"), moment("2024-02-29"), moment("2024-03-31")};
    const TimeStep step = detect_step(months);
    const EventShape shape{EventFamily::period, 0, 1, 7};
    // A month that is named by its end runs until the next end: 29 February to 30 March.
    expect_column(event_column(shape, {moment("2024-03-30")}, months, step), {0, 0, 1, 1});
    const std::vector<Timestamp> starts = {moment("2024-01-28"), moment("2024-02-28"), moment("2024-03-28"), moment("2024-04-28")};
    expect_column(event_column({EventFamily::period, 0, 0, 7}, {moment("2024-03-29")}, starts, detect_step(starts)),
                  {0, 0, 1, 0});
}

TEST(Event, InAMonthThatStartsOnTheLastDayOfFebruaryIsCountedOnce) {
    const std::vector<Timestamp> months = {moment("2023-02-28"), moment("2023-03-28"), moment("2023-04-28"), moment("2023-05-28")};
    expect_column(event_column({EventFamily::period, 0, 0, 7}, {moment("2023-03-30")}, months, detect_step(months)),
                  {0, 1, 0, 0});
}

}  // namespace
}  // namespace mmm
