// Effects of weekdays: six coefficients, of which the seventh is minus the sum.
#include "core/model/dataset.hpp"
#include "core/model/fitted_model.hpp"
#include "core/summary/contributions.hpp"
#include "model/findings_support.hpp"

namespace mmm {
namespace {

const char* const daily = R"({"time": "day", "kpi": "sales", "media": {"tv": "tv"}, "trend": "none",
    "seasonality": {"period": "week", "family": "weekday"}, "sampler": {"chains": 2, "warmup": 200, "draws": 200},
    "simulate": {"periods": 140, "step": "day", "start": "2024-01-01", "truth": {"intercept": 1, "sigma": 0.02,
        "seasonality.weekday.monday": -0.2, "seasonality.weekday.tuesday": -0.1, "seasonality.weekday.wednesday": 0,
        "seasonality.weekday.thursday": 0, "seasonality.weekday.friday": 0.1, "seasonality.weekday.saturday": 0.15}}})";

TEST(Weekday, HasAColumnForEachDayAndMinusTheirSumOnSundays) {
    std::vector<Timestamp> times;
    for (int day = 0; day < 14; ++day) times.push_back(*parse_timestamp("2024-01-01") + day * microseconds_per_day);
    Cycle cycle;
    cycle.weekday = true;
    const Mat columns = cycle_columns(cycle, times);
    ASSERT_EQ(columns.cols(), 6);
    EXPECT_EQ(columns.topRows(6), Mat::Identity(6, 6));
    EXPECT_EQ(columns.row(6), Mat::Constant(1, 6, -1));
    EXPECT_EQ(columns.bottomRows(7), columns.topRows(7));
    EXPECT_TRUE(columns.topRows(7).colwise().sum().isZero(0));
}

TEST(Weekday, IsFoundAndGoesOnInForecastsAsAComponentOfItsOwn) {
    const Table table = test::simulated_table(daily, 1);
    const FittedModelPtr model = fit(*parse_specification(daily), test::first_rows(table, 126), Host{});
    const double truth[] = {-0.2, -0.1, 0, 0, 0.1, 0.15};
    const char* const days[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
    // In units of the model, which scales by the largest KPI.
    const double scale = model->design.kpi_scale;
    double seen = 0;
    for (const auto& row : summary(*model, 0.9, [] {}))
        for (int d = 0; d < 6; ++d)
            if (row.parameter == std::string("seasonality.weekday.") + days[d]) {
                EXPECT_NEAR(row.mean * scale / 100'000, truth[d], 0.02) << days[d];
                ++seen;
            }
    EXPECT_EQ(seen, 6);
    double week = 0, least = 0;
    for (const auto& row : decomposition(*model, 0.9, [] {})) {
        if (row.component != "weekday") continue;
        EXPECT_EQ(row.kind, "seasonality");
        if (row.time < *parse_timestamp("2024-01-08")) {
            week += row.mean;
            least = std::min(least, row.mean);
        }
    }
    EXPECT_LT(least, 0);
    EXPECT_NEAR(week, 0, 1e-3 * -least);
    Table future = table;
    for (auto& c : future.columns) {
        c.values.erase(c.values.begin(), c.values.begin() + 126);
        c.is_null.erase(c.is_null.begin(), c.is_null.begin() + 126);
    }
    future.time.erase(future.time.begin(), future.time.begin() + 126);
    future.time_is_null.resize(future.time.size());
    int inside = 0;
    const auto rows = predict(*model, future, 0.95, [] {});
    for (std::size_t i = 0; i < rows.size(); ++i)
        inside += rows[i].lower <= test::column(future, "sales").values[i] && test::column(future, "sales").values[i] <= rows[i].upper ? 1 : 0;
    EXPECT_GE(inside, 11) << "of " << rows.size();
}

TEST(Weekday, NeedsDailyData) {
    Dataset data;
    std::string text;
    for (const auto& finding :
         check_data(*test::specification_with(R"("seasonality": {"period": "week", "family": "weekday"})"), test::good(), data))
        text += test::text(finding);
    EXPECT_NE(text.find("error not_daily seasonality.weekday: effects of weekdays need a row for every day, but the step of the data is 7 days"),
              std::string::npos)
        << text;
}

TEST(Weekday, IsWrittenAsRead) {
    const auto spec = test::specification_with(R"("seasonality": [{"period": "week", "family": "weekday"}, {"period": "year", "order": 1}])");
    EXPECT_EQ(specification_json(*parse_specification(specification_json(*spec))), specification_json(*spec));
    EXPECT_EQ(spec->seasonality[0].prior.p[1], 0.5);
    for (const char* wrong : {R"("seasonality": {"period": "year", "family": "weekday"})", R"("seasonality": {"period": "week", "family": "weekday", "order": 2})"})
        EXPECT_THROW(test::specification_with(wrong), Error) << wrong;
}

}  // namespace
}  // namespace mmm
