// The review of what the draws say: totals, influential rows, channels and their priors.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/lognormal.hpp>

#include "core/sampler/convergence.hpp"
#include "core/summary/influence.hpp"
#include "core/summary/review_posterior.hpp"
#include "core/transform/calendar.hpp"
#include "model/hand_made_model.hpp"

namespace mmm {
namespace {

const char* const document = R"({"time": "week", "kpi": "sales", "trend": "none", "seasonality": false,
    "media": {"tv": {"spend": "tv", "prior": {"kind": "roi", "family": "log_normal", "mu": 0.2, "sigma": 0.9}},
              "web": "web"},
    "controls": ["rain"], "simulate": {"periods": 60, "kpi_scale": 1000, "truth": {"intercept": 0.6, "sigma": 0.03}}})";

FittedModel model_of(const std::string& spec = document) {
    return test::hand_made_model(spec, 1, 4, 100);
}

std::size_t index_of(const FittedModel& model, const std::string& name) {
    for (std::size_t p = 0; p < model.layout.parameters.size(); ++p)
        if (model.layout.parameters[p].name == name) return p;
    throw std::out_of_range(name);
}

// The draws of a parameter, replaced by value(draw).
template <typename Value>
void set_draws(FittedModel& model, const std::string& name, Value&& value) {
    const std::size_t p = index_of(model, name), n = model.total_draws();
    for (std::size_t d = 0; d < n; ++d) model.values[p * n + d] = static_cast<float>(value(d));
    model.convergence.clear();
    test::summarise(model);
}

// Draws that differ by less than the noise, as those of a posterior do.
FittedModel calm(FittedModel model) {
    for (const auto& parameter : model.layout.parameters)
        if (parameter.name.starts_with("sigma")) set_draws(model, parameter.name, [](std::size_t) { return 0.3; });
    return model;
}

DiagnosticRow row_of(const FittedModel& model, const std::string& metric) {
    for (const auto& row : diagnostics(model, [] {}))
        if (row.metric == metric) return row;
    throw std::out_of_range(metric);
}

TEST(ReviewDraws, AreTheMomentsOfTheFit) {
    FittedModel model = model_of();
    set_draws(model, "intercept", [](std::size_t d) { return d % 8 < 3 ? -0.25 : 0.5; });
    const ReviewDraws draws = review_draws(model, [] {});
    EXPECT_DOUBLE_EQ(draws.negative_baseline, 3.0 / 8);
    const auto rows = fitted(model, 0.9, [] {});
    double total = 0;
    for (std::size_t t = 0; t < rows.size(); ++t) {
        EXPECT_NEAR(draws.mean[static_cast<Eigen::Index>(t)], rows[t].mean, 1e-9 * std::fabs(rows[t].mean));
        total += rows[t].mean;
    }
    EXPECT_NEAR(draws.total.mean(), total, 1e-9 * total);
    const auto channel = channels(model, 0.9, {}, [] {});
    for (Eigen::Index m = 0; m < 2; ++m)
        EXPECT_NEAR(draws.outcome.col(m).mean(), channel[static_cast<std::size_t>(m)].contribution,
                    1e-9 * std::fabs(channel[static_cast<std::size_t>(m)].contribution));
    const Vec of_row = draws.log_density.col(7);
    EXPECT_NEAR(draws.density_variance[7], (of_row.array() - of_row.mean()).square().sum() / 399,
                1e-9 * draws.density_variance[7]);
    EXPECT_NEAR(draws.log_likelihood[5], draws.log_density.row(5).sum(), 1e-9 * std::fabs(draws.log_likelihood[5]));
}

