// Checks of how columns relate to each other, to the fitted periods and to the priors.
#pragma once

#include "core/host.hpp"
#include "core/model/column_checks.hpp"
#include "core/model/dataset.hpp"

namespace mmm {

// Media, controls and the KPI against each other (Pearson, fitted periods): a driver that copies the KPI is an error, drivers
// that copy each other a warning (Meridian's EDA draws the line at 0.999).
void check_correlation(const Specification& spec, const Dataset& data, ColumnChecks& checks, const Poll& poll);

// Priors are stated in the model's units: a warning where scaled data are ten times beyond what they expect.
void check_prior_scale(const Specification& spec, const Dataset& data, ColumnChecks& checks);

}  // namespace mmm
