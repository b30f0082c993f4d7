// A refresh takes the last posterior as prior and new rows as data, and says what moved beyond noise.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/model/json.hpp"
#include "core/refresh.hpp"
#include "support/idle.hpp"
#include "support/tables.hpp"

namespace mmm {
namespace {

const char* const document = R"({"time": "week", "kpi": "sales", "media": {"tv": "tv", "search": "search", "radio": "radio"},
    "controls": ["price"], "seasonality": {"period": "year", "order": 1}, "trend": "linear",
    "sampler": {"chains": 2, "warmup": 400, "draws": 500, "seed": 4},
    "simulate": {"periods": 156, "start": "2021-01-04", "kpi_scale": 100000, "truth": {"intercept": 1, "trend.slope": 0.1, "sigma": 0.03,
        "controls.price": -0.05, "media.tv.coefficient": 0.5, "media.search.coefficient": 0.4, "media.radio.coefficient": 0.3}}})";

Table rows_from(const Table& table, std::size_t first, std::size_t last) {
    Table part = table;
    const auto cut = [&](auto& v) {
        using Difference = typename std::decay_t<decltype(v)>::difference_type;
        v = {v.begin() + static_cast<Difference>(first), v.begin() + static_cast<Difference>(last)};
    };
    cut(part.time);
    cut(part.time_is_null);
    for (auto& c : part.columns) {
        cut(c.values);
        cut(c.is_null);
    }
    return part;
}

FittedModelPtr refreshed(const FittedModel& old, const Table& table, const std::string& options = "{}") {
    return refresh(old, *parse_specification(refresh_specification(old, options)), options, table, Host{});
}

struct Estimate {
    double mean = 0, sd = 0;
};

Estimate roi_of(const FittedModel& model, const FittedModel& in_rows_of, std::size_t medium) {
    const DrawReturns returns = returns_on(model, in_rows_of.spec, in_rows_of.data, test::idle);
    const Vec roi = returns.roi.col(static_cast<Eigen::Index>(medium));
    return {roi.mean(), std::sqrt((roi.array() - roi.mean()).square().sum() / static_cast<double>(roi.size() - 1))};
}

const Table& rows() {
    static const Table table = test::simulated_table(document, 11);
    return table;
}

const FittedModel& old_model() {
    static const FittedModelPtr model = fit(*parse_specification(document), test::first_rows(rows(), 104), Host{});
    return *model;
}

const FittedModel& renewed_model() {
    static const FittedModelPtr model = refreshed(old_model(), rows());
    return *model;
}

// Priors are independent laws while the old posterior was not, so the two agree closely but not exactly: means within half a
// posterior sd, sds within 40 %.
TEST(Refresh, ComesCloseToFittingEverythingAtOnce) {
    const FittedModelPtr all = fit(*parse_specification(document), rows(), Host{});
    for (std::size_t m = 0; m < 3; ++m) {
        const Estimate one = roi_of(*all, *all, m), two = roi_of(renewed_model(), *all, m);
        EXPECT_NEAR(two.mean, one.mean, 0.5 * one.sd) << all->spec.media[m].name;
        EXPECT_NEAR(two.sd / one.sd, 1, 0.4) << all->spec.media[m].name;
        // And it learned: the old model knew less.
        EXPECT_LT(two.sd, roi_of(old_model(), *all, m).sd) << all->spec.media[m].name;
    }
}

TEST(Refresh, FitsOnlyRowsThatAreNewAndKeepsTheUnits) {
    EXPECT_EQ(renewed_model().data.rows(), 156);
    EXPECT_EQ(renewed_model().data.fitted_rows(), 52);
    EXPECT_EQ(renewed_model().design.kpi_scale, old_model().design.kpi_scale);
    EXPECT_EQ(renewed_model().design.media_scale, old_model().design.media_scale);
    EXPECT_EQ(renewed_model().spec.units->time[1], old_model().data.time.back());
    // The revised past changes nothing but what carries over: its KPI is not looked at.
    Table revised = rows();
    auto& kpi = std::find_if(revised.columns.begin(), revised.columns.end(), [](const auto& c) { return c.name == "sales"; })->values;
    for (std::size_t row = 0; row < 104; ++row) kpi[row] *= 2;
    EXPECT_EQ(refreshed(old_model(), revised)->values, renewed_model().values);
}