TEST(Review, ComparesTheObservedTotalWithTheExpectedOne) {
    FittedModel model = model_of();
    EXPECT_EQ(row_of(model, "ppp_total_outcome").verdict, "ok");
    // Totals of the draws lie evenly around their mean; the observed one as far out as the 20 farthest of 400.
    const ReviewDraws draws = review_draws(model, [] {});
    std::vector<double> distances;
    for (const double total : draws.total) distances.push_back(std::fabs(total - draws.total.mean()));
    std::sort(distances.begin(), distances.end());
    const auto observe = [&](double distance) {
        model.data.kpi *= (draws.total.mean() + distance) / model.data.kpi.sum();
    };
    observe(0.5 * (distances[379] + distances[380]));
    EXPECT_DOUBLE_EQ(*row_of(model, "ppp_total_outcome").value, 20.0 / 400);
    EXPECT_EQ(row_of(model, "ppp_total_outcome").verdict, "ok");
    observe(0.5 * (distances[380] + distances[381]));
    const DiagnosticRow row = row_of(model, "ppp_total_outcome");
    EXPECT_DOUBLE_EQ(*row.value, 19.0 / 400);
    EXPECT_EQ(row.verdict, "fail");
    EXPECT_NE(row.message.find("observed"), std::string::npos);
}

TEST(Review, NamesTheRowThatAFitLeansOn) {
    FittedModel model = calm(model_of());
    EXPECT_EQ(row_of(model, "influential_rows").verdict, "ok");
    // 20 standard deviations away: the tail of its importance ratios is heavy.
    model.data.kpi[30] += 20 * 0.3 * model.design.kpi_scale;
    const DiagnosticRow row = row_of(model, "influential_rows");
    EXPECT_EQ(*row.value, 1);
    EXPECT_EQ(row.verdict, "warn");
    EXPECT_NE(row.message.find(format_timestamp(model.data.time[30]) + " (k "), std::string::npos) << row.message;
    const DiagnosticRow worst = row_of(model, "max_pareto_k");
    EXPECT_GT(*worst.value, 0.7);
    EXPECT_EQ(worst.verdict, "warn");
    // k is that of leave-one-out.
    double largest = 0;
    for (const auto& point : loo_points(model, [] {})) largest = std::max(largest, point.pareto_k);
    EXPECT_EQ(*worst.value, largest);
}

TEST(Influence, OfManyRowsIsLookedForWhereDensitiesVary) {
    FittedModel model = calm(model_of());
    model.data.kpi[30] += 20 * 0.3 * model.design.kpi_scale;
    const auto all = influence(model, review_draws(model, [] {}), [] {});
    // As in a large panel: room for the densities of 20 rows, then of none, so that the row is looked at again.
    const ReviewDraws few = review_draws(
                          model, [] {}, 20 * model.total_draws()),
                      none = review_draws(
                          model, [] {}, 0);
    EXPECT_LE(few.kept.size(), 20U);
    EXPECT_TRUE(none.kept.empty());
    const auto some = influence(model, few, [] {});
    EXPECT_EQ(influence(model, none, [] {})[0].pareto_k, some[0].pareto_k);
    ASSERT_FALSE(some.empty());
    EXPECT_LT(some.size(), all.size());
    EXPECT_EQ(some[0].row, 30);
    EXPECT_DOUBLE_EQ(some[0].pareto_k, all[0].pareto_k);
    for (const auto& row : all) {
        const bool found = std::any_of(some.begin(), some.end(), [&](const auto& s) { return s.row == row.row; });
        EXPECT_TRUE(found || row.pareto_k <= 0.5) << row.row;
    }
}

