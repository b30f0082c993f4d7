// A fitted model with periods appended: exposures carry over from the fitted history, calendar parts go on from where
// it ends.
#pragma once

#include <string>
#include <vector>

#include "core/host.hpp"
#include "core/model/fitted_model.hpp"
#include "core/model/table.hpp"

namespace mmm {

// Periods after the history, in order of time.
struct FuturePeriods {
    std::vector<Timestamp> time;
    Mat exposure;  // periods x media
    Mat controls;  // periods x controls
};

// Reads the periods from rows in any order. Throws Error(invalid_data) with every finding where a column is missing or
// not numeric, a value null, not finite or a negative exposure, a time repeated, inside the history, or not one step
// after the one before it (the first: after the last of the history).
FuturePeriods read_future(const FittedModel& model, const Table& table);

// Scales, changepoints and the reference of the trend stay those of the history; the last slope of the trend goes on.
// The appended periods enter no total, so coefficients derived from an ROI or a share of the outcome stay as they were
// fitted.
FittedModel continue_model(const FittedModel& model, const FuturePeriods& future);

}  // namespace mmm
