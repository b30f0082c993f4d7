// The totals of a draw are the sums over rows of what each component adds, and those that a model keeps answer as computed ones do.
#include "core/summary/channel_totals.hpp"

#include <gtest/gtest.h>

#include "answers/panel_models.hpp"
#include "core/api.hpp"
#include "core/model/codec.hpp"
#include "core/summary/contributions.hpp"
#include "model/hand_made_model.hpp"
#include "recovery/family_models.hpp"
#include "support/idle.hpp"

namespace mmm {
namespace {

using test::idle;

// Many parameters beside few media, so that totals are kept.
const char* const wide = R"({"preset": "meridian", "time": "week", "geo": "geo", "population": "people", "kpi": "sales", "media": {"tv": "tv", "web": "web"},
    "controls": ["price", "rain"], "trend": {"family": "knots", "knots": 10}, "simulate": {"geos": 25, "periods": 30}})";

void expect_sums_of_contributions(const FittedModel& model) {
    Vec mask(model.data.rows());
    for (Eigen::Index i = 0; i < mask.size(); ++i) mask[i] = i % 3 == 0 ? 0 : 1;
    ChannelTotals totals(model, mask);
    Contributions contributions(model);
    const Vec value = mask.cwiseProduct(model.data.revenue_per_kpi);
    TotalsOfDraw of_draw;
    Mat parts;
    Vec more;
    for (std::size_t draw = 0; draw < 3; ++draw) {
        totals.evaluate(draw, of_draw);
        contributions.evaluate(draw, parts);
        const double fitted = mask.dot(parts.rowwise().sum()), tolerance = 1e-10 * std::fabs(fitted);
        EXPECT_NEAR(of_draw.fitted, fitted, tolerance);
        const auto n = static_cast<Eigen::Index>(model.spec.media.size());
        for (Eigen::Index m = 0; m < n; ++m) {
            const auto rows = parts.col(parts.cols() - n + m);
            EXPECT_NEAR(of_draw.media(m, 0), mask.dot(rows), tolerance);
            EXPECT_NEAR(of_draw.media(m, 1), value.dot(rows), tolerance * model.data.revenue_per_kpi.maxCoeff());
            if (!model.spec.media[static_cast<std::size_t>(m)].paid()) continue;
            contributions.medium(static_cast<std::size_t>(m), 1.01, more);
            EXPECT_NEAR(of_draw.media(m, 2), value.dot(more) - value.dot(rows), tolerance * model.data.revenue_per_kpi.maxCoeff());
        }
    }
}

TEST(ChannelTotals, AreTheSumsOfContributionsForEveryFamilyOfModel) {
    for (const auto& family : test::family_models()) {
        SCOPED_TRACE(family.name);
        expect_sums_of_contributions(test::hand_made_model(family.spec));
    }
    for (const char* spec : {test::regions, test::returns, wide}) expect_sums_of_contributions(test::hand_made_model(spec));
}

TEST(ChannelTotals, AreKeptByModelsOfManyParametersOnly) {
    EXPECT_TRUE(keeps_totals(test::hand_made_model(wide)));
    EXPECT_FALSE(keeps_totals(test::hand_made_model(test::returns)));
}

FittedModel with_totals(int threads) {
    FittedModel model = test::hand_made_model(wide, 1, 2, 130);
    store_totals(model, threads, [] {});
    return model;
}

TEST(ChannelTotals, ThatAreKeptAnswerAsComputedOnesDo) {
    const FittedModel kept = with_totals(2);
    ASSERT_EQ(kept.totals.size(), 260u * 7);
    FittedModel computed = kept;
    computed.totals.clear();
    const auto of_kept = channels(kept, 0.9, {}, idle), of_computed = channels(computed, 0.9, {}, idle);
    for (std::size_t m = 0; m < of_kept.size(); ++m) {
        EXPECT_EQ(of_kept[m].contribution, of_computed[m].contribution);
        EXPECT_EQ(of_kept[m].contribution_share, of_computed[m].contribution_share);
        EXPECT_EQ(of_kept[m].roi_upper, of_computed[m].roi_upper);
        EXPECT_EQ(of_kept[m].mroi_lower, of_computed[m].mroi_lower);
    }
}

TEST(ChannelTotals, AnswerForAllRowsAndForNothingElse) {
    const FittedModel model = with_totals(1);
    FittedModel altered = model;
    altered.totals[1] *= 2;  // the first draw's contribution of the first medium
    EXPECT_NE(channels(altered, 0.9, {}, idle)[0].contribution, channels(model, 0.9, {}, idle)[0].contribution);
    TimeRange range;
    range.geos = std::vector<std::string>{model.data.geos[0]};
    EXPECT_EQ(channels(altered, 0.9, range, idle)[0].contribution, channels(model, 0.9, range, idle)[0].contribution);
}

TEST(ChannelTotals, AreComputedByAFit) {
    std::string spec = wide;
    spec.insert(1, R"("sampler": {"method": "pathfinder", "chains": 1, "draws": 20}, )");
    FittedModel model = *fit(*parse_specification(spec), test::simulated_table(spec, 1), Host{});
    const auto of_fit = model.totals;
    ASSERT_EQ(of_fit.size(), 20u * 7);
    store_totals(model, 1, [] {});
    EXPECT_EQ(model.totals, of_fit);
}

TEST(ChannelTotals, DoNotDependOnTheNumberOfThreads) { EXPECT_EQ(with_totals(1).totals, with_totals(3).totals); }

TEST(ChannelTotals, AreStoredWithTheModel) {
    const FittedModel model = with_totals(1);
    const std::string bytes = encode_model(model);
    EXPECT_EQ(decode_model(bytes).totals, model.totals);
    EXPECT_EQ(encode_model(decode_model(bytes)), bytes);
    const std::string text = model_text(model);
    EXPECT_EQ(read_model_text(text).totals, model.totals);
    EXPECT_EQ(model_text(read_model_text(text)), text);
}

TEST(ChannelTotals, ThatAreDamagedAreRefused) {
    FittedModel model = with_totals(1);
    const auto error_of = [](Json json) {
        try {
            read_model_text(json.dump());
        } catch (const Error& error) {
            return std::string(error.what());
        }
        return std::string("accepted");
    };
    Json json = Json::parse(model_text(model));
    json.erase("totals_float64_base64");
    EXPECT_NE(error_of(json).find("totals_float64_base64 is missing"), std::string::npos);
    json["totals_float64_base64"] = "AAAA";
    EXPECT_NE(error_of(json).find("totals do not have the expected length"), std::string::npos);
    for (const Json& version : {Json(0), Json(2), Json(true), Json("1")}) {
        json["totals"] = version;
        EXPECT_NE(error_of(json).find("totals is not 1"), std::string::npos);
    }
    model.totals[5] = INFINITY;
    EXPECT_NE(error_of(Json::parse(model_text(model))).find("totals are not finite"), std::string::npos);
}

TEST(ChannelTotals, BeyondWhatANumberHoldsAreNotKept) {
    FittedModel model = test::hand_made_model(wide);
    model.design.row_scale *= 1e308;
    store_totals(model, 1, [] {});
    EXPECT_TRUE(model.totals.empty());
}

}  // namespace
}  // namespace mmm