TEST(Review, TellsAPosteriorThatIsItsPriorStillFromOneThatDataMoved) {
    FittedModel model = model_of();
    const boost::math::lognormal prior(0.2, 0.9);
    const auto quantile = [&](std::size_t d) {
        return boost::math::quantile(prior, (static_cast<double>(d * 149 % 400) + 0.5) / 400);
    };
    set_draws(model, "media.tv.roi", quantile);
    DiagnosticRow row = row_of(model, "roi_prior_shift.tv");
    EXPECT_NEAR(*row.value, 0.5 / 400, 1e-6);
    EXPECT_EQ(row.verdict, "warn");
    EXPECT_NE(row.message.find("media.tv.prior"), std::string::npos);
    EXPECT_EQ(row_of(model, "prior_sensitivity.tv").verdict, "warn");
    // A narrow posterior at the prior's median: half of the prior lies on each side.
    set_draws(model, "media.tv.roi",
              [&](std::size_t d) { return std::exp(0.2 + 0.01 * std::sin(static_cast<double>(d))); });
    row = row_of(model, "roi_prior_shift.tv");
    EXPECT_NEAR(*row.value, 0.5, 0.01);
    EXPECT_EQ(row.verdict, "ok");
    EXPECT_LT(*row_of(model, "prior_sensitivity.tv").value, 0.05);
}

TEST(Review, ComparesThePosteriorMeanWithThePriorsTails) {
    FittedModel model = model_of();
    const auto at = [&](double z) {
        set_draws(model, "media.tv.roi", [&](std::size_t) { return std::exp(0.2 + 0.9 * z); });
        return row_of(model, "roi_prior_consistency.tv");
    };
    EXPECT_EQ(at(2.30).verdict, "ok");  // the 99 % point lies at 2.326
    EXPECT_EQ(at(2.35).verdict, "warn");
    EXPECT_NEAR(*at(2.35).threshold, 0.99, 1e-15);
    EXPECT_NEAR(*at(2.35).value, 0.99061, 1e-5);
    EXPECT_EQ(at(-2.35).verdict, "warn");
    EXPECT_NEAR(*at(-2.35).threshold, 0.01, 1e-15);
    // A half-normal favours 0, so a small coefficient is no surprise.
    set_draws(model, "media.web.coefficient", [](std::size_t) { return 1e-6; });
    EXPECT_EQ(row_of(model, "coefficient_prior_consistency.web").verdict, "ok");
}

TEST(Review, OfAnRoiAgainstItsShareOfSpend) {
    FittedModel model = model_of();
    const Vec spend = model.data.spend.colwise().sum().transpose();
    const double share = spend[0] / spend.sum();
    const auto at = [&](double roi) {
        set_draws(model, "media.tv.roi", [&](std::size_t) { return roi; });
        return row_of(model, "implausible_roi.tv");
    };
    DiagnosticRow row = at(1.01 * 20 / share);
    EXPECT_NEAR(*row.value, 20.2, 1e-4);
    EXPECT_EQ(*row.threshold, 20);
    EXPECT_EQ(row.verdict, "warn");
    row = at(0.99 * 0.5 * share);
    EXPECT_NEAR(*row.value, 0.495, 1e-6);
    EXPECT_EQ(*row.threshold, 0.5);
    EXPECT_EQ(row.verdict, "warn");
    EXPECT_EQ(at(1.01 * 0.5 * share).verdict, "ok");
    EXPECT_EQ(at(0.99 * 20 / share).verdict, "ok");
}

TEST(Review, OfAnRoiThatIsHardlyKnown) {
    FittedModel model = model_of();
    const Vec spend = model.data.spend.colwise().sum().transpose();
    const double share = spend[0] / spend.sum();
    // Even from 1 - w / 2 to 1 + w / 2: the shortest interval of 80 % is 0.8 w wide, the median 1.
    const auto of_width = [&](double w) {
        set_draws(model, "media.tv.roi",
                  [&](std::size_t d) { return 1 + w * ((static_cast<double>(d) + 0.5) / 400 - 0.5); });
        return row_of(model, "high_variance.tv");
    };
    EXPECT_NEAR(*of_width(0.5).value, 0.8 * 0.5 / 2.0687 * share, 1e-4);
    EXPECT_EQ(of_width(0.5).verdict, "ok");
    // Log-uniform from e^-5 to e^5: the shortest 80 % end at e^3, the median is 1.
    set_draws(model, "media.tv.roi",
              [](std::size_t d) { return std::exp(10 * ((static_cast<double>(d) + 0.5) / 400 - 0.5)); });
    EXPECT_NEAR(*row_of(model, "high_variance.tv").value, (std::exp(3) - std::exp(-5)) / 2.0687 * share, 0.1);
    EXPECT_EQ(row_of(model, "high_variance.tv").verdict, "warn");
}

