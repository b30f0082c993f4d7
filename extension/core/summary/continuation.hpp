// A fitted model with periods appended: exposures carry over from the fitted history of their geo, calendar parts go on
// from where it ends.
#pragma once

#include <string>
#include <vector>

#include "core/host.hpp"
#include "core/model/fitted_model.hpp"
#include "core/model/table.hpp"

namespace mmm {

// Periods after the history, in order of time. Rows are geo-major, as in a Dataset; geos are those of the model.
struct FuturePeriods {
    std::vector<Timestamp> time;  // one a period
    Mat exposure;                 // rows x media; of reach and frequency, the frequency
    Mat reach;                    // rows x media, or no columns
    Mat controls;                 // rows x controls

    Eigen::Index periods() const { return static_cast<Eigen::Index>(time.size()); }
    Eigen::Index rows() const { return exposure.rows(); }
};

// Reads the periods from rows in any order, gaps filled by the rules of the model's specification (missing.hpp): what is
// carried comes from the history first. Throws Error(invalid_data) with every finding where a column is missing or
// not numeric, a value null, not finite or a negative exposure, a geo not one of the model's, a row repeated or
// missing, or a time inside the history or not one step after the one before it (the first: after the last of the
// history).
FuturePeriods read_future(const FittedModel& model, const Table& table);

// Scales, population, changepoints and the reference of the trend stay those of the history; the last slope of the
// trend goes on, a baseline of knots keeps the value of its last knot. The appended periods enter no total, so
// coefficients derived from an ROI or a share of the outcome stay as they were fitted.
FittedModel continue_model(const FittedModel& model, const FuturePeriods& future);

}  // namespace mmm
