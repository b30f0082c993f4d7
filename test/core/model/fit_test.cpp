// Fitting as a whole: what is refused before any work, what is reported during it, and that a model depends on nothing
// but rows, specification and seed.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "core/api.hpp"
#include "core/model/codec.hpp"
#include "model/hand_made_model.hpp"

namespace mmm {
namespace {

std::string spec(const std::string& sampler, const std::string& rest = "") {
    return R"({"time": "week", "kpi": "sales", "media": {"tv": "tv"}, "trend": "none", "seasonality": false,
        "sampler": )" +
           sampler + R"(, "simulate": {"periods": 60})" + rest + "}";
}
const std::string quick = R"({"chains": 3, "warmup": 60, "draws": 40})";

Host host(int threads = 1) {
    Host h;
    h.max_threads = threads;
    return h;
}

FittedModelPtr fit_of(const std::string& text, const Host& h) {
    return fit(*parse_specification(text), test::simulated_table(text, 3), h);
}

std::string refusal(const std::string& text, const Table& table, const Host& h, ErrorKind kind) {
    try {
        fit(*parse_specification(text), table, h);
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), kind);
        return error.what();
    }
    return "fitted";
}

TEST(Fit, GivesTheSameBytesWhateverTheThreads) {
    const std::string one = model_to_bytes(*fit_of(spec(quick), host(1)));
    EXPECT_EQ(model_to_bytes(*fit_of(spec(quick), host(3))), one);
    EXPECT_EQ(model_to_bytes(*fit_of(spec(quick), host(1))), one);
    EXPECT_NE(model_to_bytes(*fit_of(spec(R"({"chains": 3, "warmup": 60, "draws": 40, "seed": 2})"), host(1))), one);
}

TEST(Fit, GivesTheSameBytesWhateverTheOrderOfRows) {
    const std::string text = spec(quick);
    Table table = test::simulated_table(text, 3);
    const std::string sorted = model_to_bytes(*fit(*parse_specification(text), table, host()));
    std::reverse(table.time.begin(), table.time.end());
    for (auto& column : table.columns) std::reverse(column.values.begin(), column.values.end());
    EXPECT_EQ(model_to_bytes(*fit(*parse_specification(text), table, host())), sorted);
}

TEST(Fit, ByEveryMethodAnswersEveryQuestion) {
    for (const char* method : {"nuts", "map", "pathfinder"}) {
        const auto model = fit_of(
            spec(R"({"method": ")" + std::string(method) + R"(", "chains": 2, "warmup": 60, "draws": 40})"), host());
        EXPECT_EQ(model->total_draws(), std::string(method) == "map" ? 1u : 80u) << method;
        const auto rows = channels(*model, 0.9, {}, [] {});
        EXPECT_TRUE(std::isfinite(*rows[0].roi)) << method;
        EXPECT_EQ(model_to_bytes(*model_from_bytes(model_to_bytes(*model))), model_to_bytes(*model)) << method;
        EXPECT_FALSE(diagnostics(*model, [] {}).empty());
        EXPECT_EQ(static_cast<int>(summary(*model, 0.9, [] {}).size()), model->layout.size());
    }
}

TEST(Fit, KeepsFixedParametersAsTheyAre) {
    const auto model = fit_of(spec(quick, R"(, "intercept": 0.5, "sigma": 0.0625)"), host());
    const DrawsTable table = draws(*model, std::vector<std::string>{"intercept", "sigma"});
    for (int d = 0; d < 120; ++d) {
        EXPECT_EQ(table.values[0][d], 0.5F);
        EXPECT_EQ(table.values[1][d], 0.0625F);
    }
}

TEST(Fit, OfUnusableDataIsRefusedWithEveryFinding) {
    Table table = test::simulated_table(spec(quick), 3);
    table.columns[0].values[3] = NAN;
    table.columns[1].values[4] = -1;
    EXPECT_EQ(refusal(spec(quick), table, host(), ErrorKind::invalid_data),
              "the data of simulated cannot be modelled: 2 problems, the first is kpi: column \"sales\" is not a "
              "finite number in 1 row, first at "
              "2022-01-24");
}

TEST(Fit, WithNothingToFitIsRefused) {
    const std::string text =
        spec(quick, R"(, "intercept": 0.5, "sigma": 0.1, "adstock": {"family": "geometric", "alpha": 0.3},
        "saturation": {"family": "logistic", "rate": 3}, "media": {"tv": {"spend": "tv", "prior": 0.4}})");
    EXPECT_EQ(refusal(text, test::simulated_table(text, 3), host(), ErrorKind::invalid_specification),
              "every parameter is fixed, so there is nothing to fit");
}

TEST(Fit, ThatNeedsMoreMemoryThanAllowedIsRefusedBeforeItStarts) {
    Host small = host();
    small.max_memory_bytes = 1 << 20;
    small.wait = [] { ADD_FAILURE() << "started"; };
    const std::string text = spec(R"({"draws": 100000})");
    const std::string message = refusal(text, test::simulated_table(text, 3), small, ErrorKind::limit_exceeded);
    EXPECT_NE(message.find("more than mmm.max_memory allows (1 MB)"), std::string::npos) << message;
}

TEST(Fit, StopsWhenItsHostThrows) {
    Host stopping = host(2);
    int waits = 0;
    stopping.wait = [&] {
        if (++waits > 2) throw std::runtime_error("cancelled");
    };
    const std::string endless = spec(R"({"chains": 2, "warmup": 1000000, "draws": 1000})");
    EXPECT_THROW(fit_of(endless, stopping), std::runtime_error);
}

TEST(Fit, ReportsItsPhasesAndTheIterationsOfItsChains) {
    Host reporting = host();
    std::set<Phase> phases;
    int total = 0;
    reporting.report = [&](Phase overall, const ChainProgress* chains, int n) {
        phases.insert(overall);
        if (chains != nullptr && n == 3) total = std::max(total, chains[0].total.load());
    };
    fit_of(spec(quick), reporting);
    for (const Phase phase : {Phase::preparing, Phase::sampling, Phase::done})
        EXPECT_TRUE(phases.count(phase)) << phase_name(phase);
    EXPECT_EQ(total, 100);
}

}  // namespace
}  // namespace mmm
