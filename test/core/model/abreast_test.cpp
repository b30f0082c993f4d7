// Eight geos at a time compute what one geo after another does: the same density and the same gradient, for every number of
// geos, every adstock and saturation, and every way in which an effect is given.
#include "core/model/abreast.hpp"

#include <gtest/gtest.h>

#include "model/panel_support.hpp"

namespace mmm {
namespace {

std::string with_geos(std::string spec, int geos, int periods = 40) {
    const std::size_t at = spec.find("\"simulate\"");
    spec.erase(at);
    return spec + "\"simulate\": {\"geos\": " + std::to_string(geos) + ", \"periods\": " + std::to_string(periods) + "}}";
}

PosteriorData one_by_one(PosteriorData data) {
    data.abreast = AbreastPanel{};
    return data;
}

void expect_same(const PosteriorData& data) {
    const PosteriorData apart = one_by_one(data);
    Posterior abreast_posterior(data), posterior(apart);
    for (std::uint32_t start = 0; start < 4; ++start) {
        RandomStream random(11, 0, start, stream::start);
        const Vec u = posterior.initial_point(random);
        Vec expected_gradient(u.size()), gradient(u.size());
        const double expected = posterior.evaluate(u, expected_gradient);
        ASSERT_TRUE(std::isfinite(expected));
        EXPECT_NEAR(abreast_posterior.evaluate(u, gradient), expected, 1e-10 * std::max(1.0, std::fabs(expected)));
        EXPECT_LE((gradient - expected_gradient).norm(), 1e-10 * std::max(1.0, expected_gradient.norm()));
        RandomStream left(3, 0, start, stream::start), right(3, 0, start, stream::start);
        Vec parameters(data.layout.size()), expected_parameters(data.layout.size());
        abreast_posterior.constrain(u, left, parameters);
        posterior.constrain(u, right, expected_parameters);
        EXPECT_LE((parameters - expected_parameters).norm(), 1e-9 * std::max(1.0, expected_parameters.norm()));
    }
}

TEST(Abreast, ComputesWhatOneGeoAfterAnotherDoesForEveryNumberOfGeosAndEveryKindOfEffect) {
    for (const int geos : {5, 8, 9, 16, 19}) {
        SCOPED_TRACE(geos);
        const test::Panel panel = test::make_panel(with_geos(test::every_kind, geos));
        // All but mROI, the calibration period, and reach and frequency.
        EXPECT_EQ(panel.posterior.abreast.columns.size(), 7);
        expect_same(panel.posterior);
    }
}

TEST(Abreast, ComputesEveryAdstockAndSaturation) {
    for (const std::string adstock : {"none", "geometric", "delayed", "binomial", "weibull_cdf", "weibull_pdf"})
        for (const std::string saturation : {"none", "hill", "logistic", "inverse_scaled_logistic", "tanh", "michaelis_menten", "root", "log"})
            for (const int max_lag : {0, 3, 8, 60}) {
                SCOPED_TRACE(adstock + ", " + saturation + ", " + std::to_string(max_lag));
                const std::string medium = R"({"spend": "tv", "adstock": {"family": ")" + adstock + R"("}, "saturation": {"family": ")" + saturation + R"("}})";
                const test::Panel panel = test::make_panel(R"({"preset": "meridian", "time": "week", "geo": "geo", "kpi": "sales", "trend": {"family": "knots", "knots": 3}, "max_lag": )" +
                                                           std::to_string(max_lag) + R"(, "media": {"tv": )" + medium + R"(, "web": "web"},
                                                           "simulate": {"geos": 6, "periods": 30}})");
                EXPECT_EQ(panel.posterior.abreast.columns.size(), 2);
                expect_same(panel.posterior);
            }
}

TEST(Abreast, LeavesOutWhatIsKnown) {
    const test::Panel panel = test::make_panel(R"({"preset": "meridian", "time": "week", "geo": "geo", "kpi": "sales", "trend": {"family": "knots", "knots": 3},
        "media": {"a": {"spend": "a", "adstock": {"alpha": 0.4}},
                  "b": {"spend": "b", "saturation": {"family": "hill", "half": 0.7}},
                  "c": {"spend": "c", "saturation": {"family": "hill", "slope": 1.4}},
                  "d": {"spend": "d", "adstock": {"alpha": 0.4}, "saturation": {"family": "hill", "half": 0.7, "slope": 2}},
                  "e": {"spend": "e", "adstock": {"family": "delayed", "alpha": 0.4}}},
        "simulate": {"geos": 7, "periods": 50}})");
    EXPECT_EQ(panel.posterior.abreast.columns.size(), 5);
    expect_same(panel.posterior);
}

TEST(Abreast, CountsWhatIsFittedAlone) {
    std::string spec = with_geos(test::every_kind, 6);
    spec.insert(1, R"("holdout": {"last": 6}, )");
    expect_same(test::make_panel(spec).posterior);
}

