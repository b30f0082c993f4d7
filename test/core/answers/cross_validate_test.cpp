// Cross-validation equals refitting and forecasting by hand; scores equal their definitions.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <set>

#include "core/summary/scores.hpp"
#include "model/hand_made_model.hpp"
#include "support/idle.hpp"

namespace mmm {
namespace {

using test::idle;
const char* const quick_fit =
    R"({"time": "week", "kpi": "sales", "media": {"tv": "tv"}, "controls": ["price"], "trend": "none",
    "seasonality": false, "sampler": {"chains": 2, "warmup": 100, "draws": 50, "seed": 3},
    "simulate": {"periods": 60, "start": "2024-01-01", "truth": {"intercept": 0.6}}})";

TEST(Crps, IsTheDistanceLessHalfTheSpread) {
    RandomStream random(1, 0, 0, 99);
    for (const double actual : {-3.0, 0.1, 5.0}) {
        std::vector<double> sample;
        for (int i = 0; i < 37; ++i) sample.push_back(random.normal());
        double distance = 0, spread = 0;
        for (const double a : sample) {
            distance += std::fabs(a - actual) / 37;
            for (const double b : sample) spread += std::fabs(a - b) / (37.0 * 37);
        }
        EXPECT_NEAR(crps(sample, actual), distance - spread / 2, 1e-12);
    }
}

// Gneiting & Raftery 2007, section 4.2: sigma (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)).
TEST(Crps, OfANormalSampleIsThatOfTheNormal) {
    RandomStream random(2, 0, 0, 99);
    std::vector<double> sample;
    for (int i = 0; i < 200'000; ++i) sample.push_back(1 + 2 * random.normal());
    const double z = 0.8, phi = std::exp(-0.5 * z * z) / std::sqrt(2 * std::numbers::pi),
                 Phi = 0.5 * std::erfc(-z / std::sqrt(2.0));
    EXPECT_NEAR(crps(sample, 1 + 2 * z), 2 * (z * (2 * Phi - 1) + 2 * phi - 1 / std::sqrt(std::numbers::pi)), 0.01);
}

TEST(Crps, OfOneDrawIsItsDistance) {
    std::vector<double> one{3};
    EXPECT_DOUBLE_EQ(crps(one, 5), 2);
}

double value_of(const std::vector<ScoreRow>& rows, int fold, const std::string& metric) {
    for (const auto& row : rows)
        if (row.fold == fold && row.metric == metric) return row.value;
    throw std::out_of_range(metric);
}

// The rows first .. last - 1 of a table.
Table part(const Table& table, std::size_t first, std::size_t last) {
    Table rows = test::first_rows(table, last);
    rows.time.erase(rows.time.begin(), rows.time.begin() + static_cast<std::ptrdiff_t>(first));
    rows.time_is_null.resize(last - first);
    for (auto& column : rows.columns) {
        column.values.erase(column.values.begin(), column.values.begin() + static_cast<std::ptrdiff_t>(first));
        column.is_null.resize(last - first);
    }
    return rows;
}

TEST(CrossValidation, EqualsRefittingByHand) {
    const Table table = test::simulated_table(quick_fit, 1);
    const auto spec = parse_specification(quick_fit);
    for (const char* window : {"expanding", "rolling"}) {
        const std::size_t start = std::string(window) == "rolling" ? 8 : 0;
        const std::string options =
            R"({"initial": 40, "horizon": 6, "step": 8, "level": 0.8, "window": ")" + std::string(window) + "\"}";
        const auto rows = cross_validate(*spec, options, table, Host{});
        ASSERT_EQ(rows.size(), 2u * 6);
        EXPECT_EQ(rows[6].cutoff, table.time[47]);
        EXPECT_EQ(rows[6].horizon, 6);
        const FittedModelPtr model = fit(*spec, part(table, start, 48), Host{});
        const Table future = part(table, 48, 54);
        double ape = 0, absolute = 0, total = 0, squares = 0, inside = 0;
        const auto forecast = predict(*model, future, 0.8, idle);
        Vec actual(6);
        for (const auto& column : table.columns)
            if (column.name == "sales") actual = Eigen::Map<const Vec>(column.values.data() + 48, 6);
        for (std::size_t i = 0; i < 6; ++i) {
            const double y = actual[static_cast<Eigen::Index>(i)], e = y - forecast[i].mean;
            ape += std::fabs(e / y) / 6;
            absolute += std::fabs(e);
            total += std::fabs(y);
            squares += e * e / 6;
            inside += forecast[i].lower <= y && y <= forecast[i].upper ? 1.0 / 6 : 0;
        }
        EXPECT_NEAR(value_of(rows, 2, "mape"), ape, 1e-12);
        EXPECT_NEAR(value_of(rows, 2, "wmape"), absolute / total, 1e-12);
        EXPECT_NEAR(value_of(rows, 2, "rmse"), std::sqrt(squares), 1e-9 * std::sqrt(squares));
        EXPECT_NEAR(value_of(rows, 2, "coverage"), inside, 1e-12);
        // Draws and densities, one by one.
        Forecast draws(*model, read_future(*model, future));
        Vec mean, kpi;
        double ranked = 0, elpd = 0;
        for (Eigen::Index t = 0; t < 6; ++t) {
            std::vector<double> sample;
            double density = 0;
            for (std::size_t d = 0; d < model->total_draws(); ++d) {
                draws.evaluate(d, mean, kpi);
                sample.push_back(kpi[t]);
                const double s =
                    static_cast<double>(model->parameter_draws(model->layout.sigma.first)[d]) * model->design.kpi_scale;
                const double z = (actual[t] - mean[t]) / s;
                density += std::exp(-0.5 * z * z) / (s * std::sqrt(2 * std::numbers::pi)) /
                           static_cast<double>(model->total_draws());
            }
            ranked += crps(sample, actual[t]) / 6;
            elpd += std::log(density);
        }
        EXPECT_NEAR(value_of(rows, 2, "crps"), ranked, 1e-9 * ranked);
        EXPECT_NEAR(value_of(rows, 2, "elpd"), elpd, 1e-9 * std::fabs(elpd));
    }
}

