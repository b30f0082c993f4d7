// Truth drawn from the priors, data simulated, model fitted, for every family and prior kind (family_models.hpp): 90 %
// intervals of all parameters and of what media bring hold the truth 90 % of the time.
//
// What is measured per model is the mean over N data sets of the share of intervals that hold the truth. Data sets are
// independent, the K intervals of one data set are not: with an average correlation r of two of them the variance of
// the mean is 0.09 (r + (1 - r) / K) / N. With r = 0.1, twice the largest measured (printed in full), four standard
// deviations are 0.05 for N = 100. Of the two data sets of a quick run they are 0.3, so that only all models together,
// within 0.08, say much.
//
// In full (MMM_FULL=1) each parameter too: its coverage within four standard deviations (0.12), and the rank of the
// truth among posterior draws uniform (Talts, Betancourt, Simpson, Vehtari, Gelman 2018, arXiv:1804.06788).
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <string>

#include <boost/math/distributions/chi_squared.hpp>

#include "core/model/fitted_model.hpp"
#include "recovery/family_models.hpp"
#include "support/idle.hpp"
#include "support/tables.hpp"

namespace mmm::family_recovery {
namespace {

constexpr double level = 0.9;
constexpr double correlation = 0.1;
constexpr double standard_deviations = 4;
constexpr double least_p = 1e-5;  // of some 400 histograms

bool full() { return std::getenv("MMM_FULL") != nullptr; }

int data_sets() {
    if (const char* asked = std::getenv("MMM_RECOVERY_DATA_SETS")) return std::max(2, std::atoi(asked));
    return full() ? 100 : 2;
}

// Every data set is fitted with a seed of its own.
std::string document_of(const test::FamilyModel& model, int seed) {
    Json document = Json::parse(model.spec);
    document["sampler"] = {{"chains", 2}, {"warmup", full() ? 300 : 150}, {"draws", full() ? 297 : 150},
                           {"seed", seed}};
    return document.dump();
}

struct Count {
    int held = 0, of = 0;
    double share() const { return static_cast<double>(held) / of; }
};

struct Tally {
    std::vector<double> shares;                        // of each data set
    int intervals = 0;                                 // of a data set
    std::map<std::string, Count> by_name;
    std::map<std::string, std::vector<int>> histogram;  // of ranks
    std::int64_t divergences = 0, draws = 0;
    double worst_rhat = 0;
    std::string worst;  // parameter and seed

