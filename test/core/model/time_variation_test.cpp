// Gaussian processes over time: what they approximate, how they enter a model, and links.
#include "core/model/time_variation.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/random.hpp"
#include "model/panel_support.hpp"

namespace mmm {
namespace {

// Matern 5/2: a^2 (1 + sqrt(5) r / l + 5 r^2 / (3 l^2)) exp(-sqrt(5) r / l) (Rasmussen & Williams 2006, eq. 4.17).
double matern(double a, double l, double r) {
    const double s = std::sqrt(5.0) * r / l;
    return a * a * (1 + s + s * s / 3) * std::exp(-s);
}

VariationPosition position_of(int basis, VariationForm form) { return {0, 1, 2, basis, form}; }

Vec process_parameters(int basis, double amplitude, double lengthscale, std::uint32_t draw) {
    Vec parameters(basis + 2);
    parameters.head(2) << amplitude, lengthscale;
    RandomStream random(5, draw, 0, 99);
    for (int j = 0; j < basis; ++j) parameters[2 + j] = random.normal();
    return parameters;
}

// The covariance of f is phi S phi': with enough functions and a boundary well outside it is the kernel's.
TEST(TimeVariation, HasTheCovarianceOfAMaternProcess) {
    const int basis = 400;
    const VariationBasis made = make_variation_basis(basis, 100, 100);
    const double amplitude = 1.3, lengthscale = 12;
    Mat factor(100, basis);  // column j: f of z = e_j, through the additive form's uncentred part
    for (int j = 0; j < basis; ++j) {
        const double w = made.frequency[j];
        const double density = amplitude * amplitude * 16 * std::pow(5, 2.5) / (3 * std::pow(lengthscale, 5)) *
                               std::pow(5 / (lengthscale * lengthscale) + w * w, -3);
        factor.col(j) = std::sqrt(density) * made.phi.col(j);
    }
    const Mat covariance = factor * factor.transpose();
    for (const auto& [s, t] : {std::pair{50, 50}, {40, 52}, {30, 65}, {20, 80}})
        EXPECT_NEAR(covariance(s, t), matern(amplitude, lengthscale, std::abs(t - s)), 2e-3);
}

TEST(TimeVariation, AsAMultiplierIsSoftplusOverItsMean) {
    const VariationBasis made = make_variation_basis(30, 60, 80);
    TimeVariation additive(position_of(30, VariationForm::additive), made), multiplier(position_of(30, VariationForm::multiplier), made);
    const Vec parameters = process_parameters(30, 2, 8, 1);
    additive.forward(parameters);
    multiplier.forward(parameters);
    EXPECT_NEAR(additive.value().head(60).mean(), 0, 1e-12);
    EXPECT_NEAR(multiplier.value().head(60).mean(), 1, 1e-12);
    EXPECT_GT(multiplier.value().minCoeff(), 0);
    // f is known up to the constant that centring took away: the ratios of softplus tell it.
    double least = INFINITY;
    for (double mean = -3; mean <= 3; mean += 1e-3) {
        const auto softplus_at = [&](Eigen::Index t) { return std::log1p(std::exp(additive.value()[t] + mean)); };
        least = std::min(least, std::fabs(softplus_at(3) / softplus_at(40) - multiplier.value()[3] / multiplier.value()[40]) +
                                    std::fabs(softplus_at(70) / softplus_at(40) - multiplier.value()[70] / multiplier.value()[40]));
    }
    EXPECT_LT(least, 2e-3);
}

// Two processes with one z differ by amplitude alone.
TEST(TimeVariation, GrowsWithItsAmplitude) {
    const VariationBasis made = make_variation_basis(20, 50, 50);
    TimeVariation variation(position_of(20, VariationForm::additive), made);
    variation.forward(process_parameters(20, 1, 8, 2));
    const Vec once = variation.value();
    variation.forward(process_parameters(20, 3, 8, 2));
    EXPECT_LT((variation.value() - 3 * once).cwiseAbs().maxCoeff(), 1e-12);
}

TEST(TimeVariation, GoesBackToItsMeanBehindTheHistory) {
    const VariationBasis made = make_variation_basis(20, 50, 200);
    TimeVariation variation(position_of(20, VariationForm::multiplier), made);
    variation.forward(process_parameters(20, 1, 8, 3));
    EXPECT_NEAR(variation.value()[199], variation.value()[100], 1e-9);
    EXPECT_TRUE(variation.value().allFinite());
}

struct NamedModel {
    const char* name;
    std::string spec;
};

class VaryingDensity : public ::testing::TestWithParam<NamedModel> {};

TEST_P(VaryingDensity, HasTheGradientOfCentralDifferences) {
    test::expect_gradient_of_central_differences(GetParam().spec, 6);
}

std::string national(const std::string& rest) {
    return R"({"time": "week", "kpi": "sales", "media": {"tv": "tv", "web": "web"}, "controls": ["price"],
        "sampler": {"chains": 1, "warmup": 20, "draws": 20}, "simulate": {"periods": 30, "kpi_scale": 500}, )" + rest + "}";
}

