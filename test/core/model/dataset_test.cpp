// Rows that pass every check become a data set: sorted, by the part they play.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "core/model/dataset.hpp"
#include "support/tables.hpp"

namespace mmm {
namespace {

const char* const base_document = R"({"time": "week", "kpi": "sales", "kpi_type": "units", "revenue_per_kpi": "price",
    "media": {"tv": {"spend": "tv", "exposure": "grp"}, "web": "web"}, "organic_media": {"mail": "mails"},
    "controls": ["rain"],
    "seasonality": false, "trend": "none", "simulate": {"periods": 60, "revenue_per_kpi": 3}})";

Specification document_with(const std::string& rest) {
    Json json = Json::parse(base_document);
    json.update(Json::parse("{" + rest + "}"));
    return read_specification(json);
}

Dataset dataset(const Specification& spec, const Table& table) {
    Dataset data;
    const auto findings = check_data(spec, table, data);
    EXPECT_FALSE(has_errors(findings));
    return data;
}

const TableColumn& column(const Table& table, const std::string& name) {
    return *std::find_if(table.columns.begin(), table.columns.end(), [&](const auto& c) { return c.name == name; });
}

Vec vector_of(const std::vector<double>& values) {
    return Eigen::Map<const Vec>(values.data(), static_cast<Eigen::Index>(values.size()));
}

TEST(Dataset, HoldsEachColumnByThePartItPlays) {
    const Table table = test::simulated_table(base_document, 1);
    const Dataset data = dataset(document_with(""), table);
    EXPECT_EQ(data.time, table.time);
    EXPECT_EQ(data.kpi, vector_of(column(table, "sales").values));
    EXPECT_EQ(data.revenue_per_kpi, vector_of(column(table, "price").values));
    EXPECT_EQ(data.spend.col(0), vector_of(column(table, "tv").values));
    EXPECT_EQ(data.spend.col(1), vector_of(column(table, "web").values));
    EXPECT_EQ(data.spend.col(2), Vec::Zero(60));
    EXPECT_EQ(data.exposure.col(0), vector_of(column(table, "grp").values));
    EXPECT_EQ(data.exposure.col(1), vector_of(column(table, "web").values));
    EXPECT_EQ(data.exposure.col(2), vector_of(column(table, "mails").values));
    EXPECT_EQ(data.controls.col(0), vector_of(column(table, "rain").values));
    EXPECT_EQ(data.step.microseconds, 7 * microseconds_per_day);
    EXPECT_EQ(data.fitted_rows(), 60);
}

TEST(Dataset, DoesNotDependOnTheOrderOfRowsOrColumns) {
    const Table table = test::simulated_table(base_document, 1);
    Table shuffled = table;
    std::reverse(shuffled.columns.begin(), shuffled.columns.end());
    std::vector<std::size_t> order(table.rows());
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = 0; i < order.size(); ++i) std::swap(order[i], order[(i * 37 + 11) % order.size()]);
    for (std::size_t i = 0; i < order.size(); ++i) {
        shuffled.time[i] = table.time[order[i]];
        for (auto& c : shuffled.columns) c.values[i] = column(table, c.name).values[order[i]];
    }
    const Dataset a = dataset(document_with(""), table), b = dataset(document_with(""), shuffled);
    EXPECT_EQ(a.time, b.time);
    EXPECT_EQ(a.kpi, b.kpi);
    EXPECT_EQ(a.spend, b.spend);
    EXPECT_EQ(a.exposure, b.exposure);
    EXPECT_EQ(a.controls, b.controls);
}

TEST(Dataset, TakesAConstantRevenuePerKpi) {
    const Dataset data = dataset(document_with(R"("revenue_per_kpi": 2.5)"), test::simulated_table(base_document, 1));
    EXPECT_EQ(data.revenue_per_kpi, Vec::Constant(60, 2.5));
    const Dataset unknown = dataset(document_with(R"("revenue_per_kpi": null)"), test::simulated_table(base_document, 1));
    EXPECT_EQ(unknown.revenue_per_kpi, Vec::Ones(60));
}

TEST(Holdout, OfTheLastPeriodsTakesThemByTime) {
    Table table = test::simulated_table(base_document, 1);
    const Dataset data = dataset(document_with(R"("holdout": {"last": 8})"), table);
    EXPECT_EQ(std::count(data.holdout.begin(), data.holdout.end(), true), 8);
    EXPECT_TRUE(std::all_of(data.holdout.end() - 8, data.holdout.end(), [](bool held) { return held; }));
    EXPECT_EQ(data.fitted_rows(), 52);
}

TEST(Holdout, ByColumnTakesWhatIsNotZero) {
    Table table = test::simulated_table(base_document, 1);
    TableColumn held = table.columns[0];
    held.name = "held";
    for (std::size_t i = 0; i < held.values.size(); ++i) held.values[i] = i % 10 == 3 ? 1 : 0;
    table.columns.push_back(held);
    const Dataset data = dataset(document_with(R"("holdout": {"column": "held"})"), table);
    for (std::size_t i = 0; i < data.holdout.size(); ++i) EXPECT_EQ(data.holdout[i], i % 10 == 3);
}

TEST(Holdout, OfAFractionIsRandomButReproducible) {
    const Table table = test::simulated_table(base_document, 1);
    const auto held = [&](const Table& rows, const std::string& rest) {
        return dataset(document_with(R"("holdout": 0.3)" + rest), rows).holdout;
    };
    const auto all = held(table, "");
    const auto n = std::count(all.begin(), all.end(), true);
    EXPECT_GT(n, 6);
    EXPECT_LT(n, 32);
    EXPECT_EQ(held(table, ""), all);
    EXPECT_NE(held(table, R"(, "sampler": {"seed": 2})"), all);
    const auto fewer = held(test::first_rows(table, 40), "");
    EXPECT_TRUE(std::equal(fewer.begin(), fewer.end(), all.begin()));
}

}  // namespace
}  // namespace mmm
