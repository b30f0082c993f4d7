// Experiments in the likelihood: what the model says of a test is its own counterfactual, worked out here the long way.
#include "core/model/lift_test.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "model/panel_support.hpp"

namespace mmm {
namespace {

std::string lift_model(const std::string& calibration, const std::string& rest = "") {
    return R"({"preset": "pymc", "time": "week", "kpi": "sales", "media": {"tv": {"spend": "tv_spend", "exposure": "tv",
        "adstock": {"family": "geometric", "max_lag": 3, "normalize": false}}, "web": "web"}, "calibration": [)" +
           calibration + "]" + rest + R"(, "simulate": {"periods": 30}})";
}

const std::string one_test = R"({"channel": "tv", "from": "2022-03-01", "to": "2022-03-31", "measured_to": "2022-04-10",
    "spend_before": 1000, "spend_delta": 400, "lift": 70, "standard_error": 20})";

std::string refusal_of(const std::string& spec, ErrorKind kind = ErrorKind::invalid_specification) {
    try {
        test::make_panel(spec);
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), kind) << error.what();
        return error.what();
    }
    return "accepted";
}

std::string with_key(const std::string& key, const Json& value) {
    Json json = Json::parse(one_test);
    json[key] = value;
    return lift_model(json.dump());
}

// sum over 2022-03-01 .. 2022-04-10 of scale beta (tanh(rate A / 2) after - before), A_t = sum_l alpha^l x_(t-l).
TEST(LiftTest, IsTheModelsOwnCounterfactualWithItsCarryOver) {
    const test::Panel panel = test::make_panel(lift_model(one_test));
    Vec p = Vec::Zero(panel.layout.size());
    const double alpha = 0.6, rate = 2.5, beta = 0.4;
    p[test::index_of(panel.layout, "media.tv.adstock.alpha")] = alpha;
    p[test::index_of(panel.layout, "media.tv.saturation.rate")] = rate;
    double spend = 0;
    const auto in_window = [&](std::size_t t) {
        return panel.data.time[t] >= *parse_timestamp("2022-03-01") && panel.data.time[t] <= *parse_timestamp("2022-03-31");
    };
    const std::size_t n = panel.data.time.size();
    for (std::size_t t = 0; t < n; ++t)
        if (in_window(t)) spend += panel.data.spend(static_cast<Eigen::Index>(t), 0);
    ASSERT_GT(spend, 0);
    const auto outcome = [&](double total) {
        double sum = 0;
        for (std::size_t t = 0; t < n; ++t) {
            if (panel.data.time[t] < *parse_timestamp("2022-03-01") || panel.data.time[t] > *parse_timestamp("2022-04-10")) continue;
            double carried = 0;
            for (std::size_t lag = 0; lag <= 3 && lag <= t; ++lag)
                carried += std::pow(alpha, static_cast<double>(lag)) * panel.design.media(static_cast<Eigen::Index>(t - lag), 0) *
                           (in_window(t - lag) ? total / spend : 1);
            sum += panel.design.kpi_scale * beta * std::tanh(rate * carried / 2);
        }
        return sum;
    };
    ASSERT_EQ(panel.design.lifts.size(), 1u);
    LiftLikelihood lift(panel.design.lifts[0], panel.spec, panel.layout, nullptr);
    const Vec by_geo = Vec::Constant(1, beta);
    const double expected = outcome(1400) - outcome(1000);
    EXPECT_NEAR(lift.lift(p, by_geo, Vec()), expected, 1e-9 * expected);
    EXPECT_DOUBLE_EQ(lift.evaluate(p, by_geo, Vec()), -0.5 * std::pow((70 - lift.lift(p, by_geo, Vec())) / 20, 2));
}

// A channel that went dark in some geos: its money comes back evenly, at the price it buys exposure for elsewhere.
TEST(LiftTest, OfAChannelGoneDarkSpreadsTheSpendEvenly) {
    const std::string text = R"({"preset": "pymc", "time": "week", "geo": "geo", "kpi": "sales", "media": {"tv": {"spend": "tv_spend",
        "exposure": "tv", "adstock": {"family": "geometric", "max_lag": 2}}}, "calibration": [{"channel": "tv", "from": "2022-02-01",
        "to": "2022-02-28", "geos": ["GEO"], "spend_before": 800, "spend_delta": -800, "lift": -50, "standard_error": 10}],
        "simulate": {"geos": 3, "periods": 20}})";
    std::string plain = text;
    const std::string geo = test::make_panel(plain.erase(plain.find("\"calibration\""), plain.find("\"simulate\"") - plain.find("\"calibration\""))).data.geos[1];
    std::string named = text;
    named.replace(named.find("GEO"), 3, geo);
    test::Panel panel = test::make_panel(named);
    const auto dark = [&](Eigen::Index t) {
        const Timestamp time = panel.data.time[static_cast<std::size_t>(t)];
        return time >= *parse_timestamp("2022-02-01") && time <= *parse_timestamp("2022-02-28");
    };
    const Eigen::Index periods = panel.data.periods();
    for (Eigen::Index t = 0; t < periods; ++t)
        if (dark(t)) panel.data.spend(periods + t, 0) = panel.data.exposure(periods + t, 0) = 0;
    panel.design = make_design(panel.spec, panel.data, panel.layout);
    const LiftScenario& scenario = panel.design.lifts.at(0);
    ASSERT_EQ(scenario.geos.size(), 1u);
    EXPECT_EQ(scenario.geos[0].geo, 1);
    const double price = panel.data.exposure.sum() / panel.data.spend.sum();
    const auto counted = scenario.geos[0].before.size() - scenario.lead;
    EXPECT_EQ(scenario.geos[0].after.tail(counted).maxCoeff(), 0);
    for (const double x : scenario.geos[0].before.tail(counted))
        EXPECT_NEAR(x * panel.design.media_scale[0], 800 * price / static_cast<double>(counted), 1e-9 * 800 * price);
}

