// Wrong specifications: each message names the path, what was found, what was expected and the nearest valid name.
#include <gtest/gtest.h>

#include "core/api.hpp"
#include "core/model/json.hpp"

namespace mmm {
namespace {

struct Wrong {
    std::string text;
    std::string message;
    std::string hint;
};

std::string with(const std::string& rest) {
    return R"({"time": "week", "kpi": "sales", "media": {"tv": "tv"}, )" + rest + "}";
}
std::string medium(const std::string& tv) {
    return R"({"time": "week", "kpi": "sales", "media": {"tv": )" + tv + "}}";
}
std::string tv(const std::string& rest) {
    return medium(R"({"spend": "tv", )" + rest + "}");
}

void expect_errors(const std::vector<Wrong>& cases, ErrorKind kind = ErrorKind::invalid_specification) {
    for (const auto& c : cases) {
        SCOPED_TRACE(c.text);
        try {
            parse_specification(c.text);
            ADD_FAILURE() << "accepted";
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), kind);
            EXPECT_EQ(error.what(), c.message);
            EXPECT_EQ(error.hint(), c.hint);
        }
    }
}

const std::string root_keys =
    "Use preset, link, geo, population, time, kpi, kpi_type, revenue_per_kpi, max_lag, adstock, saturation, order, "
    "media_geo_effect, media, reach_frequency, organic_media, treatments, calibration, controls, trend, seasonality, events, scaling, likelihood, "
    "time_varying_media, intercept, geo_intercept, baseline_geo, sigma, holdout, sampler, simulate, missing, priors, units or fit_from.";

TEST(WrongSpecification, OfTheDocumentItself) {
    expect_errors({{"", "invalid JSON", ""},
                   {"{", "invalid JSON", ""},
                   {R"({"time": 1e999})", "invalid JSON", ""},
                   {R"({"time": "a} )", "invalid JSON", ""},
                   {"[]", "specification: found an array, expected an object", ""},
                   {"\"x\"", "specification: found \"x\", expected an object", ""},
                   {"{}", "time: missing, expected the name of the time column", ""},
                   {R"({"time": "t"})", "kpi: missing, expected the name of the KPI column", ""},
                   {R"({"time": "t", "kpi": "y"})", "media: missing, expected at least one medium",
                    R"(Name one as {"media": {"tv": "tv_spend"}}.)"},
                   {R"({"time": "t", "kpi": "y", "media": {}})", "media: missing, expected at least one medium",
                    R"(Name one as {"media": {"tv": "tv_spend"}}.)"},
                   {std::string(100, '[') + std::string(100, ']'), "JSON is nested more than 64 levels deep", ""},
                   {R"({"time": 3, "kpi": "y"})", "time: found 3, expected a string", ""},
                   {R"({"time": "", "kpi": "y"})", "time: found \"\", expected a column name", ""}});
}

