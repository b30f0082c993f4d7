// Models that a report has to cope with, with draws made by hand.
#pragma once

#include <string>

#include "model/hand_made_model.hpp"

namespace mmm::test {

inline const char* const two_channels = R"({"time": "week", "kpi": "sales", "media": {"tv": "tv", "web": "web"},
    "controls": ["price"], "seasonality": {"period": "year", "order": 1}, "simulate": {"periods": 104, "kpi_scale": 200000,
    "truth": {"intercept": 1, "media.tv.coefficient": 0.5, "media.web.coefficient": 0.3, "sigma": 0.05}}})";

inline const char* const one_channel = R"({"time": "week", "kpi": "sales", "media": {"tv": "tv"}, "seasonality": false,
    "simulate": {"periods": 60, "kpi_scale": 1000}})";

inline const char* const held_out = R"({"time": "week", "kpi": "sales", "media": {"tv": "tv", "web": "web"},
    "holdout": {"last": 9}, "simulate": {"periods": 80, "kpi_scale": 1000}})";

inline const char* const in_units =
    R"({"time": "week", "kpi": "orders", "kpi_type": "units", "media": {"tv": "tv", "web": "web"},
    "simulate": {"periods": 80, "kpi_scale": 1000}})";

inline const char* const long_series =
    R"({"time": "day", "kpi": "sales", "media": {"a": "a", "b": "b", "c": "c", "d": "d",
    "e": "e", "f": "f", "g": "g", "h": "h", "i": "i", "j": "j", "k": "k", "l": "l"}, "controls": ["x1", "x2", "x3", "x4", "x5", "x6"],
    "seasonality": {"period": "year", "order": 2}, "simulate": {"periods": 1000, "step": "day", "kpi_scale": 1e9}})";

inline const char* const panel = R"({"preset": "meridian", "time": "week", "geo": "region", "population": "people",
    "kpi": "sales", "kpi_type": "units", "revenue_per_kpi": 2.5, "media": {"tv": "tv", "web": "web"},
    "reach_frequency": {"video": {"spend": "video", "reach": "viewers", "frequency": "views"}},
    "organic_media": {"mail": "mails"}, "treatments": {"promo": "promo"}, "controls": ["rain"],
    "seasonality": false, "trend": {"family": "knots", "knots": 2, "positions": [0, 35]},
    "simulate": {"geos": 4, "periods": 40}})";

}  // namespace mmm::test
