// Robyn's demonstration data (dt_simulated_weekly.csv: 208 weeks, 5 paid media, newsletter, competitor, events), on
// which other tools fail to converge, is fitted without trouble.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "core/model/fitted_model.hpp"
#include "support/tables.hpp"

namespace mmm {
namespace {

const char* const robyn_specification = R"({"time": "DATE", "kpi": "revenue",
    "media": {"tv": "tv_S", "ooh": "ooh_S", "print": "print_S",
              "facebook": {"spend": "facebook_S", "exposure": "facebook_I"},
              "search": {"spend": "search_S", "exposure": "search_clicks_P"}},
    "organic_media": {"newsletter": "newsletter"}, "controls": ["competitor_sales_B"],
    "events": [{"name": "event1", "dates": ["2018-05-21"]}, {"name": "event2", "dates": ["2019-04-22"]}],
    "sampler": {"seed": 1}})";

TEST(RobynExample, ConvergesWithoutDivergences) {
    const std::string path = test::shared_file("data/dt_simulated_weekly.csv");
    if (path.empty()) GTEST_SKIP() << "../shared/data/dt_simulated_weekly.csv is not there";
    Host host;
    host.max_threads = 2;
    const auto model = fit(*parse_specification(robyn_specification), test::csv_table(path, robyn_specification), host);
    double max_rhat = 0, min_ess = 1e9;
    for (const auto& row : summary(*model, 0.9, [] {})) {
        EXPECT_LE(row.rhat, 1.01) << row.parameter;
        max_rhat = std::max(max_rhat, row.rhat);
        min_ess = std::min(min_ess, row.ess_bulk);
    }
    EXPECT_EQ(model->sampler.divergences, 0);
    std::printf("    max R-hat %.4f, min bulk ESS %.0f, %lld gradients\n", max_rhat, min_ess,
                static_cast<long long>(model->sampler.gradients));
}

}  // namespace
}  // namespace mmm
