// mmm_adstock(x, adstock): the array form, its parameters as JSON.
#include <gtest/gtest.h>

#include "core/api.hpp"

namespace mmm {
namespace {

using Values = std::vector<double>;

TEST(AdstockArray, CarriesOverByTheFamilyGiven) {
    EXPECT_EQ(adstock_array({8, 0, 0, 0}, R"({"family": "geometric", "alpha": 0.5, "max_lag": 2, "normalize": false})"),
              (Values{8, 4, 2, 0}));
    EXPECT_EQ(adstock_array({7, 0, 0}, R"({"family": "geometric", "alpha": 0.5, "max_lag": 2})"), (Values{4, 2, 1}));
    EXPECT_EQ(adstock_array({4, 0, 0, 0}, R"({"family": "binomial", "alpha": 0.5, "max_lag": 3, "normalize": false})"),
              (Values{4, 3, 2, 1}));
    EXPECT_EQ(adstock_array({1, 2, 3}, R"({"family": "none"})"), (Values{1, 2, 3}));
    EXPECT_EQ(adstock_array({}, R"({"family": "none"})"), Values{});
}

TEST(AdstockArray, OfGeometricWithoutMaxLagNeverForgets) {
    const Values found = adstock_array({1024, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
                                       R"({"family": "geometric", "alpha": 0.5, "normalize": false})");
    EXPECT_EQ(found.back(), 1);
}

TEST(AdstockArray, OfOtherFamiliesLooksBackEightPeriodsByDefault) {
    Values x(12, 0.0);
    x[0] = 1;
    const Values found = adstock_array(x, R"({"family": "delayed", "alpha": 0.9, "theta": 4, "normalize": false})");
    EXPECT_EQ(found[4], 1);
    EXPECT_GT(found[8], 0);
    EXPECT_EQ(found[9], 0);
}

TEST(AdstockArray, TakesFixedPriorsAsNumbers) {
    EXPECT_EQ(adstock_array(
                  {2, 0}, R"({"family": "geometric", "alpha": {"family": "fixed", "value": 0.5}, "normalize": false})"),
              (Values{2, 1}));
}

TEST(AdstockArray, RefusesWhatIsNoAdstock) {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"", "invalid JSON"},
        {"3", "family: missing, expected an adstock family"},
        {"{}", "family: missing, expected an adstock family"},
        {R"({"family": "geometrc"})",
         "adstock.family: \"geometrc\" is not an adstock family (did you mean \"geometric\"?)"},
        {R"({"family": 3})",
         "adstock.family: found 3, expected none, geometric, delayed, binomial, weibull_cdf or weibull_pdf"},
        {R"({"family": "geometric"})", "adstock.alpha: missing, expected a number"},
        {R"({"family": "delayed", "alpha": 0.5})", "adstock.theta: missing, expected a number"},
        {R"({"family": "geometric", "alpha": {"family": "beta", "alpha": 1, "beta": 3}})",
         "adstock.alpha: found a prior, expected a number"},
        {R"({"family": "geometric", "alpha": 1})", "adstock.alpha: the value 1 is outside the range of the parameter"},
        {R"({"family": "weibull_pdf", "shape": 0, "scale": 1})",
         "adstock.shape: the value 0 is outside the range of the parameter"},
        {R"({"family": "geometric", "alpha": 0.5, "max_lag": 5000})",
         "adstock.max_lag: found 5000, expected a whole number from 0 to 1023"},
        {R"({"family": "none", "alpha": 0.5})", "adstock.alpha: unknown key"}};
    for (const auto& [text, message] : cases) {
        try {
            adstock_array({1, 2}, text);
            ADD_FAILURE() << "accepted: " << text;
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::invalid_specification);
            EXPECT_EQ(error.what(), message) << text;
        }
    }
}

}  // namespace
}  // namespace mmm
