// Simulated data: reproducible rows whose truth explains them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/summary/contributions.hpp"
#include "model/hand_made_model.hpp"
#include "model/specifications.hpp"

namespace mmm {
namespace {

std::string spec(const std::string& simulate, const std::string& rest = "") {
    return R"({"time": "week", "kpi": "sales", "media": {"tv": "tv_spend", "web": {"spend": "m.web",
        "exposure": "m.clicks"}},
               "organic_media": {"mail": "mails"}, "controls": ["price"], "simulate": {)" +
           simulate + "}" + rest + "}";
}

std::vector<double> column(const SimulatedRows& rows, const std::string& name) {
    const auto found = std::find(rows.columns.begin(), rows.columns.end(), name);
    return rows.values.at(static_cast<std::size_t>(found - rows.columns.begin()));
}

double mean(const std::vector<double>& x) {
    return mean_of(x);
}

TEST(Simulation, OfOneSeedIsTheSameEveryTime) {
    for (const auto& text : test::specifications()) {
        const SimulatedRows a = simulate(text, 3), b = simulate(text, 3), c = simulate(text, 4);
        EXPECT_EQ(a.time, b.time);
        EXPECT_EQ(a.kpi, b.kpi);
        EXPECT_EQ(a.values, b.values);
        EXPECT_NE(a.kpi, c.kpi);
        EXPECT_NE(a.values, c.values);
    }
}

TEST(Simulation, HasTheColumnsOfTheSpecificationWithoutTheirPrefix) {
    const SimulatedRows rows = simulate(spec(R"("periods": 20)"), 1);
    EXPECT_EQ(rows.columns, (std::vector<std::string>{"tv_spend", "web", "clicks", "mails", "price"}));
    for (const auto& values : rows.values) EXPECT_EQ(values.size(), 20u);
    EXPECT_EQ(rows.kpi.size(), 20u);
    const SimulatedRows more =
        simulate(spec(R"("periods": 20, "revenue_per_kpi": 7)", R"(, "kpi_type": "units", "revenue_per_kpi": "value",
                      "holdout": {"column": "held"})"),
                 1);
    EXPECT_EQ(column(more, "value"), std::vector<double>(20, 7));
    EXPECT_EQ(column(more, "held"), std::vector<double>(20, 0));
}

TEST(Simulation, StepsByWeekDayOrMonth) {
    const auto times = [](const std::string& plan) {
        return simulate(spec(R"("periods": 4, "start": "2024-01-31")" + plan), 1).time;
    };
    const auto at = [](const char* text) { return parse_timestamp(text).value(); };
    EXPECT_EQ(times(""),
              (std::vector<Timestamp>{at("2024-01-31"), at("2024-02-07"), at("2024-02-14"), at("2024-02-21")}));
    EXPECT_EQ(times(R"(, "step": "day")"),
              (std::vector<Timestamp>{at("2024-01-31"), at("2024-02-01"), at("2024-02-02"), at("2024-02-03")}));
    EXPECT_EQ(times(R"(, "step": "month")"),
              (std::vector<Timestamp>{at("2024-01-31"), at("2024-02-29"), at("2024-03-31"), at("2024-04-30")}));
}

TEST(Simulation, SpendsAsPlanned) {
    const SimulatedRows rows =
        simulate(spec(R"("periods": 40000, "step": "day", "media": {"tv": {"mean": 500, "variation": 0.4},
                                                "web": {"mean": 200, "active": 0.3, "cpm": 4}})"),
                 1);
    const auto tv = column(rows, "tv_spend"), web = column(rows, "web"), clicks = column(rows, "clicks");
    EXPECT_NEAR(mean(tv), 500, 10);
    std::vector<double> logs;
    for (const double value : tv) logs.push_back(std::log(value));
    const double middle = mean(logs);
    double variance = 0, steps = 0;
    for (std::size_t t = 1; t < logs.size(); ++t) {
        variance += (logs[t] - middle) * (logs[t] - middle);
        steps += (logs[t] - logs[t - 1]) * (logs[t] - logs[t - 1]);
    }
    EXPECT_NEAR(std::sqrt(variance / 40000), 0.4, 0.01);
    EXPECT_NEAR(1 - steps / (2 * variance), 0.5, 0.02);  // the autocorrelation
    const auto dark = std::count(web.begin(), web.end(), 0.0);
    EXPECT_NEAR(static_cast<double>(dark) / 40000, 0.7, 0.01);
    double spend = 0, exposures = 0;
    for (std::size_t t = 0; t < web.size(); ++t) {
        EXPECT_EQ(web[t] == 0, clicks[t] == 0);
        spend += web[t];
        exposures += clicks[t];
    }
    EXPECT_NEAR(spend / exposures * 1000, 4, 0.1);
}