TEST(WrongSpecification, WithAnUnknownKeyAnywhere) {
    expect_errors(
        {{with(R"("controlls": [])"), "controlls: unknown key (did you mean \"controls\"?)", root_keys},
         {with(R"("zzzzzzzzzz": 1)"), "zzzzzzzzzz: unknown key", root_keys},
         {with(R"("nu": 4)"), "nu: unknown key", root_keys},
         {tv(R"("exposre": "x")"), "media.tv.exposre: unknown key (did you mean \"exposure\"?)",
          "Use spend, exposure, adstock, saturation, order, prior, geo_effect or calibration_period."},
         {tv(R"("adstock": {"family": "geometric", "theta": 1})"), "media.tv.adstock.theta: unknown key",
          "Use family, max_lag, normalize or alpha."},
         {tv(R"("adstock": {"family": "none", "max_lag": 3})"), "media.tv.adstock.max_lag: unknown key", "Use family."},
         {tv(R"("saturation": {"family": "logistic", "half": 1})"), "media.tv.saturation.half: unknown key",
          "Use family or rate."},
         {tv(R"("prior": {"kind": "roi", "family": "half_normal", "sigma": 1, "scale": 2})"),
          "media.tv.prior.scale: unknown key", "Use family, sigma or by."},
         {with(R"("controls": [{"column": "price", "sgn": "positive"}])"),
          "controls[0].sgn: unknown key (did you mean \"sign\"?)", "Use column, name, sign, prior, by_geo or per_capita."},
         {with(R"("trend": {"family": "linear", "changepoints": 3})"), "trend.changepoints: unknown key",
          "Use family or slope."},
         {with(R"("seasonality": [{"period": "year"}, {"period": "week", "degree": 2}])"),
          "seasonality[1].degree: unknown key", "Use period, family, order, name or prior."},
         {with(R"("events": [{"name": "a", "dates": ["2024-01-01"], "weight": 2}])"), "events[0].weight: unknown key",
          "Use name, dates, shape, prior or optional."},
         {with(R"("events": [{"name": "a", "dates": ["2024-01-01"], "shape": {"family": "decay", "days": 2}}])"),
          "events[0].shape.days: unknown key", "Use family or half_life."},
         {with(R"("scaling": {"kpis": "max"})"), "scaling.kpis: unknown key (did you mean \"kpi\"?)",
          "Use kpi, media, controls or by_population."},
         {with(R"("holdout": {"last": 8, "first": 2})"), "holdout.first: unknown key", "Use column or last."},
         {with(R"("sampler": {"chain": 4})"), "sampler.chain: unknown key (did you mean \"chains\"?)",
          "Use method, chains, warmup, draws, seed, target_accept, max_treedepth or threads."},
         {with(R"("intercept": {"family": "normal", "sigma": 1, "sd": 1})"), "intercept.sd: unknown key",
          "Use family, mu, sigma or by."},
         {R"({"time": "t", "kpi": "y", "organic_media": {"mail": {"exposure": "m", "spend": "x"}}})",
          "organic_media.mail.spend: unknown key", "Use exposure, adstock, saturation, order, prior or geo_effect."}});
}

TEST(WrongSpecification, OfMedia) {
    const std::string adstocks = "Use none, geometric, delayed, binomial, weibull_cdf or weibull_pdf.";
    const std::string saturations =
        "Use none, hill, logistic, inverse_scaled_logistic, tanh, michaelis_menten, root or log.";
    expect_errors(
        {{tv(R"("adstock": {"family": "geometrc"})"),
          "media.tv.adstock.family: \"geometrc\" is not an adstock family (did you mean \"geometric\"?)", adstocks},
         {tv(R"("adstock": "weibull")"), "media.tv.adstock: \"weibull\" is not an adstock family", adstocks},
         {with(R"("adstock": "binomal")"), "adstock: \"binomal\" is not an adstock family (did you mean \"binomial\"?)",
          adstocks},
         {tv(R"("saturation": {"family": "hil"})"),
          "media.tv.saturation.family: \"hil\" is not a saturation family (did you mean \"hill\"?)", saturations},
         {tv(R"("saturation": 3)"), "media.tv.saturation: found 3, expected an object", ""},
         {tv(R"("adstock": {"max_lag": 1.5})"),
          "media.tv.adstock.max_lag: found 1.5, expected a whole number from 0 to 1023", ""},
         {tv(R"("adstock": {"max_lag": -1})"),
          "media.tv.adstock.max_lag: found -1, expected a whole number from 0 to 1023", ""},
         {with(R"("max_lag": 1e9)"), "max_lag: found 1e+09, expected a whole number from 0 to 1023", ""},
         {tv(R"("adstock": {"normalize": "yes"})"), "media.tv.adstock.normalize: found \"yes\", expected true or false",
          ""},
         {tv(R"("adstock": {"alpha": 1.5})"),
          "media.tv.adstock.alpha: the value 1.5 is outside the range of the parameter", ""},
         {tv(R"("adstock": {"alpha": 1})"), "media.tv.adstock.alpha: the value 1 is outside the range of the parameter",
          ""},
         {tv(R"("adstock": {"family": "delayed", "alpha": 0})"),
          "media.tv.adstock.alpha: the value 0 is outside the range of the parameter", ""},
         {tv(R"("adstock": {"family": "weibull_cdf", "scale": 0})"),
          "media.tv.adstock.scale: the value 0 is outside the range of the parameter", ""},
         {tv(R"("adstock": {"alpha": {"family": "uniform", "lower": 2, "upper": 3}})"),
          "media.tv.adstock.alpha: the prior excludes the whole range of the parameter", ""},
         {tv(R"("saturation": {"rate": 0})"),
          "media.tv.saturation.rate: the value 0 is outside the range of the parameter", ""},
         {tv(R"("order": "saturation")"), "media.tv.order: \"saturation\" is not an order",
          "Use adstock_first or saturation_first."},
         {medium("3"), "media.tv: found 3, expected an object", ""},
         {medium("\"\""), "media.tv: found \"\", expected a column name", ""},
         {medium("{}"), "media.tv.spend: missing, expected a column name", ""},
         {tv(R"("prior": {"kind": "roas"})"),
          "media.tv.prior.kind: \"roas\" is not a kind of prior (did you mean \"roi\"?)",
          "Use coefficient, roi, contribution or mroi."},
         {tv(R"("prior": {"kind": "contribution", "family": "uniform", "lower": 2, "upper": 3})"),
          "media.tv.prior: the prior excludes the whole range of the parameter", ""},
         {tv(R"("prior": {"kind": "coefficient", "family": "total_paid_share", "mean": 0.4, "sd": 0.2})"),
          "media.tv.prior.family: \"total_paid_share\" is a prior on ROI only", ""},
         {R"({"time": "t", "kpi": "y", "organic_media": {"mail": {"exposure": "m", "prior": {"kind": "roi"}}}})",
          "organic_media.mail.prior.kind: \"roi\" needs spend, which only paid media have", ""},
         {R"({"time": "t", "kpi": "y", "media": {"a": "x"}, "organic_media": {"a": "z"}})",
          "media: the name \"a\" is used twice", "Give each its own name."},
         {R"({"time": "t", "kpi": "y", "media": {"": "x"}})", "media: a name is empty", ""},
         {R"({"time": "t", "kpi": "y", "media": ["tv"]})", "media: found an array, expected an object", ""}});
}

