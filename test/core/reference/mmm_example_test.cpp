// The posterior of a published data set with the published model agrees with Stan's.
//
// Data: PyMC-Marketing's mmm_example.csv (179 weeks, 2 channels, 2 events, a trend control). Reference: Stan 2.21, 4 chains
// of 2,000 draws, in which the control t was divided by 100. Both are skipped, saying so, where the files are not there.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include "core/model/fitted_model.hpp"
#include "core/model/json.hpp"
#include "support/tables.hpp"

namespace mmm {
namespace {

const char* const default_priors = R"({"preset": "pymc", "time": "date_week", "kpi": "y", "max_lag": 7,
    "media": {"x1": "x1", "x2": "x2"}, "controls": ["event_1", "event_2", "t"],
    "seasonality": {"period": "year", "order": 2}, "sampler": {"chains": 4, "warmup": 1000, "draws": 4000, "seed": 1}})";

const char* const quickstart_priors = R"({"preset": "pymc", "time": "date_week", "kpi": "y", "max_lag": 7,
    "media": {"x1": {"spend": "x1", "prior": {"family": "half_normal", "sigma": 1.31263903}},
              "x2": {"spend": "x2", "prior": {"family": "half_normal", "sigma": 0.68736097}}},
    "controls": [{"column": "event_1", "prior": {"family": "normal", "mu": 0, "sigma": 0.05}},
                 {"column": "event_2", "prior": {"family": "normal", "mu": 0, "sigma": 0.05}},
                 {"column": "t", "prior": {"family": "normal", "mu": 0, "sigma": 0.05}}],
    "intercept": {"family": "normal", "mu": 0.5, "sigma": 0.2}, "sigma": {"family": "half_normal", "sigma": 6},
    "seasonality": {"period": "year", "order": 2, "prior": {"family": "laplace", "mu": 0, "b": 0.2}},
    "sampler": {"chains": 4, "warmup": 1000, "draws": 4000, "seed": 1}})";

struct Reference {
    double mean, sd;
    double lower, upper;  // 5.5 % and 94.5 % quantiles
};

// The one parameter whose sd no run of this length can tell: its tail falls like beta^-4 until its half-normal prior ends it. The
// reference's own sd (0.080, from 1,700 effective draws) is a fifth below that of 400,000 draws of this engine (0.101) and of two
// chains of 60,000 of NumPyro (0.099, 0.109); docs/decisions/0006. Its central interval is compared instead.
const char* const heavy_tailed = "media.x2.coefficient";

// Stan's names by ours, with the factor from our unit to Stan's.
const std::map<std::string, std::pair<std::string, double>>& names() {
    static const std::map<std::string, std::pair<std::string, double>> all = {
        {"intercept", {"intercept", 1}},
        {"media.x1.adstock.alpha", {"alpha[1]", 1}},
        {"media.x2.adstock.alpha", {"alpha[2]", 1}},
        {"media.x1.saturation.rate", {"lam[1]", 1}},
        {"media.x2.saturation.rate", {"lam[2]", 1}},
        {"media.x1.coefficient", {"beta[1]", 1}},
        {"media.x2.coefficient", {"beta[2]", 1}},
        {"controls.event_1", {"gc[1]", 1}},
        {"controls.event_2", {"gc[2]", 1}},
        {"controls.t", {"gc[3]", 100}},
        {"seasonality.year.sin1", {"gf[1]", 1}},
        {"seasonality.year.sin2", {"gf[2]", 1}},
        {"seasonality.year.cos1", {"gf[3]", 1}},
        {"seasonality.year.cos2", {"gf[4]", 1}},
        {"sigma", {"sigma", 1}}};
    return all;
}

std::map<std::string, Reference> read_reference(const std::string& path) {
    std::map<std::string, Reference> reference;
    std::ifstream file(path);
    std::string line;
    while (std::getline(file, line)) {
        std::stringstream cells(line);
        // param, mean, se_mean, sd, 3%, 5.5%, 50%, 94.5%, 97%, n_eff, Rhat
        std::vector<std::string> row;
        for (std::string cell; std::getline(cells, cell, ',');) row.push_back(cell);
        if (row.size() < 11) continue;
        const auto number = [&](std::size_t i) { return std::atof(row[i].c_str()); };
        reference[row[0].substr(1, row[0].size() - 2)] = {number(1), number(3), number(5), number(7)};
    }
    return reference;
}

