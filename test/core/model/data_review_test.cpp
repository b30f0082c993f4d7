// What mmm_validate says of data that can be fitted but should be looked at first.
#include <gtest/gtest.h>

#include <cmath>

#include "model/findings_support.hpp"

namespace mmm {
namespace {

using test::codes_of;
using test::column;
using test::expect_findings;
using test::good;

using Codes = std::vector<std::string>;

Codes found(const Table& table, const std::string& rest = "") {
    return codes_of(validate(*test::specification_with(rest), table, Host{}));
}

TEST(DataReview, NamesWhatMakesUpACollinearColumn) {
    Table table = good();
    const std::vector<double> tv = column(table, "tv").values;
    const auto [mean, e] = test::uncorrelated_with(tv);
    for (std::size_t t = 0; t < tv.size(); ++t) {
        column(table, "clicks").values[t] = e[t] + 10 * mean;
        column(table, "rain").values[t] = tv[t] + column(table, "clicks").values[t];
    }
    test::pay_the_same_for_each_click(table);
    const auto findings = validate(*test::specification_with(""), table, Host{});
    ASSERT_EQ(codes_of(findings),
              (Codes{"warning collinear media.tv", "warning collinear media.web", "warning collinear controls.rain"}));
    EXPECT_NE(findings[2].message.find(
                  "an infinite variance inflation factor, above 1000: the other columns explain 100 % of it"),
              std::string::npos)
        << findings[2].message;
    EXPECT_NE(findings[2].message.find("media.tv"), std::string::npos);
    EXPECT_NE(findings[2].message.find("media.web"), std::string::npos);
}

TEST(DataReview, LeavesAPairToTheCorrelationThatExplainsIt) {
    Table table = good();
    for (std::size_t t = 0; t < 60; ++t) column(table, "clicks").values[t] = 3 * column(table, "tv").values[t];
    test::pay_the_same_for_each_click(table);
    EXPECT_EQ(found(table), (Codes{"warning correlated_media media.web"}));
}

TEST(DataReview, OfColumnsThatHardlyVary) {
    Table table = good();
    for (std::size_t t = 0; t < 60; ++t)
        column(table, "rain").values[t] = 1000 + (t % 2 == 0 ? 0.01 : -0.01) * (t % 3 == 0 ? 1 : -1);
    const auto findings = validate(*test::specification_with(""), table, Host{});
    ASSERT_EQ(codes_of(findings), (Codes{"warning little_variation controls.rain"}));
    EXPECT_EQ(
        findings[0].message,
        "the control varies by 1e-05 of its largest value (standard deviation), less than 0.0001, so there is next to "
        "nothing to learn from");
    table = good();
    for (std::size_t t = 0; t < 60; ++t)
        column(table, "sales").values[t] = 1000 + 0.01 * static_cast<double>(t * 7 % 5);
    EXPECT_EQ(found(table).front(), "warning little_variation kpi");
}

TEST(DataReview, OfCostsThatStandOut) {
    Table table = good();
    for (std::size_t t = 0; t < 60; ++t) {
        const double clicks = 100 + static_cast<double>(t * 7 % 11);
        column(table, "clicks").values[t] = clicks;
        column(table, "web").values[t] = clicks * (2 + 0.1 * static_cast<double>(t % 5));  // quartiles 2.1 and 2.3
    }
    EXPECT_EQ(found(table), Codes{});
    column(table, "web").values[20] = 2.65 * column(table, "clicks").values[20];
    EXPECT_EQ(found(table), (Codes{"info cost_outliers media.web"}));
    column(table, "web").values[21] = 10 * column(table, "clicks").values[21];
    const auto findings = validate(*test::specification_with(""), table, Host{});
    ASSERT_EQ(codes_of(findings), (Codes{"warning cost_outliers media.web"}));
    EXPECT_EQ(findings[0].message,
              "spend per unit of exposure is outside 1.8 to 2.6 (quartiles and 1.5 interquartile ranges) in 2 periods, "
              "1 of them "
              "beyond 3; the farthest is 10 at 2024-05-27");
}

TEST(DataReview, OfEqualCostsIsSilent) {
    Table table = good();
    for (std::size_t t = 0; t < 60; ++t) column(table, "web").values[t] = column(table, "clicks").values[t] * 0.1;
    EXPECT_EQ(found(table), Codes{});
}

TEST(DataReview, OfSpendThatBoughtNothing) {
    Table table = good();
    for (const std::size_t t : {3U, 8U}) column(table, "clicks").values[t] = 0;
    column(table, "web").values[3] = 12.5;
    column(table, "web").values[8] = 1;
    const auto findings = validate(*test::specification_with(""), table, Host{});
    ASSERT_FALSE(findings.empty());
    EXPECT_EQ(codes_of(findings)[0], "warning spend_without_exposure media.web");
    EXPECT_EQ(findings[0].message,
              "there is spend without exposure in 2 periods, first at 2024-01-22: 12.5 spent on nothing");
}

TEST(DataReview, CountsRowsForColumnsAndEffects) {
    const Table table = test::first_rows(good(), 28);
    // 3 columns; intercept, rain, tv and web are 4 effects.
    const auto findings = validate(*test::specification_with(""), table, Host{});
    ASSERT_EQ(codes_of(findings), (Codes{"warning few_rows_per_column time", "info few_rows_per_effect time"}));
    EXPECT_EQ(findings[0].message, "28 periods for 3 columns of media and controls are 9.333 for each, less than 10");
    EXPECT_EQ(findings[1].message,
              "28 periods for 4 effects are 7 for each, less than 10; 4 are too few and 15 enough for a direction");
}

// ---- panels ----

const char* const panel =
    R"({"preset": "meridian", "time": "week", "geo": "region", "population": "people", "kpi": "sales",
    "media": {"tv": {"spend": "tv", "exposure": "grp"}, "web": "web"},
    "controls": ["rain", "shops"], "seasonality": false,
    "trend": {"family": "knots", "knots": 2}, "simulate": {"geos": 8, "periods": 40}})";

