// Meridian's panel with a channel of reach and frequency (geo_media_rf.csv: 20 geos, 156 weeks, 3 media, 1 of reach and
// frequency, 2 controls), its own default model and automatic knots.
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <thread>

#include "core/model/fitted_model.hpp"
#include "support/tables.hpp"

namespace mmm {
namespace {

std::string reach_frequency_specification(const std::string& sampler) {
    std::string media;
    for (const std::string channel : {"Channel0", "Channel1", "Channel2"})
        media += (media.empty() ? "\"" : ", \"") + channel + R"(": {"spend": ")" + channel + R"(_spend", "exposure": ")" + channel + R"(_impression"})";
    return R"({"preset": "meridian", "time": "time", "geo": "geo", "population": "population",
        "kpi": "conversions", "kpi_type": "units", "revenue_per_kpi": "revenue_per_conversion", "media": {)" + media + R"(},
        "reach_frequency": {"Channel3": {"spend": "Channel3_spend", "reach": "Channel3_reach", "frequency": "Channel3_frequency"}},
        "controls": ["competitor_activity_score_control", "sentiment_score_control"],
        "trend": {"family": "knots", "knots": "auto"}, "sampler": )" + sampler + "}";
}

// As for the large panel, the whole run belongs to the long checks.
TEST(GeoMediaReachFrequency, ConvergesWithoutDivergences) {
    const std::string path = test::shared_file("data/geo_media_rf.csv");
    if (path.empty()) GTEST_SKIP() << "../shared/data/geo_media_rf.csv is not there";
    const bool full = std::getenv("MMM_FULL") != nullptr;
    const std::string spec = reach_frequency_specification(full ? R"({"warmup": 1000, "draws": 2000})" : R"({"warmup": 300, "draws": 300})");
    Host host;
    host.max_threads = 2;
    host.wait = [] { std::this_thread::sleep_for(std::chrono::milliseconds(2)); };
    const auto model = fit(*parse_specification(spec), test::csv_table(path, spec), host);
    double max_rhat = 0, min_ess = INFINITY;
    for (int p = 0; p < model->layout.size(); ++p) {
        if (!model->layout.at(p).sampled()) continue;
        const Convergence& c = model->convergence[static_cast<std::size_t>(p)];
        max_rhat = std::max(max_rhat, c.rhat);
        min_ess = std::min(min_ess, c.ess_bulk);
    }
    EXPECT_LE(max_rhat, full ? 1.01 : 1.05);
    EXPECT_GE(min_ess, full ? 400 : 80);
    EXPECT_EQ(model->sampler.divergences, 0);
    std::printf("    %d parameters, %zu knots, max R-hat %.4f, min bulk ESS %.0f, %lld gradients\n", model->layout.size(),
                model->spec.trend.positions.size(), max_rhat, min_ess, static_cast<long long>(model->sampler.gradients));
}

}  // namespace
}  // namespace mmm