TEST(CrossValidation, TakesRowsInAnyOrder) {
    const Table table = test::simulated_table(quick_fit, 1);
    Table reversed = table;
    std::reverse(reversed.time.begin(), reversed.time.end());
    for (auto& column : reversed.columns) std::reverse(column.values.begin(), column.values.end());
    const auto spec = parse_specification(quick_fit);
    const std::string options = R"({"initial": 50, "horizon": 5, "sampler": {"draws": 20}})";
    const auto a = cross_validate(*spec, options, table, Host{}), b = cross_validate(*spec, options, reversed, Host{});
    ASSERT_EQ(a.size(), 2u * 6);
    for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].value, b[i].value);
}

TEST(CrossValidation, DefaultsToFourFoldsAfterTwoThirds) {
    const auto rows = cross_validate(*parse_specification(quick_fit), R"({"sampler": {"method": "map"}})",
                                     test::simulated_table(quick_fit, 1), Host{});
    std::set<Timestamp> cutoffs;
    for (const auto& row : rows) {
        cutoffs.insert(row.cutoff);
        EXPECT_EQ(row.horizon, 5);
        EXPECT_EQ(std::isnan(row.value), row.metric == "coverage");  // a mode has no interval
    }
    EXPECT_EQ(rows.size(), 4u * 6);
    EXPECT_EQ(*cutoffs.begin(), *parse_timestamp("2024-09-30"));  // the 40th week
    EXPECT_EQ(cutoffs.size(), 4u);
}

std::string refusal(const std::string& spec_json, const std::string& options) {
    try {
        cross_validate(*parse_specification(spec_json), options, test::simulated_table(spec_json, 1), Host{});
        return "accepted";
    } catch (const Error& error) {
        return error.what();
    }
}

TEST(CrossValidation, AskedForWhatCannotBeSaysSo) {
    EXPECT_EQ(refusal(quick_fit, R"({"initial": 55, "horizon": 6})"),
              "options: initial = 55 and horizon = 6 leave no fold in 60 periods");
    EXPECT_EQ(refusal(quick_fit, R"({"horizn": 6})"), "options.horizn: unknown key (did you mean \"horizon\"?)");
    EXPECT_EQ(refusal(quick_fit, R"({"window": "roling"})"),
              "options.window: \"roling\" is not a window (did you mean \"rolling\"?)");
    EXPECT_EQ(refusal(quick_fit, R"({"level": 1})"), "level = 1 is outside its range");
    EXPECT_EQ(refusal(quick_fit, R"({"sampler": 3})"), "options.sampler: found 3, expected an object");
    EXPECT_EQ(refusal(quick_fit, R"({"sampler": {"drws": 3}})"), "sampler.drws: unknown key (did you mean \"draws\"?)");
    EXPECT_EQ(refusal(quick_fit, R"([])").substr(0, 7), "options");
    Json held = Json::parse(quick_fit);
    held["holdout"] = {{"last", 4}};
    EXPECT_EQ(refusal(held.dump(), "{}"), "holdout: cross-validation holds periods out itself");
    EXPECT_EQ(refusal(quick_fit, R"({"initial": 3, "horizon": 1})").substr(0, 40),
              "fold from 2024-01-01 to 2024-01-15: time");
}

TEST(CrossValidation, AFoldWithoutAKnownKpiSaysWhich) {
    Json document = Json::parse(quick_fit);
    document["missing"] = {{"values", {{"kpi", "skip"}}}};
    Table table = test::simulated_table(quick_fit, 1);
    for (auto& column : table.columns)
        if (column.name == document["kpi"])
            for (std::size_t row = 48; row < 54; ++row) column.is_null[row] = true;
    try {
        cross_validate(*parse_specification(document.dump()), R"({"initial": 42, "horizon": 6, "sampler": {"method": "map"}})", table, Host{});
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(), "fold from 2024-01-01 to 2024-11-25: no value of the KPI is known from 2024-12-02 to 2025-01-06, "
                                   "which it is to forecast");
    }
}

TEST(CrossValidation, CanBeInterrupted) {
    Host host;
    host.wait = [] { throw std::runtime_error("stop"); };
    EXPECT_THROW(cross_validate(*parse_specification(quick_fit), "{}", test::simulated_table(quick_fit, 1), host),
                 std::runtime_error);
}

}  // namespace
}  // namespace mmm