std::vector<Finding> findings_of_panel(const Table& table, const std::string& rest = "") {
    Json json = Json::parse(panel);
    json.update(Json::parse("{" + rest + "}"));
    return validate(*parse_specification(json.dump()), table, Host{});
}

template <typename Value>
void set(Table& table, const std::string& name, Value&& value) {
    auto& values = column(table, name).values;
    for (std::size_t row = 0; row < values.size(); ++row)
        values[row] =
            value(static_cast<std::size_t>(table.geo[row]), table.time[row] / 1'000'000 / 86'400 / 7, values[row]);
}

bool contains(const std::vector<Finding>& findings, const std::string& code) {
    for (const auto& text : codes_of(findings))
        if (text == code) return true;
    return false;
}

std::string message_of(const std::vector<Finding>& findings, const std::string& code, const std::string& field) {
    for (const auto& finding : findings)
        if (finding.code == code && finding.field == field) return finding.message;
    return "no such finding";
}

double wave(std::size_t geo, std::int64_t week) {
    return std::sin(static_cast<double>(week * week) + 2.0 * static_cast<double>(geo));
}

TEST(DataReview, OfASimulatedPanelFindsNothingToWarnOf) {
    for (const auto& finding : findings_of_panel(test::simulated_table(panel, 1)))
        EXPECT_EQ(finding.severity, "info") << finding.message;
}

TEST(DataReview, OfAControlOfTimeAloneWarnsWhereEveryPeriodHasAKnot) {
    Table table = test::simulated_table(panel, 1);
    set(table, "rain", [](std::size_t, std::int64_t week, double) { return std::sin(static_cast<double>(week)); });
    EXPECT_TRUE(contains(findings_of_panel(table), "info same_in_every_geo controls.rain"));
    const auto findings = findings_of_panel(table, R"("trend": {"family": "knots", "knots": "each"})");
    EXPECT_TRUE(contains(findings, "warning same_in_every_geo controls.rain"));
    EXPECT_EQ(message_of(findings, "same_in_every_geo", "controls.rain"),
              "the control is a function of time: adjusted R2 1 on periods, above 0.99, and a knot in each period can "
              "say the same");
}

TEST(DataReview, OfAControlOfTheGeoAloneWarnsWhereGeosHaveIntercepts) {
    Table table = test::simulated_table(panel, 1);
    set(table, "shops",
        [](std::size_t geo, std::int64_t, double) { return 10.0 + static_cast<double>(geo * geo % 7); });
    EXPECT_TRUE(contains(findings_of_panel(table), "warning same_in_every_period controls.shops"));
}

TEST(DataReview, ComparesColumnsWithinGeosToo) {
    // Levels that differ by geo hide that the two move together in each.
    Table table = test::simulated_table(panel, 1);
    set(table, "rain",
        [](std::size_t geo, std::int64_t week, double) { return wave(geo, week) + (geo % 2 == 0 ? 50.0 : -50.0); });
    set(table, "shops",
        [](std::size_t geo, std::int64_t week, double) { return wave(geo, week) + (geo % 4 < 2 ? 50.0 : -50.0); });
    const auto findings = findings_of_panel(table);
    EXPECT_TRUE(contains(findings, "warning correlated_drivers controls.shops"));
    EXPECT_EQ(message_of(findings, "correlated_drivers", "controls.shops"),
              "within geos, the control has correlation 1.000 with that of controls.rain, beyond 0.999");
}

TEST(DataReview, OfGeosWhereADriverNeverChanges) {
    Table table = test::simulated_table(panel, 1);
    set(table, "rain", [](std::size_t geo, std::int64_t week, double) { return geo < 2 ? 1.0 : wave(geo, week); });
    const auto findings = findings_of_panel(table);
    ASSERT_TRUE(contains(findings, "info idle_geos controls.rain"));
    const std::string message = message_of(findings, "idle_geos", "controls.rain");
    EXPECT_EQ(message.find("the control never changes in 2 of 8 geos: "), 0U) << message;
}

TEST(DataReview, OfEffectsThatVaryOverTooFewGeosToLearnByHowMuch) {
    const auto findings_with = [](int geos, const std::string& rest) {
        const std::string text = R"({"time": "week", "geo": "geo", "kpi": "sales", "media": {"tv": "tv", "web": "web"})" + rest +
                                 R"(, "simulate": {"periods": 40, "geos": )" + std::to_string(geos) + "}}";
        return validate(*parse_specification(text), test::simulated_table(text, 1), Host{});
    };
    EXPECT_TRUE(contains(findings_with(2, ""), "warning few_geos media.tv"));
    EXPECT_FALSE(contains(findings_with(5, ""), "warning few_geos media.tv"));
    EXPECT_FALSE(contains(findings_with(2, R"(, "media_geo_effect": "common")"), "warning few_geos media.tv"));
}

TEST(DataReview, OfColumnsThatGrowWithPopulationOrAreDividedTwice) {
    Table table = test::simulated_table(panel, 1);
    const std::vector<double> people = column(table, "people").values;
    auto& shops = column(table, "shops").values;
    auto& grp = column(table, "grp").values;
    for (std::size_t row = 0; row < people.size(); ++row) {
        const double w = 1 + 0.2 * wave(static_cast<std::size_t>(table.geo[row]), table.time[row] / 604'800'000'000);
        shops[row] = people[row] * w;
        grp[row] = 100 * w;  // points are per head already
    }
    auto findings = findings_of_panel(table);
    EXPECT_TRUE(contains(findings, "info grows_with_population controls.shops"));
    EXPECT_TRUE(contains(findings, "warning scaled_twice media.tv"));
    findings = findings_of_panel(table, R"("controls": ["rain", {"column": "shops", "per_capita": true}])");
    EXPECT_FALSE(contains(findings, "info grows_with_population controls.shops"));
}

}  // namespace
}  // namespace mmm
