// What is missing is refused, or follows the rule that the specification gives it, and is counted.
#include "core/model/dataset.hpp"
#include "core/model/fitted_model.hpp"
#include "core/model/codec.hpp"
#include "model/findings_support.hpp"

namespace mmm {
namespace {

using test::column;
using test::good;

void erase_cell(Table& table, const std::string& name, std::size_t row) {
    column(table, name).values[row] = std::nan("");
    column(table, name).is_null[row] = true;
}

void erase_row(Table& table, std::size_t row) {
    const auto at = static_cast<std::ptrdiff_t>(row);
    table.time.erase(table.time.begin() + at);
    table.time_is_null.erase(table.time_is_null.begin() + at);
    if (!table.geo.empty()) table.geo.erase(table.geo.begin() + at);
    for (auto& c : table.columns) {
        c.values.erase(c.values.begin() + at);
        c.is_null.erase(c.is_null.begin() + at);
    }
}

struct Checked {
    std::vector<Finding> findings;
    Dataset data;
    std::string text;  // every finding
};

Checked checked(const std::string& rest, const Table& table) {
    Checked c;
    c.findings = check_data(*test::specification_with(rest), table, c.data);
    for (const auto& finding : c.findings) c.text += test::text(finding) + "\n";
    return c;
}

std::string refusal(const std::string& rest) {
    try {
        test::specification_with(rest);
    } catch (const Error& error) {
        return error.what();
    }
    return "accepted";
}

TEST(Missing, IsRefusedByDefaultWithEveryColumnCountedAndTheRemedyNamed) {
    Table table = good();
    for (const std::size_t row : {3u, 7u}) erase_cell(table, "tv", row);
    erase_cell(table, "rain", 5);
    erase_cell(table, "sales", 9);
    const Checked c = checked("", table);
    EXPECT_TRUE(has_errors(c.findings));
    EXPECT_NE(c.text.find("media.tv.spend: column \"tv\" is null in 2 rows, first at 2024-01-22"), std::string::npos) << c.text;
    EXPECT_NE(c.text.find(R"("missing": {"values": {"tv": "zero" or "carry"}})"), std::string::npos) << c.text;
    EXPECT_NE(c.text.find(R"("missing": {"values": {"rain": "zero" or "carry"}})"), std::string::npos) << c.text;
    EXPECT_NE(c.text.find(R"("missing": {"values": {"sales": "skip" or "zero"}})"), std::string::npos) << c.text;
}

TEST(Missing, ZeroCountsAsZeroAndSaysSo) {
    Table table = good();
    erase_cell(table, "tv", 3);
    const Checked c = checked(R"("missing": {"values": {"media": "zero"}})", table);
    ASSERT_FALSE(has_errors(c.findings)) << c.text;
    EXPECT_EQ(c.data.spend(3, 0), 0);
    EXPECT_NE(c.text.find("info counted_as_zero missing.values: 1 value of column \"tv\" counted as zero by missing.values"), std::string::npos)
        << c.text;
    ASSERT_EQ(c.data.filled.cells.size(), 1u);
    EXPECT_EQ(c.data.filled.cells[0].cells, 1);
}

TEST(Missing, MuchMadeUpIsAWarning) {
    Table table = good();
    for (std::size_t row = 0; row < 7; ++row) erase_cell(table, "tv", 2 * row);
    EXPECT_NE(checked(R"("missing": {"values": {"tv": "zero"}})", table).text.find("warning counted_as_zero"), std::string::npos);
}

TEST(Missing, CarriesTheLastValueOnAndNeverInventsTheFirst) {
    Table table = good();
    const double before = column(table, "rain").values[4];
    erase_cell(table, "rain", 5);
    erase_cell(table, "rain", 6);
    const Checked c = checked(R"("missing": {"values": {"controls": "carry"}})", table);
    ASSERT_FALSE(has_errors(c.findings)) << c.text;
    EXPECT_EQ(c.data.controls(5, 0), before);
    EXPECT_EQ(c.data.controls(6, 0), before);
    erase_cell(table, "rain", 0);
    EXPECT_NE(checked(R"("missing": {"values": {"controls": "carry"}})", table).text.find("column \"rain\" is null in 1 row, first at 2024-01-01"),
              std::string::npos);
}

TEST(Missing, TheRuleOfAColumnGoesBeforeThatOfItsRole) {
    Table table = good();
    erase_cell(table, "tv", 3);
    erase_cell(table, "clicks", 3);
    const double before = column(table, "clicks").values[2];
    const Checked c = checked(R"("missing": {"values": {"media": "zero", "clicks": "carry"}})", table);
    ASSERT_FALSE(has_errors(c.findings)) << c.text;
    EXPECT_EQ(c.data.spend(3, 0), 0);
    EXPECT_EQ(c.data.exposure(3, 1), before);
}

TEST(Missing, ASkippedKpiIsNotInTheLikelihoodAndHasNoActualValue) {
    Table table = good();
    erase_cell(table, "sales", 9);
    const std::string rest = R"("missing": {"values": {"kpi": "skip"}}, "sampler": {"method": "map"})";
    const Checked c = checked(rest, table);
    ASSERT_FALSE(has_errors(c.findings)) << c.text;
    EXPECT_EQ(c.data.fitted_rows(), 59);
    EXPECT_FALSE(c.data.kpi_known(9));
    // Whatever stood in the row, the fit is that without it: the KPI reaches the model by no path.
    const FittedModelPtr model = fit(*test::specification_with(rest), table, Host{});
    const FittedModelPtr same = model_from_bytes(model_to_bytes(*model));
    for (const auto* m : {&model, &same}) {
        const auto rows = fitted(**m, 0.9, [] {});
        EXPECT_TRUE(std::isnan(rows[9].actual));
        EXPECT_TRUE(rows[9].holdout);
        EXPECT_TRUE(std::isfinite(rows[9].mean));
        EXPECT_EQ(rows[8].actual, column(table, "sales").values[8]);
    }
    Table held = good();
    TableColumn mark = column(held, "sales");
    mark.name = "held";
    for (std::size_t row = 0; row < 60; ++row) mark.values[row] = row == 9 ? 1 : 0;
    held.columns.push_back(mark);
    const FittedModelPtr other = fit(*test::specification_with(R"("holdout": {"column": "held"}, "sampler": {"method": "map"})"), held, Host{});
    EXPECT_EQ(other->values, model->values);
}

TEST(Missing, WhatWasPutInStaysWithTheModelAndItsReview) {
    Table table = good();
    erase_cell(table, "tv", 3);
    const FittedModelPtr model = model_from_json(
        model_to_json(*fit(*test::specification_with(R"("missing": {"values": {"tv": "zero"}}, "sampler": {"method": "map"})"), table, Host{})));
    bool found = false;
    for (const auto& row : diagnostics(*model, [] {}))
        if (row.metric == "missing.tv") found = row.value == 1.0 && row.verdict == "ok" && row.message == "values that were missing, counted as zero";
    EXPECT_TRUE(found);
}

TEST(Missing, PeriodsAreFilledOnTheGridOfTheSmallestStep) {
    Table table = good();
    const Table whole = table;
    erase_row(table, 20);
    erase_row(table, 20);
    erase_row(table, 40);
    EXPECT_NE(checked("", table).text.find(R"("missing": {"periods": "fill", "values": ...})"), std::string::npos);
    const Checked c = checked(R"("missing": {"periods": "fill", "values": {"media": "zero", "controls": "carry", "kpi": "skip"}})", table);
    ASSERT_FALSE(has_errors(c.findings)) << c.text;
    EXPECT_EQ(c.data.time, whole.time);
    EXPECT_EQ(c.data.fitted_rows(), 57);
    EXPECT_EQ(c.data.spend(20, 0), 0);
    EXPECT_NE(c.text.find("info rows_filled missing.periods: 3 rows that the source lacks were added"), std::string::npos) << c.text;
    // A column without a rule is what it always is: NULL is an error.
    EXPECT_NE(checked(R"("missing": {"periods": "fill", "values": {"media": "zero", "controls": "carry"}})", table)
                  .text.find("column \"sales\" is null in 3 rows"),
              std::string::npos);
}

TEST(Missing, TimesThatFitNoGridStayAnError) {
    Table table = good();
    table.time[30] += microseconds_per_day;
    const std::string rest = R"("missing": {"periods": "fill", "values": {"media": "zero", "controls": "carry", "kpi": "skip"}})";
    EXPECT_NE(checked(rest, table).text.find("error irregular_steps"), std::string::npos);
    // Nor is more made up than there is.
    Table sparse = good();
    for (std::size_t row = 2; row < sparse.rows(); ++row) sparse.time[row] += 200 * 7 * microseconds_per_day;
    EXPECT_NE(checked(rest, sparse).text.find("error irregular_steps"), std::string::npos);
}

TEST(Missing, MonthsAreFilledByTheCalendar) {
    Table table = test::simulated_table(R"({"time": "week", "kpi": "sales", "media": {"tv": "tv", "web": {"spend": "web", "exposure": "clicks"}},
        "controls": ["rain"], "simulate": {"periods": 60, "start": "2020-01-31", "step": "month"}})", 1);
    const Table whole = table;
    erase_row(table, 25);  // a February
    erase_row(table, 30);
    const Checked c = checked(R"("missing": {"periods": "fill", "values": {"media": "zero", "controls": "carry", "kpi": "skip"}})", table);
    ASSERT_FALSE(has_errors(c.findings)) << c.text;
    EXPECT_EQ(c.data.time, whole.time);
}

TEST(Missing, AWrongRuleIsRefusedByPath) {
    EXPECT_EQ(refusal(R"("missing": {"values": {"kpi": "carry"}})"), "missing.values.kpi: \"carry\" is no rule for kpi, expected refuse, skip or zero");
    EXPECT_EQ(refusal(R"("missing": {"values": {"tv": "skip"}})"), "missing.values.tv: \"skip\" is no rule for media, expected refuse, zero or carry");
    EXPECT_EQ(refusal(R"("missing": {"values": {"rian": "zero"}})"),
              "missing.values.rian: neither a column of the model nor a role (did you mean \"rain\"?)");
    EXPECT_EQ(refusal(R"("missing": {"period": "fill"})"), "missing.period: unknown key (did you mean \"periods\"?)");
    EXPECT_EQ(refusal(R"("controls": ["rain", {"column": "clicks", "name": "c"}], "missing": {"values": {"media": "zero"}})"),
              "missing.values: column \"clicks\" is in media and in controls, which have different rules");
}

TEST(Missing, RulesAreReadBackAsWritten) {
    const auto spec = test::specification_with(R"("missing": {"periods": "fill", "values": {"media": "zero", "kpi": "skip"}})");
    const std::string written = specification_json(*spec);
    EXPECT_EQ(specification_json(*parse_specification(written)), written);
    EXPECT_TRUE(spec->missing.fill_periods);
}

const char* const panel_document = R"({"time": "week", "geo": "geo", "population": "people", "kpi": "sales", "media": {"tv": "tv"},
    "controls": ["rain"], "seasonality": false, "trend": "none", "simulate": {"periods": 20, "geos": 3},
    "missing": {"periods": "fill", "values": {"media": "zero", "controls": "carry", "kpi": "skip", "population": "carry"}}})";