TEST(Simulation, PlansControls) {
    const auto price = column(
        simulate(spec(R"("periods": 20000, "step": "day", "controls": {"price": {"mean": 10, "sd": 2}})"), 1), "price");
    double squares = 0;
    for (const double value : price) squares += (value - 10) * (value - 10);
    EXPECT_NEAR(mean(price), 10, 0.15);
    EXPECT_NEAR(std::sqrt(squares / 20000), 2, 0.1);
}

TEST(SimulatedTruth, NamesEveryParameterAndWhatMediaBring) {
    std::vector<std::string> names;
    for (const auto& row : simulate_truth(spec(R"("periods": 60)"), 1)) names.push_back(row.name);
    const std::vector<std::string> last(names.end() - 6, names.end());
    EXPECT_EQ(last, (std::vector<std::string>{"sigma", "contribution.tv", "roi.tv", "contribution.web", "roi.web",
                                              "contribution.mail"}));
    const Layout layout = make_layout(read_specification(Json::parse(spec(""))));
    for (int p = 0; p < layout.size(); ++p)
        EXPECT_EQ(names[static_cast<std::size_t>(p)], layout.parameters[static_cast<std::size_t>(p)].name);
}

TEST(SimulatedTruth, IsTheOneGiven) {
    const auto truth = test::truth_of(
        spec(
            R"("periods": 60, "truth": {"media.tv.adstock.alpha": 0.45, "media.web.saturation.rate": 2.5,
                "sigma": 0.02})",
            R"(, "scaling": {"kpi": 1000})"),
        1);
    EXPECT_EQ(truth.at("media.tv.adstock.alpha"), 0.45);
    EXPECT_EQ(truth.at("media.web.saturation.rate"), 2.5);
    EXPECT_EQ(truth.at("sigma"), 0.02);  // a fit that scales by 1000 too works in the same units
}

// The truth is told in the units of a fit, so a model whose only draw it is explains the KPI but for the noise.
TEST(SimulatedTruth, ReproducesTheKpiWhereThereIsNoNoise) {
    for (const auto& text : test::specifications()) {
        Json document = Json::parse(text);
        document["simulate"]["truth"]["sigma"] = 1e-9;
        document["sigma"] = {{"family", "half_normal"}, {"sigma", 1}};
        document.erase("holdout");
        FittedModel model = test::model_of_draw(document.dump(), 6, test::truth_of(document.dump(), 6));
        Contributions contributions(model);
        Vec fitted;
        contributions.mean(0, fitted);
        // Draws are kept as float32.
        EXPECT_LT((fitted - model.data.kpi).cwiseAbs().maxCoeff(), 1e-5 * model.data.kpi.cwiseAbs().maxCoeff()) << text;
    }
}

TEST(SimulatedTruth, IsWhatChannelsReportOfAModelThatKnowsIt) {
    for (const auto& text : test::specifications()) {
        Json document = Json::parse(text);
        document.erase("holdout");
        const auto truth = test::truth_of(document.dump(), 6);
        for (const auto& row : channels(test::model_of_draw(document.dump(), 6, truth), 0.9, {}, [] {})) {
            const double contribution = truth.at("contribution." + row.channel);
            EXPECT_NEAR(row.contribution, contribution, 1e-5 * std::fabs(contribution)) << row.channel;
            ASSERT_EQ(row.roi.has_value(), row.kind == "paid");
            if (!row.roi) continue;
            EXPECT_NEAR(*row.roi, truth.at("roi." + row.channel), 1e-5 * std::fabs(*row.roi)) << row.channel;
        }
    }
}

TEST(SimulatedTruth, WithoutOneGivenIsDrawnFromThePriors) {
    double sum = 0;
    for (int seed = 1; seed <= 300; ++seed)
        sum += test::truth_of(spec(R"("periods": 12)"), seed).at("media.tv.adstock.alpha");
    EXPECT_NEAR(sum / 300, 0.25, 4 * 0.194 / std::sqrt(300));  // Beta(1, 3) has mean 1/4 and sd 0.194
}

TEST(Simulation, OfANullPlanIsTheDefaultOne) {
    const std::string start = R"({"time": "week", "kpi": "sales", "media": {"tv": "tv"})";
    EXPECT_EQ(simulate(start + R"(, "simulate": null})", 1).kpi, simulate(start + "}", 1).kpi);
    EXPECT_EQ(simulate(start + "}", 1).kpi.size(), 156u);
}

