// Priors as JSON: what is written is read back, other parametrisations, and what a message says.
#include <gtest/gtest.h>

#include <cmath>

#include "core/model/prior.hpp"

namespace mmm {
namespace {

using F = PriorFamily;

Prior read(const std::string& text) {
    return parse_prior(Json::parse(text), "p");
}

TEST(PriorJson, ReadsEveryFamily) {
    const std::vector<std::pair<std::string, Prior>> cases = {
        {R"({"family": "normal", "mu": 1, "sigma": 2})", make_prior(F::normal, 1, 2)},
        {R"({"family": "normal", "sigma": 2})", make_prior(F::normal, 0, 2)},
        {R"({"family": "half_normal", "sigma": 2})", make_prior(F::half_normal, 2)},
        {R"({"family": "truncated_normal", "mu": 0.8, "sigma": 0.8, "lower": 0.1, "upper": 10})",
         make_prior(F::truncated_normal, 0.8, 0.8, 0.1, 10)},
        {R"({"family": "truncated_normal", "mu": 0, "sigma": 1, "lower": 0})",
         make_prior(F::truncated_normal, 0, 1, 0, INFINITY)},
        {R"({"family": "truncated_normal", "mu": 0, "sigma": 1, "upper": 0})",
         make_prior(F::truncated_normal, 0, 1, -INFINITY, 0)},
        {R"({"family": "log_normal", "mu": 0.2, "sigma": 0.9})", make_prior(F::log_normal, 0.2, 0.9)},
        {R"({"family": "log_normal", "mu": 0.7, "sigma": 0.4, "shift": 0.1})",
         make_prior(F::log_normal, 0.7, 0.4, 0.1)},
        {R"({"family": "beta", "alpha": 1, "beta": 3})", make_prior(F::beta, 1, 3)},
        {R"({"family": "gamma", "alpha": 3, "beta": 1})", make_prior(F::gamma, 3, 1)},
        {R"({"family": "inverse_gamma", "alpha": 3, "beta": 1})", make_prior(F::inverse_gamma, 3, 1)},
        {R"({"family": "exponential", "rate": 2})", make_prior(F::exponential, 2)},
        {R"({"family": "uniform", "lower": -1, "upper": 1})", make_prior(F::uniform, -1, 1)},
        {R"({"family": "laplace", "b": 0.5})", make_prior(F::laplace, 0, 0.5)},
        {R"({"family": "student_t", "nu": 4, "sigma": 2})", make_prior(F::student_t, 4, 0, 2)},
        {R"({"family": "half_student_t", "nu": 4, "sigma": 2})", make_prior(F::half_student_t, 4, 2)},
        {R"({"family": "cauchy", "sigma": 2})", make_prior(F::cauchy, 0, 2)},
        {R"({"family": "half_cauchy", "sigma": 2})", make_prior(F::half_cauchy, 2)},
        {R"({"family": "fixed", "value": 0.5})", make_prior(F::fixed, 0.5)},
        {"0.5", make_prior(F::fixed, 0.5)},
        {"-3", make_prior(F::fixed, -3)}};
    for (const auto& [text, expected] : cases) {
        const Prior found = read(text), again = parse_prior(prior_json(found), "p");
        EXPECT_EQ(found.family, expected.family) << text;
        EXPECT_EQ(found.p, expected.p) << text;
        EXPECT_EQ(again.family, found.family) << text;
        EXPECT_EQ(again.p, found.p) << text;
    }
}

TEST(PriorJson, OfMeanAndStandardDeviationHasThem) {
    const Prior gamma = read(R"({"family": "gamma", "mean": 2, "sd": 0.5})");
    EXPECT_DOUBLE_EQ(gamma.p[0] / gamma.p[1], 2);
    EXPECT_DOUBLE_EQ(std::sqrt(gamma.p[0]) / gamma.p[1], 0.5);
    const Prior inverse = read(R"({"family": "inverse_gamma", "mean": 5, "sd": 10})");
    const double a = inverse.p[0], b = inverse.p[1];
    EXPECT_DOUBLE_EQ(b / (a - 1), 5);
    EXPECT_DOUBLE_EQ(b / (a - 1) / std::sqrt(a - 2), 10);
    const Prior log_normal = read(R"({"family": "log_normal", "mean": 3, "sd": 1.5, "shift": 1})");
    const double mu = log_normal.p[0], sigma = log_normal.p[1];
    EXPECT_DOUBLE_EQ(std::exp(mu + sigma * sigma / 2), 3);
    EXPECT_DOUBLE_EQ(std::sqrt(std::expm1(sigma * sigma)) * 3, 1.5);
    EXPECT_EQ(log_normal.p[2], 1);
}

TEST(PriorJson, OfATotalPaidShareIsForEffectsOnly) {
    const Json share = Json::parse(R"({"family": "total_paid_share", "mean": 0.4, "sd": 0.2})");
    EXPECT_EQ(parse_prior(share, "p", PriorOn::effect).family, F::total_paid_share);
    EXPECT_THROW(parse_prior(share, "p"), Error);
}

TEST(PriorJson, ThatIsWrongSaysWhereWhatAndHow) {
    const std::string families =
        "normal, half_normal, truncated_normal, log_normal, beta, gamma, inverse_gamma, exponential, uniform, laplace, "
        "student_t, half_student_t, cauchy, half_cauchy, fixed or total_paid_share";
    const std::vector<std::pair<std::string, std::string>> cases = {
        {R"("normal")", "p: found \"normal\", expected a prior or a number"},
        {"true", "p: found true, expected a prior or a number"},
        {"[]", "p: found an array, expected a prior or a number"},
        {"{}", "p.family: missing, expected a prior family: " + families},
        {R"({"family": "gausian"})", "p.family: \"gausian\" is not a prior family"},
        {R"({"family": "norml", "sigma": 1})", "p.family: \"norml\" is not a prior family (did you mean \"normal\"?)"},
        {R"({"family": 1})", "p.family: found 1, expected " + families},
        {R"({"family": "normal"})", "p.sigma: missing, expected a number"},
        {R"({"family": "normal", "sigma": 0})", "p.sigma: found 0, expected a number above 0"},
        {R"({"family": "normal", "sigma": -1})", "p.sigma: found -1, expected a number above 0"},
        {R"({"family": "normal", "sigma": "1"})", "p.sigma: found \"1\", expected a number"},
        {R"({"family": "normal", "sigma": null})", "p.sigma: missing, expected a number"},
        {R"({"family": "normal", "sigma": 1, "mean": 0})", "p.mean: unknown key"},
        {R"({"family": "normal", "sgma": 1, "sigma": 1})", "p.sgma: unknown key (did you mean \"sigma\"?)"},
        {R"({"family": "gamma", "mean": 2})", "p.sd: missing, expected a number above 0"},
        {R"({"family": "gamma", "mean": 2, "sd": 1, "alpha": 3})", "p.alpha: unknown key"},
        {R"({"family": "gamma", "alpha": 2, "beta": 1, "sd": 1})", "p.sd: unknown key"},
        {R"({"family": "gamma", "alpha": 2, "beta": 1, "mean": null})", "p.mean: unknown key"},
        {R"({"family": "gamma", "mean": 1e300, "sd": 1e-300})",
         "p: mean = 1e+300 and sd = 1e-300 are too far apart for the family"},
        {R"({"family": "gamma", "mean": 1e-300, "sd": 1e300})",
         "p: mean = 1e-300 and sd = 1e+300 are too far apart for the family"},
        {R"({"family": "uniform", "lower": 1, "upper": 1})", "p: lower = 1 is not below upper = 1"},
        {R"({"family": "truncated_normal", "mu": 0, "sigma": 1, "lower": 2, "upper": 1})",
         "p: lower = 2 is not below upper = 1"},
        {R"({"family": "total_paid_share", "mean": 0.4, "sd": 0.2})",
         "p.family: \"total_paid_share\" is a prior on ROI only"}};
    for (const auto& [text, message] : cases) {
        try {
            read(text);
            ADD_FAILURE() << "accepted: " << text;
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::invalid_specification) << text;
            EXPECT_EQ(error.what(), message) << text;
        }
    }
}

}  // namespace
}  // namespace mmm
