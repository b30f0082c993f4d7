// Data that cannot be modelled: what is found, in which words, and all of it at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/model/dataset.hpp"
#include "model/findings_support.hpp"

namespace mmm {
namespace {

using test::column;
using test::expect_findings;
using test::good;

void fill(TableColumn& c, double value) {
    std::fill(c.values.begin(), c.values.end(), value);
}

void set_null(TableColumn& c, std::size_t row) {
    c.values[row] = std::nan("");
    c.is_null[row] = true;
}

const std::string add_periods =
    "Add a row for every period (generate_series() lists them), or let missing rows follow the rules of their columns: "
    "\"missing\": {\"periods\": \"fill\", \"values\": ...}, where most of the rows are there.";
const std::string name_column = "Name a column of the source; a key of a jsonb column is written as column.key.";
const std::string more_rows =
    "Use more periods, fewer media or controls, a lower seasonality order or fewer changepoints.";
const std::string speak = more_rows + " Expect the priors to speak loudly.";

TEST(Findings, OfGoodDataAreNone) {
    expect_findings(good(), {});
}

TEST(Findings, OfColumnsThatAreNotThere) {
    Table table = good();
    column(table, "tv").name = "tv_spend";
    table.available = {"week", "sales", "tvs", "web", "clicks", "rain"};
    column(table, "rain").status = ColumnStatus::missing;
    expect_findings(
        table,
        {"error missing_column media.tv.spend: column \"tv\" does not exist (did you mean \"tvs\"?) | " + name_column,
         "error missing_column controls.rain: column \"rain\" does not exist (did you mean \"rain\"?) | " +
             name_column});
}

TEST(Findings, OfATimeColumnThatCannotBeUsed) {
    Table table = good();
    table.time_status = ColumnStatus::missing;
    table.available = {"weeks", "sales"};
    expect_findings(table, {"error missing_column time: column \"week\" does not exist (did you mean \"weeks\"?) | "
                            "Name a column of type date, timestamp or timestamptz."});
    table.time_status = ColumnStatus::wrong_type;
    table.time_type_name = "text";
    expect_findings(table, {"error wrong_type time: column \"week\" is of type text | "
                            "Use a column of type date, timestamp or timestamptz, or cast it in a view."});
    table = good();
    table.time_is_null[3] = table.time_is_null[5] = true;
    expect_findings(
        table, {"error null_time time: column \"week\" is null or infinite in 2 rows | Filter these rows in a view."});
    table = good();
    table.time[3] = INT64_MAX;
    expect_findings(table, {"error time_out_of_range time: column \"week\" is outside the years 1 to 9999 in 1 row | "
                            "Filter these rows in a view."});
}

TEST(Findings, OfCellsThatAreNoNumbers) {
    Table table = good();
    set_null(column(table, "tv"), 2);
    set_null(column(table, "tv"), 7);
    set_null(column(table, "rain"), 1);
    column(table, "sales").values[4] = std::nan("");
    column(table, "clicks").values[0] = INFINITY;
    expect_findings(table, {"error not_a_number kpi: column \"sales\" is not a finite number in 1 row, first at "
                            "2024-01-29 | Correct or filter these rows.",
                            "error null_value media.tv.spend: column \"tv\" is null in 2 rows, first at 2024-01-15 | "
                                "Say what a missing value stands for: \"missing\": {\"values\": {\"tv\": \"zero\" or \"carry\"}}, or fill the gaps in a view.",
                            "error not_a_number media.web.exposure: column \"clicks\" is not a finite number in 1 row, "
                            "first at 2024-01-01 | "
                            "Correct or filter these rows.",
                            "error null_value controls.rain: column \"rain\" is null in 1 row, first at 2024-01-08 | "
                            "Say what a missing value stands for: \"missing\": {\"values\": {\"rain\": \"zero\" or \"carry\"}}, or fill the gaps in a view."});
    table = good();
    column(table, "tv").status = ColumnStatus::wrong_type;
    column(table, "tv").type_name = "text";
    expect_findings(table, {"error not_numeric media.tv.spend: column \"tv\" is of type text, expected a number | "
                            "Use a numeric column, or cast it in a view."});
}

TEST(Findings, OfNegativeAmounts) {
    Table table = good();
    column(table, "tv").values[3] = -0.5;
    column(table, "tv").values[9] = -7;
    column(table, "rain").values[0] = -3;  // a control may be negative
    expect_findings(table, {"error negative_value media.tv.spend: column \"tv\" is -0.5 at 2024-01-22 (2 rows), "
                            "expected numbers of 0 or more | "
                            "Correct these rows; refunds and corrections belong to the period they correct."});
}

TEST(Findings, OfRepeatedTimes) {
    Table table = good();
    table.time[5] = table.time[4];
    table.time[6] = table.time[4];
    expect_findings(table, {"error duplicate_time time: time 2024-01-29 occurs more than once (2 rows too many) | "
                            "A national model has one row a period: aggregate with GROUP BY, filter to one market, or name the column of the geos as \"geo\".",
                            "error irregular_steps time: times are not evenly spaced: 2024-02-19 follows 2024-01-29, "
                            "the first step is from "
                            "2024-01-01 to 2024-01-08 | " + add_periods});
}

TEST(Findings, OfIrregularSteps) {
    Table table = good();
    for (std::size_t i = 10; i < table.rows(); ++i) table.time[i] += microseconds_per_day;
    expect_findings(table, {"error irregular_steps time: times are not evenly spaced: 2024-03-12 follows 2024-03-04, "
                            "the first step is from "
                            "2024-01-01 to 2024-01-08 | " + add_periods});
}

TEST(Findings, OfColumnsWithoutVariation) {
    Table table = good();
    fill(column(table, "tv"), 5);
    fill(column(table, "rain"), 2);
    fill(column(table, "sales"), 100);
    expect_findings(
        table,
        {"error no_variation controls.rain: column \"rain\" has the same value in every fitted period | Remove the "
         "control.",
         "error no_variation kpi: column \"sales\" has the same value in every period | Check that this is the right "
         "column.",
         "error no_variation media.tv: column \"tv\" is 5 in every fitted period, so its effect cannot be told from "
         "the "
         "intercept | "
         "Remove the medium, or widen the period, or hold out less."});
}

TEST(Findings, OfSpend) {
    Table table = good();
    fill(column(table, "web"), 0);
    expect_findings(
        table,
        {"error no_spend media.web.spend: column \"web\" is 0 in every fitted period, so no ROI can be computed | "
         "Name the spend column, or move the medium to organic_media."});
    table = good();
    column(table, "web").values[3] = 0;
    column(table, "web").values[8] = 0;
    expect_findings(table, {"warning exposure_without_spend media.web: there is exposure without spend in 2 periods | "
                            "Check that spend and exposure are booked in the same period."});
}

TEST(Findings, OfTooFewRows) {
    expect_findings(test::first_rows(good(), 7),
                    {"error too_few_rows time: 7 periods to fit 9 parameters | " + more_rows});
    expect_findings(test::first_rows(good(), 20), {"warning few_rows time: 20 periods to fit 9 parameters | " + speak});
    expect_findings(test::first_rows(good(), 40), {});
    expect_findings(good(), {"error too_few_rows time: 8 periods to fit 9 parameters | Of 60, 52 are held out by holdout, fit_from or missing: hold out fewer."},
                    R"("holdout": {"last": 52})");
    expect_findings(good(), {"error too_few_rows time: 0 periods to fit 9 parameters | Of 60, 60 are held out by holdout, fit_from or missing: hold out fewer."},
                    R"("holdout": {"last": 60})");
    Table empty = test::first_rows(good(), 0);
    const std::string hint = " | Check the filter; row-level security may hide rows from this role.";
    expect_findings(empty, {"error no_rows source: there are no rows in simulated" + hint});
    empty.source.clear();
    expect_findings(empty, {"error no_rows source: there are no rows" + hint});
}

TEST(Findings, OfAKpiThatCannotBeScaled) {
    Table table = good();
    for (double& value : column(table, "sales").values) value = -std::fabs(value) - 1;
    const std::string hint = R"(Use "scaling": {"kpi": "standardize"}.)";
    expect_findings(table, {"error not_positive kpi: column \"sales\" has no value above 0 to scale by | " + hint});
    expect_findings(table, {"error not_positive kpi: column \"sales\" has no mean above 0 to scale by | " + hint},
                    R"("scaling": {"kpi": "mean"})");
    expect_findings(table, {}, R"("scaling": {"kpi": "standardize"})");
    // Held-out values are not known, so they cannot serve.
    column(table, "sales").values.back() = 1e6;
    expect_findings(table, {"error not_positive kpi: column \"sales\" has no value above 0 to scale by | " + hint},
                    R"("holdout": {"last": 1})");
    expect_findings(table,
                    {"error not_positive kpi: column \"sales\" has no sum above 0 of which media could have a share | "
                     R"(Use priors of "kind": "coefficient" or "roi".)"},
                    R"("scaling": {"kpi": "standardize"}, "holdout": {"last": 1}, "media": {"tv": {"spend": "tv",
            "prior": {"kind": "contribution"}},
                       "web": "web"})");
}

