// Simulated panels ready to be evaluated.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "core/model/knots.hpp"
#include "core/model/posterior.hpp"
#include "core/random.hpp"
#include "support/tables.hpp"

namespace mmm::test {

struct Panel {
    Specification spec;
    Dataset data;
    Layout layout;
    Design design;
    PosteriorData posterior;
};

// The findings of the data come as an exception's text where one is an error.
inline Panel make_panel(const std::string& spec_json, std::int64_t seed = 3) {
    Panel panel;
    panel.spec = read_specification(Json::parse(spec_json));
    const auto findings = check_data(panel.spec, simulated_table(spec_json, seed), panel.data);
    if (has_errors(findings)) throw_findings(findings, "simulated");
    if (panel.spec.trend.family == TrendFamily::knots) panel.spec.trend.positions = place_knots(panel.spec, panel.data);
    panel.layout = make_layout(panel.spec, panel.data.geos, panel.data.baseline_geo(panel.spec));
    resolve_priors(panel.spec, panel.data, panel.layout);
    panel.design = make_design(panel.spec, panel.data, panel.layout);
    panel.posterior = make_posterior(panel.spec, panel.layout, panel.design);
    return panel;
}

// Central differences of three steps: the best of them, as rounding and curvature ask for different ones.
inline double disagreement(Posterior& posterior, const Vec& u, Eigen::Index i, double gradient) {
    Vec scratch(u.size());
    double least = INFINITY;
    for (const double h : {1e-4, 1e-5, 3e-6}) {
        Vec above = u, below = u;
        above[i] += h;
        below[i] -= h;
        const double difference = (posterior.evaluate(above, scratch) - posterior.evaluate(below, scratch)) / (2 * h);
        least = std::min(least, std::fabs(difference - gradient) / std::max(1.0, std::fabs(gradient)));
    }
    return least;
}

// At a few starting points, each coordinate within 1e-6.
inline void expect_gradient_of_central_differences(const std::string& spec_json, const PosteriorData& data, std::uint32_t points) {
    SCOPED_TRACE(spec_json);
    Posterior posterior(data);
    for (std::uint32_t point = 0; point < points; ++point) {
        RandomStream random(7, 0, point, stream::start);
        const Vec u = posterior.initial_point(random);
        Vec gradient(u.size());
        ASSERT_TRUE(std::isfinite(posterior.evaluate(u, gradient)));
        for (Eigen::Index i = 0; i < u.size(); ++i)
            EXPECT_LT(disagreement(posterior, u, i, gradient[i]), 1e-6) << "point " << point << ", coordinate " << i;
    }
}

// In the coordinates of the middle of the priors, in those of the mode, and with deviations centred, half and whole.
inline void expect_gradient_of_central_differences(const std::string& spec_json, std::uint32_t points) {
    const Panel panel = make_panel(spec_json);
    expect_gradient_of_central_differences(spec_json, panel.posterior, points);
    PosteriorData data = choose_coordinates_at_mode(panel.posterior, StopFlag{false});
    for (Eigen::Index j = 0; j < data.centring.size(); ++j) data.centring[j] = 0.5 * static_cast<double>(j % 3);
    expect_gradient_of_central_differences(spec_json, data, 1);
}

inline int index_of(const Layout& layout, const std::string& name) {
    for (int p = 0; p < layout.size(); ++p)
        if (layout.at(p).name == name) return p;
    return -1;
}

// Every kind of effect, of geo effect and of medium, integrated-out and whitened families.
inline const std::string every_kind = R"({"preset": "meridian", "time": "week", "geo": "geo", "population": "people", "kpi": "sales",
    "media": {"tv": {"spend": "tv_spend", "exposure": "tv"},
              "web": {"spend": "web_spend", "prior": {"kind": "mroi"}},
              "print": {"spend": "print_spend", "prior": {"kind": "contribution"}},
              "radio": {"spend": "radio_spend", "prior": {"kind": "coefficient"}},
              "ooh": {"spend": "ooh_spend", "geo_effect": "normal"},
              "app": {"spend": "app_spend", "geo_effect": "common"},
              "search": {"spend": "search_spend", "calibration_period": {"from": "2022-03-01", "to": "2022-05-01"}}},
    "reach_frequency": {"video": {"spend": "video_spend", "reach": "video_reach", "frequency": "video_frequency"},
                        "social": {"spend": "social_spend", "reach": "social_reach", "frequency": "social_frequency",
                                   "prior": {"kind": "mroi"}}},
    "organic_media": {"mail": {"exposure": "mail"}}, "treatments": {"promo": "promo"}, "controls": ["price", "weather"],
    "trend": {"family": "knots", "knots": 5}, "simulate": {"geos": 4, "periods": 40}})";

// Priors by geo and with hyperpriors, noise by geo.
inline const std::string hierarchical = R"({"preset": "pymc", "time": "week", "geo": "geo", "kpi": "sales",
    "media": {"tv": {"spend": "tv", "adstock": {"alpha": {"family": "beta", "alpha": 2, "beta": 3}},
                     "saturation": {"rate": {"family": "log_normal", "mu": {"family": "normal", "mu": 1, "sigma": 0.5},
                                             "sigma": {"family": "half_normal", "sigma": 0.3}, "by": "geo"}},
                     "prior": {"family": "half_normal", "sigma": {"family": "half_normal", "sigma": 1}, "by": "geo"}}},
    "intercept": {"family": "normal", "mu": {"family": "normal", "mu": 0, "sigma": 1},
                  "sigma": {"family": "half_normal", "sigma": 1}, "by": "geo"},
    "seasonality": {"period": "year", "order": 2,
                    "prior": {"family": "laplace", "b": {"family": "half_normal", "sigma": 0.2}, "by": "geo"}},
    "trend": {"family": "piecewise", "changepoints": 2,
              "delta": {"family": "student_t", "nu": 4, "sigma": {"family": "half_normal", "sigma": 0.2}, "by": "geo"}},
    "sigma": {"family": "half_normal", "sigma": {"family": "half_normal", "sigma": 1.5}, "by": "geo"},
    "simulate": {"geos": 3, "periods": 40}})";

inline const std::string unpooled = R"({"preset": "pymc", "time": "week", "geo": "geo", "kpi": "sales",
    "media": {"tv": "tv", "web": "web"}, "controls": ["price"], "seasonality": {"period": "year", "order": 2},
    "likelihood": "student_t", "simulate": {"geos": 3, "periods": 40}})";

}  // namespace mmm::test
