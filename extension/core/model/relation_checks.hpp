// Checks of how columns relate to the KPI and to the priors. How they relate to each other is in data_review.hpp.
#pragma once

#include "core/host.hpp"
#include "core/model/column_checks.hpp"
#include "core/model/dataset.hpp"

namespace mmm {

// A medium or control that copies the KPI (Pearson, fitted periods, |r| > 0.999) is an error.
void check_copies(const Specification& spec, const Dataset& data, ColumnChecks& checks, const Poll& poll);

// Priors are stated in the model's units: a warning where scaled data are ten times beyond what they expect.
void check_prior_scale(const Specification& spec, const Dataset& data, ColumnChecks& checks);

}  // namespace mmm
