// The log posterior density: the model as written down, whatever coordinates it is explored in.
#include <gtest/gtest.h>

#include <cmath>

#include "core/model/posterior.hpp"
#include "core/summary/contributions.hpp"
#include "model/hand_made_model.hpp"
#include "model/naive_density.hpp"

namespace mmm {
namespace {

// What PyMC-Marketing fits by default, with a trend and an event.
const char* const pymc =
    R"({"preset": "pymc", "time": "week", "kpi": "sales", "media": {"tv": "tv", "search": "search"},
    "controls": ["price"], "trend": "linear", "seasonality": {"period": "year", "order": 2},
    "events": [{"name": "sale", "dates": ["2022-03-08", "2022-11-25"], "shape": {"family": "period", "before": 1,
    "after": 2}}],
    "simulate": {"periods": 70, "media": {"tv": {"active": 0.6}}}})";
// What Meridian fits by default for one geo, with a prior on every kind of effect, held-out weeks and KPI in units.
const char* const meridian =
    R"({"preset": "meridian", "time": "week", "kpi": "orders", "kpi_type": "units", "revenue_per_kpi": "price",
    "media": {"tv": "tv", "search": {"spend": "search", "exposure": "clicks", "prior": {"kind": "contribution",
    "family": "beta", "alpha": 2, "beta": 20}},
              "radio": {"spend": "radio", "prior": {"kind": "coefficient"}}},
    "organic_media": {"mail": "mails"}, "controls": [{"column": "promo", "sign": "positive"}, {"column": "rain",
    "sign": "negative"}],
    "holdout": {"last": 9}, "simulate": {"periods": 70, "kpi_scale": 500, "revenue_per_kpi": 20,
        "truth": {"intercept": 3, "sigma": 0.3, "controls.promo": 0.3, "controls.rain": -0.2,
        "media.radio.coefficient": 0.5,
                  "media.tv.roi": 1.5, "media.search.contribution": 0.1, "organic_media.mail.contribution": 0.05}}})";
// Other transforms and laws, in the other order.
const char* const mixed = R"({"time": "week", "kpi": "sales", "likelihood": "student_t", "order": "saturation_first",
    "media": {"a": {"spend": "a", "adstock": {"family": "delayed", "max_lag": 5, "normalize": false},
    "saturation": {"family": "hill",
                 "half": {"family": "gamma", "alpha": 4, "beta": 8}, "slope": {"family": "gamma", "alpha": 6,
                 "beta": 4}}},
              "b": {"spend": "b", "adstock": "binomial", "saturation": "root", "order": "adstock_first",
                    "prior": {"kind": "roi", "family": "student_t", "nu": 4, "mu": 1, "sigma": 1}},
              "c": {"spend": "c", "adstock": "none", "saturation": "none", "prior": {"kind": "coefficient",
              "family": "exponential", "rate": 3}},
              "d": {"spend": "d", "prior": {"kind": "coefficient", "family": "laplace", "mu": 0.1, "b": 0.3}}},
    "controls": ["price"], "trend": {"family": "piecewise", "changepoints": 2}, "sigma": {"family": "half_cauchy",
    "sigma": 0.1},
    "seasonality": [{"period": "year", "order": 1}, {"period": 30, "order": 1}], "scaling": {"kpi": "mean",
    "media": "mean"},
    "intercept": {"family": "truncated_normal", "mu": 0.6, "sigma": 0.3, "lower": 0.05, "upper": 3}, "holdout": 0.2,
    "simulate": {"periods": 80, "truth": {"media.b.roi": 1, "nu": 5}}})";

struct Ready {
    FittedModel model;
    PosteriorData data;
    explicit Ready(const FittedModel& m) : model(m), data(make_posterior(model.spec, model.layout, model.design)) {}
    explicit Ready(const char* spec) : Ready(test::unfitted_model(spec, 4)) {}
};

