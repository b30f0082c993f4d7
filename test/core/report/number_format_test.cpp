// Numbers and axes as people read them.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>

#include "core/report/number_format.hpp"
#include "core/report/scale.hpp"
#include "core/report/svg.hpp"
#include "core/transform/calendar.hpp"

namespace mmm::page {
namespace {

TEST(ReportNumbers, HaveThreeDigitsAndSeparators) {
    EXPECT_EQ(compact(0), "0");
    EXPECT_EQ(compact(0.012345), "0.0123");
    EXPECT_EQ(compact(1.234), "1.23");
    EXPECT_EQ(compact(123.4), "123");
    EXPECT_EQ(compact(1234.5), "1,234");
    EXPECT_EQ(compact(12345), "12.3k");
    EXPECT_EQ(compact(999.6), "1,000");
    EXPECT_EQ(compact(9999.6), "10.0k");
    EXPECT_EQ(compact(999'950), "1.00M");
    EXPECT_EQ(compact(-1'234'567), "−1.23M");
    EXPECT_EQ(compact(4.56e9), "4.56B");
    EXPECT_EQ(compact(7.8e12), "7.80T");
    EXPECT_EQ(compact(1e20), "1.0e+20");
    EXPECT_EQ(compact(NAN), "–");
    EXPECT_EQ(grouped(1234567.891, 1), "1,234,567.9");
    EXPECT_EQ(grouped(-0.001, 2), "0.00");
    EXPECT_EQ(percent(0.2345), "23\u00a0%");
    EXPECT_EQ(percent(0.04321), "4.3\u00a0%");
    EXPECT_EQ(percent(-0.0004), "−0.04\u00a0%");
    EXPECT_EQ(percent(0.00001), "0\u00a0%");
    EXPECT_EQ(ratio(2.345), "2.35");
    EXPECT_EQ(ratio(5033.2), "5,033");
    EXPECT_EQ(count_of(1, "week", "weeks"), "1 week");
    EXPECT_EQ(count_of(2, "week", "weeks"), "2 weeks");
    EXPECT_EQ(join_and({"a", "b", "c"}), "a, b and c");
}

TEST(ReportNumbers, AxesHaveRoundTicksAroundAllValues) {
    rc::check("axes", [] {
        const double low = *rc::gen::inRange(-1'000'000, 1'000'000) * 1e-3;
        const double high = low + *rc::gen::inRange(1, 1'000'000) * 1e-3;
        const Scale scale = nice_scale(low, high, 0, 100, 5);
        RC_ASSERT(scale.low <= std::min(low, 0.0) + 1e-9 && scale.high >= std::max(high, 0.0) - 1e-9);
        RC_ASSERT(scale.ticks.size() >= 2 && scale.ticks.size() <= 8);
        const auto labels = tick_labels(scale.ticks);
        for (std::size_t i = 1; i < labels.size(); ++i) RC_ASSERT(labels[i] != labels[i - 1]);
        RC_ASSERT(
            std::any_of(scale.ticks.begin(), scale.ticks.end(), [](double tick) { return std::fabs(tick) < 1e-9; }));
    });
}

TEST(ReportNumbers, AxisLabelsShareDecimalsAndSuffix) {
    EXPECT_EQ(tick_labels({0, 250'000, 500'000}), (std::vector<std::string>{"0", "250k", "500k"}));
    EXPECT_EQ(tick_labels({0, 0.25, 0.5}), (std::vector<std::string>{"0", "0.25", "0.50"}));
    EXPECT_EQ(tick_labels({0, 2.5e6, 5e6, 7.5e6}), (std::vector<std::string>{"0", "2.5M", "5.0M", "7.5M"}));
    EXPECT_EQ(tick_labels({-2000, 0, 2000}), (std::vector<std::string>{"−2,000", "0", "2,000"}));
}

TEST(ReportNumbers, DatesAreMarkedAtTheBeginOfMonthsAndYears) {
    std::vector<Timestamp> weeks;
    for (int i = 0; i < 104; ++i) weeks.push_back(*parse_timestamp("2022-01-03") + i * 7 * microseconds_per_day);
    const auto ticks = date_ticks(weeks, 5);
    ASSERT_EQ(ticks.size(), 4u);
    EXPECT_EQ(ticks[0].label, "Jan 2022");
    EXPECT_EQ(ticks[1].label, "Jul");
    EXPECT_EQ(ticks[2].label, "Jan 2023");
    EXPECT_EQ(ticks[2].index, 52u);
    EXPECT_EQ(date_text(weeks[0]), "3 Jan 2022");
    weeks.resize(6);
    EXPECT_EQ(date_ticks(weeks, 8).front().label, "3 Jan");
    for (const std::size_t most : {3u, 5u, 11u})
        for (const int n : {1, 2, 9, 60, 400, 4000}) {
            std::vector<Timestamp> days;
            for (int i = 0; i < n; ++i) days.push_back(i * microseconds_per_day);
            EXPECT_LE(date_ticks(days, most).size(), most) << n;
        }
}

TEST(ReportNumbers, CoordinatesAreAlwaysNumbers) {
    EXPECT_EQ(coordinate(NAN), "0");
    EXPECT_EQ(coordinate(INFINITY), "0");
    EXPECT_EQ(coordinate(-0.01), "0");
    EXPECT_EQ(coordinate(12.34), "12.3");
    EXPECT_EQ(coordinate(12), "12");
}

}  // namespace
}  // namespace mmm::page