TEST(Findings, OfEvents) {
    const std::string outside =
        "no date of the event lies in or reaches into the data, which runs from 2024-01-01 to before 2025-02-24 | "
        "Remove the event, or correct its dates.";
    const auto event = [](const std::string& dates) {
        return R"("events": [{"name": "sale", "dates": [)" + dates + "]}]";
    };
    expect_findings(good(), {"error event_outside events.sale: " + outside}, event(R"("2023-12-31", "2025-02-24")"));
    expect_findings(good(), {}, event(R"("2025-02-23")"));
    expect_findings(good(), {}, event(R"("2023-12-31", "2024-01-01")"));
}

TEST(Findings, OfHoldoutAndRevenueColumns) {
    expect_findings(good(),
                    {"error missing_column revenue_per_kpi: column \"price\" does not exist | " + name_column,
                     "error missing_column holdout.column: column \"held\" does not exist | " + name_column},
                    R"("kpi_type": "units", "revenue_per_kpi": "price", "holdout": {"column": "held"})");
}

TEST(Findings, AreAllReportedAtOnce) {
    Table table = good();
    table.time_is_null[0] = true;
    set_null(column(table, "sales"), 1);
    column(table, "tv").values[2] = -1;
    column(table, "clicks").status = ColumnStatus::missing;
    column(table, "rain").values[3] = NAN;
    const auto findings = validate(*test::specification_with(""), table, Host{});
    std::vector<std::string> codes;
    for (const auto& finding : findings) codes.push_back(finding.code);
    EXPECT_EQ(codes, (std::vector<std::string>{"null_time", "null_value", "negative_value", "missing_column",
                                               "not_a_number"}));
    try {
        throw_findings(findings, "weekly_sales");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::invalid_data);
        EXPECT_STREQ(
            error.what(),
            "the data of weekly_sales cannot be modelled: 5 problems, the first is time: column \"week\" is null or "
            "infinite in 1 row");
        EXPECT_EQ(std::count(error.detail().begin(), error.detail().end(), '\n'), 4);
        EXPECT_EQ(error.hint(), "mmm_validate() on a table or view lists them as rows.");
    }
}

TEST(Findings, ThatAreASingleErrorAreTheMessageItself) {
    try {
        throw_findings({{"warning", "w", "a", "weak", ""}, {"error", "e", "kpi", "wrong", "Mend it."}}, "weekly_sales");
        FAIL();
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(), "kpi: wrong");
        EXPECT_EQ(error.hint(), "Mend it.");
    }
}

}  // namespace
}  // namespace mmm
