// The models whose truth has to be found again: between them every family of adstock, saturation and noise, both links,
// every kind of prior on an effect, every geo effect, and everything that varies over time.
//
// Each states the scale of its KPI as a number, so that the priors of a fit are those that the truth is drawn from (a
// scale taken from the data would differ from data set to data set). A share of the outcome (priors of kind
// "contribution") speaks of the KPI that the data turn out to have; there levels are such that it is what the
// simulation took it for, within a few per cent.
#pragma once

#include <string>
#include <vector>

#include "core/model/json.hpp"

namespace mmm::test {

struct FamilyModel {
    std::string name;
    std::string spec;
};

inline std::string national_model(const std::string& rest) {
    return R"({"time": "week", "kpi": "sales", "scaling": {"kpi": 1000}, "intercept": {"family": "normal", "mu": 1,
                "sigma": 0.2},
        "trend": "none", "seasonality": false, "sigma": {"family": "half_normal", "sigma": 0.1}, "max_lag": 4,
                "simulate": {"periods": 60}, )" +
           rest + "}";
}

inline std::string two_channels(const std::string& rest) {
    return national_model(R"("media": {"tv": "tv", "web": "web"}, "controls": [{"column": "price",
                "prior": {"family": "normal", "sigma": 0.05}}], )" +
                          rest);
}

// 100,000 sold per head-scaled unit in a geo of a million, beside a spend of 10,000 a channel.
inline std::string panel_model(const std::string& rest) {
    return R"({"time": "week", "geo": "geo", "population": "people", "kpi": "sales", "scaling": {"kpi": 0.1},
                "trend": "none", "seasonality": false,
        "sigma": {"family": "half_normal", "sigma": 0.1}, "max_lag": 4, "simulate": {"geos": 4, "periods": 40}, )" +
           rest + "}";
}

