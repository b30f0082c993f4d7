// A small simulated panel in which every part differs by geo, and what tests need to take it apart.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>

#include "model/hand_made_model.hpp"

namespace mmm::test {

inline constexpr int periods = 40, history = 36, ahead = periods - history;

// Effects by geo, adstock and saturation by geo, reach and frequency, organic media, a treatment, noise by geo.
inline const char* const regions = R"({"time": "week", "geo": "region", "population": "people", "kpi": "sales",
    "media": {"tv": {"spend": "tv", "exposure": "grp",
                     "adstock": {"family": "geometric", "max_lag": 3,
                                 "alpha": {"family": "beta", "alpha": 3, "beta": 3, "by": "geo"}},
                     "saturation": {"family": "hill", "slope": 1,
                                    "half": {"family": "gamma", "mean": 0.5, "sd": 0.2, "by": "geo"}},
                     "prior": {"kind": "coefficient", "family": "half_normal", "sigma": 1}},
              "web": {"spend": "web", "order": "saturation_first",
                      "adstock": {"family": "geometric", "max_lag": 2, "normalize": false},
                      "saturation": {"family": "hill", "slope": 1},
                      "prior": {"kind": "coefficient", "family": "half_normal", "sigma": 1}}},
    "reach_frequency": {"video": {"spend": "video", "reach": "viewers", "frequency": "views", "adstock":
        {"family": "geometric", "max_lag": 1}, "prior": {"kind": "coefficient", "family": "half_normal", "sigma": 1}}},
    "organic_media": {"mail": {"exposure": "mails", "adstock": "none", "saturation": "none",
                               "prior": {"kind": "coefficient", "family": "half_normal", "sigma": 0.3}}},
    "treatments": {"promo": {"column": "promo", "baseline": "min",
                             "prior": {"kind": "coefficient", "family": "normal", "mu": 0.1, "sigma": 0.05}}},
    "controls": [{"column": "rain", "by_geo": true}],
    "media_geo_effect": "log_normal", "seasonality": false, "events": [],
    "trend": {"family": "knots", "knots": 4, "positions": [0, 12, 23, 35]},
    "geo_intercept": {"family": "normal", "mu": 0, "sigma": 0.2},
    "sigma": {"family": "half_normal", "sigma": 0.1, "by": "geo"},
    "scaling": {"kpi": "max", "media": "max", "controls": "standardize", "by_population": true},
    "simulate": {"geos": 4, "periods": 40}})";

inline const char* const returns = R"({"preset": "meridian", "time": "week", "geo": "region", "population": "people",
    "kpi": "sales", "media": {"tv": "tv", "web": "web"},
    "reach_frequency": {"video": {"spend": "video", "reach": "viewers", "frequency": "views"}},
    "organic_media": {"mail": "mails"}, "treatments": {"promo": "promo"}, "controls": ["rain"],
    "seasonality": false, "trend": {"family": "knots", "knots": 2, "positions": [0, 35]},
    "simulate": {"geos": 4, "periods": 40}})";

inline Table rows_where(const Table& table, const std::function<bool(std::size_t)>& keep) {
    Table part = table;
    part.time.clear();
    part.geo.clear();
    for (auto& column : part.columns) {
        column.values.clear();
        column.is_null.clear();
    }
    for (std::size_t row = 0; row < table.rows(); ++row) {
        if (!keep(row)) continue;
        part.time.push_back(table.time[row]);
        part.geo.push_back(table.geo[row]);
        for (std::size_t c = 0; c < part.columns.size(); ++c) {
            part.columns[c].values.push_back(table.columns[c].values[row]);
            part.columns[c].is_null.push_back(table.columns[c].is_null[row]);
        }
    }
    part.time_is_null.assign(part.time.size(), false);
    return part;
}

struct PanelSplit {
    FittedModel model;    // of the first periods
    Table table, future;  // all rows; those of the last periods
};

inline PanelSplit panel_split(const char* spec_json, int draws) {
    PanelSplit s;
    s.table = simulated_table(spec_json, 1);
    const Timestamp last = s.table.time[history - 1];
    s.future = rows_where(s.table, [&](auto row) { return s.table.time[row] > last; });
    const Table past = rows_where(s.table, [&](auto row) { return s.table.time[row] <= last; });
    s.model = hand_made_model(spec_json, 1, 1, draws);
    if (has_errors(check_data(s.model.spec, past, s.model.data))) throw std::logic_error("the history has errors");
    s.model.rebuild();
    return s;
}

inline double parameter_of(const FittedModel& model, const std::string& name) {
    for (int i = 0; i < model.layout.size(); ++i)
        if (model.layout.at(i).name == name) return static_cast<double>(model.parameter_draws(i)[0]);
    throw std::out_of_range(name);
}

}  // namespace mmm::test
