// Presets: "pymc" and "meridian" are those tools' default models, number by number.
#include <gtest/gtest.h>

#include "core/api.hpp"
#include "core/model/presets.hpp"
#include "core/model/specification.hpp"

namespace mmm {
namespace {

Json complete(const std::string& text) {
    return write_specification(read_specification(Json::parse(text)));
}

Json shortest(const std::string& preset) {
    return complete(R"({"preset": ")" + preset + R"(", "time": "week", "kpi": "sales", "media": {"tv": "tv_spend"},
                        "controls": ["price"], "events": [{"name": "sale", "dates": ["2024-01-01"]}],
                        "seasonality": {"period": "year", "order": 2}})");
}

Json normal(double mu, double sigma) {
    return {{"family", "normal"}, {"mu", mu}, {"sigma", sigma}};
}
Json half_normal(double sigma) {
    return {{"family", "half_normal"}, {"sigma", sigma}};
}
Json beta(double a, double b) {
    return {{"family", "beta"}, {"alpha", a}, {"beta", b}};
}
Json gamma(double a, double b) {
    return {{"family", "gamma"}, {"alpha", a}, {"beta", b}};
}

// Equal as values: 2 and 2.0 alike.
void expect_json(const Json& found, const Json& expected) {
    EXPECT_EQ(found, expected) << found.dump() << "\nexpected " << expected.dump();
}

TEST(PymcPreset, IsTheDefaultModelOfPyMCMarketing) {
    const Json spec = shortest("pymc");
    expect_json(spec["intercept"], normal(0, 2));
    expect_json(spec["sigma"], half_normal(2));
    expect_json(spec["controls"][0]["prior"], normal(0, 2));
    expect_json(spec["seasonality"][0]["prior"], {{"family", "laplace"}, {"mu", 0.0}, {"b", 1.0}});
    EXPECT_EQ(spec["likelihood"], "normal");
    EXPECT_EQ(spec["link"], "identity");
    EXPECT_EQ(spec["trend"]["family"], "none");
    expect_json(spec["scaling"], {{"kpi", "max"}, {"media", "max"}, {"controls", "none"}});
    const Json& tv = spec["media"]["tv"];
    // Eight weights: lags 0 to 7.
    expect_json(tv["adstock"], {{"family", "geometric"}, {"max_lag", 7}, {"normalize", true}, {"alpha", beta(1, 3)}});
    expect_json(tv["saturation"], {{"family", "logistic"}, {"rate", gamma(3, 1)}});
    expect_json(tv["prior"], {{"kind", "coefficient"}, {"family", "half_normal"}, {"sigma", 2.0}});
    EXPECT_EQ(tv["order"], "adstock_first");
}

TEST(PymcPreset, HasNoSeasonalityUnlessAsked) {
    const Json spec = complete(R"({"preset": "pymc", "time": "t", "kpi": "y", "media": {"tv": "x"}})");
    EXPECT_TRUE(spec["seasonality"].empty());
    EXPECT_TRUE(spec["events"].empty());
}

Json with_family(const std::string& preset, const std::string& part, const std::string& family) {
    return complete(R"({"preset": ")" + preset + R"(", "time": "t", "kpi": "y", "media": {"tv": {"spend": "x", ")" +
                    part + R"(": ")" + family + R"("}}})")["media"]["tv"];
}

TEST(PymcPreset, HasThePriorsOfEveryAdstock) {
    const auto adstock = [](const char* family) { return with_family("pymc", "adstock", family)["adstock"]; };
    expect_json(adstock("geometric")["alpha"], beta(1, 3));
    expect_json(adstock("binomial")["alpha"], beta(1, 3));
    expect_json(adstock("delayed")["alpha"], beta(1, 3));
    expect_json(adstock("delayed")["theta"], half_normal(1));
    // Gamma(mean 2, sd 1) for the scale and Gamma(mean 3, sd 1) for the shape; Gamma(mean 2, sd 2.5) for both of the
    // CDF.
    expect_json(adstock("weibull_pdf")["scale"], gamma(4, 2));
    expect_json(adstock("weibull_pdf")["shape"], gamma(9, 3));
    for (const char* parameter : {"shape", "scale"}) {
        const Json prior = adstock("weibull_cdf")[parameter];
        EXPECT_DOUBLE_EQ(prior["alpha"].get<double>(), 0.64);
        EXPECT_DOUBLE_EQ(prior["beta"].get<double>(), 0.32);
    }
}

