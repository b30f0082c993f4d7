// Draws of the KPI in periods after the fitted history.
#pragma once

#include "core/summary/continuation.hpp"
#include "core/summary/contributions.hpp"
#include "core/summary/noise.hpp"

namespace mmm {

class Forecast {
public:
    Forecast(const FittedModel& model, const FuturePeriods& future);
    Forecast(const Forecast&) = delete;
    Forecast& operator=(const Forecast&) = delete;

    // Of the future, geo-major.
    Eigen::Index rows() const { return periods_ * model_.data.n_geos(); }

    // The mean of the KPI in each row under the parameters of one draw, and the KPI itself: mean and noise, the same
    // each time it is asked for.
    void evaluate(std::size_t draw, Vec& mean, Vec& kpi);
    // The noise of a row under the draw evaluated last.
    Noise noise(Eigen::Index row) const;

private:
    FittedModel model_;  // history and future
    Contributions contributions_;
    Eigen::Index periods_;
    Vec all_;
};

}  // namespace mmm