TEST(Missing, APanelIsCompletedGeoByGeo) {
    Table table = test::simulated_table(panel_document, 1);
    const std::size_t second = static_cast<std::size_t>(std::find(table.geo.begin(), table.geo.end(), 1) - table.geo.begin());
    const double people = column(table, "people").values[second], rain = column(table, "rain").values[second + 4];
    erase_row(table, second + 5);
    Dataset data;
    const auto findings = check_data(*parse_specification(panel_document), table, data);
    ASSERT_FALSE(has_errors(findings));
    EXPECT_EQ(data.rows(), 60);
    EXPECT_EQ(data.population[1], people);
    EXPECT_EQ(data.spend(25, 0), 0);
    EXPECT_EQ(data.controls(25, 0), rain);
    EXPECT_TRUE(data.holdout[25]);
    EXPECT_EQ(data.fitted_rows(), 59);
}

TEST(Missing, ForecastsFollowTheSameRulesAndCarryOnFromTheHistory) {
    const std::string rest = R"("missing": {"values": {"media": "zero", "controls": "carry"}}, "sampler": {"method": "map"})";
    const auto spec = test::specification_with(rest);
    const FittedModelPtr model = fit(*spec, test::first_rows(good(), 50), Host{});
    Table future = good(), zero = good();
    for (Table* table : {&future, &zero})
        for (int row = 0; row < 50; ++row) erase_row(*table, 0);
    erase_cell(future, "tv", 2);
    erase_cell(future, "rain", 0);
    column(zero, "tv").values[2] = 0;
    column(zero, "rain").values[0] = model->data.controls(49, 0);
    const auto by_rule = predict(*model, future, 0.9, [] {}), by_hand = predict(*model, zero, 0.9, [] {});
    ASSERT_EQ(by_rule.size(), 10u);
    for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(by_rule[i].mean, by_hand[i].mean);
}

TEST(Missing, CrossValidationScoresWhatWasMeasured) {
    Table table = good();
    erase_cell(table, "sales", 55);
    erase_cell(table, "tv", 50);
    const auto spec = test::specification_with(R"("missing": {"values": {"media": "zero", "kpi": "skip"}}, "sampler": {"method": "map"})");
    for (const auto& row : cross_validate(*spec, R"({"initial": 50, "horizon": 10})", table, Host{}))
        EXPECT_EQ(std::isfinite(row.value), row.metric != "coverage") << row.metric;  // one draw has no interval
}

}  // namespace
}  // namespace mmm
