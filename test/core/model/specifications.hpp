// Valid specifications that between them use every key and family.
#pragma once

#include <string>
#include <vector>

namespace mmm::test {

inline const std::vector<std::string>& specifications() {
    static const std::vector<std::string> all = {
        R"({"time": "week", "kpi": "sales", "media": {"tv": "tv_spend"}})",
        R"({"preset": "pymc", "time": "week", "kpi": "sales", "media": {"tv": "tv", "search": "search"}, "max_lag": 4,
            "controls": ["price"], "seasonality": {"period": "year", "order": 1}, "simulate": {"periods": 60}})",
        R"({"preset": "meridian", "time": "week", "kpi": "orders", "kpi_type": "units", "revenue_per_kpi": 12.5,
            "media": {"tv": "tv", "search": {"spend": "search", "exposure": "clicks"}},
            "organic_media": {"mail": "mails"},
            "holdout": {"last": 5}, "simulate": {"periods": 80, "truth": {"intercept": 3}}})",
        R"({"preset": "meridian", "time": "week", "kpi": "orders", "kpi_type": "units", "media": {"tv": "tv",
            "search": "search"},
            "holdout": 0.1, "simulate": {"periods": 80, "truth": {"intercept": 3}}})",
        R"({"time": "metrics.week", "kpi": "metrics.orders", "kpi_type": "units", "revenue_per_kpi": "metrics.price",
            "media": {"tv": {"spend": "metrics.tv", "exposure": "metrics.grp",
                             "adstock": {"family": "delayed", "max_lag": 5, "normalize": false,
                             "alpha": {"family": "beta", "alpha": 2, "beta": 2},
                                         "theta": {"family": "half_normal", "sigma": 1}},
                             "saturation": {"family": "hill", "half": {"family": "gamma", "mean": 0.5, "sd": 0.2},
                             "slope": 1.5},
                             "order": "saturation_first", "prior": {"kind": "contribution", "family": "beta",
                             "alpha": 2, "beta": 20}},
                      "search": {"spend": "metrics.search", "adstock": "none", "saturation": "none",
                                 "prior": {"kind": "roi", "family": "log_normal", "mean": 2, "sd": 1}}},
            "organic_media": {"mail": {"exposure": "metrics.mails", "prior": {"kind": "coefficient",
            "family": "exponential", "rate": 3}}},
            "controls": [{"column": "metrics.rain", "name": "weather", "sign": "negative",
            "prior": {"family": "cauchy", "mu": 0, "sigma": 0.3}},
                         {"column": "metrics.promo", "sign": "positive"}],
            "trend": {"family": "piecewise", "changepoints": 2, "slope": {"family": "student_t", "nu": 4, "mu": 0,
            "sigma": 0.5},
                      "delta": {"family": "laplace", "mu": 0, "b": 0.1}},
            "seasonality": [{"period": "year", "order": 1}, {"period": 91.3, "order": 1, "name": "quarter",
            "prior": {"family": "normal", "mu": 0, "sigma": 0.1}}],
            "events": [{"name": "sale", "dates": ["2022-02-07", "2022-11-25"], "shape": {"family": "period",
            "before": 1, "after": 1}},
                       {"name": "fair", "dates": ["2022-05-01"], "shape": {"family": "gaussian", "days": 5}},
                       {"name": "launch", "dates": ["2022-08-01 12:00:00"], "shape": {"family": "decay",
                       "half_life": 10},
                        "prior": {"family": "uniform", "lower": -1, "upper": 1}}],
            "intercept": {"family": "truncated_normal", "mu": 0.5, "sigma": 0.5, "lower": 0},
            "likelihood": "student_t", "sigma": {"family": "half_student_t", "nu": 3, "sigma": 0.5},
            "nu": {"family": "gamma", "alpha": 2, "beta": 0.1},
            "scaling": {"kpi": 1000, "media": "mean", "controls": "standardize"}, "holdout": {"column": "held"},
            "sampler": {"method": "nuts", "chains": 2, "warmup": 100, "draws": 50, "seed": 7, "target_accept": 0.9,
                        "max_treedepth": 8, "threads": 2},
            "simulate": {"periods": 90}})",
        R"({"time": "day", "kpi": "sales", "media": {
                "a": {"spend": "a", "adstock": "binomial", "saturation": "tanh"},
                "b": {"spend": "b", "adstock": {"family": "weibull_cdf", "shape": {"family": "inverse_gamma",
                "mean": 2, "sd": 1}}, "saturation": "michaelis_menten"},
                "c": {"spend": "c", "adstock": {"family": "weibull_pdf", "scale": {"family": "half_cauchy",
                "sigma": 2}}, "saturation": "root"},
                "d": {"spend": "d", "saturation": "log"}, "e": {"spend": "e", "saturation": "inverse_scaled_logistic"}},
            "trend": {"family": "piecewise", "changepoints": ["2022-02-01", "2022-04-01"]},
            "seasonality": {"period": "week", "order": 3},
            "intercept": 0.4, "sigma": {"family": "fixed", "value": 0.05}, "scaling": {"kpi": "mean",
            "media": "median_nonzero"},
            "sampler": {"method": "map"}, "simulate": {"periods": 120, "step": "day"}})",
        R"({"time": "month", "kpi": "sales", "organic_media": {"mail": {"exposure": "mails"}}, "trend": "none",
            "seasonality": false,
            "scaling": {"kpi": "standardize", "media": "none", "controls": "none"}, "sampler": {"method": "pathfinder"},
            "simulate": {"periods": 48, "step": "month"}})"};
    return all;
}

}  // namespace mmm::test
