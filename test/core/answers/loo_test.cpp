// PSIS leave-one-out against the exact one of a conjugate linear model; comparison of models.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/random.hpp"
#include "core/summary/contributions.hpp"
#include "core/summary/loo.hpp"
#include "core/summary/noise.hpp"
#include "model/hand_made_model.hpp"
#include "support/idle.hpp"

namespace mmm {
namespace {

using test::idle;

// Sigma and the medium are given, so that the posterior of the linear coefficients is normal in closed form.
std::string conjugate(const std::string& scaling, const std::string& more) {
    return R"({"time": "week", "kpi": "sales", "trend": "linear", "seasonality": false, "sigma": 0.05,
        "media": {"tv": {"spend": "tv", "adstock": "none", "saturation": "none",
                         "prior": {"kind": "coefficient", "family": "fixed", "value": 0.3}}},
        "scaling": {"kpi": )" +
           scaling + "}, " + more + R"("simulate": {"periods": 40, )" +
           (scaling == "700" ? "" : R"("kpi_scale": 700, )") + R"(
        "truth": {"intercept": 0.6, "sigma": 0.05, "trend.slope": 0.1}}})";
}

struct Normal {
    Vec mean;
    Mat covariance;
};

// The posterior of the linear coefficients given all fitted rows but one (or all, with -1).
Normal posterior_without(const FittedModel& model, Eigen::Index left_out) {
    const Mat& columns = model.design.blocks.at(0).columns;
    const Eigen::Index n = columns.cols();
    const double precision = 1 / (0.05 * 0.05);
    Mat a = Mat::Zero(n, n);
    Vec b = Vec::Zero(n);
    for (Eigen::Index j = 0; j < n; ++j) {
        const Prior& prior = model.layout.parameters[static_cast<std::size_t>(j)].prior;
        a(j, j) = 1 / (prior.p[1] * prior.p[1]);
        b[j] = a(j, j) * prior.p[0];
    }
    for (Eigen::Index t = 0; t < model.data.periods(); ++t) {
        if (t == left_out || model.data.holdout[static_cast<std::size_t>(t)]) continue;
        const Vec x = columns.row(t).transpose();
        a += precision * x * x.transpose();
        b += precision * x * (model.design.y[t] - 0.3 * model.design.media(t, 0));
    }
    const Mat covariance = a.inverse();
    return {covariance * b, covariance};
}

FittedModel conjugate_model(const std::string& spec, int draws) {
    FittedModel model = test::unfitted_model(spec, 2);
    const Normal posterior = posterior_without(model, -1);
    const Mat factor = posterior.covariance.llt().matrixL();
    model.chains = 2;
    model.draws = draws;
    model.values.assign(static_cast<std::size_t>(model.layout.size()) * model.total_draws(), 0.0f);
    for (std::size_t d = 0; d < model.total_draws(); ++d) {
        RandomStream random(9, 0, static_cast<std::uint32_t>(d), 99);
        Vec z(posterior.mean.size());
        for (double& value : z) value = random.normal();
        const Vec coefficients = posterior.mean + factor * z;
        for (int p = 0; p < model.layout.size(); ++p)
            model.values[static_cast<std::size_t>(p) * model.total_draws() + d] = static_cast<float>(
                p < coefficients.size() ? coefficients[p]
                                        : model.layout.parameters[static_cast<std::size_t>(p)].prior.p[0]);
    }
    return model;
}

double exact_elpd(const FittedModel& model, Eigen::Index row, Eigen::Index left_out) {
    const Normal posterior = posterior_without(model, left_out);
    const Vec x = model.design.blocks.at(0).columns.row(row).transpose();
    const double mean = x.dot(posterior.mean) + 0.3 * model.design.media(row, 0);
    const double variance = x.dot(posterior.covariance * x) + 0.05 * 0.05;
    const double e = model.design.y[row] - mean;
    return -0.5 * std::log(2 * std::numbers::pi * variance) - 0.5 * e * e / variance - std::log(model.design.kpi_scale);
}

