// Meridian's panel with a channel of reach and frequency (geo_media_rf.csv: 20 geos, 156 weeks, 3 media, 1 of reach and
// frequency, 2 controls), its own default model and automatic knots.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <thread>

#include "core/api.hpp"
#include "core/model/fitted_model.hpp"
#include "core/summary/contributions.hpp"
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

// The best frequency stands out, and its ROI is that of the same impressions in the model itself.
void expect_optimal_frequency(const FittedModel& model) {
    const auto rows = optimal_frequency(model, std::nullopt, 0.9, std::nullopt, [] {});
    const Vec frequency = model.design.media.col(3), reach = model.design.reach.col(3);
    EXPECT_NEAR(rows.back().frequency, frequency.maxCoeff(), 0.1);
    const auto best = std::find_if(rows.begin(), rows.end(), [](const auto& row) { return row.optimal; });
    ASSERT_NE(best, rows.end());
    for (const auto& row : rows) EXPECT_LE(*row.roi, *best->roi);
    Contributions contributions(model);
    double outcome = 0;
    Vec brought;
    for (std::size_t draw = 0; draw < model.total_draws(); ++draw) {
        contributions.load(draw);
        contributions.medium_at(3, Vec::Constant(reach.size(), best->frequency), frequency.cwiseProduct(reach) / best->frequency,
                                brought);
        outcome += brought.dot(model.data.revenue_per_kpi) / static_cast<double>(model.total_draws());
    }
    EXPECT_NEAR(*best->roi, outcome / model.data.spend.col(3).sum(), 1e-9 * *best->roi);
    std::printf("    best frequency of %s %.1f: ROI %.2f (%.2f to %.2f)\n", best->channel.c_str(), best->frequency, *best->roi,
                *best->roi_lower, *best->roi_upper);
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
    expect_optimal_frequency(*model);
}

}  // namespace
}  // namespace mmm