TEST(WrongSpecification, OfTheRestOfTheModel) {
    expect_errors(
        {{with(R"("preset": "pimc")"), "preset: \"pimc\" is not a preset (did you mean \"pymc\"?)",
          "Use default, pymc or meridian."},
         {with(R"("kpi_type": "money")"), "kpi_type: \"money\" is not a KPI type", "Use revenue or units."},
         {with(R"("revenue_per_kpi": 3)"), "revenue_per_kpi: has no meaning for a KPI that is revenue already",
          R"(Set "kpi_type": "units", or remove revenue_per_kpi.)"},
         {with(R"("kpi_type": "units", "revenue_per_kpi": 0)"), "revenue_per_kpi: found 0, expected a number above 0",
          ""},
         {with(R"("controls": "price")"), "controls: found \"price\", expected an array", ""},
         {with(R"("controls": [7])"), "controls[0]: found 7, expected an object", ""},
         {with(R"("controls": ["price", "m.price"])"), "controls: the name \"price\" is used twice",
          "Give each its own name."},
         {with(R"("controls": [{"column": "a", "sign": "plus"}])"), "controls[0].sign: \"plus\" is not a sign",
          "Use any, positive or negative."},
         {with(R"("controls": [{"column": "a", "sign": "negative", "prior": {"family": "half_normal", "sigma": 1}}])"),
          "controls[0].prior: the prior excludes every value of the sign asked for", ""},
         {with(R"("trend": "liner")"), "trend: \"liner\" is not a trend family (did you mean \"linear\"?)",
          "Use none, linear, piecewise, knots or gp."},
         {with(R"("trend": {"family": "piecewise", "changepoints": 0})"),
          "trend.changepoints: found 0, expected a whole number from 1 to 1000", ""},
         {with(R"("trend": {"family": "piecewise", "changepoints": []})"),
          "trend.changepoints: expected at least one changepoint", ""},
         {with(R"("trend": {"family": "piecewise", "changepoints": ["2024-02-30"]})"),
          "trend.changepoints[0]: found \"2024-02-30\", expected a date such as \"2024-03-31\"", ""},
         {with(R"("seasonality": {"period": "month"})"), "seasonality.period: \"month\" is not a period",
          "Use year or week."},
         {with(R"("seasonality": {"period": -3})"),
          "seasonality.period: found -3, expected a number from 5e-324 to 1e+06", ""},
         {with(R"("seasonality": {"order": 2})"),
          "seasonality.period: missing, expected \"year\", \"week\" or a number of days", ""},
         {with(R"("seasonality": [{"period": "year"}, {"period": "year"}])"),
          "seasonality: the name \"year\" is used twice", "Give each its own name."},
         {with(R"("seasonality": true)"), "seasonality: found true, expected an object", ""},
         {with(R"("events": [{"name": "a", "dates": []}])"), "events[0].dates: found an empty array, expected dates",
          ""},
         {with(R"("events": [{"name": "a", "dates": ["soon"]}])"),
          "events[0].dates[0]: found \"soon\", expected a date such as \"2024-03-31\"", ""},
         {with(R"("events": [{"dates": ["2024-01-01"]}])"), "events[0].name: missing, expected a name", ""},
         {with(R"("events": [{"name": "a", "dates": ["2024-01-01"], "shape": "bump"}])"),
          "events[0].shape: \"bump\" is not an event shape", "Use period, gaussian or decay."},
         {with(R"("events": {"table": "holidays"})"),
          "events.table: a table of events can be read only when fitting or validating", ""},
         {with(R"("likelihood": "log_normal")"), "likelihood: \"log_normal\" is not a likelihood (did you mean \"lognormal\"?)",
          "Use normal, student_t, truncated_normal, lognormal, gamma or negative_binomial."},
         {with(R"("sigma": 0)"), "sigma: the value 0 is outside the range of the parameter", ""},
         {with(R"("sigma": {"family": "uniform", "lower": -2, "upper": -1})"),
          "sigma: the prior excludes the whole range of the parameter", ""},
         {with(R"("likelihood": "student_t", "nu": 0.5)"), "nu: the value 0.5 is outside the range of the parameter",
          ""},
         {with(R"("scaling": {"kpi": -1})"), "scaling.kpi: found -1, expected a number above 0", ""},
         {with(R"("scaling": {"media": "median"})"),
          "scaling.media: \"median\" is not a scaling of media (did you mean \"mean\"?)",
          "Use none, max, mean or median_nonzero."}});
}

