// Forecasts of a geo against a computation by hand, leave-one-out of a panel's rows, cross-validation over all geos.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>

#include "answers/panel_models.hpp"
#include "core/summary/forecast.hpp"
#include "core/summary/loo.hpp"
#include "support/idle.hpp"

namespace mmm {
namespace {

using namespace test;


// The model of `regions` in one geo, from its formulas.
class ByHand {
public:
    ByHand(const PanelSplit& s, std::size_t geo) : s_(s), geo_(geo), name_("[geo_" + std::to_string(geo + 1) + "]") {}

    double kpi(Eigen::Index t) const {
        const double half = p("reach_frequency.video.saturation.half"),
                     slope = p("reach_frequency.video.saturation.slope");
        const double y =
            p("trend.knot[4]") + p("geo_intercept" + name_) + p("controls.rain" + name_) * rain()[t] +
            (p("treatments.promo.coefficient") + p("treatments.promo.geo_deviation" + name_)) * promo()[t] +
            medium("media.tv", carried(hill_of_carried(false), p("media.tv.adstock.alpha" + name_), 3, true, t)) +
            medium("media.web", carried(hill_of_carried(true), p("media.web.adstock.alpha"), 2, false, t)) +
            medium("reach_frequency.video", carried(
                                                [&](Eigen::Index i) {
                                                    const double f = std::pow(column("views")[i], slope);
                                                    return scaled("viewers")[i] * f / (f + std::pow(half, slope));
                                                },
                                                p("reach_frequency.video.adstock.alpha"), 1, true, t)) +
            medium("organic_media.mail", scaled("mails")[t]);
        return y * population() * kpi_scale();
    }

private:
    double p(const std::string& name) const { return parameter_of(s_.model, name); }
    double population() const { return column("people")[0]; }

    Vec column(const std::string& name, std::size_t geo) const {
        for (const auto& c : s_.table.columns)
            if (c.name == name) return Eigen::Map<const Vec>(c.values.data() + geo * periods, periods);
        throw std::out_of_range(name);
    }
    Vec column(const std::string& name) const { return column(name, geo_); }
    // A head, over the largest in the history of any geo.
    double largest(const std::string& name) const {
        double most = 0;
        for (std::size_t g = 0; g < 4; ++g)
            most = std::max(most, column(name, g).head(history).maxCoeff() / column("people", g)[0]);
        return most;
    }
    Vec scaled(const std::string& name) const { return column(name) / population() / largest(name); }
    double kpi_scale() const { return largest("sales"); }
    // In standard deviations of the history of all geos.
    Vec standard(const std::string& name) const {
        Vec all(4 * history);
        for (std::size_t g = 0; g < 4; ++g)
            all.segment(static_cast<Eigen::Index>(g) * history, history) = column(name, g).head(history);
        return (column(name).array() - all.mean()) / std::sqrt((all.array() - all.mean()).square().mean());
    }
    Vec rain() const { return standard("rain"); }
    Vec promo() const { return standard("promo"); }

    template <typename Input>
    double carried(Input&& x, double alpha, Eigen::Index lags, bool normalize, Eigen::Index t) const {
        double sum = 0, weights = 0;
        for (Eigen::Index lag = 0; lag <= lags; ++lag) {
            weights += std::pow(alpha, static_cast<double>(lag));
            sum += std::pow(alpha, static_cast<double>(lag)) * x(t - lag);
        }
        return normalize ? sum / weights : sum;
    }
    std::function<double(Eigen::Index)> hill_of_carried(bool web) const {
        const Vec x = scaled(web ? "web" : "grp");
        const double half = p("media.web.saturation.half");
        return [x, half, web](Eigen::Index i) { return web ? x[i] / (x[i] + half) : x[i]; };
    }
    double medium(const std::string& path, double response) const {
        if (path == "media.tv") response /= response + p("media.tv.saturation.half" + name_);
        return p(path + ".coefficient") * std::exp(p(path + ".geo_deviation" + name_)) * response;
    }

