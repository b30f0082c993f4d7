// A specification: short forms, defaults and the complete document that comes back.
#include <gtest/gtest.h>

#include "core/api.hpp"
#include "core/model/specification.hpp"
#include "model/specifications.hpp"

namespace mmm {
namespace {

Specification read_text(const std::string& text) {
    return read_specification(Json::parse(text));
}

Specification read_with(const std::string& rest) {
    return read_text(R"({"time": "week", "kpi": "sales", "media": {"tv": "tv_spend"})" + (rest.empty() ? "" : ", " + rest) +
                "}");
}

TEST(Specification, AtItsShortestNamesTimeKpiAndAMedium) {
    const Specification spec = read_with("");
    EXPECT_EQ(spec.time, "week");
    EXPECT_EQ(spec.kpi, "sales");
    EXPECT_EQ(spec.kpi_type, KpiType::revenue);
    ASSERT_EQ(spec.media.size(), 1u);
    EXPECT_TRUE(spec.media[0].paid());
    EXPECT_EQ(spec.media[0].spend, "tv_spend");
    EXPECT_EQ(spec.media[0].exposure, "tv_spend");
}

TEST(Specification, WrittenAndReadAgainIsTheSame) {
    for (const auto& text : test::specifications()) {
        const Json written = write_specification(read_text(text));
        EXPECT_EQ(write_specification(read_specification(written)), written) << text;
        EXPECT_EQ(specification_json(*parse_specification(written.dump())), written.dump()) << text;
    }
}

TEST(Specification, KeepsTheOrderOfMediaPaidBeforeOrganic) {
    const Specification spec =
        read_text(R"({"time": "t", "kpi": "y", "organic_media": {"mail": "m"}, "media": {"z": "z", "a": "a"}})");
    ASSERT_EQ(spec.media.size(), 3u);
    EXPECT_EQ(spec.media[0].name, "z");
    EXPECT_EQ(spec.media[1].name, "a");
    EXPECT_EQ(spec.media[2].name, "mail");
    EXPECT_FALSE(spec.media[2].paid());
    EXPECT_EQ(spec.media[2].spend, "");
    EXPECT_EQ(spec.media[2].exposure, "m");
}

TEST(Specification, ListsEveryColumnAReaderMustFetchOnce) {
    const Specification spec = read_text(R"({"time": "t", "kpi": "y", "kpi_type": "units", "revenue_per_kpi": "price",
        "media": {"tv": {"spend": "tv", "exposure": "grp"}, "web": "web"},
        "organic_media": {"mail": {"exposure": "grp"}},
        "controls": ["price", {"column": "metrics.promo"}], "holdout": {"column": "held"}})");
    EXPECT_EQ(value_columns(spec),
              (std::vector<std::string>{"y", "price", "tv", "grp", "web", "metrics.promo", "held"}));
    EXPECT_EQ(time_column(spec), "t");
}

TEST(Specification, NamesAControlOfAJsonbKeyByTheKey) {
    const Specification spec = read_with(R"("controls": ["metrics.promo", {"column": "metrics.rain", "name": "weather"}])");
    EXPECT_EQ(spec.controls[0].name, "promo");
    EXPECT_EQ(spec.controls[0].column, "metrics.promo");
    EXPECT_EQ(spec.controls[1].name, "weather");
}

TEST(Specification, TakesDefaultsOfAllMediaFromTheTop) {
    const Specification spec = read_text(R"({"time": "t", "kpi": "y", "max_lag": 3, "order": "saturation_first",
        "adstock": {"family": "delayed", "theta": 2}, "saturation": "michaelis_menten",
        "media": {"a": "a", "b": {"spend": "b", "adstock": "geometric", "saturation": {"family": "hill", "slope": 2},
                                  "order": "adstock_first"}}})");
    EXPECT_EQ(spec.media[0].adstock.form.family, AdstockFamily::delayed);
    EXPECT_EQ(spec.media[0].adstock.form.max_lag, 3);
    EXPECT_TRUE(spec.media[0].adstock.priors[1].is_fixed());
    EXPECT_EQ(spec.media[0].saturation.family, SaturationFamily::michaelis_menten);
    EXPECT_TRUE(spec.media[0].saturation_first);
    EXPECT_EQ(spec.media[1].adstock.form.family, AdstockFamily::geometric);
    EXPECT_EQ(spec.media[1].adstock.form.max_lag, 3);
    EXPECT_EQ(spec.media[1].saturation.priors[1].p[0], 2);
    EXPECT_FALSE(spec.media[1].saturation_first);
}