TEST(Loo, AgreesWithExactLeaveOneOut) {
    for (const std::string& scaling : std::vector<std::string>{R"("max")", R"("mean")", "700"}) {
        const FittedModel model = conjugate_model(conjugate(scaling, ""), 4000);
        double elpd = 0, lpd = 0;
        const auto points = loo_points(model, idle);
        ASSERT_EQ(points.size(), 40u);
        std::vector<double> all;
        for (const LooPoint& point : points) {
            const double exact = exact_elpd(model, point.row, point.row);
            EXPECT_NEAR(point.elpd, exact, 0.02) << scaling << point.row;
            EXPECT_LT(point.pareto_k, 0.5);
            elpd += exact;
            lpd += exact_elpd(model, point.row, -1);
            all.push_back(exact);
        }
        const LooRow row = loo(model, idle);
        EXPECT_NEAR(row.elpd_loo, elpd, 0.05) << scaling;
        EXPECT_NEAR(row.p_loo, lpd - elpd, 0.05) << scaling;
        double squares = 0;
        for (const double value : all) squares += std::pow(value - elpd / 40, 2);
        EXPECT_NEAR(row.se, std::sqrt(40 * squares / 39), 0.05);
        EXPECT_EQ(row.bad_k, 0);
    }
}

// The whole way: a model sampled without the row, its density there. Rows away from the KPI's maximum, which scales it.
TEST(Loo, AgreesWithRefittingWithoutTheRow) {
    const std::string text = R"({"time": "week", "kpi": "sales", "trend": "linear", "seasonality": false,
        "media": {"tv": {"spend": "tv", "adstock": {"family": "geometric", "max_lag": 2}}}, "holdout": {"column": "held"},
        "sampler": {"chains": 2, "warmup": 500, "draws": 1500}, "simulate": {"periods": 24, "truth": {"intercept": 0.6}}})";
    const auto spec = parse_specification(text);
    Table table = test::simulated_table(text, 1);
    auto& held =
        std::find_if(table.columns.begin(), table.columns.end(), [](auto& c) { return c.name == "held"; })->values;
    held.assign(24, 0.0);
    const auto points = loo_points(*fit(*spec, table, Host{}), idle);
    for (const std::size_t row : {2u, 9u, 16u, 23u}) {
        held.assign(24, 0.0);
        held[row] = 1;
        const FittedModelPtr without = fit(*spec, table, Host{});
        Contributions contributions(*without);
        Vec mean;
        double density = 0;
        for (std::size_t draw = 0; draw < without->total_draws(); ++draw) {
            contributions.mean(draw, mean);
            const auto t = static_cast<Eigen::Index>(row);
            density += std::exp(noise_of(*without, contributions, t).log_density(without->data.kpi[t], mean[t]));
        }
        EXPECT_LT(points[row].pareto_k, 0.7);
        EXPECT_NEAR(points[row].elpd, std::log(density / static_cast<double>(without->total_draws())), 0.1) << row;
    }
}

TEST(Loo, LeavesHeldOutRowsAlone) {
    const FittedModel model = conjugate_model(conjugate(R"("max")", R"("holdout": {"last": 6}, )"), 1000);
    const auto points = loo_points(model, idle);
    ASSERT_EQ(points.size(), 34u);
    for (const LooPoint& point : points) EXPECT_LT(point.row, 34);
}

TEST(Loo, CountsRowsThatTheModelCannotDoWithout) {
    // An outlier of 12 standard deviations that the draws follow only in their tail.
    FittedModel model = conjugate_model(conjugate(R"("max")", ""), 500);
    EXPECT_EQ(loo(model, idle).bad_k, 0);
    for (std::size_t d = 0; d < model.total_draws(); ++d)
        model.values[d] += static_cast<float>(0.05 * std::sin(double(d)));
    model.data.kpi[5] += 1.5 * model.design.kpi_scale;
    EXPECT_GT(loo(model, idle).bad_k, 0);
}

TEST(Loo, NeedsDraws) {
    const FittedModel model = conjugate_model(conjugate(R"("max")", ""), 12);
    try {
        loo(model, idle);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::invalid_argument);
        EXPECT_STREQ(error.what(), "the model has 24 draws, too few for leave-one-out");
    }
}

TEST(Noise, DensitiesAreThoseOfTheKpi) {
    const Noise normal(Likelihood::normal, 2, 0), student(Likelihood::student_t, 2, 3);
    EXPECT_NEAR(normal.log_density(5, 4), std::log(std::exp(-0.125) / (2 * std::sqrt(2 * std::numbers::pi))), 1e-12);
    // t with 3 degrees of freedom: 6 sqrt(3) / (pi (3 + z^2)^2)
    EXPECT_NEAR(student.log_density(5, 4), std::log(6 * std::sqrt(3.0) / (std::numbers::pi * 3.25 * 3.25) / 2), 1e-12);
}

FittedModelPtr shared(FittedModel model) {
    return std::make_shared<const FittedModel>(std::move(model));
}

