// The figures of a report are those of the answers it is made of.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "core/api.hpp"
#include "core/format.hpp"
#include "core/report/history.hpp"
#include "report/models.hpp"
#include "report/page.hpp"
#include "support/idle.hpp"

namespace mmm {
namespace {

class Shown {
public:
    explicit Shown(const std::string& page) : values_(test::data_values(test::parsed(page))) {}

    void expect(double value, const std::string& what) const {
        EXPECT_TRUE(values_.contains(format_number(value))) << what << " = " << value;
    }
    void expect(const std::optional<double>& value, const std::string& what) const {
        if (value) expect(*value, what);
    }

private:
    std::set<std::string> values_;
};

void expect_all_figures(const FittedModel& model) {
    const Shown shown(report(model, "{}", test::idle));
    for (const auto& row : channels(model, 0.9, {}, test::idle)) {
        shown.expect(row.spend, row.channel + " spend");
        shown.expect(row.contribution, row.channel + " contribution");
        shown.expect(row.contribution_share, row.channel + " share");
        if (!model.spec.has_revenue()) continue;
        shown.expect(row.roi, row.channel + " roi");
        shown.expect(row.mroi, row.channel + " mroi");
    }
    for (const auto& row : optimize_budget(model, "{}", test::idle)) {
        shown.expect(row.current_spend, row.channel + " current spend");
        shown.expect(row.optimal_spend, row.channel + " optimal spend");
        shown.expect(row.current_contribution, row.channel + " current contribution");
        shown.expect(row.optimal_contribution, row.channel + " optimal contribution");
        if (model.spec.has_revenue()) shown.expect(row.mroi, row.channel + " mroi of the plan");
    }
    for (const auto& row : diagnostics(model, test::idle)) shown.expect(row.value, row.metric);
}

TEST(ReportFigures, AreThoseOfChannelsPlanAndReview) {
    expect_all_figures(test::hand_made_model(test::two_channels));
    expect_all_figures(test::hand_made_model(test::in_units));
    expect_all_figures(test::hand_made_model(test::panel, 1, 2, 10));
}

TEST(ReportFigures, CostWithoutRevenueIsSpendPerContribution) {
    const FittedModel model = test::hand_made_model(test::in_units);
    const std::string page = report(model, R"({"sections": ["returns"]})", test::idle);
    EXPECT_NE(page.find("CPIK"), std::string::npos);
    EXPECT_EQ(page.find("ROI"), std::string::npos);
    std::set<long> costs;
    for (const auto& value : test::data_values(test::parsed(page)))
        costs.insert(std::lround(1e6 * std::atof(value.c_str())));
    for (const auto& row : channels(model, 0.9, {}, test::idle))
        EXPECT_TRUE(costs.contains(std::lround(1e6 * row.cpik.value()))) << row.channel;
}

TEST(ReportFigures, BestFrequencyIsThatOfOptimalFrequency) {
    const FittedModel model = test::hand_made_model(test::panel, 1, 2, 10);
    const auto values = test::data_values(test::parsed(report(model, R"({"sections": ["frequency"]})", test::idle)));
    ASSERT_EQ(values.size(), 1u);
    for (const auto& row : optimal_frequency(model, "video", 0.9, std::nullopt, test::idle))
        if (row.optimal) {
            EXPECT_NEAR(std::atof(values.begin()->c_str()), row.frequency, 1e-9);
        }
    EXPECT_EQ(report(test::hand_made_model(test::in_units), "{}", test::idle).find("id=\"frequency\""), std::string::npos);
}

TEST(ReportFigures, BandOfANationalModelIsThatOfFitted) {
    const FittedModel model = test::hand_made_model(test::held_out);
    const page::History history = page::history_of(model, 0.8, test::idle);
    const auto rows = fitted(model, 0.8, test::idle);
    ASSERT_EQ(static_cast<std::size_t>(history.actual.size()), rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto k = static_cast<Eigen::Index>(i);
        EXPECT_DOUBLE_EQ(history.actual[k], rows[i].actual);
        EXPECT_NEAR(history.mean[k], rows[i].mean, 1e-9 * std::fabs(rows[i].mean));
        EXPECT_DOUBLE_EQ(history.lower[k], rows[i].lower);
        EXPECT_DOUBLE_EQ(history.upper[k], rows[i].upper);
        EXPECT_EQ(history.holdout[i], rows[i].holdout);
    }
}

TEST(ReportFigures, PartsOfAPanelAddUpToItsDecomposition) {
    const FittedModel model = test::hand_made_model(test::panel, 1, 2, 10);
    const page::History history = page::history_of(model, 0.9, test::idle);
    std::map<Timestamp, double> fitted_sum;
    std::map<std::string, double> totals;
    for (const auto& row : decomposition(model, 0.9, test::idle)) {
        fitted_sum[row.time] += row.mean;
        totals[row.component] += row.mean;
    }
    for (std::size_t i = 0; i < history.time.size(); ++i) {
        const auto k = static_cast<Eigen::Index>(i);
        EXPECT_NEAR(history.mean[k], fitted_sum.at(history.time[i]), 1e-9 * std::fabs(history.mean[k]));
    }
    for (const auto& part : history.parts) {
        if (!totals.contains(part.name)) continue;
        EXPECT_NEAR(part.total.mean, totals.at(part.name), 1e-9 * std::fabs(history.fitted_total.mean)) << part.name;
    }
}

TEST(ReportFigures, ByGeoAreThoseOfChannelsInThatGeo) {
    const FittedModel model = test::hand_made_model(test::panel, 1, 2, 10);
    const page::History history = page::history_of(model, 0.9, test::idle);
    ASSERT_EQ(history.geos.size(), 4u);
    for (const auto& geo : history.geos) {
        double contribution = 0, outcome = 0, spend = 0;
        for (const auto& row : channels(model, 0.9, {std::nullopt, std::nullopt, std::vector{geo.name}}, test::idle)) {
            if (!row.spend) continue;
            contribution += row.contribution;
            outcome += *row.roi * *row.spend;
            spend += *row.spend;
        }
        EXPECT_NEAR(geo.contribution.mean, contribution, 1e-9 * std::fabs(contribution));
        EXPECT_NEAR(geo.spend, spend, 1e-9 * spend);
        EXPECT_NEAR(geo.roi.mean, outcome / spend, 1e-9);
    }
}

TEST(ReportFigures, LongSeriesAreMeansOfNeighbours) {
    const FittedModel model = test::hand_made_model(test::long_series, 1, 1, 4);
    const page::History history = page::history_of(model, 0.9, test::idle);
    EXPECT_EQ(history.periods_a_point, 2);
    ASSERT_EQ(history.actual.size(), 500);
    EXPECT_NEAR(history.actual[7], (model.data.kpi[14] + model.data.kpi[15]) / 2, 1e-9 * std::fabs(history.actual[7]));
    const auto rows = fitted(model, 0.9, test::idle);
    EXPECT_NEAR(history.mean[7], (rows[14].mean + rows[15].mean) / 2, 1e-9 * std::fabs(history.mean[7]));
}

}  // namespace
}  // namespace mmm
