// Priors matched to draws: of the right support, mean and sd.
#include <gtest/gtest.h>

#include <cmath>

#include "core/limits.hpp"
#include "core/model/prior_match.hpp"

namespace mmm {
namespace {

std::vector<double> drawn(const Prior& law, Interval domain) {
    std::vector<double> draws;
    for (std::uint32_t i = 0; i < 4000; ++i) {
        RandomStream random(7, 0, i, stream::start);
        draws.push_back(prior_draw(law, domain, random));
    }
    return draws;
}

struct Moments {
    double mean = 0, sd = 0;
};

Moments moments(const std::vector<double>& draws) {
    Moments m;
    for (const double x : draws) m.mean += x / static_cast<double>(draws.size());
    for (const double x : draws) m.sd += (x - m.mean) * (x - m.mean) / static_cast<double>(draws.size() - 1);
    m.sd = std::sqrt(m.sd);
    return m;
}

// Within 5 % of the sd: the error of 4,000 draws and of the iteration.
void expect_moments(const Prior& prior, const Moments& wanted) {
    const Moments is = moments(drawn(prior, prior_support(prior)));
    EXPECT_NEAR(is.mean, wanted.mean, 0.05 * wanted.sd);
    EXPECT_NEAR(is.sd / wanted.sd, 1, 0.05);
}

TEST(PriorMatch, HasTheSupportMeanAndSdOfTheDraws) {
    using F = PriorFamily;
    const std::vector<std::pair<Prior, Interval>> laws = {{make_prior(F::normal, -1, 2), {-infinity, infinity}},
                                                          {make_prior(F::log_normal, 0.2, 0.9), {0, infinity}},
                                                          {make_prior(F::half_normal, 2), {0, infinity}},
                                                          {make_prior(F::gamma, 3, 2), {0, infinity}},
                                                          {make_prior(F::beta, 2, 5), {0, 1}},
                                                          {make_prior(F::beta, 1, 3), {0, 1}},
                                                          {make_prior(F::truncated_normal, 0.8, 0.8, 0.1, 10), {0.1, 10}},
                                                          {make_prior(F::log_normal, 1, 0.5, 1), {1, infinity}}};
    for (const auto& [law, support] : laws) {
        const auto draws = drawn(law, support);
        const Prior prior = match_prior(draws, support);
        const Interval is = prior_support(prior);
        EXPECT_EQ(is.lower, support.lower);
        EXPECT_EQ(is.upper, support.upper);
        // The tail of a wide log-normal makes the sd of draws itself uncertain.
        if (law.family == F::log_normal && law.p[1] > 0.8) continue;
        expect_moments(prior, moments(draws));
    }
}

TEST(PriorMatch, TakesTheFamilyThatDrawsAreLikeliestUnder) {
    using F = PriorFamily;
    const Interval positive{0, infinity};
    EXPECT_EQ(match_prior(drawn(make_prior(F::log_normal, 0, 0.8), positive), positive).family, F::log_normal);
    EXPECT_EQ(match_prior(drawn(make_prior(F::half_normal, 1), positive), positive).family, F::truncated_normal);
    EXPECT_EQ(match_prior(drawn(make_prior(F::gamma, 2, 1), positive), positive).family, F::gamma);
    EXPECT_EQ(match_prior(drawn(make_prior(F::normal, 3, 1), {-infinity, infinity}), {-infinity, infinity}).family, F::normal);
}

TEST(PriorMatch, Widens) {
    const Prior law = make_prior(PriorFamily::normal, 1, 0.5);
    const auto draws = drawn(law, {-infinity, infinity});
    const Prior once = match_prior(draws, {-infinity, infinity}), twice = match_prior(draws, {-infinity, infinity}, 2);
    EXPECT_EQ(twice.p[0], once.p[0]);
    EXPECT_DOUBLE_EQ(twice.p[1], 2 * once.p[1]);
}

}  // namespace
}  // namespace mmm