TEST(WrongSpecification, OfHoldoutAndSampler) {
    expect_errors(
        {{with(R"("holdout": 0)"), "holdout: found 0, expected a number from 0.001 to 0.9", ""},
         {with(R"("holdout": 13)"), "holdout: found 13, expected a fraction from 0.001 to 0.9",
          "To hold out the last 13 periods, write {\"last\": 13}."},
         {with(R"("holdout": {})"), "holdout: expected exactly one of the keys last and column", ""},
         {with(R"("holdout": {"last": 2, "column": "h"})"), "holdout: expected exactly one of the keys last and column",
          ""},
         {with(R"("holdout": {"last": 0})"), "holdout.last: found 0, expected a whole number from 1 to 1000000", ""},
         {with(R"("holdout": "last")"), "holdout: found \"last\", expected an object", ""},
         {with(R"("sampler": {"method": "hmc"})"), "sampler.method: \"hmc\" is not a sampling method",
          "Use nuts, map or pathfinder."},
         {with(R"("sampler": {"chains": 0})"), "sampler.chains: found 0, expected a whole number from 1 to 64", ""},
         {with(R"("sampler": {"chains": "4"})"), "sampler.chains: found \"4\", expected a whole number from 1 to 64",
          ""},
         {with(R"("sampler": {"draws": 3})"), "sampler.draws: found 3, expected a whole number from 4 to 1000000", ""},
         {with(R"("sampler": {"seed": -1})"),
          "sampler.seed: found -1, expected a whole number from 0 to 9223372036854775807", ""},
         {with(R"("sampler": {"seed": 9223372036854775808})"),
          "sampler.seed: found 9223372036854775808, expected a whole number from 0 to 9223372036854775807", ""},
         {with(R"("sampler": {"target_accept": 1})"),
          "sampler.target_accept: found 1, expected a number from 0.5 to 0.999", ""}});
}