TEST(PymcPreset, HasThePriorsOfEverySaturation) {
    const auto medium = [](const char* family) { return with_family("pymc", "saturation", family); };
    const auto coefficient = [](Json prior) {
        Json json = {{"kind", "coefficient"}};
        for (const auto& item : prior.items()) json[item.key()] = item.value();
        return json;
    };
    expect_json(medium("logistic")["saturation"]["rate"], gamma(3, 1));
    expect_json(medium("logistic")["prior"], coefficient(half_normal(2)));
    expect_json(medium("inverse_scaled_logistic")["saturation"]["half"], gamma(0.5, 1));
    expect_json(medium("tanh")["saturation"]["scale"], half_normal(1));
    expect_json(medium("tanh")["prior"], coefficient(half_normal(1)));
    expect_json(medium("michaelis_menten")["saturation"]["half"], half_normal(1));
    expect_json(medium("michaelis_menten")["prior"], coefficient(gamma(4, 2)));
    expect_json(medium("hill")["saturation"]["half"], half_normal(1.5));
    expect_json(medium("hill")["saturation"]["slope"], half_normal(1.5));
    expect_json(medium("hill")["prior"], coefficient(half_normal(1.5)));
    expect_json(medium("root")["saturation"]["power"], beta(1, 2));
    expect_json(medium("root")["prior"], coefficient(gamma(1, 1)));
    expect_json(medium("log")["prior"], coefficient(half_normal(1)));
}

TEST(MeridianPreset, IsTheNationalDefaultModelOfMeridian) {
    const Json spec = shortest("meridian");
    expect_json(spec["intercept"], normal(0, 5));  // one knot
    expect_json(spec["sigma"], half_normal(5));
    expect_json(spec["controls"][0]["prior"], normal(0, 5));
    EXPECT_EQ(spec["likelihood"], "normal");
    EXPECT_EQ(spec["trend"]["family"], "none");
    expect_json(spec["scaling"], {{"kpi", "standardize"}, {"media", "median_nonzero"}, {"controls", "standardize"}});
    const Json& tv = spec["media"]["tv"];
    expect_json(tv["adstock"], {{"family", "geometric"},
                                {"max_lag", 8},
                                {"normalize", true},
                                {"alpha", {{"family", "uniform"}, {"lower", 0.0}, {"upper", 1.0}}}});
    expect_json(tv["saturation"]["half"],
                {{"family", "truncated_normal"}, {"mu", 0.8}, {"sigma", 0.8}, {"lower", 0.1}, {"upper", 10.0}});
    expect_json(tv["saturation"]["slope"], {{"family", "fixed"}, {"value", 1.0}});
    expect_json(tv["prior"], {{"kind", "roi"}, {"family", "log_normal"}, {"mu", 0.2}, {"sigma", 0.9}, {"shift", 0.0}});
}

TEST(MeridianPreset, HasNoSeasonalityUnlessAsked) {
    EXPECT_TRUE(
        complete(R"({"preset": "meridian", "time": "t", "kpi": "y", "media": {"tv": "x"}})")["seasonality"].empty());
}

TEST(MeridianPreset, GivesOrganicMediaAPriorOnTheirContribution) {
    const Json spec = complete(R"({"preset": "meridian", "time": "t", "kpi": "y", "organic_media": {"mail": "sent"}})");
    expect_json(spec["organic_media"]["mail"]["prior"],
                {{"kind", "contribution"}, {"family", "beta"}, {"alpha", 1.0}, {"beta", 99.0}});
}

