// Forecasts: what a model of more rows says of them with the same parameters, and which rows may be forecast at all.
#include <gtest/gtest.h>

#include <cmath>

#include "core/summary/forecast.hpp"
#include "model/hand_made_model.hpp"
#include "model/specifications.hpp"
#include "support/idle.hpp"

namespace mmm {
namespace {

using test::idle;
constexpr std::size_t ahead = 9;

// Rows first .. of a table.
Table rows_from(const Table& table, std::size_t first) {
    Table part = table;
    const auto cut = static_cast<std::ptrdiff_t>(first);
    part.time.erase(part.time.begin(), part.time.begin() + cut);
    part.time_is_null.erase(part.time_is_null.begin(), part.time_is_null.begin() + cut);
    for (auto& column : part.columns) {
        column.values.erase(column.values.begin(), column.values.begin() + cut);
        column.is_null.erase(column.is_null.begin(), column.is_null.begin() + cut);
    }
    return part;
}

struct Split {
    FittedModel model;  // of all rows but the last `ahead`
    Table table;        // all rows
    Table future;       // the last `ahead`
};

Split split(const std::string& spec_json, int chains = 1, int draws = 20) {
    Split s;
    s.table = test::simulated_table(spec_json, 1);
    s.future = rows_from(s.table, s.table.rows() - ahead);
    s.model.spec = read_specification(Json::parse(spec_json));
    const auto findings = check_data(s.model.spec, test::first_rows(s.table, s.table.rows() - ahead), s.model.data);
    if (has_errors(findings)) throw_findings(findings, "simulated");
    s.model.rebuild();
    s.model.chains = chains;
    s.model.draws = draws;
    const auto truth = test::truth_of(spec_json, 1);
    for (const auto& parameter : s.model.layout.parameters)
        for (std::size_t d = 0; d < s.model.total_draws(); ++d) {
            const double u = parameter.sampled() ? unconstrain(parameter.support, truth.at(parameter.name)) : 0;
            RandomStream random(5, 0, static_cast<std::uint32_t>(d), 99);
            s.model.values.push_back(
                static_cast<float>(parameter.sampled() ? constrain(parameter.support, u + 0.05 * random.normal()).value
                                                       : parameter.prior.p[0]));
        }
    return s;
}

// Adstock over all rows at once, the Hill curve, the coefficient and the linear part worked out by hand.
TEST(Predict, CarriesOverFromTheHistory) {
    const std::string spec = R"({"time": "week", "kpi": "sales", "controls": ["price"], "trend": "linear",
        "seasonality": {"period": "year", "order": 1},
        "media": {"tv": {"spend": "tv", "adstock": {"family": "geometric", "max_lag": 5}, "saturation": "hill"}},
        "simulate": {"periods": 60, "truth": {"intercept": 0.6, "media.tv.adstock.alpha": 0.8}}})";
    const Split s = split(spec, 1, 1);
    const FittedModel& model = s.model;
    const auto p = [&](const std::string& name) {
        for (int i = 0; i < model.layout.size(); ++i)
            if (model.layout.parameters[static_cast<std::size_t>(i)].name == name)
                return static_cast<double>(model.parameter_draws(i)[0]);
        throw std::out_of_range(name);
    };
    const auto column = [&](const std::string& name) {
        for (const auto& c : s.table.columns)
            if (c.name == name) return Vec(Eigen::Map<const Vec>(c.values.data(), 60));
        throw std::out_of_range(name);
    };
    const Vec tv = column("tv") / column("tv").head(51).maxCoeff(), price = column("price");
    const double price_mean = price.head(51).mean(),
                 price_sd = std::sqrt((price.head(51).array() - price_mean).square().mean());
    const double alpha = p("media.tv.adstock.alpha"), half = p("media.tv.saturation.half");
    const auto rows = predict(model, s.future, 0.9, idle);
    ASSERT_EQ(rows.size(), ahead);
    for (Eigen::Index t = 51; t < 60; ++t) {
        double carried = 0, weights = 0;
        for (Eigen::Index lag = 0; lag <= 5; ++lag) {
            weights += std::pow(alpha, static_cast<double>(lag));
            carried += std::pow(alpha, static_cast<double>(lag)) * tv[t - lag];
        }
        carried /= weights;
        const double angle = 2 * M_PI * day_of_year(s.table.time[static_cast<std::size_t>(t)]) / 365.25;
        const double mean = p("intercept") + p("trend.slope") * static_cast<double>(t) / 50 +
                            p("seasonality.year.sin1") * std::sin(angle) +
                            p("seasonality.year.cos1") * std::cos(angle) +
                            p("controls.price") * (price[t] - price_mean) / price_sd +
                            p("media.tv.coefficient") * carried / (carried + half);
        const PredictRow& row = rows[static_cast<std::size_t>(t) - 51];
        EXPECT_EQ(row.time, s.table.time[static_cast<std::size_t>(t)]);
        EXPECT_NEAR(row.mean, column("sales").head(51).maxCoeff() * mean, 1e-9 * row.mean);
        EXPECT_FALSE(row.geo);
        EXPECT_TRUE(std::isnan(row.lower));  // one draw says nothing of uncertainty
    }
}

