// The gradient of the log posterior is exact: it agrees with differences of the log density itself.
#include <gtest/gtest.h>

#include <cmath>

#include "core/model/fitted_model.hpp"
#include "core/model/posterior.hpp"
#include "support/tables.hpp"

namespace mmm {
namespace {

// Relative to the derivative; where that is below 1, or below the rounding of a difference of two log densities
// (1e-3 of the log density), relative to that.
constexpr double tolerance = 1e-6;
constexpr int points_checked = 100;

// Five-point central difference, error O(h^4).
double difference(Posterior& posterior, Vec u, Eigen::Index i, double h) {
    Vec ignored(u.size());
    const auto at = [&](double step) {
        Vec moved = u;
        moved[i] += step;
        return posterior.evaluate(moved, ignored);
    };
    return (at(-2 * h) - 8 * at(-h) + 8 * at(h) - at(2 * h)) / (12 * h);
}

// A Laplace density has a kink where differences across it mean nothing.
bool near_kink(const PosteriorData& data, Posterior& posterior, const Vec& u) {
    Vec parameters(data.layout.size());
    RandomStream random(1, 0, 0, stream::marginal);
    posterior.constrain(u, random, parameters);
    for (int p = 0; p < data.layout.size(); ++p) {
        const Prior& prior = data.layout.parameters[static_cast<std::size_t>(p)].prior;
        if (prior.family == PriorFamily::laplace && std::fabs(parameters[p] - prior.p[0]) < 1e-3) return true;
    }
    return false;
}

// Checks all derivatives at random points; returns the largest relative error.
double worst_error(const std::string& spec_json) {
    const Table table = test::simulated_table(spec_json, 3);
    FittedModel model;
    model.spec = read_specification(Json::parse(spec_json));
    const auto findings = check_data(model.spec, table, model.data);
    if (has_errors(findings)) throw_findings(findings, "");
    model.rebuild();
    const PosteriorData data = make_posterior(model.spec, model.layout, model.design);
    Posterior posterior(data);
    Vec gradient(data.dimension());
    double worst = 0;
    int checked = 0;
    for (int point = 0; checked < points_checked; ++point) {
        RandomStream random(99, 0, static_cast<std::uint32_t>(point), stream::start);
        const Vec u = posterior.initial_point(random);
        if (near_kink(data, posterior, u)) continue;
        const double log_density = posterior.evaluate(u, gradient);
        // At the edge of overflow differences mean nothing.
        if (!std::isfinite(log_density) || std::fabs(log_density) > 1e7) continue;
        ++checked;
        const Vec exact = gradient;
        for (Eigen::Index i = 0; i < u.size(); ++i) {
            const double numeric = difference(posterior, u, i, 2e-4);
            if (!std::isfinite(numeric)) continue;  // a neighbour beyond the edge of underflow
            const double size = std::max({1.0, std::fabs(exact[i]), 1e-3 * std::fabs(log_density)});
            worst = std::max(worst, std::fabs(exact[i] - numeric) / size);
        }
    }
    return worst;
}

std::string specification(const std::string& medium, const std::string& rest = "") {
    return R"({"time": "week", "kpi": "sales", "scaling": {"kpi": 1000}, "simulate": {"periods": 52, "media": {"tv": {"active": 0.7}}},
               "controls": ["price", {"column": "promo", "sign": "positive"}, {"column": "rain", "sign": "negative"}],
               "trend": {"family": "piecewise", "changepoints": 2}, "seasonality": {"period": "year", "order": 2},
               "media": {"tv": )" + medium + "}" + rest + "}";
}

class EveryTransform : public ::testing::TestWithParam<std::tuple<std::string, std::string>> {};