    const PanelSplit& s_;
    std::size_t geo_;
    std::string name_;
};

TEST(PanelPredict, OfAGeoIsItsOwnHistoryCarriedOn) {
    const PanelSplit s = panel_split(regions, 1);
    const auto rows = predict(s.model, s.future, 0.9, idle);
    ASSERT_EQ(rows.size(), 4u * ahead);
    for (std::size_t g = 0; g < 4; ++g) {
        const ByHand by_hand(s, g);
        for (std::size_t t = 0; t < ahead; ++t) {
            const PredictRow& row = rows[g * ahead + t];
            EXPECT_EQ(row.geo, "geo_" + std::to_string(g + 1));
            EXPECT_EQ(row.time, s.table.time[history + t]);
            const double expected = by_hand.kpi(static_cast<Eigen::Index>(history + t));
            EXPECT_NEAR(row.mean, expected, 1e-9 * std::fabs(expected));
        }
    }
}

TEST(PanelPredict, LeavesTheHistoryAsItWas) {
    for (const char* spec : {regions, returns}) {
        const PanelSplit s = panel_split(spec, 2);
        const FittedModel all = continue_model(s.model, read_future(s.model, s.future));
        Contributions before(s.model), after(all);
        Vec past, both;
        for (std::size_t draw = 0; draw < 2; ++draw) {
            before.mean(draw, past);
            after.mean(draw, both);
            ASSERT_EQ(both.size(), 4 * periods);
            for (Eigen::Index g = 0; g < 4; ++g)
                EXPECT_LT((both.segment(g * periods, history) - past.segment(g * history, history)).norm(),
                          1e-9 * past.norm());
            EXPECT_TRUE(both.allFinite());
        }
    }
}

TEST(PanelPredict, TakesRowsInAnyOrderAndTheSameForFewerPeriods) {
    const PanelSplit s = panel_split(regions, 40);
    Table shuffled = s.future;
    std::reverse(shuffled.time.begin(), shuffled.time.end());
    std::reverse(shuffled.geo.begin(), shuffled.geo.end());
    std::reverse(shuffled.geo_names.begin(), shuffled.geo_names.end());
    for (int& geo : shuffled.geo) geo = 3 - geo;
    for (auto& column : shuffled.columns) std::reverse(column.values.begin(), column.values.end());
    std::erase_if(shuffled.columns,
                  [](const auto& c) { return c.name == "sales" || c.name == "people" || c.name == "tv"; });
    const Timestamp second = s.table.time[history + 1];
    const auto a = predict(s.model, s.future, 0.9, idle), b = predict(s.model, shuffled, 0.9, idle),
               first = predict(s.model, rows_where(s.future, [&](auto row) { return s.future.time[row] <= second; }),
                               0.9, idle);
    ASSERT_EQ(first.size(), 8u);
    for (std::size_t i = 0; i < a.size(); ++i)
        EXPECT_TRUE(a[i].mean == b[i].mean && a[i].upper == b[i].upper && a[i].geo == b[i].geo);
    for (std::size_t i = 0; i < 8; ++i)
        EXPECT_NEAR(first[i].upper, a[i / 2 * 4 + i % 2].upper, 1e-9 * std::fabs(first[i].upper));
    EXPECT_EQ(predictor_columns(s.model.spec),
              (std::vector<std::string>{"grp", "web", "viewers", "views", "mails", "promo", "rain"}));
}

TEST(PanelPredict, RefusesOtherGeos) {
    const PanelSplit s = panel_split(regions, 1);
    const auto message = [&](const Table& table) {
        try {
            predict(s.model, table, 0.9, idle);
            return std::string("accepted");
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::invalid_data);
            EXPECT_FALSE(error.hint().empty());
            return std::string(error.what());
        }
    };
    Table unknown = s.future, twice = s.future, null = s.future, nameless = s.future;
    unknown.geo_names[2] = "geo_7";
    twice.geo[0] = 3;
    null.geo[5] = -1;
    nameless.geo_status = ColumnStatus::missing;
    const std::string week = format_timestamp(s.future.time[0]);
    EXPECT_EQ(message(unknown).substr(0, 33), "geo: the model has no geo \"geo_7\"");
    EXPECT_EQ(message(twice), "time: geo \"geo_4\", time " + week + " occurs more than once");
    EXPECT_EQ(message(null), "geo: column \"region\" is null in 1 row");
    EXPECT_EQ(message(nameless).substr(0, 35), "geo: column \"region\" does not exist");
    EXPECT_EQ(message(rows_where(s.future, [&](auto row) { return s.future.geo[row] != 1; })),
              "time: there is no row for geo \"geo_2\", time " + week + " (4 of 16 rows are missing)");
    EXPECT_EQ(message(rows_where(s.future, [&](auto row) { return row != 15; })),
              "time: there is no row for geo \"geo_4\", time " + format_timestamp(s.future.time[15]) +
                  " (1 of 16 rows are missing)");
}

TEST(PanelLoo, HasAPointForEachRowOfEachGeo) {
    FittedModel model = test::hand_made_model(regions);
    model.data.holdout[periods + 3] = true;
    const auto points = loo_points(model, idle);
    ASSERT_EQ(points.size(), 4u * periods - 1);
    EXPECT_EQ(points[periods + 2].row, periods + 2);
    EXPECT_EQ(points[periods + 3].row, periods + 4);
    EXPECT_EQ(points.back().row, 4 * periods - 1);
    // The density of a row of the third geo, with the noise of that geo.
    const Eigen::Index row = 2 * periods + 7;
    Contributions contributions(model);
    Vec mean;
    double density = 0;
    int sigma = 0;
    while (model.layout.at(sigma).name != "sigma[geo_3]") ++sigma;
    for (std::size_t draw = 0; draw < model.total_draws(); ++draw) {
        contributions.mean(draw, mean);
        const double s =
            static_cast<double>(model.parameter_draws(sigma)[draw]) * model.design.kpi_scale * model.data.population[2];
        const double z = (model.data.kpi[row] - mean[row]) / s;
        density += std::exp(-0.5 * z * z) / (s * std::sqrt(2 * M_PI)) / static_cast<double>(model.total_draws());
    }
    EXPECT_NEAR(points[static_cast<std::size_t>(row) - 1].lpd, std::log(density), 1e-9 * std::fabs(std::log(density)));
}

TEST(PanelCrossValidation, AFoldIsAFitAndItsForecastOverAllGeos) {
    const char* const quick = R"({"time": "week", "geo": "region", "population": "people", "kpi": "sales",
        "media": {"tv": "tv"}, "trend": "none", "seasonality": false,
        "sampler": {"chains": 2, "warmup": 100, "draws": 50, "seed": 3}, "simulate": {"geos": 4, "periods": 40}})";
    const auto spec = parse_specification(quick);
    const Table table = test::simulated_table(quick, 1);
    const auto scores = cross_validate(*spec, R"({"initial": 36, "horizon": 4, "level": 0.8})", table, Host{});
    ASSERT_EQ(scores.size(), 6u);
    EXPECT_EQ(scores[0].cutoff, table.time[history - 1]);
    EXPECT_EQ(scores[0].horizon, 4);
    const Timestamp last = table.time[history - 1];
    const Table future = rows_where(table, [&](auto row) { return table.time[row] > last; });
    const FittedModelPtr model =
        fit(*spec, rows_where(table, [&](auto row) { return table.time[row] <= last; }), Host{});
    const auto forecast = predict(*model, future, 0.8, idle);
    ASSERT_EQ(forecast.size(), 16u);
    const auto& actual =
        std::find_if(future.columns.begin(), future.columns.end(), [](auto& c) { return c.name == "sales"; })->values;
    double absolute = 0, total = 0, squares = 0, inside = 0, ape = 0;
    for (std::size_t i = 0; i < 16; ++i) {
        const double error = actual[i] - forecast[i].mean;
        ape += std::fabs(error / actual[i]) / 16;
        absolute += std::fabs(error);
        total += std::fabs(actual[i]);
        squares += error * error / 16;
        inside += forecast[i].lower <= actual[i] && actual[i] <= forecast[i].upper ? 1.0 / 16 : 0;
    }
    const std::map<std::string, double> expected = {
        {"mape", ape}, {"wmape", absolute / total}, {"rmse", std::sqrt(squares)}, {"coverage", inside}};
    for (const auto& row : scores) {
        EXPECT_TRUE(std::isfinite(row.value)) << row.metric;
        const auto found = expected.find(row.metric);
        if (found == expected.end()) continue;
        EXPECT_NEAR(row.value, found->second, 1e-9 * (1 + found->second)) << row.metric;
    }
}

}  // namespace
}  // namespace mmm