inline const std::vector<FamilyModel>& family_models() {
    static const std::string level = R"("intercept": {"family": "normal", "mu": 1, "sigma": 0.2}, )";
    static const std::vector<FamilyModel> all = {
        {"adstocks", national_model(R"("saturation": "logistic", "media": {"a": {"spend": "a", "adstock": "geometric"},
            "b": {"spend": "b", "adstock": "delayed"}, "c": {"spend": "c", "adstock": "binomial"}, "d": {"spend": "d",
                "adstock": "weibull_cdf"},
            "e": {"spend": "e", "adstock": "weibull_pdf"}, "f": {"spend": "f", "adstock": "none"}})")},
        {"saturations", national_model(R"("adstock": "geometric", "media": {"a": {"spend": "a", "saturation": "none"},
            "b": {"spend": "b", "saturation": {"family": "hill", "slope": {"family": "gamma", "mean": 1.5, "sd": 0.5}}},
            "c": {"spend": "c", "saturation": "logistic"}, "d": {"spend": "d", "saturation": "inverse_scaled_logistic"},
            "e": {"spend": "e", "saturation": "tanh"}, "f": {"spend": "f", "saturation": "michaelis_menten"},
            "g": {"spend": "g", "saturation": "root"}, "h": {"spend": "h", "saturation": "log",
                "order": "saturation_first"}})")},
        {"student_t", two_channels(R"("likelihood": "student_t")")},
        {"truncated_normal", two_channels(R"("likelihood": "truncated_normal", "intercept": {"family": "normal",
                "mu": 0.1, "sigma": 0.1},
            "sigma": {"family": "half_normal", "sigma": 0.4})")},
        {"lognormal", two_channels(R"("likelihood": "lognormal")")},
        {"gamma", two_channels(R"("likelihood": "gamma")")},
        {"negative_binomial", two_channels(R"("likelihood": "negative_binomial", "scaling": {"kpi": 200})")},
        {"log_link_lognormal", two_channels(R"("link": "log")")},
        {"log_link_gamma", two_channels(R"("link": "log", "likelihood": "gamma")")},
        {"log_link_negative_binomial", two_channels(R"("link": "log", "likelihood": "negative_binomial",
                "scaling": {"kpi": 200})")},
        {"prior_kinds", national_model(R"("scaling": {"kpi": 100000}, "intercept": {"family": "normal", "mu": 0.7,
                "sigma": 0.02},
            "media": {"a": {"spend": "a", "prior": {"kind": "coefficient", "family": "half_normal", "sigma": 0.1}},
                "b": {"spend": "b", "prior": {"kind": "roi", "family": "log_normal", "mu": -0.5, "sigma": 0.5}},
                "c": {"spend": "c", "prior": {"kind": "mroi", "family": "log_normal", "mu": -1, "sigma": 0.5}},
                "d": {"spend": "d", "prior": {"kind": "contribution", "family": "beta", "alpha": 3, "beta": 60}},
                "e": {"spend": "e", "prior": {"kind": "roi", "family": "log_normal", "mu": -0.5, "sigma": 0.5},
                      "calibration_period": {"from": "2022-04-01", "to": "2022-09-01"}}},
            "organic_media": {"mail": {"exposure": "mail", "prior": {"kind": "contribution", "family": "beta",
                "alpha": 3, "beta": 60}}},
            "treatments": {"promo": {"column": "promo", "baseline": "min", "prior": {"kind": "contribution",
                "family": "normal", "mu": 0.03, "sigma": 0.02}}})")},
        {"reach_and_frequency", national_model(R"("preset": "meridian", "scaling": {"kpi": 100000},
            "media": {"tv": {"spend": "tv", "exposure": "grp"}}, "organic_media": {"mail": {"exposure": "mail",
                "prior": {"kind": "coefficient", "family": "half_normal", "sigma": 0.3}}},
            "treatments": {"promo": {"column": "promo", "prior": {"kind": "coefficient", "family": "normal",
                "sigma": 0.1}}},
            "reach_frequency": {"video": {"spend": "video", "reach": "video_reach", "frequency": "video_frequency"},
                "post": {"reach": "post_reach", "frequency": "post_frequency", "prior": {"kind": "coefficient",
                "family": "half_normal", "sigma": 0.3}}})")},
        {"trend_season_events", national_model(R"("media": {"tv": "tv"}, "trend": {"family": "piecewise",
                "changepoints": 3},
            "seasonality": {"period": "year", "order": 2, "prior": {"family": "laplace", "b": 0.1}},
            "events": [{"name": "sale", "dates": ["2022-03-07", "2022-10-03"], "shape": {"family": "decay",
                "half_life": 10}}],
            "controls": [{"column": "price", "sign": "negative"}, {"column": "weather",
                "prior": {"family": "student_t", "nu": 4, "sigma": 0.1}}])")},
        {"varying_trend_and_media", two_channels(R"("trend": {"family": "gp", "basis": 6,
                "amplitude": {"family": "half_normal", "sigma": 0.5}},
            "time_varying_media": {"basis": 6})")},
        {"log_link_varying_channels", two_channels(R"("link": "log", "trend": {"family": "gp", "basis": 5},
                "time_varying_media": {"scope": "channel", "basis": 4})")},
        {"pooled_panel", panel_model(level + R"("media_geo_effect": "common", "media": {"tv": "tv", "web": "web"},
                "trend": {"family": "linear"})")},
        {"unpooled_panel", panel_model(R"("preset": "pymc", "intercept": {"family": "normal", "mu": 1, "sigma": 0.2,
                "by": "geo"},
            "sigma": {"family": "half_normal", "sigma": 0.1, "by": "geo"}, "media": {"tv": "tv", "web": "web"},
            "controls": [{"column": "price", "prior": {"family": "normal", "sigma": 0.1, "by": "geo"}}])")},
        {"partially_pooled_panel", panel_model(R"("preset": "pymc", "media": {"tv": {"spend": "tv",
                "adstock": {"alpha": {"family": "beta", "alpha": 2, "beta": 3}},
                "saturation": {"rate": {"family": "log_normal", "mu": {"family": "normal", "mu": 1, "sigma": 0.5},
                "sigma": {"family": "half_normal", "sigma": 0.3}, "by": "geo"}},
                "prior": {"family": "half_normal", "sigma": {"family": "half_normal", "sigma": 1}, "by": "geo"}}},
            "intercept": {"family": "normal", "mu": {"family": "normal", "mu": 1, "sigma": 0.2},
                "sigma": {"family": "half_normal", "sigma": 0.2}, "by": "geo"},
            "sigma": {"family": "half_normal", "sigma": {"family": "half_normal", "sigma": 0.2}, "by": "geo"})")},
        {"geo_effects", panel_model(level + R"("media": {"tv": {"spend": "tv", "geo_effect": "common"},
                "web": {"spend": "web", "geo_effect": "normal", "geo_scale": {"family": "half_normal", "sigma": 0.1}},
                "radio": {"spend": "radio", "geo_effect": "log_normal"},
                "print": {"spend": "print", "geo_effect": "log_normal", "prior": {"kind": "roi",
                "family": "log_normal", "mu": 0.2, "sigma": 0.5}},
                "ooh": {"spend": "ooh", "geo_effect": "normal", "geo_scale": {"family": "half_normal", "sigma": 0.1},
                        "prior": {"kind": "mroi", "family": "log_normal", "mu": 0, "sigma": 0.5}}})")},
        {"meridian_panel", panel_model(R"("preset": "meridian", "media": {"tv": "tv", "web": "web"},
                "controls": ["price"],
            "trend": {"family": "knots", "knots": 5}, "treatments": {"promo": {"column": "promo",
                "prior": {"kind": "coefficient", "family": "normal", "sigma": 0.2}}})")},
    };
    return all;
}

}  // namespace mmm::test