TEST(MeridianPreset, GivesCoefficientsHalfNormalFive) {
    const Json spec = complete(R"({"preset": "meridian", "time": "t", "kpi": "y",
                                   "media": {"tv": {"spend": "x", "prior": {"kind": "coefficient"}}}})");
    expect_json(spec["media"]["tv"]["prior"], {{"kind", "coefficient"}, {"family", "half_normal"}, {"sigma", 5.0}});
}

TEST(MeridianPreset, WithoutRevenueGivesAllChannelsACommonRoiOfKnownTotalShare) {
    const char* start = R"({"preset": "meridian", "time": "t", "kpi": "y", "kpi_type": "units", "media": {"tv": "x"})";
    const Json prior = complete(std::string(start) + "}")["media"]["tv"]["prior"];
    expect_json(prior, {{"kind", "roi"}, {"family", "total_paid_share"}, {"mean", 0.4}, {"sd", 0.2}});
    EXPECT_EQ(complete(std::string(start) + R"(, "revenue_per_kpi": 12})")["media"]["tv"]["prior"]["family"],
              "log_normal");
}

TEST(DefaultPreset, HasYearlySeasonalityALineAndWeaklyInformativePriors) {
    const Json spec =
        complete(R"({"time": "week", "kpi": "sales", "media": {"tv": "tv_spend"}, "controls": ["price"]})");
    EXPECT_EQ(spec["preset"], "default");
    expect_json(spec["intercept"], normal(0.5, 0.5));
    expect_json(spec["sigma"], half_normal(0.5));
    expect_json(spec["trend"], {{"family", "linear"}, {"slope", normal(0, 0.5)}});
    expect_json(spec["seasonality"],
                Json::array({{{"name", "year"}, {"period", "year"}, {"order", 2}, {"prior", normal(0, 0.2)}}}));
    expect_json(spec["controls"][0]["prior"], normal(0, 0.5));
    expect_json(spec["scaling"], {{"kpi", "max"}, {"media", "max"}, {"controls", "standardize"}});
    const Json& tv = spec["media"]["tv"];
    EXPECT_EQ(tv["spend"], "tv_spend");
    EXPECT_EQ(tv["exposure"], "tv_spend");
    expect_json(tv["adstock"], {{"family", "geometric"}, {"max_lag", 8}, {"normalize", true}, {"alpha", beta(1, 3)}});
    expect_json(tv["saturation"], {{"family", "logistic"}, {"rate", gamma(3, 1)}});
    expect_json(tv["prior"], {{"kind", "coefficient"}, {"family", "half_normal"}, {"sigma", 1.0}});
    expect_json(spec["sampler"], {{"method", "nuts"},
                                  {"chains", 4},
                                  {"warmup", 1000},
                                  {"draws", 1000},
                                  {"seed", 1},
                                  {"target_accept", 0.9},
                                  {"max_treedepth", 10},
                                  {"threads", 0}});
}

TEST(DefaultPreset, GivesStudentTNoiseAGammaPriorOnItsDegreesOfFreedom) {
    const Json spec = complete(R"({"time": "t", "kpi": "y", "media": {"tv": "x"}, "likelihood": "student_t"})");
    expect_json(spec["nu"], gamma(2, 0.1));  // Juarez and Steel 2010
}

TEST(PresetJson, IsACompleteSpecificationThatCanBeEditedAndRead) {
    for (const auto& name : preset_names()) {
        const Json json = Json::parse(preset_json(name));
        EXPECT_EQ(json["preset"], name);
        EXPECT_EQ(write_specification(read_specification(json)), json) << name;
    }
}

TEST(PresetJson, OfAnUnknownNameSuggestsTheNearest) {
    try {
        preset_json("meridan");
        FAIL();
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(), "preset: \"meridan\" is not a preset (did you mean \"meridian\"?)");
        EXPECT_EQ(error.hint(), "Use default, pymc or meridian.");
    }
}

}  // namespace
}  // namespace mmm
