// Fuzzed options of a budget plan: whatever the document, the outcome is a plan inside its bounds or an Error.
#include <gtest/gtest.h>

#include "core/api.hpp"
#include "json_mutations.hpp"
#include "model/hand_made_model.hpp"

namespace mmm {
namespace {

const char* const brand =
    R"({"time": "week", "kpi": "sales", "media": {"tv": {"spend": "tv", "saturation": "hill"}, "web": "web", "mail": "mail"},
    "simulate": {"periods": 30, "truth": {"intercept": 0.6}}})";

const char* const regional =
    R"({"time": "week", "geo": "region", "kpi": "sales",
    "media": {"tv": {"spend": "tv", "order": "saturation_first"}, "web": "web"},
    "reach_frequency": {"mail": {"spend": "mail", "reach": "people", "frequency": "times"}},
    "simulate": {"geos": 3, "periods": 30}})";

std::vector<Json> documents_of(std::initializer_list<const char*> texts) {
    std::vector<Json> all;
    for (const char* text : texts) all.push_back(Json::parse(text));
    return all;
}

const std::vector<Json>& plan_seeds() {
    static const auto all = documents_of(
        {R"({"budget": 100000, "bounds": {"tv": [0.5, 2], "*": [0, 3]}, "level": 0.8})",
         R"({"bounds": [0, 5], "locked": ["web"], "objective": {"cvar": 0.2}})",
         R"({"target_roi": 1.5, "max_budget": 200000, "bounds": {"tv": [0, 500000], "unit": "spend"}})",
         R"({"target_mroi": 0.7, "from": "2022-02-07", "to": "2022-05-30", "carryover": "after"})",
         R"({"bounds": [0, 3], "constraints": [{"channels": {"tv": 1, "web": -2}, "min": 0, "max": 50000}]})",
         R"({"bounds": [0, 3], "groups": {"digital": {"channels": ["web", "mail"], "min": 10, "max": 90000}}, "by": "channel"})",
         R"({"objective": {"quantile": 0.1}, "bounds": [0.2, 4]})", R"({"objective": {"probability": 100000}})",
         R"({"by": "geo", "locked": ["tv"], "bounds": {"tv": [0, 9], "*": [0.1, 3]}})",
         R"({"by": "period", "every": 7, "locked": ["web"], "bounds": [0, 4], "flighting": {"tv": [1, 0, 2, 1, 1]}})",
         R"({"by": "period", "from": "2022-02-07", "to": "2022-04-30", "bounds": {"tv": [0, 50000], "unit": "spend", "*": [0.1, 3]}})"});
    return all;
}

const std::vector<Json>& plan_parts() {
    static const auto all =
        documents_of({"[0, 2]", "[1, 1]", "[0, 1e300]", R"({"cvar": 0.01})", R"({"tv": 1, "web": 1})", R"(["tv"])",
                      R"("2022-03-07")", R"("geo")", R"("period")", "[0, 1, 2]", "0", "1e300", "1e-300", "1000", R"({"tv": 1e9, "web": -1e-9})"});
    return all;
}

TEST(FuzzedPlans, AreMadeOrRefused) {
    const std::vector<std::string> words = {
        "budget", "target_roi", "target_mroi", "max_budget", "bounds",   "locked",   "constraints", "groups", "by",
        "from",   "to",         "carryover",   "objective",  "level",    "channels", "min",         "max",    "unit",
        "tv",     "web",        "mail",        "*",          "quantile", "cvar",     "probability", "every",  "flighting"};
    const FittedModel models[] = {test::hand_made_model(brand, 1, 1, 12), test::hand_made_model(regional, 1, 1, 12)};
    const std::uint32_t n = fuzz::amount(5'000);
    std::uint32_t made = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
        fuzz::Dice dice(21, i);
        Json document = dice.pick(plan_seeds());
        for (std::size_t m = 1 + dice.below(3); m > 0; --m) fuzz::mutate(document, words, plan_parts(), dice);
        const std::string text = document.dump();
        std::vector<BudgetRow> rows;
        if (!fuzz::outcome(text, [&] { rows = optimize_budget(models[i % 2], text, [] {}); })) continue;
        ++made;
        for (const auto& row : rows) {
            const double rounding = 1e-9 * row.upper_bound;
            ASSERT_TRUE(row.optimal_spend >= row.lower_bound - rounding &&
                        row.optimal_spend <= row.upper_bound + rounding)
                << fuzz::shown(text);
            ASSERT_TRUE(std::isfinite(row.optimal_contribution)) << fuzz::shown(text);
        }
    }
    EXPECT_GT(made, n / 20);
    EXPECT_LT(made, n - n / 10);
}

}  // namespace
}  // namespace mmm