// ln |det d parameters / d u| by differences: what a change of coordinates must add, whichever coordinates they are.
double log_determinant(const PosteriorData& data, const Vec& u) {
    Posterior posterior(data);
    std::vector<int> sampled;
    for (int p = 0; p < data.layout.size(); ++p)
        if (data.layout.parameters[static_cast<std::size_t>(p)].sampled()) sampled.push_back(p);
    const auto at = [&](Eigen::Index i, double step) {
        Vec moved = u, all(data.layout.size());
        moved[i] += step;
        RandomStream random(1, 0, 0, stream::marginal);
        posterior.constrain(moved, random, all);
        Vec some(u.size());
        for (Eigen::Index k = 0; k < u.size(); ++k) some[k] = all[sampled[static_cast<std::size_t>(k)]];
        return some;
    };
    Mat jacobian(u.size(), u.size());
    const double h = 1e-3;
    for (Eigen::Index i = 0; i < u.size(); ++i)
        jacobian.col(i) = (at(i, -2 * h) - 8 * at(i, -h) + 8 * at(i, h) - at(i, 2 * h)) / (12 * h);
    return jacobian.colPivHouseholderQr().logAbsDeterminant();
}

std::map<std::string, double> parameters_at(const PosteriorData& data, const Vec& u) {
    Vec values(data.layout.size());
    RandomStream random(1, 0, 0, stream::marginal);
    Posterior(data).constrain(u, random, values);
    std::map<std::string, double> named;
    for (int p = 0; p < data.layout.size(); ++p)
        named[data.layout.parameters[static_cast<std::size_t>(p)].name] = values[p];
    return named;
}

Vec random_point(const PosteriorData& data, std::uint32_t i) {
    RandomStream random(17, 0, i, stream::start);
    return Posterior(data).initial_point(random);
}

double value_at(const PosteriorData& data, const Vec& u, Jacobian jacobian = Jacobian::include) {
    Vec gradient(u.size());
    return Posterior(data, jacobian).evaluate(u, gradient);
}

struct Named {
    std::string name;
    const char* spec;
};

class PosteriorDensity : public ::testing::TestWithParam<Named> {};

TEST_P(PosteriorDensity, IsThatOfTheModelWrittenOutWithItsChangeOfVariables) {
    const Ready ready(GetParam().spec);
    test::NaiveModel naive(ready.model.spec, ready.model.data);
    std::map<std::string, Prior> priors;
    for (const auto& parameter : ready.model.layout.parameters) priors[parameter.name] = parameter.prior;
    double constant = 0;
    for (std::uint32_t i = 0; i < 20; ++i) {
        const Vec u = random_point(ready.data, i);
        const double expected = naive.log_density(parameters_at(ready.data, u), priors);
        const double with = value_at(ready.data, u) - expected - log_determinant(ready.data, u);
        if (i == 0) constant = with;
        EXPECT_NEAR(with, constant, 1e-8 * std::max(1.0, std::fabs(expected))) << "point " << i;
    }
}

TEST_P(PosteriorDensity, WithoutTheJacobianIsThatOfTheParametersThemselves) {
    const Ready ready(GetParam().spec);
    test::NaiveModel naive(ready.model.spec, ready.model.data);
    std::map<std::string, Prior> priors;
    for (const auto& parameter : ready.model.layout.parameters) priors[parameter.name] = parameter.prior;
    double constant = 0;
    for (std::uint32_t i = 0; i < 20; ++i) {
        const Vec u = random_point(ready.data, i);
        const double expected = naive.log_density(parameters_at(ready.data, u), priors);
        const double with = value_at(ready.data, u, Jacobian::omit) - expected;
        if (i == 0) constant = with;
        EXPECT_NEAR(with, constant, 1e-9 * std::max(1.0, std::fabs(expected))) << "point " << i;
    }
}

TEST_P(PosteriorDensity, GivesParametersInsideTheirSupport) {
    const Ready ready(GetParam().spec);
    for (std::uint32_t i = 0; i < 20; ++i) {
        Vec values(ready.model.layout.size());
        RandomStream random(1, 0, i, stream::marginal);
        Posterior(ready.data).constrain(3 * random_point(ready.data, i), random, values);
        for (int p = 0; p < ready.model.layout.size(); ++p) {
            const auto& parameter = ready.model.layout.parameters[static_cast<std::size_t>(p)];
            EXPECT_TRUE(values[p] >= parameter.support.lower && values[p] <= parameter.support.upper) << parameter.name;
        }
    }
}