// Without new information the posterior is the prior: what was put in comes out.
TEST(Refresh, ByRowsThatSayNothingGivesTheOldPosteriorBack) {
    const FittedModelPtr same = refreshed(old_model(), test::first_rows(rows(), 105), R"({"spec": {"priors": {}}})");
    for (std::size_t m = 0; m < 3; ++m) {
        const Estimate before = roi_of(old_model(), *same, m), after = roi_of(*same, *same, m);
        EXPECT_NEAR(after.mean, before.mean, 0.35 * before.sd);
        EXPECT_NEAR(after.sd / before.sd, 1, 0.25);
    }
}

TEST(Refresh, WidensItsPriorsAndTakesOnlyThoseAskedFor) {
    const auto prior_sd = [&](const std::string& options, const std::string& name) {
        const FittedModelPtr model = refreshed(old_model(), rows(), options);
        for (const auto& one : model->spec.priors)
            if (one.parameter == name) return prior_scale(one.prior);
        return 0.0;
    };
    const std::string quick = R"("sampler": {"method": "pathfinder", "chains": 1, "draws": 10})";
    const double once = prior_sd("{" + quick + "}", "controls.price");
    EXPECT_GT(once, 0);
    EXPECT_NEAR(prior_sd(R"({"widen": 2, )" + quick + "}", "controls.price"), 2 * once, 1e-12);
    EXPECT_EQ(prior_sd(R"({"parameters": ["media.*"], )" + quick + "}", "controls.price"), 0);
    EXPECT_GT(prior_sd(R"({"parameters": ["media.*"], )" + quick + "}", "media.tv.adstock.alpha"), 0);
}

TEST(Refresh, OfARefreshedModelGoesOnInTheSameUnits) {
    const std::string quick = R"({"sampler": {"method": "pathfinder", "chains": 1, "draws": 50}})";
    const FittedModelPtr first = refreshed(old_model(), test::first_rows(rows(), 130), quick), second = refreshed(*first, rows(), quick);
    EXPECT_EQ(second->design.kpi_scale, old_model().design.kpi_scale);
    EXPECT_EQ(second->data.fitted_rows(), 26);
    EXPECT_EQ(model_from_bytes(model_to_bytes(*second))->design.media, second->design.media);
}

TEST(Refresh, RefusesWhatItCannotGoOnFrom) {
    const auto message = [&](const Table& table, const std::string& options) {
        try {
            refreshed(old_model(), table, options);
        } catch (const Error& error) {
            return std::string(error.what());
        }
        return std::string("accepted");
    };
    EXPECT_EQ(message(test::first_rows(rows(), 104), "{}").substr(0, 46), "time: there is no row to fit from 2023-01-02 o");
    EXPECT_NE(message(rows_from(rows(), 100, 156), "{}").find("hold the 8 periods before it"), std::string::npos);
    EXPECT_NE(message(rows_from(rows(), 110, 156), "{}").find("the rows must go on from 2023-01-02"), std::string::npos);
    EXPECT_EQ(message(rows(), R"({"widen": 0.5})").substr(0, 13), "options.widen");
    EXPECT_NE(message(rows(), R"({"wide": 2})").find("options.wide: unknown key"), std::string::npos);
    EXPECT_NE(message(rows(), R"({"spec": {"units": {}}})").find("options.spec.units"), std::string::npos);
    EXPECT_EQ(message(rows_from(rows(), 60, 156), R"({"sampler": {"method": "pathfinder", "chains": 1, "draws": 10}})"), "accepted");
}

