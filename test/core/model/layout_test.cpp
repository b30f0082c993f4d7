// Parameters: their names, order and ranges; and the design: scales and columns.
#include <gtest/gtest.h>

#include <cmath>

#include "core/limits.hpp"
#include "core/model/design.hpp"
#include "model/hand_made_model.hpp"

namespace mmm {
namespace {


Layout layout_of(const std::string& spec) {
    return make_layout(read_specification(Json::parse(spec)));
}

TEST(Layout, NamesParametersByThePathOfTheirPrior) {
    const Layout layout = layout_of(R"({"time": "t", "kpi": "y", "likelihood": "student_t",
        "media": {"tv": {"spend": "a", "adstock": "delayed", "saturation": "hill", "prior": {"kind": "roi",
        "family": "half_normal", "sigma": 1}}},
        "organic_media": {"mail": {"exposure": "m", "adstock": "none", "saturation": "log"}}, "controls": ["m.price"],
        "trend": {"family": "piecewise", "changepoints": 2}, "seasonality": {"period": "year", "order": 2},
        "events": [{"name": "sale", "dates": ["2024-01-01"]}]})");
    std::vector<std::string> names;
    for (const auto& parameter : layout.parameters) names.push_back(parameter.name);
    EXPECT_EQ(names,
              (std::vector<std::string>{
                  "intercept", "trend.slope", "trend.delta[1]", "trend.delta[2]", "seasonality.year.sin1",
                  "seasonality.year.sin2", "seasonality.year.cos1", "seasonality.year.cos2", "events.sale",
                  "controls.price", "media.tv.adstock.alpha", "media.tv.adstock.theta", "media.tv.saturation.half",
                  "media.tv.saturation.slope", "media.tv.roi", "organic_media.mail.coefficient", "sigma", "nu"}));
    EXPECT_EQ(layout.terms.size(), 10);
    EXPECT_EQ(layout.sigma.first, 16);
    EXPECT_EQ(layout.nu, 17);
    EXPECT_EQ(layout.sampled(), 17);  // the default preset fixes Hill's slope
    std::vector<std::string> components;
    for (const auto& term : layout.terms) {
        const auto& c = layout.components[static_cast<std::size_t>(term.component)];
        components.push_back(c.kind + " " + c.name + " " + std::to_string(term.coefficient.first));
    }
    EXPECT_EQ(components, (std::vector<std::string>{"baseline intercept 0", "trend trend 1", "trend trend 2", "trend trend 3",
                                                    "seasonality year 4", "seasonality year 5", "seasonality year 6",
                                                    "seasonality year 7", "event sale 8", "control price 9"}));
}

TEST(Layout, CutsPriorsToTheRangeOfTheParameter) {
    const Layout layout =
        layout_of(R"({"time": "t", "kpi": "y", "trend": "none", "seasonality": false, "likelihood": "student_t",
        "controls": [{"column": "a", "sign": "positive"}, {"column": "b", "sign": "negative"}, "c"],
        "media": {"tv": {"spend": "x", "adstock": {"alpha": {"family": "normal", "mu": 0, "sigma": 1}},
                         "saturation": {"rate": {"family": "uniform", "lower": -1, "upper": 2}},
                         "prior": {"kind": "contribution", "family": "normal", "sigma": 0.1}}},
        "sigma": {"family": "normal", "sigma": 1}, "nu": {"family": "exponential", "rate": 0.1}})");
    const std::vector<std::pair<double, double>> expected = {
        {-infinity, infinity}, {0, infinity}, {-infinity, 0}, {-infinity, infinity}, {0, 1}, {0, 2}, {-1, 1},
        {0, infinity},         {1, infinity}};
    ASSERT_EQ(layout.parameters.size(), expected.size());
    for (std::size_t p = 0; p < expected.size(); ++p) {
        EXPECT_EQ(layout.parameters[p].support.lower, expected[p].first) << layout.parameters[p].name;
        EXPECT_EQ(layout.parameters[p].support.upper, expected[p].second) << layout.parameters[p].name;
    }
}

