// What is asked of a panel: contributions by geo and period, channels of some geos, knots and rows in their places.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "core/model/knots.hpp"
#include "core/summary/contributions.hpp"
#include "model/hand_made_model.hpp"
#include "model/panel_support.hpp"

namespace mmm {
namespace {

const auto no_poll = [] {};

TEST(PanelAnswers, SumToTheFittedMeanInEveryGeoAndPeriod) {
    const FittedModel model = test::hand_made_model(test::every_kind, 2, 1, 20);
    std::map<std::pair<std::string, Timestamp>, double> sums;
    for (const auto& row : decomposition(model, 0.9, no_poll)) sums[{row.geo.value(), row.time}] += row.mean;
    const auto rows = fitted(model, 0.9, no_poll);
    ASSERT_EQ(rows.size(), 4U * 40U);
    ASSERT_EQ(sums.size(), rows.size());
    for (const auto& row : rows) EXPECT_NEAR(sums.at({row.geo.value(), row.time}) / row.mean, 1, 1e-9);
}

TEST(PanelAnswers, OfGeosAddUpToThoseOfAll) {
    const FittedModel model = test::hand_made_model(test::every_kind, 2, 1, 20);
    const auto all = channels(model, 0.9, {}, no_poll);
    std::vector<double> contribution(all.size(), 0), spend(all.size(), 0);
    for (const auto& geo : model.data.geos) {
        const auto part = channels(model, 0.9, {{}, {}, std::vector<std::string>{geo}}, no_poll);
        for (std::size_t m = 0; m < all.size(); ++m) {
            contribution[m] += part[m].contribution;
            spend[m] += part[m].spend.value_or(0);
        }
    }
    for (std::size_t m = 0; m < all.size(); ++m) {
        EXPECT_NEAR(contribution[m], all[m].contribution, 1e-9 * std::fabs(all[m].contribution)) << all[m].channel;
        EXPECT_NEAR(spend[m], all[m].spend.value_or(0), 1e-9 * all[m].spend.value_or(1)) << all[m].channel;
    }
    EXPECT_THROW(channels(model, 0.9, {{}, {}, std::vector<std::string>{"nowhere"}}, no_poll), Error);
}

// A prior on ROI is about the ROI that is reported, whatever the geo effect; of mROI, likewise.
TEST(PanelAnswers, GiveBackTheEffectsThatAreSampled) {
    const FittedModel model = test::hand_made_model(test::every_kind, 2, 1, 1);
    const auto draw = [&](const std::string& name) { return static_cast<double>(model.parameter_draws(test::index_of(model.layout, name))[0]); };
    for (const auto& row : channels(model, 0.9, {}, no_poll)) {
        double reported = 0;
        std::string sampled;
        if (row.channel == "tv" || row.channel == "ooh" || row.channel == "app") sampled = "media." + row.channel + ".roi";
        if (row.channel == "video") sampled = "reach_frequency.video.roi";
        if (!sampled.empty()) reported = *row.roi;
        if (row.channel == "web") sampled = "media.web.mroi";
        if (row.channel == "social") sampled = "reach_frequency.social.mroi";
        if (sampled.empty()) continue;
        if (reported == 0) reported = *row.mroi;
        EXPECT_NEAR(reported / draw(sampled), 1, 1e-5) << row.channel;  // draws are kept as float32
    }
}

// The calibration period's ROI counts what its spend brings over a world without that spend, carry-over included.
TEST(PanelAnswers, OfACalibrationPeriodCompareWithoutItsSpend) {
    const FittedModel model = test::hand_made_model(test::every_kind, 2, 1, 1);
    Contributions contributions(model);
    contributions.load(0);
    const std::size_t m = 6;  // search
    ASSERT_EQ(model.spec.media[m].name, "search");
    Vec with, without, x = model.design.media.col(6);
    contributions.medium_at(m, x, Vec(), with);
    double spend = 0;
    for (Eigen::Index i = 0; i < x.size(); ++i) {
        const Timestamp time = model.data.time[static_cast<std::size_t>(i % model.data.periods())];
        if (time < *parse_timestamp("2022-03-01") || time > *parse_timestamp("2022-05-01")) continue;
        x[i] = 0;
        spend += model.data.spend(i, 6);
    }
    contributions.medium_at(m, x, Vec(), without);
    const double roi = static_cast<double>(model.parameter_draws(test::index_of(model.layout, "media.search.roi"))[0]);
    EXPECT_NEAR((with - without).sum() / spend / roi, 1, 1e-5);
}

TEST(PanelRows, MayComeInAnyOrder) {
    const Table table = test::simulated_table(test::every_kind, 3);
    Table shuffled = table;
    const std::size_t n = table.rows();
    const auto from = [&](std::size_t i) { return (i * 37) % n; };  // 37 and 160 have no common factor
    for (std::size_t i = 0; i < n; ++i) {
        shuffled.time[i] = table.time[from(i)];
        shuffled.geo[i] = table.geo[from(i)];
        for (std::size_t c = 0; c < table.columns.size(); ++c) shuffled.columns[c].values[i] = table.columns[c].values[from(i)];
    }
    Dataset a, b;
    const Specification spec = read_specification(Json::parse(test::every_kind));
    check_data(spec, table, a);
    check_data(spec, shuffled, b);
    EXPECT_EQ(a.kpi, b.kpi);
    EXPECT_EQ(a.reach, b.reach);
    EXPECT_EQ(a.geos, b.geos);
}

TEST(PanelRows, ThatAreMissingOrRepeatedAreNamed) {
    const Table table = test::simulated_table(test::unpooled, 3);
    const Specification spec = read_specification(Json::parse(test::unpooled));
    const auto first_of = [&](const Table& changed) {
        Dataset data;
        const auto findings = check_data(spec, changed, data);
        return findings.empty() ? std::string("none") : findings[0].code + ": " + findings[0].message;
    };
    EXPECT_EQ(first_of(test::first_rows(table, table.rows() - 1)),
              "missing_rows: there is no row for geo \"geo_3\", time 2022-10-03 (1 of 120 rows of the panel are missing)");
    Table repeated = table;
    repeated.geo[1] = repeated.geo[0];
    repeated.time[1] = repeated.time[0];
    EXPECT_EQ(first_of(repeated), "duplicate_time: geo \"geo_1\", time 2022-01-03 occurs more than once (1 rows too many)");
    Table unnamed = table;
    unnamed.geo[5] = -1;
    EXPECT_EQ(first_of(unnamed), "null_geo: column \"geo\" is null in 1 row");
}

TEST(PanelRows, OfOnePopulationThatVariesAreRefused) {
    Table table = test::simulated_table(test::every_kind, 3);
    for (auto& column : table.columns)
        if (column.name == "people") column.values[7] += 1;
    Dataset data;
    const auto findings = check_data(read_specification(Json::parse(test::every_kind)), table, data);
    ASSERT_FALSE(findings.empty());
    EXPECT_EQ(findings[0].code, "population_varies");
}

TEST(Knots, RunLinearlyFromOneToTheNext) {
    const Mat columns = knot_columns({1, 4}, 6);
    const Mat expected = (Mat(6, 2) << 1, 0, 1, 0, 2.0 / 3, 1.0 / 3, 1.0 / 3, 2.0 / 3, 0, 1, 0, 1).finished();
    EXPECT_LT((columns - expected).norm(), 1e-15);
    EXPECT_EQ(knot_columns({0}, 5), Mat::Ones(5, 1));
}

// A curve of three straight pieces: knots are found where it bends, and only there.
TEST(Knots, AreSelectedWhereTheCurveBends) {
    constexpr int periods = 80, geos = 6;
    Mat y(periods, geos);
    for (int g = 0; g < geos; ++g) {
        RandomStream random(11, static_cast<std::uint32_t>(g), 0, 98);
        for (int t = 0; t < periods; ++t) {
            const double curve = t < 30 ? 0.1 * t : t < 50 ? 3 - 0.15 * (t - 30) : 0.05 * (t - 50);
            y(t, g) = curve + 0.05 * random.normal();
        }
    }
    const auto knots = select_knots(y, Mat::Ones(periods, geos), StopFlag{false});
    const auto near = [&](int at) {
        return std::any_of(knots.begin(), knots.end(), [&](int k) { return std::abs(k - at) <= 1; });
    };
    EXPECT_TRUE(near(30) && near(50) && knots.front() == 0 && knots.back() == periods - 1);
    EXPECT_LE(knots.size(), 10U);
}

}  // namespace
}  // namespace mmm