TEST(WrongSpecification, OfPanels) {
    const std::string name_geo = "Name the column of the geos as \"geo\".";
    const auto panel = [](const std::string& rest) { return with(R"("geo": "region", )" + rest); };
    const std::string by_geo = R"({"family": "normal", "sigma": 1, "by": "geo"})";
    expect_errors(
        {{with(R"("population": "people")"), "population: has no meaning without geos", name_geo},
         {with(R"("intercept": )" + by_geo), "intercept.by: the model has no geos", name_geo},
         {with(R"("geo_intercept": {"family": "normal", "sigma": 1})"), "geo_intercept: the model has no geos", name_geo},
         {with(R"("controls": [{"column": "price", "by_geo": true}])"), "controls.price.by_geo: the model has no geos", name_geo},
         {tv(R"("geo_effect": "normal")"), "media.tv.geo_effect: the model has no geos", name_geo},
         {panel(R"("scaling": {"by_population": true})"), "scaling.by_population: no population is named",
          "Name its column as \"population\"."},
         {panel(R"("intercept": )" + by_geo + R"(, "geo_intercept": {"family": "normal", "sigma": 1})"),
          "geo_intercept: intercept is by geo already", "Remove one of the two."},
         {panel(R"("controls": [{"column": "price", "by_geo": true, "prior": )" + by_geo + "}]"),
          "controls[0].by_geo: the prior is by geo already", "Remove one of the two."},
         {panel(R"("controls": [{"column": "price", "by_geo": true, "sign": "positive"}])"),
          "controls[0].by_geo: deviations by geo could cross the sign asked for", "Leave out sign, or by_geo."},
         {with(R"("trend": "knots", "intercept": 1)"), "intercept: knots carry the level of the KPI already",
          "Remove intercept, or the knots of trend."},
         {with(R"("trend": {"family": "knots", "knots": []})"), "trend.knots: found an empty array, expected dates", ""},
         {with(R"("trend": {"family": "knots", "knots": "some"})"), "trend.knots: \"some\" is not a way to place knots",
          "Use each or auto."},
         {with(R"("organic_media": {"mail": {"exposure": "m", "prior": {"kind": "mroi"}}})"),
          "organic_media.mail.prior.kind: \"mroi\" needs spend, which only paid media have", ""},
         {with(R"("reach_frequency": {"video": {"spend": "v", "reach": "r"}})"),
          "reach_frequency.video.frequency: missing, expected a column name", ""},
         {with(R"("treatments": {"promo": {"column": "p", "baseline": "low"}})"),
          "treatments.promo.baseline: \"low\" is not a baseline", "Use min or max."},
         {tv(R"("calibration_period": {"from": "2024-02-01", "to": "2024-01-01"}, "prior": {"kind": "roi"})"),
          "media.tv.calibration_period: from lies after to", ""},
         {tv(R"("calibration_period": {"from": "2024-01-01", "to": "2024-02-01"})"),
          "media.tv.calibration_period: is for priors of \"kind\": \"roi\"", "Remove it, or state the prior on ROI."}});
}

TEST(WrongSpecification, OfManyPartsIsRefused) {
    std::string controls;
    for (int i = 0; i <= 1000; ++i) controls += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\"";
    expect_errors({{with("\"controls\": [" + controls + "]"), "controls: found 1001, expected at most 1000", ""}});
    std::string keys;
    for (int i = 0; i <= max_json_keys; ++i) keys += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\": 1";
    expect_errors({{"{" + keys + "}", "a JSON object has more than 10000 keys", ""}});
}

TEST(WrongSpecification, IsQuotedUpToSixtyBytesOfWholeCharacters) {
    const std::string a(59, 'a'), cut = "\xC3\xA9";  // an é across the sixtieth byte
    expect_errors({{with(R"("trend": ")" + a + cut + a + "\""), "trend: \"" + a + "...\" is not a trend family",
                    "Use none, linear, piecewise, knots or gp."},
                   {with("\"" + a + cut + a + "\": 1"), a + "...: unknown key", root_keys}});
}

}  // namespace
}  // namespace mmm