FittedModelPtr fit_example(const std::string& spec) {
    Host host;
    host.max_threads = 2;
    return fit(*parse_specification(spec), test::csv_table(test::shared_file("data/mmm_example.csv"), spec), host);
}

void expect_agreement(const FittedModel& model, const std::string& reference_file) {
    const auto reference = read_reference(test::shared_file(reference_file));
    double worst_mean = 0, worst_sd = 0, max_rhat = 0, min_ess = 1e9;
    for (const auto& row : summary(model, 0.89, [] {})) {
        const auto& [stan, factor] = names().at(row.parameter);
        const Reference& expected = reference.at(stan);
        const double shift = std::fabs(factor * row.mean - expected.mean) / expected.sd;
        const double width = (row.upper - row.lower) * factor / (expected.upper - expected.lower);
        const double ratio = std::fabs((row.parameter == heavy_tailed ? width : factor * row.sd / expected.sd) - 1);
        EXPECT_LE(shift, 0.15) << row.parameter << ": posterior mean " << factor * row.mean << ", Stan " << expected.mean;
        EXPECT_LE(ratio, 0.10) << row.parameter << ": width ratio " << width << ", posterior sd " << factor * row.sd << ", Stan " << expected.sd;
        EXPECT_LE(row.rhat, 1.01) << row.parameter;
        EXPECT_GE(row.ess_bulk, 1000) << row.parameter;
        worst_mean = std::max(worst_mean, shift);
        worst_sd = std::max(worst_sd, ratio);
        max_rhat = std::max(max_rhat, row.rhat);
        min_ess = std::min(min_ess, row.ess_bulk);
    }
    EXPECT_EQ(model.sampler.divergences, 0);
    std::printf("    largest difference of a mean %.3f sd, of an sd %.1f %%; max R-hat %.4f, min bulk ESS %.0f, %lld gradients\n",
                worst_mean, 100 * worst_sd, max_rhat, min_ess, static_cast<long long>(model.sampler.gradients));
}

// ROAS of the generating process (mmm_example_true_params.json), in units of y per unit of x.
void expect_true_roas(const FittedModel& model) {
    const double truth[] = {4967.83, 2274.88};
    const auto rows = channels(model, 0.9, {}, [] {});
    ASSERT_EQ(rows.size(), 2u);
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_LE(rows[i].roi_lower, truth[i]) << rows[i].channel;
        EXPECT_GE(rows[i].roi_upper, truth[i]) << rows[i].channel;
    }
}

class MmmExample : public ::testing::Test {
protected:
    void SetUp() override {
        if (test::shared_file("data/mmm_example.csv").empty())
            GTEST_SKIP() << "../shared/data/mmm_example.csv is not there: the comparison with Stan was not made";
    }
};

TEST_F(MmmExample, PosteriorWithDefaultPriorsAgreesWithStan) {
    const auto model = fit_example(default_priors);
    expect_agreement(*model, "reference/mmm_example_default_priors.csv");
    expect_true_roas(*model);
}

TEST_F(MmmExample, PosteriorWithQuickstartPriorsAgreesWithStan) {
    const auto model = fit_example(quickstart_priors);
    expect_agreement(*model, "reference/mmm_example_quickstart_priors.csv");
    expect_true_roas(*model);
}

TEST_F(MmmExample, DrawsAreTheSameForOneThreadAndEight) {
    const auto model = fit_example(default_priors);
    for (const int threads : {1, 8}) {
        Host host;
        host.max_threads = threads;
        const auto again = fit(*parse_specification(default_priors),
                               test::csv_table(test::shared_file("data/mmm_example.csv"), default_priors), host);
        EXPECT_EQ(model_to_bytes(*model), model_to_bytes(*again)) << threads << " threads";
    }
}

}  // namespace
}  // namespace mmm