TEST(Review, OfMediaThatMoveWithNoControl) {
    FittedModel model = model_of();
    const Vec tv = model.data.exposure.col(0).array() - model.data.exposure.col(0).mean();
    Vec apart = model.data.controls.col(0);
    apart.array() -= apart.mean();
    apart -= tv * (tv.dot(apart) / tv.squaredNorm());
    apart *= tv.norm() / apart.norm();
    model.data.controls.col(0) = 7 + (apart + 0.05 * tv).array();  // r = 0.05 / sqrt(1 + 0.05^2)
    DiagnosticRow row = row_of(model, "potential_bias.tv");
    EXPECT_NEAR(*row.value, 0.05 / std::sqrt(1.0025), 1e-12);
    EXPECT_EQ(row.verdict, "warn");
    model.data.controls.col(0) = 7 + (apart + 0.2 * tv).array();
    row = row_of(model, "potential_bias.tv");
    EXPECT_NEAR(*row.value, 0.2 / std::sqrt(1.04), 1e-12);
    EXPECT_EQ(row.verdict, "ok");
}

TEST(HealthScore, IsTheWeightedMeanOfMeridiansReview) {
    const auto row = [](const std::string& metric, double value, const std::string& verdict) {
        return DiagnosticRow{metric, value, 0.0, verdict, ""};
    };
    std::vector<DiagnosticRow> rows{row("max_rhat", 1.01, "ok"),
                                    row("r2", 0.5, "ok"),
                                    row("negative_baseline_probability", 0.5, "warn"),
                                    row("ppp_total_outcome", 0.4, "ok"),
                                    row("roi_prior_shift.a", 0.3, "ok"),
                                    row("roi_prior_shift.b", 0, "warn"),
                                    row("roi_prior_consistency.a", 0.5, "ok"),
                                    row("roi_prior_consistency.b", 0.5, "ok")};
    // Half of the way from 0.2 to 0.8, a logistic at its midpoint, half of the channels to the power of 0.4.
    EXPECT_NEAR(*health_score(rows).value, 100 * (0.3 * 0.5 + 0.3 + 0.1 * 0.5 + 0.15 * std::pow(0.5, 0.4) + 0.15),
                1e-12);
    rows[0].value = 10;
    EXPECT_EQ(*health_score(rows).value, 0);
    EXPECT_EQ(health_score(rows).verdict, "fail");
}

TEST(Review, OfAPanelLooksAtTheSumOverGeosAndAtEffectsByGeo) {
    FittedModel model = test::hand_made_model(
        R"({"preset": "pymc", "time": "week", "geo": "geo", "kpi": "sales", "controls": ["rain"], "seasonality": false,
            "media": {"tv": {"spend": "tv", "prior": {"family": "half_normal", "by": "geo",
                                                      "sigma": {"family": "half_normal", "sigma": 1}}},
                      "web": "web"}, "simulate": {"geos": 3, "periods": 40}})",
        1, 2, 50);
    const DiagnosticRow r2 = row_of(model, "r2_national");
    EXPECT_LE(*r2.value, 1);
    for (const char* metric : {"coefficient_prior_shift.tv", "prior_sensitivity.tv", "high_variance.web",
                               "potential_bias.web", "health_score"})
        EXPECT_TRUE(std::isfinite(*row_of(model, metric).value)) << metric;
    model = calm(model);
    model.data.kpi[45] += 20 * 0.3 * model.design.kpi_scale;
    EXPECT_NE(row_of(model, "influential_rows").message.find(model.data.geos[1]), std::string::npos);
}

}  // namespace
}  // namespace mmm
