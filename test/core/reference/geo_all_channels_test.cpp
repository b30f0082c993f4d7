// Meridian's demonstration panel (geo_all_channels.csv: 40 geos, 156 weeks, 5 paid channels, organic media, a promotion and
// 2 controls) with its own default model and automatic knots. Meridian publishes R-hats of 1.12 to 1.13 for it (demo
// notebook, 10 chains of 1,000 draws); here chains agree.
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <thread>

#include "core/model/fitted_model.hpp"
#include "support/tables.hpp"

namespace mmm {
namespace {

std::string specification(const std::string& sampler) {
    std::string media;
    for (int m = 0; m < 5; ++m) {
        const std::string channel = "Channel" + std::to_string(m);
        media += (m > 0 ? ", \"" : "\"") + channel + R"(": {"spend": ")" + channel + R"(_spend", "exposure": ")" + channel + R"(_impression"})";
    }
    return R"({"preset": "meridian", "time": "time", "geo": "geo", "population": "population",
        "kpi": "conversions", "kpi_type": "units", "revenue_per_kpi": "revenue_per_conversion",
        "media": {)" + media + R"(}, "organic_media": {"organic": "Organic_channel0_impression"}, "treatments": {"promo": "Promo"},
        "controls": ["competitor_sales_control", "sentiment_score_control"],
        "trend": {"family": "knots", "knots": "auto"}, "sampler": )" + sampler + "}";
}

// The whole run takes minutes, so `make check` looks at a shorter one, with bounds that fit its length.
struct Length {
    const char* sampler;
    double max_rhat, min_ess;
};

Length length_of_this_check() {
    if (std::getenv("MMM_FULL") != nullptr) return {R"({"warmup": 1000, "draws": 1000})", 1.01, 400};
    return {R"({"warmup": 400, "draws": 400})", 1.03, 120};
}

TEST(GeoAllChannels, ConvergesWithoutDivergencesAndKeepsTotals) {
    const std::string path = test::shared_file("data/geo_all_channels.csv");
    if (path.empty()) GTEST_SKIP() << "../shared/data/geo_all_channels.csv is not there";
    const Length run = length_of_this_check();
    const std::string spec = specification(run.sampler);
    const Table table = test::csv_table(path, spec);
    Host host;
    host.max_threads = 2;
    host.wait = [] { std::this_thread::sleep_for(std::chrono::milliseconds(2)); };
    const auto model = fit(*parse_specification(spec), table, host);
    double max_rhat = 0, min_ess = INFINITY;
    for (int p = 0; p < model->layout.size(); ++p) {
        if (!model->layout.at(p).sampled()) continue;
        const Convergence& c = model->convergence[static_cast<std::size_t>(p)];
        EXPECT_LE(c.rhat, run.max_rhat) << model->layout.at(p).name;
        EXPECT_GE(c.ess_bulk, run.min_ess) << model->layout.at(p).name;
        max_rhat = std::max(max_rhat, c.rhat);
        min_ess = std::min(min_ess, c.ess_bulk);
    }
    EXPECT_EQ(model->sampler.divergences, 0);
    std::printf("    %d parameters, %zu knots, max R-hat %.4f, min bulk ESS %.0f, %lld gradients\n", model->layout.size(),
                model->spec.trend.positions.size(), max_rhat, min_ess, static_cast<long long>(model->sampler.gradients));

    // Totals by hand from the file: its spend, and sum of conversions * revenue_per_conversion.
    const auto column = [&](const std::string& name) -> const std::vector<double>& {
        for (const auto& c : table.columns)
            if (c.name == name) return c.values;
        throw std::logic_error(name);
    };
    double outcome = 0;
    for (std::size_t i = 0; i < table.rows(); ++i) outcome += column("conversions")[i] * column("revenue_per_conversion")[i];
    EXPECT_NEAR(model->design.outcome_total / outcome, 1, 1e-12);
    for (const auto& row : channels(*model, 0.9, {}, [] {})) {
        if (row.kind != "paid") continue;
        double spend = 0;
        for (const double value : column(row.channel + "_spend")) spend += value;
        EXPECT_NEAR(*row.spend / spend, 1, 1e-12);
        // The recipe of the data has no truth, but every ROI has to be one that the prior thinks possible.
        EXPECT_GT(*row.roi, 0.2);
        EXPECT_LT(*row.roi, 5);
    }
}

}  // namespace
}  // namespace mmm