TEST(Compare, RanksByLeaveOneOutAndWeighsByStacking) {
    FittedModel biased = conjugate_model(conjugate(R"("max")", ""), 1000);
    for (std::size_t d = 0; d < biased.total_draws(); ++d) biased.values[d] += 0.08f;  // the intercept
    const FittedModelPtr good = shared(conjugate_model(conjugate(R"("max")", ""), 1000));
    const auto rows = compare({shared(biased), good, good}, idle);
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[0].rank, 1);
    EXPECT_EQ(rows[0].model, 2);
    EXPECT_EQ(rows[1].model, 3);
    EXPECT_EQ(rows[2].model, 1);
    EXPECT_EQ(rows[0].elpd_diff, 0);
    EXPECT_EQ(rows[0].diff_se, 0);
    EXPECT_EQ(rows[1].elpd_diff, 0);
    EXPECT_NEAR(rows[2].elpd_diff, rows[2].loo.elpd_loo - rows[0].loo.elpd_loo, 1e-9);
    const auto a = loo_points(*good, idle), b = loo_points(biased, idle);
    double mean = 0, squares = 0;
    for (std::size_t i = 0; i < 40; ++i) mean += (b[i].elpd - a[i].elpd) / 40;
    for (std::size_t i = 0; i < 40; ++i) squares += std::pow(b[i].elpd - a[i].elpd - mean, 2);
    EXPECT_NEAR(rows[2].diff_se, std::sqrt(40 * squares / 39), 1e-9);
    EXPECT_NEAR(rows[0].weight, rows[1].weight, 1e-9);
    EXPECT_NEAR(rows[0].weight + rows[1].weight + rows[2].weight, 1, 1e-9);
    EXPECT_EQ(rows[0].loo.elpd_loo, loo(*good, idle).elpd_loo);
}

TEST(Compare, StackingFindsTheBestMixture) {
    RandomStream random(6, 0, 0, 99);
    Mat elpd(60, 3);
    for (Eigen::Index i = 0; i < elpd.size(); ++i) elpd.data()[i] = random.normal() - 0.3 * static_cast<double>(i / 60);
    const Vec weights = stacking_weights(elpd, idle);
    const auto score = [&](double a, double b, double c) {
        return (elpd.array().exp().matrix() * Eigen::Vector3d(a, b, c)).array().log().sum();
    };
    const double found = score(weights[0], weights[1], weights[2]);
    double best = -1e300;
    for (int i = 0; i <= 200; ++i)
        for (int j = 0; i + j <= 200; ++j) best = std::max(best, score(i / 200.0, j / 200.0, (200 - i - j) / 200.0));
    EXPECT_GE(found, best - 1e-6);
    EXPECT_LT(found, best + 0.01);
    EXPECT_NEAR(weights.sum(), 1, 1e-12);
    EXPECT_GE(weights.minCoeff(), 0);
}

TEST(Compare, GivesAWorseModelEverywhereNoWeight) {
    Mat elpd(30, 2);
    elpd.col(0).setZero();
    elpd.col(1).setConstant(-0.5);
    EXPECT_NEAR(stacking_weights(elpd, idle)[0], 1, 1e-8);
}

TEST(Compare, RefusesModelsOfOtherData) {
    const FittedModel model = conjugate_model(conjugate(R"("max")", ""), 100);
    FittedModel later = model, other = model, held = model, elsewhere = model;
    elsewhere.data.geos = {"north"};
    for (auto& time : later.data.time) time += microseconds_per_day;
    other.data.kpi[3] += 1;
    held.data.holdout[2] = true;
    const auto message = [&](const FittedModel& second) {
        try {
            compare({shared(model), shared(second)}, idle);
            return std::string("accepted");
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::invalid_argument);
            return std::string(error.what());
        }
    };
    EXPECT_EQ(message(later), "model 2 was fitted to other data than model 1: their times differ");
    EXPECT_EQ(message(elsewhere), "model 2 was fitted to other data than model 1: their geos differ");
    EXPECT_EQ(message(other), "model 2 was fitted to other data than model 1: the values of their KPI differ");
    EXPECT_EQ(message(held), "model 2 was fitted to other data than model 1: the rows held out differ");
    EXPECT_EQ(message(model), "accepted");
}

TEST(Loo, CanBeInterrupted) {
    const FittedModel model = conjugate_model(conjugate(R"("max")", ""), 100);
    EXPECT_THROW(loo(model, [] { throw std::runtime_error("stop"); }), std::runtime_error);
}

}  // namespace
}  // namespace mmm