TEST(Abreast, HearsLiftTests) {
    std::string spec = with_geos(test::every_kind, 6);
    spec.insert(1, R"("calibration": [{"channel": "tv", "from": "2022-02-07", "to": "2022-03-06", "spend_before": 1000, "spend_delta": 400, "lift": 70,
                                       "standard_error": 20}], )");
    const test::Panel panel = test::make_panel(spec);
    EXPECT_EQ(panel.design.lifts.size(), 1u);
    expect_same(panel.posterior);
    test::expect_gradient_of_central_differences(spec, panel.posterior, 1);
}

// Children of one hyperprior that neighbour are computed by column; child by child they have these values.
TEST(Siblings, AreWhatEachOfThemIs) {
    const test::Panel panel = test::make_panel(with_geos(test::every_kind, 6));
    const PosteriorData& data = panel.posterior;
    const auto n = static_cast<Eigen::Index>(data.hierarchical.size());
    for (const double lambda : {0.0, 0.37, 1.0}) {
        const Vec centring = Vec::Constant(n, lambda);
        HierarchicalPriors priors(data.layout, data.hierarchical, centring, {}, true);
        Vec parameters = Vec::Constant(data.layout.size(), 0.8), d = Vec::LinSpaced(data.layout.size(), -1, 2), u(n), gradient(n);
        RandomStream random(5, 0, 0, stream::start);
        for (Eigen::Index j = 0; j < n; ++j) u[j] = random.normal();
        Vec expected = parameters, expected_d = d, expected_gradient(n);
        double jacobian = 0, density = 0;
        std::vector<HierarchicalValue> values;
        const auto arguments_of = [&](const Parameter& p) {
            std::array<double, 4> a{};
            for (std::size_t i = 0; i < a.size(); ++i) a[i] = p.argument[i] >= 0 ? expected[p.argument[i]] : p.prior.p[i];
            return a;
        };
        for (Eigen::Index j = 0; j < n; ++j) {
            const int index = data.hierarchical[static_cast<std::size_t>(j)];
            const Parameter& p = data.layout.at(index);
            values.push_back(hierarchical_value(p.prior.family, arguments_of(p).data(), lambda, u[j]));
            expected[index] = values.back().value;
            jacobian += values.back().log_jacobian;
        }
        const auto add = [&](const Parameter& p, double by_mu, double by_sigma) {
            const LocationScale at = location_scale(p.prior.family, p.prior.p.data());
            if (at.mu_position >= 0 && p.argument[static_cast<std::size_t>(at.mu_position)] >= 0) expected_d[p.argument[static_cast<std::size_t>(at.mu_position)]] += by_mu;
            if (p.argument[static_cast<std::size_t>(at.sigma_position)] >= 0) expected_d[p.argument[static_cast<std::size_t>(at.sigma_position)]] += by_sigma;
        };
        for (const int index : data.hierarchical) {
            const Parameter& p = data.layout.at(index);
            const HierarchicalDensity f = hierarchical_log_density(p.prior.family, arguments_of(p).data(), expected[index]);
            density += f.value;
            expected_d[index] += f.d_x;
            add(p, f.d_mu, f.d_sigma);
        }
        for (Eigen::Index j = 0; j < n; ++j) {
            const int index = data.hierarchical[static_cast<std::size_t>(j)];
            const HierarchicalValue& v = values[static_cast<std::size_t>(j)];
            expected_gradient[j] = expected_d[index] * v.d_x + v.j_x;
            add(data.layout.at(index), expected_d[index] * v.d_mu + v.j_mu, expected_d[index] * v.d_sigma + v.j_sigma);
        }
        EXPECT_NEAR(priors.to_parameters(u, parameters), jacobian, 1e-10);
        EXPECT_NEAR(priors.add_densities(parameters, d), density, 1e-9);
        priors.to_gradient(d, gradient);
        EXPECT_LE((parameters - expected).cwiseAbs().maxCoeff(), 1e-12);
        EXPECT_LE((gradient - expected_gradient).cwiseAbs().maxCoeff(), 1e-9);
        EXPECT_LE((d - expected_d).cwiseAbs().maxCoeff(), 1e-9);
    }
}

TEST(Abreast, GivesTheGradientOfCentralDifferences) {
    test::expect_gradient_of_central_differences(with_geos(test::every_kind, 9), 2);
}

TEST(Abreast, TakesWhatSuitsItAlone) {
    const auto columns = [](const std::string& spec) { return test::make_panel(spec).posterior.abreast.columns.size(); };
    const std::string head = R"({"preset": "meridian", "time": "week", "geo": "geo", "kpi": "sales", "trend": {"family": "knots", "knots": 3},
                                "media": {"tv": "tv", "web": )",
                      tail = R"(}, "simulate": {"geos": 8, "periods": 40}})";
    EXPECT_EQ(columns(head + "\"web\"" + tail), 2);
    EXPECT_EQ(columns(head + R"({"spend": "web", "order": "saturation_first"})" + tail), 1);
    EXPECT_EQ(columns(head + R"({"spend": "web", "adstock": {"alpha": {"family": "beta", "alpha": 2, "beta": 3, "by": "geo"}}})" + tail), 1);
    EXPECT_EQ(columns(with_geos(head + "\"web\"" + tail, 4)), 0);
}

}  // namespace
}  // namespace mmm
