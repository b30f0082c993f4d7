// The part of a model's history that a question is about.
#pragma once

#include "core/api.hpp"
#include "core/eigen.hpp"
#include "core/model/fitted_model.hpp"

namespace mmm {

// 1 in the rows of the panel asked for, 0 elsewhere. Throws Error(invalid_argument) where a geo is not one of the
// model's, or no row is left.
Vec selected_rows(const FittedModel& model, const TimeRange& range);

}  // namespace mmm
