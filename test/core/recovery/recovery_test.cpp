// Truth drawn from the prior, data simulated, model fitted: 400 times. If the density, the sampler and the answers are all
// right, 90 % intervals hold the true ROI 90 % of the time, and the rank of the truth among posterior draws is uniform
// (simulation-based calibration: Talts, Betancourt, Simpson, Vehtari, Gelman 2018, arXiv:1804.06788).
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>

#include <boost/math/distributions/chi_squared.hpp>

#include "core/model/fitted_model.hpp"
#include "support/tables.hpp"

namespace mmm {
namespace {

// The KPI is scaled by a given number: a scale taken from the data would make the fitted priors differ from those drawn from.
const std::string pattern = R"({"time": "week", "kpi": "sales", "scaling": {"kpi": 1000},
    "media": {"tv": "tv", "search": {"spend": "search", "saturation": "hill"}, "radio": {"spend": "radio", "adstock": "delayed"}},
    "max_lag": 6, "controls": ["price"], "seasonality": {"period": "year", "order": 1}, "trend": "linear",
    "sigma": {"family": "half_normal", "sigma": 0.2},
    "sampler": {"chains": 2, "warmup": 500, "draws": 990, "seed": SEED},
    "simulate": {"periods": 104, "media": {"tv": {"active": 0.6}, "radio": {"active": 0.8}}}})";

// Every fit draws with a seed of its own: the same random numbers in all of them would let the ranks of parameters that the data
// do not speak of depend on one and the same set of draws.
std::string specification(int seed) {
    std::string text = pattern;
    return text.replace(text.find("SEED"), 4, std::to_string(seed));
}

constexpr int bins = 10;
constexpr int ranks = 100;  // 99 thinned draws

int simulations() {
    const char* scale = std::getenv("MMM_RECOVERY_SIMULATIONS");
    return scale != nullptr ? std::max(50, std::atoi(scale)) : 400;
}

struct Tally {
    std::map<std::string, int> covered;                     // channel -> intervals that hold the true ROI
    std::map<std::string, std::vector<int>> histogram;      // parameter -> ranks of the truth
    int fits = 0;
    std::int64_t divergences = 0;
};

void count_ranks(const FittedModel& model, const std::map<std::string, double>& truth, Tally& tally) {
    const std::size_t total = model.total_draws(), step = total / (ranks - 1);
    for (int p = 0; p < model.layout.size(); ++p) {
        const auto& parameter = model.layout.parameters[static_cast<std::size_t>(p)];
        if (!parameter.sampled()) continue;
        const double value = truth.at(parameter.name);
        int rank = 0;
        for (std::size_t i = 0; i < ranks - 1; ++i) rank += static_cast<double>(model.parameter_draws(p)[i * step]) < value ? 1 : 0;
        auto& histogram = tally.histogram[parameter.name];
        histogram.resize(bins);
        ++histogram[static_cast<std::size_t>(rank * bins / ranks)];
    }
}

Tally run() {
    Tally tally;
    Host host;
    host.max_threads = 2;
    for (int seed = 1; seed <= simulations(); ++seed) {
        const std::string document = specification(seed);
        std::map<std::string, double> truth;
        for (const auto& row : simulate_truth(document, seed)) truth[row.name] = row.value;
        const auto model = fit(*parse_specification(document), test::simulated_table(document, seed), host);
        for (const auto& channel : channels(*model, 0.9, {}, [] {})) {
            const double roi = truth.at("roi." + channel.channel);
            tally.covered[channel.channel] += *channel.roi_lower <= roi && roi <= *channel.roi_upper ? 1 : 0;
        }
        count_ranks(*model, truth, tally);
        tally.divergences += model->sampler.divergences;
        ++tally.fits;
    }
    return tally;
}

const Tally& tally() {
    static const Tally result = run();
    return result;
}

TEST(Recovery, NinetyPercentIntervalsOfEachRoiHoldTheTruthBetween85And95PercentOfTheTime) {
    for (const auto& [channel, covered] : tally().covered) {
        const double share = static_cast<double>(covered) / tally().fits;
        EXPECT_GE(share, 0.85) << channel;
        EXPECT_LE(share, 0.95) << channel;
        std::printf("    %s: %.1f %% of %d\n", channel.c_str(), 100 * share, tally().fits);
    }
    std::printf("    %lld divergences in %d draws\n", static_cast<long long>(tally().divergences), tally().fits * 1980);
}

TEST(Recovery, RanksOfTheTruthAmongPosteriorDrawsAreUniform) {
    const boost::math::chi_squared law(bins - 1);
    double smallest = 1;
    for (const auto& [parameter, histogram] : tally().histogram) {
        const double expected = static_cast<double>(tally().fits) / bins;
        double statistic = 0;
        for (const int count : histogram) statistic += (count - expected) * (count - expected) / expected;
        const double p = boost::math::cdf(boost::math::complement(law, statistic));
        EXPECT_GT(p, 1e-3) << parameter << ": chi-square " << statistic;
        smallest = std::min(smallest, p);
    }
    std::printf("    smallest p value %.3f of %zu parameters\n", smallest, tally().histogram.size());
}

}  // namespace
}  // namespace mmm