TEST(Simulation, ThatIsWronglyPlannedSaysWhere) {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {R"("period": 20)", "simulate.period: unknown key (did you mean \"periods\"?)"},
        {R"("periods": 3)", "simulate.periods: found 3, expected a whole number from 4 to 1000000"},
        {R"("periods": 600000)", "simulate.periods: the last period would lie beyond the year 9999"},
        {R"("start": "2024")", "simulate.start: found \"2024\", expected a date such as \"2022-01-03\""},
        {R"("step": "hour")", "simulate.step: \"hour\" is not a step"},
        {R"("media": {"tvs": {}})", "simulate.media.tvs: unknown key (did you mean \"tv\"?)"},
        {R"("media": {"tv": {"mean": -1}})",
         "simulate.media.tv.mean: found -1, expected a number from 5e-324 to 1e+15"},
        {R"("media": {"tv": {"active": 2}})", "simulate.media.tv.active: found 2, expected a number from 0.01 to 1"},
        {R"("controls": {"price": {"sd": 1, "var": 2}})", "simulate.controls.price.var: unknown key"},
        {R"("truth": {"media.tv.adstock.alfa": 0.3})",
         "simulate.truth.media.tv.adstock.alfa: unknown key (did you mean \"media.tv.adstock.alpha\"?)"},
        {R"("truth": {"media.tv.adstock.alpha": 1.3})",
         "simulate.truth.media.tv.adstock.alpha: found 1.3, expected a number from 0 to 1"},
        {R"("truth": {"sigma": "low"})", "simulate.truth.sigma: found \"low\", expected a number"}};
    for (const auto& [plan, message] : cases) {
        try {
            simulate(spec(plan), 1);
            ADD_FAILURE() << "accepted: " << plan;
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::invalid_specification);
            EXPECT_EQ(error.what(), message);
        }
    }
}

TEST(SimulatedTruth, IsInTheUnitsOfTheFittedPeriods) {
    // Scaled by the largest fitted KPI, so holding periods out changes the scale and not the rows.
    const std::string plan = R"("periods": 60, "truth": {"intercept": 0.6})";
    const SimulatedRows rows = simulate(spec(plan), 2), held = simulate(spec(plan, R"(, "holdout": {"last": 50})"), 2);
    EXPECT_EQ(rows.kpi, held.kpi);
    const double all = *std::max_element(rows.kpi.begin(), rows.kpi.end());
    const double fitted = *std::max_element(rows.kpi.begin(), rows.kpi.begin() + 10);
    EXPECT_NEAR(test::truth_of(spec(plan), 2).at("sigma") * all,
                test::truth_of(spec(plan, R"(, "holdout": {"last": 50})"), 2).at("sigma") * fitted, 1e-9 * all);
}

TEST(Simulation, ThatHoldsEveryPeriodOutIsRefused) {
    try {
        simulate(spec(R"("periods": 20)", R"(, "holdout": {"last": 20})"), 1);
        FAIL();
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(), "holdout: leaves none of the simulated periods to fit");
    }
}

TEST(SimulatedTruth, SparesAPriorThatNothingCanBeDrawnFrom) {
    const std::string prior = R"(, "intercept": {"family": "uniform", "lower": -1e308, "upper": 1e308})";
    EXPECT_EQ(
        test::truth_of(spec(R"("periods": 20, "truth": {"intercept": 0.5})", prior + R"(, "scaling": {"kpi": 1})"), 1)
            .at("intercept"),
        0.5);
}

TEST(Simulation, FromPriorsBeyondTheRangeOfNumbersIsRefusedByName) {
    for (const char* prior : {R"({"family": "gamma", "alpha": 1e-300, "beta": 1e-310})",
                              R"({"family": "inverse_gamma", "alpha": 1e-300, "beta": 1e300})",
                              R"({"family": "normal", "mu": 1e308, "sigma": 1e308})",
                              R"({"family": "uniform", "lower": -1e308, "upper": 1e308})"}) {
        try {
            for (const double value :
                 simulate(spec(R"("periods": 20)", R"(, "intercept": )" + std::string(prior)), 1).kpi)
                EXPECT_TRUE(std::isfinite(value)) << prior;
        } catch (const Error& error) {
            const std::string message = error.what();
            EXPECT_TRUE(message == "intercept: no finite value can be drawn from the prior" ||
                        message == "simulate: the parameters give no finite KPI")
                << message;
        }
    }
}

TEST(Simulate, RefusesPriorsOfParametersThatTheModelDoesNotHave) {
    const std::string text = R"({"time": "week", "kpi": "sales", "media": {"tv": "tv"}, "simulate": {"periods": 20},
        "priors": {"media.tvv.coefficient": {"family": "half_normal", "sigma": 1}}})";
    try {
        simulate(text, 1);
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("did you mean \"media.tv.coefficient\"?"), std::string::npos) << error.what();
    }
}

}  // namespace
}  // namespace mmm
