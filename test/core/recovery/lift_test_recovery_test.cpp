// What experiments are for: demand that nobody recorded drives both spend and sales, so that the data alone credit the channel
// with what demand did. Lift tests in the likelihood take that back.
#include <gtest/gtest.h>

#include <cmath>

#include "core/model/fitted_model.hpp"
#include "core/random.hpp"
#include "core/transform/calendar.hpp"
#include "support/idle.hpp"
#include "support/tables.hpp"

namespace mmm {
namespace {

constexpr int weeks = 120;
constexpr Timestamp week_length = 7 * microseconds_per_day;

// Sales = 1000 + 150 demand + 250 tanh(adstocked spend / 1000) + noise; adstock 0.4^l over five weeks, spend = 400 e^(0.6 demand).
struct Market {
    std::vector<Timestamp> time;
    std::vector<double> spend, sales;

    static double outcome_of(const std::vector<double>& x, int from, int to) {
        double sum = 0;
        for (int t = from; t < to; ++t) {
            double carried = 0, weight = 0;
            for (int lag = 0; lag <= 4; ++lag) {
                weight += std::pow(0.4, lag);
                if (lag <= t) carried += std::pow(0.4, lag) * x[static_cast<std::size_t>(t - lag)];
            }
            sum += 250 * std::tanh(carried / weight / 1000);
        }
        return sum;
    }
    double roi() const {
        double spent = 0;
        for (const double s : spend) spent += s;
        return outcome_of(spend, 0, weeks) / spent;
    }
};

Market confounded_market() {
    Market market;
    RandomStream random(11, 0, 0, 99);
    double demand = 0;
    for (int t = 0; t < weeks; ++t) {
        demand = 0.8 * demand + 0.6 * random.normal();
        market.time.push_back(*parse_timestamp("2022-01-03") + t * week_length);
        market.spend.push_back(400 * std::exp(0.6 * demand + 0.15 * random.normal()));
        market.sales.push_back(1000 + 150 * demand + 15 * random.normal());
        market.sales.back() += Market::outcome_of(market.spend, t, t + 1);
    }
    return market;
}

Table table_of(const Market& market) {
    Table table;
    table.source = "market";
    table.time_column = "week";
    table.time = market.time;
    table.time_is_null.assign(market.time.size(), false);
    for (const auto& [name, values] : {std::pair{"sales", market.sales}, std::pair{"tv", market.spend}}) {
        table.columns.push_back({name, "double precision", ColumnStatus::ok, values, std::vector<bool>(values.size(), false), 0});
        table.available.push_back(name);
    }
    return table;
}

// An experiment of four weeks in which spend was `factor` times what it would have been, measured two weeks longer.
Json experiment(const Market& market, int from, double factor, double noise) {
    std::vector<double> before = market.spend;
    double spent = 0;
    for (int t = from; t < from + 4; ++t) {
        before[static_cast<std::size_t>(t)] /= factor;
        spent += before[static_cast<std::size_t>(t)];
    }
    const double lift = Market::outcome_of(market.spend, from, from + 6) - Market::outcome_of(before, from, from + 6);
    const double error = 0.08 * std::fabs(lift);
    const auto week = [&](int t) { return format_timestamp(market.time[static_cast<std::size_t>(t)]); };
    return {{"channel", "tv"}, {"from", week(from)}, {"to", week(from + 3)}, {"measured_to", week(from + 5)}, {"spend_before", spent},
            {"spend_delta", spent * (factor - 1)}, {"lift", lift + noise * error}, {"standard_error", error}};
}

ChannelRow tv_of(const Market& market, const Json& calibration) {
    Json spec = Json::parse(R"({"preset": "pymc", "time": "week", "kpi": "sales", "media": {"tv": "tv"}, "adstock": {"family": "geometric", "max_lag": 4},
        "sampler": {"chains": 2, "warmup": 500, "draws": 500}})");
    spec["calibration"] = calibration;
    Host host;
    host.max_threads = 2;
    const auto model = fit(*parse_specification(spec.dump()), table_of(market), host);
    EXPECT_EQ(model->sampler.divergences, 0);
    const auto rows = channels(*model, 0.9, {}, test::idle);
    std::printf("    ROI %.3f (%.3f to %.3f), truth %.3f\n", *rows.at(0).roi, *rows[0].roi_lower, *rows[0].roi_upper, market.roi());
    return rows.at(0);
}

TEST(LiftTests, BringTheTruthBackIntoTheIntervalWhereDemandConfoundsIt) {
    const Market market = confounded_market();
    const ChannelRow without = tv_of(market, Json::array());
    EXPECT_TRUE(market.roi() < *without.roi_lower || market.roi() > *without.roi_upper);
    const ChannelRow with = tv_of(market, {experiment(market, 30, 1.5, 0.4), experiment(market, 60, 0.4, -0.6), experiment(market, 90, 2, 0.2)});
    EXPECT_LE(*with.roi_lower, market.roi());
    EXPECT_GE(*with.roi_upper, market.roi());
}

}  // namespace
}  // namespace mmm
