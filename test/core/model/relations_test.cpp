// How columns relate to each other and to the priors: copies of each other, copies of the KPI, values beyond any prior.
#include <gtest/gtest.h>

#include <cmath>

#include "core/model/specification.hpp"
#include "model/findings_support.hpp"

namespace mmm {
namespace {

using test::column;
using test::expect_findings;
using test::good;

const std::string apart = "Their effects can hardly be told apart: merge them, or give them informative priors.";
const std::string same = "Nothing in the data tells their effects apart: remove one, or merge them.";
const std::string units =
    "Priors speak of scaled data: let \"scaling\" scale them, or state the prior in the units you use.";

std::vector<double> line(const std::vector<double>& x, double slope) {
    std::vector<double> y;
    for (const double value : x) y.push_back(slope * value + 1);
    return y;
}

TEST(Relations, OfMediaThatMoveTogetherAreAWarning) {
    Table table = good();
    column(table, "clicks").values = line(column(table, "tv").values, 3);
    test::pay_the_same_for_each_click(table);
    expect_findings(
        table, {"warning correlated_media media.web: exposure has correlation 1.000 with that of media.tv, beyond 0.999 | " + same});
}

TEST(Relations, OfAControlAndAMediumThatMoveTogetherAreAWarning) {
    Table table = good();
    column(table, "rain").values = line(column(table, "tv").values, -2);
    expect_findings(
        table,
        {"warning correlated_drivers controls.rain: the control has correlation -1.000 with that of media.tv, beyond 0.999 | " +
         same});
}

TEST(Relations, AreWorthAWarningFromACorrelationOf09) {
    // clicks = tv + k e, with e of tv's own variance and no correlation with it: r = 1 / sqrt(1 + k^2).
    Table table = good();
    const std::vector<double> tv = column(table, "tv").values;
    const auto [mean, e] = test::uncorrelated_with(tv);
    const auto mix = [&](double r) {
        const double k = std::sqrt(1 / (r * r) - 1);
        for (std::size_t t = 0; t < tv.size(); ++t) column(table, "clicks").values[t] = tv[t] + k * e[t] + 10 * mean;
        test::pay_the_same_for_each_click(table);
    };
    mix(0.91);
    expect_findings(table, {"warning correlated_media media.web: exposure has correlation 0.910 with that of media.tv, beyond 0.9 | " + apart});
    mix(0.89);
    expect_findings(table, {});
}

TEST(Relations, OfADriverThatIsTheKpiAreAnError) {
    Table table = good();
    column(table, "rain").values = line(column(table, "sales").values, 0.5);
    expect_findings(
        table, {"error copy_of_kpi controls.rain: has correlation 1.000 with the KPI, so it would explain all of it | "
                "Remove it: it is the KPI itself, or a result of it."});
}

TEST(Relations, AreThoseOfTheFittedPeriods) {
    Table table = good();
    column(table, "clicks").values = line(column(table, "tv").values, 3);
    for (std::size_t t = 55; t < 60; ++t) column(table, "clicks").values[t] = 1;
    test::pay_the_same_for_each_click(table);
    expect_findings(
        table, {"warning correlated_media media.web: exposure has correlation 1.000 with that of media.tv, beyond 0.999 | " + same},
        R"("holdout": {"last": 5})");
}

TEST(Relations, OfUnscaledDataToTheirPriorsAreReported) {
    Table table = good();
    for (std::size_t t = 0; t < 60; ++t) column(table, "sales").values[t] = 5 + static_cast<double>((t * 7) % 5);
    // A KPI of mean 7 and standard deviation 1.414 where priors expect something like 0.5: 13 and 2.8 times.
    expect_findings(
        table,
        {"warning prior_scale intercept: the scaled KPI has a mean of 7, 13 times what its prior expects | " + units},
        R"("scaling": {"kpi": "none"})");
    for (double& value : column(table, "sales").values) value *= 100;
    expect_findings(
        table,
        {"warning prior_scale sigma: the scaled KPI has a standard deviation of 141.4213562373095, 283 times what its "
         "prior expects | " +
             units,
         "warning prior_scale intercept: the scaled KPI has a mean of 700, 1399 times what its prior expects | " + units},
        R"("scaling": {"kpi": "none"})");
}

TEST(Relations, OfUnscaledExposureToItsSaturationAreReported) {
    Table table = good();
    for (std::size_t t = 0; t < 60; ++t) column(table, "tv").values[t] = static_cast<double>((t * 7) % 6);
    const auto media = [](const std::string& saturation) {
        return R"("media": {"tv": {"spend": "tv", "saturation": )" + saturation + R"(}}, "scaling": {"media": "none"})";
    };
    expect_findings(table,
                    {"warning prior_scale media.tv.saturation: the largest scaled exposure is 5, 15 times what its "
                     "prior expects | " +
                     units},
                    media(R"("logistic")"));  // Gamma(3, 1): rate 3
    expect_findings(table,
                    {"warning prior_scale media.tv.saturation: the largest scaled exposure is 5, 50 times what its "
                     "prior expects | " +
                     units},
                    media(R"({"family": "michaelis_menten", "half": {"family": "normal", "mu": 0, "sigma": 0.1}})"));
    expect_findings(table, {},
                    media(R"({"family": "michaelis_menten", "half": {"family": "normal", "mu": 0, "sigma": 1}})"));
    expect_findings(table, {}, media(R"("root")"));
}

TEST(Relations, OfTheKpiToItselfAreRefusedInTheSpecification) {
    for (const auto& [rest, message] : std::vector<std::pair<std::string, std::string>>{
             {R"("media": {"tv": "sales"})", "media.tv: column \"sales\" is the KPI itself"},
             {R"("media": {"tv": {"spend": "tv", "exposure": "sales"}})",
              "media.tv: column \"sales\" is the KPI itself"},
             {R"("organic_media": {"mail": "sales"})", "organic_media.mail: column \"sales\" is the KPI itself"},
             {R"("controls": [{"column": "sales", "name": "x"}])", "controls.x: column \"sales\" is the KPI itself"}}) {
        try {
            test::specification_with(rest);
            ADD_FAILURE() << "accepted: " << rest;
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::invalid_specification);
            EXPECT_EQ(error.what(), message);
            EXPECT_EQ(error.hint(), "Name another column.");
        }
    }
}

}  // namespace
}  // namespace mmm