TEST_P(EveryTransform, GradientAgreesWithCentralDifferences) {
    const auto& [adstock, saturation] = GetParam();
    for (const char* likelihood : {"normal", "student_t"})
        for (const char* order : {"adstock_first", "saturation_first"})
            for (const char* normalize : {"true", "false"}) {
                const std::string form = adstock == "none" ? "" : std::string(R"(, "max_lag": 6, "normalize": )") + normalize;
                const std::string medium = R"({"spend": "tv", "adstock": {"family": ")" + adstock + "\"" + form +
                                           R"(}, "saturation": )" + (saturation == "hill"
                                               ? R"({"family": "hill", "slope": {"family": "gamma", "alpha": 4, "beta": 3}})"
                                               : "\"" + saturation + "\"") +
                                           R"(, "order": ")" + order + "\"}";
                const std::string rest = std::string(R"(, "likelihood": ")") + likelihood + "\"";
                EXPECT_LT(worst_error(specification(medium, rest)), tolerance) << medium << rest;
            }
}

INSTANTIATE_TEST_SUITE_P(
    Adstock, EveryTransform,
    ::testing::Combine(::testing::Values("none", "geometric", "delayed", "binomial", "weibull_cdf", "weibull_pdf"),
                       ::testing::Values("none", "hill", "logistic", "inverse_scaled_logistic", "tanh",
                                         "michaelis_menten", "root", "log")),
    [](const auto& param) { return std::get<0>(param.param) + "_" + std::get<1>(param.param); });

class EveryPrior : public ::testing::TestWithParam<const char*> {};

TEST_P(EveryPrior, GradientAgreesWithCentralDifferencesOnEveryKindOfParameter) {
    const std::string prior = GetParam();
    const std::string body = prior.substr(1);
    for (const char* likelihood : {"normal", "student_t"}) {
        const std::string rest = std::string(R"(, "likelihood": ")") + likelihood + "\"";
        for (const char* kind : {"coefficient", "roi", "contribution"})
            EXPECT_LT(worst_error(specification(R"({"spend": "tv", "prior": {"kind": ")" + std::string(kind) + "\"," + body + "}", rest)),
                      tolerance) << kind;
        EXPECT_LT(worst_error(specification(R"({"spend": "tv", "saturation": {"family": "logistic", "rate": )" + prior + "}}", rest)),
                  tolerance);
        EXPECT_LT(worst_error(specification(R"({"spend": "tv", "adstock": {"family": "geometric", "alpha": )" + prior + "}}", rest)),
                  tolerance);
        EXPECT_LT(worst_error(specification("\"tv\"", rest + R"(, "intercept": )" + prior)), tolerance);
        EXPECT_LT(worst_error(specification("\"tv\"", rest + R"(, "sigma": )" + prior)), tolerance);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Priors, EveryPrior,
    ::testing::Values(R"({"family": "normal", "mu": 0.2, "sigma": 1})", R"({"family": "half_normal", "sigma": 1})",
                      R"({"family": "truncated_normal", "mu": 0.3, "sigma": 1, "lower": 0.05, "upper": 0.9})",
                      R"({"family": "log_normal", "mu": -1, "sigma": 0.7})",
                      R"({"family": "log_normal", "mu": -1, "sigma": 0.7, "shift": 0.1})",
                      R"({"family": "beta", "alpha": 2, "beta": 3})", R"({"family": "gamma", "alpha": 3, "beta": 4})",
                      R"({"family": "gamma", "mean": 0.5, "sd": 0.2})",
                      R"({"family": "inverse_gamma", "alpha": 3, "beta": 1})", R"({"family": "exponential", "rate": 2})",
                      R"({"family": "uniform", "lower": 0.1, "upper": 0.8})",
                      R"({"family": "laplace", "mu": 0, "b": 0.5})",
                      R"({"family": "student_t", "nu": 4, "mu": 0.1, "sigma": 0.5})",
                      R"({"family": "half_student_t", "nu": 4, "sigma": 0.5})",
                      R"({"family": "cauchy", "mu": 0, "sigma": 0.5})", R"({"family": "half_cauchy", "sigma": 0.5})"));

}  // namespace
}  // namespace mmm