// Everything that the density is made of, with the KPI of the held-out weeks replaced.
TEST_P(PosteriorDensity, DoesNotDependOnHeldOutOutcomesAtAll) {
    FittedModel model = test::unfitted_model(GetParam().spec, 4);
    const Ready before(model);
    for (Eigen::Index t = 0; t < model.data.periods(); ++t)
        if (model.data.holdout[static_cast<std::size_t>(t)]) model.data.kpi[t] = 1e7 - 31 * static_cast<double>(t);
    model.rebuild();
    const Ready after(model);
    for (std::uint32_t i = 0; i < 20; ++i) {
        const Vec u = random_point(before.data, i);
        EXPECT_EQ(random_point(after.data, i), u);
        EXPECT_EQ(value_at(after.data, u), value_at(before.data, u));
        EXPECT_EQ(parameters_at(after.data, u), parameters_at(before.data, u));
    }
}

INSTANTIATE_TEST_SUITE_P(Models, PosteriorDensity,
                         ::testing::Values(Named{"pymc", pymc}, Named{"meridian", meridian}, Named{"mixed", mixed}),
                         [](const auto& tested) { return tested.param.name; });

TEST(TotalPaidShare, BecomesTheLogNormalOfThatMeanAndSpread) {
    const char* spec =
        R"({"preset": "meridian", "time": "week", "kpi": "orders", "kpi_type": "units", "holdout": {"last": 10},
        "media": {"tv": "tv", "search": "search"}, "simulate": {"periods": 60, "kpi_scale": 5000,
        "truth": {"intercept": 2}}})";
    FittedModel model = test::unfitted_model(spec, 2);
    const auto fitted = model.data.kpi.size() - 10;
    const double kpi = model.data.kpi.head(fitted).sum();
    const double tv = model.data.spend.col(0).head(fitted).sum(), search = model.data.spend.col(1).head(fitted).sum();
    const Prior& prior = model.layout.at(model.layout.media[0].effect.first).prior;
    ASSERT_EQ(prior.family, PriorFamily::log_normal);
    const double mean = std::exp(prior.p[0] + prior.p[1] * prior.p[1] / 2),
                 sd = mean * std::sqrt(std::expm1(prior.p[1] * prior.p[1]));
    // Two channels of one common ROI law: share = (roi_1 tv + roi_2 search) / kpi.
    EXPECT_NEAR(mean * (tv + search) / kpi, 0.4, 1e-12);
    EXPECT_NEAR(sd * std::sqrt(tv * tv + search * search) / kpi, 0.2, 1e-12);
}

TEST(Effects, ComeBackFromTheContributionsTheyBring) {
    FittedModel model = test::hand_made_model(meridian, 4, 1, 10);
    Contributions contributions(model);
    Mat parts;
    for (std::size_t draw = 0; draw < model.total_draws(); ++draw) {
        contributions.evaluate(draw, parts);
        const Eigen::Index fitted = model.data.periods() - 9;
        const Vec worth = model.data.revenue_per_kpi;
        const auto effect = [&](std::size_t m) { return contributions.parameter(model.layout.media[m].effect.first); };
        const auto brought = [&](std::size_t m) {
            return Vec(parts.rightCols(4).col(static_cast<Eigen::Index>(m)).cwiseProduct(worth));
        };
        const double outcome = model.data.kpi.cwiseProduct(worth).head(fitted).sum();
        EXPECT_NEAR(brought(0).sum() / model.data.spend.col(0).sum(), effect(0), 1e-12 * effect(0));
        EXPECT_NEAR(brought(1).head(fitted).sum() / outcome, effect(1), 1e-12);
        EXPECT_NEAR(brought(3).head(fitted).sum() / outcome, effect(3), 1e-12);
    }
}

}  // namespace
}  // namespace mmm