TEST(LiftTest, HasTheGradientOfCentralDifferencesInEveryKindOfModel) {
    const std::string reach = R"({"preset": "meridian", "time": "week", "geo": "geo", "population": "people", "kpi": "sales",
        "media": {"tv": {"spend": "tv_spend", "exposure": "tv"}, "web": {"spend": "web", "prior": {"kind": "mroi"}, "order": "saturation_first"},
                  "ooh": {"spend": "ooh", "prior": {"kind": "coefficient"}, "geo_effect": "normal"}},
        "reach_frequency": {"video": {"spend": "video_spend", "reach": "reach", "frequency": "frequency"}},
        "trend": {"family": "knots", "knots": 3}, "calibration": [CHANNELS], "simulate": {"geos": 3, "periods": 26}})";
    std::string tests;
    for (const char* channel : {"tv", "web", "ooh", "video"})
        tests += std::string(tests.empty() ? "" : ", ") + R"({"channel": ")" + channel +
                 R"(", "from": "2022-03-01", "to": "2022-04-15", "spend_before": 100000, "spend_delta": 50000, "lift": 2e11, "standard_error": 1e11})";
    std::string panel_text = reach;
    panel_text.replace(panel_text.find("CHANNELS"), 8, tests);
    std::string by_geo = test::hierarchical;
    by_geo.insert(by_geo.find("\"intercept\""), R"("calibration": [{"channel": "tv", "from": "2022-03-01", "to": "2022-04-15",
        "spend_before": 100, "spend_delta": -50, "lift": -20, "standard_error": 10}], )");
    for (const std::string& text : {lift_model(one_test), panel_text, by_geo}) test::expect_gradient_of_central_differences(text, 5);
}

TEST(LiftTest, IsKeptInTheSpecification) {
    const Specification spec = read_specification(Json::parse(lift_model(one_test)));
    ASSERT_EQ(spec.lift_tests.size(), 1u);
    const Json written = write_specification(spec);
    EXPECT_EQ(write_specification(read_specification(written)), written);
    EXPECT_EQ(written["calibration"][0]["measured_to"], "2022-04-10");
}

TEST(LiftTest, OutsideTheSpecificationIsRefusedByName) {
    EXPECT_EQ(refusal_of(with_key("channel", "tvv")), "calibration[0].channel: \"tvv\" is not a paid medium (did you mean \"tv\"?)");
    EXPECT_EQ(refusal_of(with_key("from", "2022-05-01")), "calibration[0]: from lies after to");
    EXPECT_EQ(refusal_of(with_key("measured_to", "2022-03-01")), "calibration[0].measured_to: lies before to");
    EXPECT_EQ(refusal_of(with_key("spend_delta", 0)), "calibration[0].spend_delta: is 0: a test that changed nothing tells nothing");
    EXPECT_EQ(refusal_of(with_key("spend_delta", -1001)), "calibration[0].spend_delta: takes away more than spend_before = 1000");
    EXPECT_EQ(refusal_of(with_key("geos", Json::array({"north"}))), "calibration[0].geos: the model has no geos");
    EXPECT_EQ(refusal_of(with_key("liftt", 3)).substr(0, 34), "calibration[0].liftt: unknown key ");
    EXPECT_NE(refusal_of(with_key("standard_error", 0)), "accepted");
}

TEST(LiftTest, OutsideTheDataIsRefusedByName) {
    const auto invalid = ErrorKind::invalid_data;
    EXPECT_NE(refusal_of(with_key("from", "2019-01-01"), invalid).find("calibration[0].from: 2019-01-01 is not in the data"), std::string::npos)
        << refusal_of(with_key("from", "2019-01-01"), invalid);
    EXPECT_NE(refusal_of(with_key("measured_to", "2031-01-01"), invalid).find("calibration[0].measured_to: 2031-01-01 is not in the data"),
              std::string::npos);
}

}  // namespace
}  // namespace mmm