// A design of all the rows whose scales are forced to those of the history.
TEST(Predict, ContinuesEveryPartOfTheModel) {
    for (const auto& text : test::specifications()) {
        Json json = Json::parse(text);
        json.erase("holdout");
        if (json.contains("revenue_per_kpi") && json["revenue_per_kpi"].is_string()) json["revenue_per_kpi"] = 3;
        const Split s = split(json.dump(), 1, 2);
        const FittedModel all = continue_model(s.model, read_future(s.model, s.future));
        Contributions history(s.model), both(all);
        ASSERT_EQ(all.design.rows(), static_cast<Eigen::Index>(s.table.rows()));
        for (std::size_t draw = 0; draw < 2; ++draw) {
            Vec before, after;
            history.mean(draw, before);
            both.mean(draw, after);
            EXPECT_LT((after.head(before.size()) - before).norm(), 1e-9 * before.norm()) << text;
            EXPECT_TRUE(after.allFinite());
        }
        // Columns that do not depend on where the history ends, against the model of all rows.
        FittedModel whole;
        whole.spec = s.model.spec;
        check_data(whole.spec, s.table, whole.data);
        whole.rebuild();
        for (std::size_t b = 0; b < whole.design.blocks.size(); ++b)
            for (std::size_t c = 0; c < whole.design.blocks[b].term.size(); ++c) {
                const auto term = static_cast<std::size_t>(whole.design.blocks[b].term[c]);
                const auto& component =
                    whole.layout.components[static_cast<std::size_t>(whole.layout.terms[term].component)];
                if (component.kind != "seasonality" && component.kind != "event" && component.kind != "baseline")
                    continue;
                const auto k = static_cast<Eigen::Index>(c);
                EXPECT_LT((all.design.blocks[b].columns.col(k) - whole.design.blocks[b].columns.col(k)).norm(), 1e-12)
                    << component.name;
            }
        for (Eigen::Index m = 0; m < all.design.media.cols(); ++m)
            EXPECT_LT((all.design.media.col(m) * all.design.media_scale[m] - whole.data.exposure.col(m)).norm(),
                      1e-9 * whole.data.exposure.col(m).norm());
    }
}

TEST(Predict, TrendGoesOnWithItsLastSlope) {
    const std::string spec = R"({"time": "week", "kpi": "sales", "media": {"tv": "tv"}, "seasonality": false,
        "trend": {"family": "piecewise", "changepoints": 3}, "simulate": {"periods": 60}})";
    const Split s = split(spec, 1, 1);
    const FittedModel all = continue_model(s.model, read_future(s.model, s.future));
    const Mat& columns = all.design.blocks.at(0).columns;
    const Mat steps = columns.bottomRows(ahead) - columns.middleRows(60 - ahead - 1, ahead);
    const Vec last = (columns.row(50) - columns.row(49)).transpose();
    for (Eigen::Index t = 0; t < steps.rows(); ++t) EXPECT_LT((steps.row(t).transpose() - last).norm(), 1e-12);
}

const char* const plain =
    R"({"time": "week", "kpi": "sales", "media": {"tv": "tv", "web": {"spend": "web", "exposure": "clicks"}},
    "controls": [{"column": "price"}], "trend": "none", "seasonality": false,
    "simulate": {"periods": 60, "start": "2024-01-01", "truth": {"intercept": 0.6}}})";

TEST(Predict, IntervalsAreThoseOfTheNoise) {
    Split s = split(plain, 1, 4000);
    for (int p = 0; p < s.model.layout.size(); ++p)  // all draws alike
        std::fill_n(s.model.values.begin() + p * 4000, 4000, s.model.parameter_draws(p)[0]);
    const double sigma =
        static_cast<double>(s.model.parameter_draws(s.model.layout.sigma.first)[0]) * s.model.design.kpi_scale;
    double width = 0;
    const auto rows = predict(s.model, s.future, 0.9, idle);
    for (const auto& row : rows) {
        width += (row.upper - row.lower) / ahead;
        EXPECT_NEAR((row.upper + row.lower) / 2, row.mean, 0.15 * sigma);
    }
    EXPECT_NEAR(width / sigma, 3.290, 0.06);
}

TEST(Predict, AnswersTheSameEveryTimeAndForFewerRows) {
    const Split s = split(plain, 2, 50);
    const auto a = predict(s.model, s.future, 0.9, idle), b = predict(s.model, s.future, 0.9, idle),
               first = predict(s.model, test::first_rows(s.future, 3), 0.9, idle);
    for (std::size_t i = 0; i < ahead; ++i) EXPECT_TRUE(a[i].mean == b[i].mean && a[i].lower == b[i].lower);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(first[i].upper, a[i].upper, 1e-9 * a[i].upper);
}