TEST(RefreshReport, FlagsTheChannelThatLostHalfItsEffectAndNoOther) {
    // The same model of the world, but in the last year tv brings half of what it brought.
    Json weaker = Json::parse(document);
    weaker["simulate"]["truth"]["media.tv.coefficient"] = 0.25;
    const Table weak = test::simulated_table(weaker.dump(), 11);
    Table changed = rows();
    const auto kpi = [](auto& table) -> auto& {
        return std::find_if(table.columns.begin(), table.columns.end(), [](const auto& c) { return c.name == "sales"; })->values;
    };
    Table weak_copy = weak;
    for (std::size_t row = 104; row < 156; ++row) kpi(changed)[row] = kpi(weak_copy)[row];
    const FittedModelPtr moved = refreshed(old_model(), changed);
    for (const auto& row : refresh_report(old_model(), *moved, 0.95, test::idle)) {
        if (!row.parameter.starts_with("roi.")) continue;
        EXPECT_EQ(row.moved, row.parameter == "roi.tv") << row.parameter << " z " << row.z.value_or(0) << ": " << row.message;
    }
    // Without a change nothing is flagged.
    for (const auto& row : refresh_report(old_model(), renewed_model(), 0.99, test::idle))
        EXPECT_FALSE(row.moved) << row.parameter << " z " << row.z.value_or(0) << ": " << row.message;
}

TEST(Pattern, StarsStandForAnything) {
    EXPECT_TRUE(matches_pattern({"media.*.roi"}, "media.tv.roi"));
    EXPECT_TRUE(matches_pattern({"*"}, ""));
    EXPECT_TRUE(matches_pattern({"a*b*c"}, "axxbyyc"));
    EXPECT_FALSE(matches_pattern({"media.*.roi"}, "media.tv.roi.x"));
    EXPECT_FALSE(matches_pattern({"sigma"}, "sigma2"));
    EXPECT_FALSE(matches_pattern({}, "x"));
}

TEST(Refresh, RefusesPatternsThatNothingMatches) {
    try {
        refreshed(old_model(), rows(), R"({"parameters": ["media.tvv.*", "*"]})");
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("no parameter of the model matches \"media.tvv.*\""), std::string::npos) << error.what();
    }
}

// {"family": "knots"} over a linear trend leaves no slope behind.
TEST(Refresh, PlacesKnotsThatTheOldModelDidNotHave) {
    const FittedModelPtr model = refreshed(old_model(), rows(), R"({"spec": {"trend": {"family": "knots", "knots": 5}, "intercept": null},
        "sampler": {"method": "pathfinder", "chains": 1, "draws": 5}})");
    EXPECT_EQ(model->spec.trend.positions.size(), 5u);
}

// A yearly event that the new rows do not hold keeps its posterior for forecasts and for the next refresh.
TEST(Refresh, KeepsEventsThatItsRowsDoNotHold) {
    Json spec = Json::parse(document);
    spec["events"] = Json::parse(R"([{"name": "sale", "dates": ["2021-07-05", "2022-07-04", "2023-12-28"]}])");
    const FittedModelPtr old = fit(*parse_specification(spec.dump()), test::first_rows(rows(), 104), Host{});
    const FittedModelPtr model = refreshed(*old, rows_from(rows(), 90, 130), R"({"sampler": {"chains": 1, "draws": 500}})");
    ASSERT_EQ(model->spec.events.size(), 1u);
    const auto mean_of = [](const FittedModel& m) {
        for (int p = 0; p < m.layout.size(); ++p)
            if (m.layout.at(p).name == "events.sale") return std::pair{m.convergence[static_cast<std::size_t>(p)].mean, m.convergence[static_cast<std::size_t>(p)].sd};
        return std::pair{std::nan(""), std::nan("")};
    };
    const auto [before, spread] = mean_of(*old);
    const auto [after, spread_after] = mean_of(*model);
    EXPECT_NEAR(after, before, 0.25 * spread);
    EXPECT_NEAR(spread_after, spread, 0.25 * spread);
}

TEST(Units, OfNothingInTheModelAreNamed) {
    Json spec = Json::parse(document);
    spec["units"] = Json::parse(R"({"kpi": {"scale": 1e5}, "media": {"tvv": {"scale": 2}}, "controls": {"price": {"scale": 3}},
        "time": {"from": "2021-01-04", "to": "2022-01-03"}})");
    const auto findings = validate(*parse_specification(spec.dump()), rows(), Host{});
    std::string unused;
    for (const auto& finding : findings)
        if (finding.code == "unused_unit") unused += finding.field + ": " + finding.message + "\n";
    EXPECT_EQ(unused, "units.media.tvv: the model has no \"tvv\" to give a unit (did you mean \"tv\"?)\n");
    spec["units"]["time"]["to"] = "2021-01-04";
    EXPECT_THROW(parse_specification(spec.dump()), Error);
}

}  // namespace
}  // namespace mmm
