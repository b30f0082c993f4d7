// The density of panels: its gradient, and what is integrated out of it.
#include <gtest/gtest.h>

#include <cmath>

#include "core/random.hpp"
#include "model/panel_support.hpp"

namespace mmm {
namespace {

struct NamedPanel {
    const char* name;
    std::string spec;
};

class PanelDensity : public ::testing::TestWithParam<NamedPanel> {};

TEST_P(PanelDensity, HasTheGradientOfCentralDifferences) {
    test::expect_gradient_of_central_differences(GetParam().spec, 10);
}

TEST_P(PanelDensity, GivesParametersInsideTheirSupport) {
    const test::Panel panel = test::make_panel(GetParam().spec);
    Posterior posterior(panel.posterior);
    Vec values(panel.layout.size());
    for (std::uint32_t point = 0; point < 20; ++point) {
        RandomStream random(8, 0, point, stream::start);
        posterior.constrain(posterior.initial_point(random), random, values);
        for (int p = 0; p < panel.layout.size(); ++p) {
            const Interval support = panel.layout.at(p).support;
            EXPECT_TRUE(values[p] >= support.lower && values[p] <= support.upper) << panel.layout.at(p).name;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Models, PanelDensity,
                         ::testing::Values(NamedPanel{"every_kind", test::every_kind}, NamedPanel{"hierarchical", test::hierarchical},
                                           NamedPanel{"unpooled", test::unpooled}),
                         [](const auto& tested) { return tested.param.name; });

// The marginal of y ~ normal(X theta, sigma^2), theta ~ normal(m, V), written as the multivariate normal it is.
TEST(IntegratedCoefficients, LeaveTheMarginalDensityOfTheData) {
    const test::Panel panel = test::make_panel(R"({"preset": "meridian", "time": "week", "geo": "geo", "kpi": "sales",
        "media": {"tv": "tv"}, "controls": [{"column": "price", "by_geo": false, "prior": {"family": "normal", "mu": 0.5, "sigma": 2}}],
        "trend": {"family": "knots", "knots": 3}, "holdout": {"last": 2}, "simulate": {"geos": 3, "periods": 12}})");
    const MarginalBlock& block = panel.posterior.marginal;
    ASSERT_EQ(block.size(), 3 + 2 + 1);  // knots, two of three geo intercepts, the control
    const StopFlag stop{false};
    const Mat x = dense_columns(panel.design, block.parameter, stop);
    Vec mean(block.size()), variance(block.size());
    for (Eigen::Index i = 0; i < block.size(); ++i) {
        const Prior& prior = panel.layout.at(block.parameter[static_cast<std::size_t>(i)]).prior;
        mean[i] = prior.p[0];
        variance[i] = prior.p[1] * prior.p[1];
    }
    const Eigen::Index n = panel.design.rows();
    Vec residual(n);
    RandomStream random(1, 0, 0, 99);
    for (Eigen::Index i = 0; i < n; ++i) residual[i] = random.normal() * panel.design.weight[i];
    std::vector<Eigen::Index> fitted;
    for (Eigen::Index i = 0; i < n; ++i)
        if (panel.design.weight[i] > 0) fitted.push_back(i);
    MarginalLikelihood marginal(block, panel.design);
    Vec d_mean(n);
    for (const double sigma : {0.1, 1.0, 30.0}) {
        const Mat rows = x(fitted, Eigen::all);
        const Mat covariance = rows * variance.asDiagonal() * rows.transpose() + sigma * sigma * Mat::Identity(rows.rows(), rows.rows());
        const Vec r = residual(fitted) - rows * mean;
        const Eigen::LLT<Mat> factorised(covariance);
        const Vec solved = factorised.solve(r);
        const double expected = -0.5 * r.dot(solved) - factorised.matrixLLT().diagonal().array().log().sum();
        double d_sigma = 0;
        EXPECT_NEAR(marginal.evaluate(residual, sigma, d_mean, d_sigma), expected, 1e-9 * std::fabs(expected)) << sigma;
        EXPECT_LT((d_mean(fitted) - solved).norm(), 1e-9 * solved.norm()) << sigma;
    }
}

// Drawn back, they have the mean and covariance of the regression that the rest leaves.
TEST(IntegratedCoefficients, AreDrawnFromTheirConditionalDistribution) {
    const test::Panel panel = test::make_panel(R"({"preset": "meridian", "time": "week", "geo": "geo", "kpi": "sales",
        "media": {"tv": "tv"}, "trend": {"family": "knots", "knots": 2}, "simulate": {"geos": 2, "periods": 12}})");
    const MarginalBlock& block = panel.posterior.marginal;
    const double sigma = 0.7;
    const Vec residual = panel.design.y;
    const StopFlag stop{false};
    const Mat x = dense_columns(panel.design, block.parameter, stop);
    const Mat precision = x.transpose() * x / (sigma * sigma) + Mat::Identity(block.size(), block.size()) / 25;
    const Mat covariance = precision.inverse();
    const Vec mean = covariance * (x.transpose() * residual) / (sigma * sigma);
    constexpr int draws = 20'000;
    MarginalLikelihood marginal(block, panel.design);
    Vec parameters = Vec::Zero(panel.layout.size()), sum = Vec::Zero(block.size());
    Mat squares = Mat::Zero(block.size(), block.size());
    for (std::uint32_t d = 0; d < draws; ++d) {
        RandomStream random(5, 0, d, stream::marginal);
        marginal.draw(residual, sigma, random, parameters);
        Vec theta(block.size());
        for (Eigen::Index i = 0; i < block.size(); ++i) theta[i] = parameters[block.parameter[static_cast<std::size_t>(i)]];
        sum += theta;
        squares += (theta - mean) * (theta - mean).transpose();
    }
    for (Eigen::Index i = 0; i < block.size(); ++i) {
        EXPECT_NEAR(sum[i] / draws, mean[i], 5 * std::sqrt(covariance(i, i) / draws));
        for (Eigen::Index j = 0; j < block.size(); ++j)
            EXPECT_NEAR(squares(i, j) / draws, covariance(i, j), 0.05 * std::sqrt(covariance(i, i) * covariance(j, j)));
    }
}

TEST(IntegratedCoefficients, AreThoseOfNormalNoiseOfOneScale) {
    EXPECT_FALSE(test::make_panel(test::every_kind).posterior.marginal.empty());
    EXPECT_TRUE(test::make_panel(test::hierarchical).posterior.marginal.empty());  // noise by geo
    EXPECT_TRUE(test::make_panel(test::unpooled).posterior.marginal.empty());      // Student-t
}

}  // namespace
}  // namespace mmm
