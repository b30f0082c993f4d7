// What a report says of the fitted history: the KPI over time and what it is made of, all geos of a panel together.
#pragma once

#include <string>
#include <vector>

#include "core/eigen.hpp"
#include "core/host.hpp"
#include "core/model/fitted_model.hpp"
#include "core/summary/draw_summary.hpp"

namespace mmm::page {

// A line of the decomposition: a medium, a treatment, a control, or what was merged under one name.
struct Part {
    std::string name;
    enum class Kind { baseline, season, control, treatment, organic, paid } kind;
    DrawSummary total;  // over the whole history, KPI
    Vec by_point;       // posterior mean, KPI of a period
};

struct GeoHistory {
    std::string name;
    double actual, spend;
    DrawSummary contribution;  // of the paid media, KPI
    DrawSummary roi;           // of the paid media together; not-a-number without spend
};

// A point of time is a period, or the mean of several where there are more than a picture can show.
struct History {
    std::vector<Timestamp> time;  // of each point: its first period
    Eigen::Index periods_a_point = 1;
    Vec actual, mean, lower, upper;  // the interval is that of the posterior predictive
    std::vector<bool> holdout;       // every row of the point was held out
    bool scattered_holdout = false;  // rows were held out one by one
    std::vector<Part> parts;         // baseline first, media last; by_point adds up to the mean
    double actual_total = 0;
    DrawSummary fitted_total{}, media_total{}, paid_total{};  // media: paid and organic
    std::vector<GeoHistory> geos;                             // empty for a national model, or for more than most_geos
};

constexpr std::size_t most_geos = 60;

// One walk over all draws. The predictive interval of a national model is that of fitted().
History history_of(const FittedModel& model, double level, const Poll& poll);

}  // namespace mmm::page