TEST(Predict, TakesRowsInAnyOrderAndWithoutTheKpi) {
    const Split s = split(plain, 1, 20);
    Table shuffled = s.future;
    std::reverse(shuffled.time.begin(), shuffled.time.end());
    for (auto& column : shuffled.columns) std::reverse(column.values.begin(), column.values.end());
    std::erase_if(shuffled.columns, [](const auto& column) { return column.name == "sales" || column.name == "web"; });
    const auto a = predict(s.model, s.future, 0.9, idle), b = predict(s.model, shuffled, 0.9, idle);
    for (std::size_t i = 0; i < ahead; ++i) EXPECT_TRUE(a[i].time == b[i].time && a[i].mean == b[i].mean);
    EXPECT_EQ(predictor_columns(s.model.spec), (std::vector<std::string>{"tv", "clicks", "price"}));
}

TEST(Predict, KnowsTheDatesOfEventsToCome) {
    const std::string spec =
        R"({"time": "week", "kpi": "sales", "media": {"tv": "tv"}, "trend": "none", "seasonality": false,
        "events": [{"name": "fair", "dates": ["2024-03-05", "2025-01-15"]}],
        "simulate": {"periods": 60, "start": "2024-01-01", "truth": {"events.fair": 0.4}}})";
    const Split s = split(spec, 1, 1);
    const auto rows = predict(s.model, s.future, 0.9, idle);
    FittedModel without = s.model;
    double effect = 0;
    for (std::size_t p = 0; p < without.layout.parameters.size(); ++p)
        if (without.layout.parameters[p].name == "events.fair")
            effect = static_cast<double>(std::exchange(without.values[p], 0.0f));
    const auto rows_without = predict(without, s.future, 0.9, idle);
    for (std::size_t i = 0; i < ahead; ++i) {
        const bool week_of_the_fair = rows[i].time == *parse_timestamp("2025-01-13");
        EXPECT_NEAR(rows[i].mean - rows_without[i].mean, week_of_the_fair ? effect * s.model.design.kpi_scale : 0,
                    1e-9 * s.model.design.kpi_scale);
    }
    EXPECT_GT(effect, 0.1);
}

std::string refusal(const FittedModel& model, const Table& table) {
    try {
        predict(model, table, 0.9, idle);
        return "accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::invalid_data);
        return error.what();
    }
}

TEST(Predict, RefusesRowsThatDoNotFollow) {
    const Split s = split(plain);
    EXPECT_EQ(refusal(s.model, s.table), "time: time 2024-01-01 is not after the fitted history");
    EXPECT_EQ(refusal(s.model, rows_from(s.future, 1)),
              "time: time 2024-12-30 follows 2024-12-16, expected 2024-12-23");
    Table twice = s.future, daily = s.future;
    twice.time[4] = twice.time[3];
    EXPECT_EQ(refusal(s.model, twice), "time: time 2025-01-13 occurs more than once");
    for (std::size_t i = 1; i < ahead; ++i) daily.time[i] = daily.time[i - 1] + microseconds_per_day;
    EXPECT_EQ(refusal(s.model, daily), "time: time 2024-12-24 follows 2024-12-23, expected 2024-12-30");
    EXPECT_EQ(refusal(s.model, test::first_rows(s.future, 0)), "source: there are no rows in simulated");
}

TEST(Predict, ReportsEveryProblemOfTheRows) {
    const Split s = split(plain);
    Table bad = s.future;
    for (auto& column : bad.columns) {
        if (column.name == "tv") column.values[2] = -1;
        if (column.name == "price") column.is_null[3] = true;
        if (column.name == "clicks") column.status = ColumnStatus::missing;
    }
    try {
        predict(s.model, bad, 0.9, idle);
        FAIL();
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(),
                     "the rows of simulated cannot be forecast: 3 problems, the first is media.tv.exposure: column "
                     "\"tv\" is -1 at "
                     "2025-01-06 (1 row), expected numbers of 0 or more");
        EXPECT_NE(error.detail().find("media.web.exposure: column \"clicks\" does not exist"), std::string::npos);
        EXPECT_NE(error.detail().find("controls.price: column \"price\" is null in 1 row, first at 2025-01-13"),
                  std::string::npos);
    }
    Table one = s.future;
    one.columns.back().is_null[0] = true;
    EXPECT_NE(refusal(s.model, one).find("is null in 1 row"), std::string::npos);
}

TEST(Predict, CanBeInterrupted) {
    const Split s = split(plain);
    EXPECT_THROW(predict(s.model, s.future, 0.9, [] { throw std::runtime_error("stop"); }), std::runtime_error);
    EXPECT_THROW(predict(s.model, s.future, 0, idle), Error);
}

}  // namespace
}  // namespace mmm