const std::string few = R"("basis": 6)";
const std::string all_kinds_varying = [] {
    Json spec = Json::parse(test::every_kind);
    spec["time_varying_media"] = {{"scope", "channel"}, {"basis", 3}};
    return spec.dump();
}();

INSTANTIATE_TEST_SUITE_P(
    Models, VaryingDensity,
    ::testing::Values(
        NamedModel{"trend", national(R"("trend": {"family": "gp", )" + few + "}")},
        NamedModel{"centred_trend", national(R"("scaling": {"kpi": "standardize"}, "trend": {"family": "gp", )" + few + "}")},
        NamedModel{"media", national(R"("time_varying_media": {)" + few + "}")},
        NamedModel{"every_kind", all_kinds_varying},
        NamedModel{"lift_tests", national(R"("time_varying_media": {"scope": "channel", "basis": 4}, "max_lag": 3,
            "calibration": [{"channel": "tv", "from": "2022-03-01", "to": "2022-04-01", "spend_before": 500, "spend_delta": 300,
                             "lift": 60, "standard_error": 20}])")},
        NamedModel{"panel", R"({"time": "week", "geo": "geo", "kpi": "sales", "media": {"tv": "tv"}, "trend": {"family": "gp", "basis": 5},
            "time_varying_media": {"basis": 4}, "simulate": {"geos": 3, "periods": 25}})"},
        NamedModel{"log_lognormal", national(R"("link": "log")")},
        NamedModel{"log_gamma", national(R"("link": "log", "likelihood": "gamma")")},
        NamedModel{"log_counts", national(R"("link": "log", "likelihood": "negative_binomial")")},
        NamedModel{"log_trend_and_media", national(R"("link": "log", "trend": {"family": "gp", "basis": 5}, "time_varying_media": {"basis": 4})")},
        NamedModel{"log_panel", R"({"time": "week", "geo": "geo", "kpi": "sales", "link": "log", "media": {"tv": "tv", "web": "web"},
            "trend": {"family": "knots", "knots": 4}, "simulate": {"geos": 3, "periods": 25}})"}),
    [](const auto& tested) { return tested.param.name; });

// Lognormal noise under link log is normal noise around the logarithm: densities differ by a constant.
TEST(LinkLog, OfLognormalNoiseIsTheNormalModelOfTheLogarithm) {
    const test::Panel panel = test::make_panel(national(R"("link": "log")"));
    Posterior posterior(panel.posterior);
    const auto term = [&](const Vec& u) {
        Vec scratch(u.size()), p(panel.layout.size());
        const double density = posterior.evaluate(u, scratch);
        RandomStream random(1, 0, 0, 99);
        posterior.constrain(u, random, p);
        return std::pair{density, p};
    };
    RandomStream random(7, 0, 0, stream::start);
    Vec u = posterior.initial_point(random);
    const auto [first, p] = term(u);
    // Only the intercept moves: priors and Jacobians of all else stay.
    const int intercept = test::index_of(panel.layout, "intercept");
    Vec direction = panel.posterior.factor.inverse().col(
        std::find(panel.posterior.whitened.begin(), panel.posterior.whitened.end(), intercept) - panel.posterior.whitened.begin());
    Vec moved = u;
    moved.head(direction.size()) += 0.1 * direction;
    const auto [second, q] = term(moved);
    ASSERT_NEAR(q[intercept] - p[intercept], 0.1, 1e-9);
    const double sigma = p[test::index_of(panel.layout, "sigma")];
    // d / d intercept of sum -(ln k - eta)^2 / (2 sigma^2), by the difference of two values: needs the mean residual only.
    double expected = 0;
    const Prior& prior = panel.layout.at(intercept).prior;
    expected -= 0.5 * (std::pow((q[intercept] - prior.p[0]) / prior.p[1], 2) - std::pow((p[intercept] - prior.p[0]) / prior.p[1], 2));
    Vec gradient(u.size());
    posterior.evaluate(u, gradient);
    const double slope = gradient.head(direction.size()).dot(direction) + (p[intercept] - prior.p[0]) / (prior.p[1] * prior.p[1]);
    const auto n = static_cast<double>(panel.design.rows());
    expected += slope * 0.1 - 0.5 * n * 0.01 / (sigma * sigma);
    EXPECT_NEAR(second - first, expected, 1e-8 * std::fabs(expected));
}