Dataset five_periods() {
    Dataset data;
    for (int t = 0; t < 5; ++t) data.time.push_back(t * 7 * microseconds_per_day);
    data.step = detect_step(data.time);
    data.kpi = (Vec(5) << 10, 20, 30, 40, 100).finished();
    data.revenue_per_kpi = Vec::Constant(5, 2);
    data.exposure = data.spend = (Mat(5, 1) << 0, 4, 1, 0, 7).finished();
    data.controls = (Mat(5, 1) << 1, 2, 3, 4, 5).finished();
    data.holdout = {false, false, false, false, true};
    return data;
}

Design design_of(const std::string& spec_json) {
    const Specification spec = read_specification(Json::parse(spec_json));
    return make_design(spec, five_periods(), make_layout(spec));
}

Design design_with(const std::string& scaling) {
    return design_of(R"({"time": "t", "kpi": "y", "media": {"tv": "x"}, "controls": ["c"], "trend": "none", "seasonality": false,
                         "scaling": )" + scaling + "}");
}

// The column of a linear term in every row of a national design.
Vec term_column(const Design& design, int term) {
    for (const auto& block : design.blocks)
        for (std::size_t c = 0; c < block.term.size(); ++c)
            if (block.term[c] == term) return block.columns.col(static_cast<Eigen::Index>(c));
    return {};
}

TEST(Design, ScalesTheKpiByItsFittedPeriods) {
    EXPECT_EQ(design_with(R"({"kpi": "none"})").kpi_scale, 1);
    EXPECT_EQ(design_with(R"({"kpi": "max"})").kpi_scale, 40);
    EXPECT_EQ(design_with(R"({"kpi": "mean"})").kpi_scale, 25);
    EXPECT_EQ(design_with(R"({"kpi": 8})").kpi_scale, 8);
    const Design standard = design_with(R"({"kpi": "standardize"})");
    EXPECT_EQ(standard.kpi_offset, 25);
    EXPECT_DOUBLE_EQ(standard.kpi_scale, std::sqrt(125.0));  // of the population
    EXPECT_DOUBLE_EQ(standard.y[0], -15 / std::sqrt(125.0));
    EXPECT_DOUBLE_EQ(standard.revenue[0], 2 * std::sqrt(125.0));
}

TEST(Design, ScalesMedia) {
    EXPECT_EQ(design_with(R"({"media": "none"})").media_scale[0], 1);
    EXPECT_EQ(design_with(R"({"media": "max"})").media_scale[0], 7);
    EXPECT_DOUBLE_EQ(design_with(R"({"media": "mean"})").media_scale[0], 2.4);
    EXPECT_EQ(design_with(R"({"media": "median_nonzero"})").media_scale[0], 4);
    EXPECT_EQ(design_with(R"({"media": "max"})").media(4, 0), 1);
}

TEST(Design, StandardisesControlsWhereAsked) {
    EXPECT_EQ(term_column(design_with(R"({"controls": "none"})"), 1), (Vec(5) << 1, 2, 3, 4, 5).finished());
    const Vec standard = term_column(design_with(R"({"controls": "standardize"})"), 1);
    EXPECT_NEAR(standard.mean(), 0, 1e-15);
    EXPECT_NEAR(standard.squaredNorm() / 5, 1, 1e-15);
}

TEST(Design, KnowsTotals) {
    const Design design = design_with("{}");
    EXPECT_EQ(design.spend_total[0], 12);
    EXPECT_EQ(design.outcome_total, 200);  // of the fitted periods
    EXPECT_EQ(design.weight, (Vec(5) << 1, 1, 1, 1, 0).finished());
    EXPECT_EQ(term_column(design, 0), Vec::Ones(5));
}

TEST(Design, PlacesChangepointsByDateOrEvenly) {
    const auto bends = [](const std::string& points) {
        const Design design = design_of(R"({"time": "t", "kpi": "y", "media": {"tv": "x"}, "controls": ["c"],
            "seasonality": false, "trend": {"family": "piecewise", "changepoints": )" + points + "}}");
        return Mat(term_column(design, 2));
    };
    EXPECT_LT((bends("1") - (Mat(5, 1) << 0, 0, 0, 0.25, 0.5).finished()).norm(), 1e-15);
    EXPECT_LT((bends(R"(["1970-01-08"])") - (Mat(5, 1) << 0, 0, 0.25, 0.5, 0.75).finished()).norm(), 1e-15);
}

}  // namespace
}  // namespace mmm