TEST(Specification, KeepsTheOtherPriorsOfAFamilyWhenOneIsGiven) {
    const Specification spec = read_with(R"("adstock": {"family": "weibull_pdf", "shape": 2})");
    EXPECT_TRUE(spec.media[0].adstock.priors[0].is_fixed());
    EXPECT_EQ(spec.media[0].adstock.priors[1].family, PriorFamily::gamma);
}

TEST(Specification, TakesNullAsAbsent) {
    EXPECT_EQ(write_specification(
                  read_with(R"("controls": null, "trend": null, "seasonality": null, "holdout": null, "sampler": null,
                                          "sigma": null, "events": null, "max_lag": null, "simulate": null)")),
              write_specification(read_with("")));
}

TEST(Specification, ReadsEverySeasonality) {
    EXPECT_TRUE(read_with(R"("seasonality": false)").seasonality.empty());
    EXPECT_TRUE(read_with(R"("seasonality": [])").seasonality.empty());
    const auto seasons =
        read_with(R"("seasonality": [{"period": "year", "order": 3}, {"period": "week"}, {"period": 30.5, "order": 1},
                                                  {"period": 91, "name": "quarter"}])")
            .seasonality;
    ASSERT_EQ(seasons.size(), 4u);
    EXPECT_EQ(seasons[0].cycle.order, 3);
    EXPECT_EQ(seasons[1].name, "week");
    EXPECT_EQ(seasons[1].cycle.order, 2);
    EXPECT_EQ(seasons[2].name, "30.5_days");
    EXPECT_EQ(seasons[2].cycle.days, 30.5);
    EXPECT_EQ(seasons[3].name, "quarter");
}

TEST(Specification, ReadsEveryTrend) {
    EXPECT_EQ(read_with(R"("trend": "none")").trend.family, TrendFamily::none);
    EXPECT_EQ(read_with(R"("trend": "linear")").trend.family, TrendFamily::linear);
    EXPECT_EQ(read_with(R"("trend": "piecewise")").trend.changepoints, 5);
    EXPECT_EQ(read_with(R"("trend": {"family": "piecewise", "changepoints": 3})").trend.changepoints, 3);
    const Trend dated =
        read_with(R"("trend": {"family": "piecewise", "changepoints": ["2024-01-01", "2024-06-01 12:00:00"]})").trend;
    EXPECT_EQ(dated.changepoints, 2);
    EXPECT_EQ(dated.dates.size(), 2u);
}

TEST(Specification, ReadsEveryEventShape) {
    const auto shape = [](const std::string& text) {
        return read_with(R"("events": [{"name": "sale", "dates": ["2024-01-01"], "shape": )" + text + "}]").events[0].shape;
    };
    EXPECT_EQ(shape(R"("gaussian")").days, 7);
    EXPECT_EQ(shape(R"({"family": "period", "before": 1, "after": 2})").after, 2);
    EXPECT_EQ(shape(R"({"family": "gaussian", "days": 3})").days, 3);
    EXPECT_EQ(shape(R"({"family": "decay", "half_life": 4})").days, 4);
}

TEST(Specification, ReadsEveryHoldout) {
    EXPECT_EQ(read_with("").holdout.kind, HoldoutKind::none);
    EXPECT_EQ(read_with(R"("holdout": {"last": 8})").holdout.last, 8);
    EXPECT_EQ(read_with(R"("holdout": {"column": "held"})").holdout.column, "held");
    EXPECT_EQ(read_with(R"("holdout": 0.2)").holdout.fraction, 0.2);
}

TEST(Specification, ReadsAWholeNumberHoweverItIsWritten) {
    EXPECT_EQ(read_with(R"("sampler": {"draws": 2e3})").sampler.draws, 2000);
    EXPECT_EQ(read_with(R"("sampler": {"seed": 9223372036854775807})").sampler.seed, INT64_MAX);
    EXPECT_EQ(read_with(R"("sampler": {"seed": 9007199254740993})").sampler.seed, 9007199254740993);
    EXPECT_EQ(read_with(R"("sampler": {"seed": -0.0})").sampler.seed, 0);
}

TEST(Specification, KnowsWhetherRevenueIsKnown) {
    EXPECT_TRUE(read_with("").has_revenue());
    EXPECT_FALSE(read_with(R"("kpi_type": "units")").has_revenue());
    EXPECT_TRUE(read_with(R"("kpi_type": "units", "revenue_per_kpi": 3.5)").has_revenue());
    EXPECT_TRUE(read_with(R"("kpi_type": "units", "revenue_per_kpi": "price")").has_revenue());
}

}  // namespace
}  // namespace mmm