// A coordinate of a process whose prior by name has one side stays on it, however well the rows know it.
TEST(TimeVariation, KeepsToPriorsByName) {
    const auto panel_with = [](const std::string& rest) {
        return test::make_panel(R"({"time": "week", "kpi": "sales", "media": {"tv": "tv"}, "seasonality": false,
            "trend": {"family": "gp", "basis": 8, "amplitude": 2, "lengthscale": 8},
            "simulate": {"periods": 30, "kpi_scale": 500, "truth": {"sigma": 0.02}})" + rest + "}");
    };
    ASSERT_EQ(panel_with("").posterior.processes.at(0).chosen.front(), 0);
    const test::Panel panel = panel_with(R"(, "priors": {"trend.basis[1]": {"family": "half_normal", "sigma": 1}})");
    EXPECT_EQ(panel.posterior.processes.at(0).chosen.front(), 1);
    Posterior posterior(panel.posterior);
    Vec p(panel.layout.size());
    for (std::uint32_t point = 0; point < 50; ++point) {
        RandomStream random(9, point, 0, stream::start);
        Vec u = posterior.initial_point(random);
        for (double& x : u) x += random.normal();
        posterior.constrain(u, random, p);
        EXPECT_GT(p[test::index_of(panel.layout, "trend.basis[1]")], 0);
    }
}

std::string refusal(const std::string& spec) {
    try {
        read_specification(Json::parse(spec));
    } catch (const Error& error) {
        return error.what();
    }
    return "accepted";
}

TEST(LinkLog, RefusesWhatHasNoMeaningUnderIt) {
    EXPECT_EQ(refusal(national(R"("link": "log", "likelihood": "student_t")")), "likelihood: \"student_t\" does not go with link \"log\"");
    EXPECT_EQ(refusal(national(R"("link": "log", "scaling": {"kpi": "standardize"})")), "scaling.kpi: a centred KPI has no logarithm");
    EXPECT_NE(refusal(R"({"time": "week", "kpi": "sales", "link": "log", "media": {"tv": {"spend": "tv", "prior": {"kind": "roi"}}}})")
                  .find("media.tv.prior.kind: a prior on roi needs link \"identity\""), std::string::npos);
    EXPECT_EQ(refusal(national(R"("link": "logit")")).substr(0, 5), "link:");
    EXPECT_NE(refusal(R"({"preset": "meridian", "time": "week", "kpi": "sales", "link": "log", "media": {"tv": "tv"}})"), "");
    EXPECT_EQ(refusal(R"({"preset": "meridian", "time": "week", "kpi": "sales", "link": "log", "media": {"tv": "tv"},
        "organic_media": {"mail": {"exposure": "mail"}}, "treatments": {"promo": "promo"}})"), "accepted");
    EXPECT_EQ(refusal(R"({"preset": "pymc", "time": "week", "kpi": "sales", "link": "log", "media": {"tv": "tv"}})"), "accepted");
}

TEST(TimeVaryingMedia, WithoutMediaAreRefused) {
    EXPECT_NE(refusal(national(R"("time_varying_media": {"scope": "chanel"})")).find("did you mean \"channel\"?"), std::string::npos);
    EXPECT_NE(refusal(national(R"("time_varying_media": {"basis": 0})")).find("time_varying_media.basis"), std::string::npos);
    EXPECT_NE(refusal(national(R"("trend": {"family": "gp", "lengthscale": {"family": "normal", "mu": -3, "sigma": 1, "by": "geo"}})"))
                  .find("trend.lengthscale"), std::string::npos);
}

// What is written reads as the same specification.
TEST(TimeVaryingMedia, SurviveTheWrittenSpecification) {
    for (const auto& rest : {R"("time_varying_media": true)", R"("time_varying_media": {"scope": "channel", "basis": 7})",
                             R"("trend": {"family": "gp", "amplitude": 0.5})", R"("link": "log", "likelihood": "gamma")"}) {
        const Json written = write_specification(read_specification(Json::parse(national(rest))));
        EXPECT_EQ(write_specification(read_specification(written)), written) << rest;
    }
}

}  // namespace
}  // namespace mmm
