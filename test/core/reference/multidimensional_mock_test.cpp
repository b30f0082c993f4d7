// PyMC-Marketing's panel example: two geos, 179 weeks, a truncated normal likelihood, priors of the intercept, the seasons and
// the trend by geo, with hyperpriors. Its posterior is published in the notebook mmm_build_from_yml_example.ipynb (2 chains
// of 400 draws, bulk ESS 869 to 1,307), the priors in data/config_files/multi_dimensional_example_model.yml.
#include <gtest/gtest.h>

#include <cmath>

#include "core/model/fitted_model.hpp"
#include "support/tables.hpp"

namespace mmm {
namespace {

// Short steps, as the scale of the trend's bends makes a funnel with bends that the data hardly know: at target_accept 0.9 one to
// twenty transitions of 4,000 diverge.
// Five changepoints from the first period to the last, the first of which is the slope; the one at the last bends nothing.
const char* const mock_specification = R"({"preset": "pymc", "time": "date", "geo": "geo", "kpi": "y", "media": {"x1": "x1", "x2": "x2"},
    "adstock": {"family": "geometric", "max_lag": 7, "alpha": {"family": "beta", "alpha": 2, "beta": 3}},
    "saturation": {"family": "logistic", "rate": {"family": "gamma", "mean": 3, "sd": 2}},
    "controls": [{"column": "event_1", "prior": {"family": "normal", "mu": 0, "sigma": 0.5}},
                 {"column": "event_2", "prior": {"family": "normal", "mu": 0, "sigma": 0.5}}],
    "intercept": {"family": "normal", "mu": 0.5, "sigma": 0.5, "by": "geo"},
    "seasonality": {"period": "year", "order": 2, "prior": {"family": "laplace", "b": {"family": "half_normal", "sigma": 0.2}, "by": "geo"}},
    "trend": {"family": "piecewise", "slope": 0, "changepoints": ["2018-04-02", "2019-02-09", "2019-12-18", "2020-10-25"],
              "delta": {"family": "laplace", "b": {"family": "half_normal", "sigma": 0.2}, "by": "geo"}},
    "likelihood": "truncated_normal", "sigma": {"family": "half_normal", "sigma": {"family": "half_normal", "sigma": 1.5}},
    "sampler": {"chains": 4, "warmup": 1000, "draws": 1000, "target_accept": 0.95}})";

std::string with_effect_priors() {
    Json spec = Json::parse(mock_specification);
    for (const char* channel : {"x1", "x2"})
        spec["media"][channel] = {{"spend", channel}, {"prior", {{"kind", "coefficient"}, {"family", "gamma"}, {"mean", 0.35}, {"sd", 0.1}}}};
    return spec.dump();
}

struct Published {
    const char* name;
    double mean, sd;
};

TEST(MultidimensionalMock, HasThePublishedPosterior) {
    const std::string path = test::shared_file("data/multidimensional_mock_data.csv");
    if (path.empty()) GTEST_SKIP() << "../shared/data/multidimensional_mock_data.csv is not there";
    const std::string spec = with_effect_priors();
    Host host;
    host.max_threads = 2;
    const auto model = fit(*parse_specification(spec), test::csv_table(path, spec), host);
    double max_rhat = 0, min_ess = INFINITY, furthest = 0;
    for (int p = 0; p < model->layout.size(); ++p) {
        if (!model->layout.at(p).sampled()) continue;
        max_rhat = std::max(max_rhat, model->convergence[static_cast<std::size_t>(p)].rhat);
        min_ess = std::min(min_ess, model->convergence[static_cast<std::size_t>(p)].ess_bulk);
    }
    const Published published[] = {{"media.x1.coefficient", 0.370, 0.021},      {"media.x2.coefficient", 0.272, 0.06},
                                   {"media.x1.saturation.rate", 4.02, 0.43},    {"media.x2.saturation.rate", 2.73, 0.95},
                                   {"media.x1.adstock.alpha", 0.394, 0.033},    {"media.x2.adstock.alpha", 0.184, 0.04}};
    for (const auto& expected : published) {
        double mean = 0, squares = 0;
        int found = -1;
        for (int p = 0; p < model->layout.size(); ++p)
            if (model->layout.at(p).name == expected.name) found = p;
        ASSERT_GE(found, 0) << expected.name;
        const auto draws = model->parameter_draws(found);
        const auto n = static_cast<double>(model->total_draws());
        for (std::size_t d = 0; d < model->total_draws(); ++d) mean += static_cast<double>(draws[d]) / n;
        for (std::size_t d = 0; d < model->total_draws(); ++d) squares += std::pow(static_cast<double>(draws[d]) - mean, 2) / n;
        EXPECT_NEAR(mean, expected.mean, 0.2 * expected.sd) << expected.name;
        furthest = std::max(furthest, std::fabs(mean - expected.mean) / expected.sd);
        std::printf("    %-26s %.3f (sd %.3f), published %.3f (sd %.3f)\n", expected.name, mean, std::sqrt(squares), expected.mean, expected.sd);
    }
    EXPECT_LE(max_rhat, 1.01);
    EXPECT_LT(static_cast<double>(model->sampler.divergences) / static_cast<double>(model->total_draws()), 1e-3);
    std::printf("    max R-hat %.4f, min bulk ESS %.0f, %lld divergences, means within %.2f sd\n", max_rhat, min_ess,
                static_cast<long long>(model->sampler.divergences), furthest);
}

}  // namespace
}  // namespace mmm
