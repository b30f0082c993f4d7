// The export for ArviZ: groups of arrays by name, every number as it is.
#include <gtest/gtest.h>

#include "model/hand_made_model.hpp"
#include "model/specifications.hpp"
#include "support/idle.hpp"

namespace mmm {
namespace {

using test::idle;

TEST(Arviz, HasEveryDrawByNameChainByChain) {
    for (const auto& text : test::specifications()) {
        const FittedModel model = test::hand_made_model(text, 1, 3, 7);
        const Json json = Json::parse(arviz_json(model, idle));
        ASSERT_EQ(json["posterior"].size(), static_cast<std::size_t>(model.layout.size()));
        for (int p = 0; p < model.layout.size(); ++p) {
            const Json& values = json["posterior"][model.layout.parameters[static_cast<std::size_t>(p)].name];
            ASSERT_EQ(values.size(), 3u);
            for (std::size_t chain = 0; chain < 3; ++chain) {
                ASSERT_EQ(values[chain].size(), 7u);
                for (std::size_t draw = 0; draw < 7; ++draw)
                    EXPECT_EQ(values[chain][draw].get<double>(),
                              static_cast<double>(model.parameter_draws(p)[chain * 7 + draw]));
            }
        }
    }
}

TEST(Arviz, HasStepSizesAndTheFittedKpi) {
    FittedModel model = test::hand_made_model(
        R"({"time": "week", "kpi": "data.\"sales\"", "media": {"tv": "data.tv"},
            "holdout": {"last": 6}, "simulate": {"periods": 60}})",
        1, 2, 5);
    model.sampler.step_size = {0.25, 0.5};
    const Json json = Json::parse(arviz_json(model, idle));
    EXPECT_EQ(json.size(), 3u);
    EXPECT_EQ(json["sample_stats"]["step_size"].dump(), "[[0.25,0.25,0.25,0.25,0.25],[0.5,0.5,0.5,0.5,0.5]]");
    const Json& kpi = json["observed_data"]["data.\"sales\""];
    ASSERT_EQ(kpi.size(), 54u);
    for (std::size_t t = 0; t < 54; ++t) EXPECT_EQ(kpi[t].get<double>(), model.data.kpi[static_cast<Eigen::Index>(t)]);
}

TEST(Arviz, OfAModeHasNoSamplerStatistics) {
    FittedModel model = test::hand_made_model(test::specifications()[0], 1, 1, 1);
    model.sampler = {};
    EXPECT_FALSE(Json::parse(arviz_json(model, idle)).contains("sample_stats"));
    EXPECT_THROW(arviz_json(model, [] { throw std::runtime_error("stop"); }), std::runtime_error);
}

}  // namespace
}  // namespace mmm