    double coverage() const {
        double sum = 0;
        for (const double share : shares) sum += share;
        return sum / static_cast<double>(shares.size());
    }
    // Of two intervals of one data set, from the variance of their shares.
    double correlation_found() const {
        double squares = 0;
        for (const double share : shares) squares += (share - coverage()) * (share - coverage());
        const double variance = squares / static_cast<double>(shares.size() - 1), k = intervals;
        return (variance / (level * (1 - level)) - 1 / k) / (1 - 1 / k);
    }
};

double tolerance(double intervals, double sets) {
    return standard_deviations * std::sqrt(level * (1 - level) * (correlation + (1 - correlation) / intervals) / sets);
}

constexpr int bins = 10, ranks = 100;

void count_rank(const FittedModel& model, int p, double truth, std::vector<int>& histogram) {
    const std::size_t step = model.total_draws() / (ranks - 1);
    int rank = 0;
    for (std::size_t i = 0; i < ranks - 1; ++i)
        rank += static_cast<double>(model.parameter_draws(p)[i * step]) < truth ? 1 : 0;
    histogram.resize(bins);
    ++histogram[static_cast<std::size_t>(rank * bins / ranks)];
}

void add_data_set(const test::FamilyModel& tested, int seed, Tally& tally) {
    const std::string document = document_of(tested, seed);
    std::map<std::string, double> truth;
    for (const auto& row : simulate_truth(document, seed)) truth[row.name] = row.value;
    Host host;
    host.max_threads = 2;
    const auto model = fit(*parse_specification(document), test::simulated_table(document, seed), host);
    Count here;
    const auto count = [&](const std::string& name, double lower, double upper) {
        const bool held = lower <= truth.at(name) && truth.at(name) <= upper;
        for (Count* c : {&here, &tally.by_name[name]}) c->held += held ? 1 : 0, ++c->of;
    };
    const auto rows = summary(*model, level, test::idle);
    for (int p = 0; p < model->layout.size(); ++p) {
        if (!model->layout.at(p).sampled()) continue;
        const auto& row = rows.at(static_cast<std::size_t>(p));
        count(row.parameter, row.lower, row.upper);
        count_rank(*model, p, truth.at(row.parameter), tally.histogram[row.parameter]);
        if (row.rhat <= tally.worst_rhat) continue;
        tally.worst_rhat = row.rhat;
        tally.worst = row.parameter + ", seed " + std::to_string(seed);
    }
    for (const auto& row : channels(*model, level, {}, test::idle))
        count("contribution." + row.channel, row.contribution_lower, row.contribution_upper);
    tally.shares.push_back(here.share());
    tally.intervals = here.of;
    tally.divergences += model->sampler.divergences;
    tally.draws += static_cast<std::int64_t>(model->total_draws());
}

double p_value(const std::vector<int>& histogram, double total) {
    double statistic = 0;
    for (const int count : histogram) statistic += (count - total / bins) * (count - total / bins) / (total / bins);
    return boost::math::cdf(boost::math::complement(boost::math::chi_squared(bins - 1), statistic));
}

class FamilyRecovery : public ::testing::TestWithParam<test::FamilyModel> {
protected:
    static std::map<std::string, Tally>& tallies() {
        static std::map<std::string, Tally> all;
        return all;
    }

    // All models together.
    static void TearDownTestSuite() {
        double sum = 0, sets = 0;
        int fewest = 1000;
        for (const auto& [name, tally] : tallies()) {
            sum += tally.coverage() * static_cast<double>(tally.shares.size());
            sets += static_cast<double>(tally.shares.size());
            fewest = std::min(fewest, tally.intervals);
        }
        EXPECT_NEAR(sum / sets, level, tolerance(fewest, sets));
        std::printf("    %.1f %% in all %.0f data sets (bound +-%.1f)\n", 100 * sum / sets, sets,
                    100 * tolerance(fewest, sets));
    }
};

void expect_uniform_ranks(const Tally& tally) {
    for (const auto& [name, histogram] : tally.histogram) {
        const double p = p_value(histogram, static_cast<double>(tally.shares.size()));
        EXPECT_GT(p, least_p) << name << ", ranks " << ::testing::PrintToString(histogram);
    }
}

TEST_P(FamilyRecovery, NinetyPercentIntervalsHoldTheTruth) {
    Tally& tally = tallies()[GetParam().name];
    const int sets = data_sets();
    for (int seed = 1; seed <= sets; ++seed) add_data_set(GetParam(), seed, tally);
    const double bound = tolerance(tally.intervals, sets);
    EXPECT_NEAR(tally.coverage(), level, bound);
    std::printf("    %.1f %% of %d intervals in %d data sets (bound +-%.1f); "
                "%lld divergences in %lld draws; worst R-hat %.2f (%s)\n",
                100 * tally.coverage(), tally.intervals, sets, 100 * bound, static_cast<long long>(tally.divergences),
                static_cast<long long>(tally.draws), tally.worst_rhat, tally.worst.c_str());
    if (!full()) return;
    std::printf("    correlation of intervals within a data set: %.3f\n", tally.correlation_found());
    expect_uniform_ranks(tally);
    for (const auto& [name, count] : tally.by_name) EXPECT_NEAR(count.share(), level, tolerance(1, sets)) << name;
}

INSTANTIATE_TEST_SUITE_P(Models, FamilyRecovery, ::testing::ValuesIn(test::family_models()),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace mmm::family_recovery
