// What a specification may fix of a model beyond its own priors and scales: priors of single parameters by name, units that
// the data would otherwise decide, and the period from which rows are fitted. mmm_refresh() writes all three.
//
//   "priors":   {"media.tv.roi": {"family": "log_normal", "mu": 0.1, "sigma": 0.2}, ...}
//   "units":    {"kpi": {"offset", "scale"}, "media": {name: {"offset", "scale", "baseline"}}, "controls": {name: ...},
//                "time": {"from", "to"}}; media and controls that are not named are scaled by the data
//   "fit_from": a date
#pragma once

#include "core/model/column_checks.hpp"
#include "core/model/dataset.hpp"
#include "core/model/parameters.hpp"
#include "core/model/specification.hpp"

namespace mmm {

std::vector<NamedPrior> parse_named_priors(const Json* value);
Json named_priors_json(const std::vector<NamedPrior>& priors);
std::optional<ModelUnits> parse_units(const Json* value);
Json units_json(const ModelUnits& units);
std::optional<Timestamp> parse_fit_from(const Json* value);

// The unit of a medium or control, nullptr where the data decides.
const FixedUnit* fixed_unit(const Specification& spec, const Medium& medium);
const FixedUnit* fixed_unit(const Specification& spec, const Control& control);

// Replaces the priors of sampled parameters that are named. Each then stands for itself: hyperparameters no longer reach it.
// Its support is that of its old prior and the new one together.
void set_named_priors(const Specification& spec, Layout& layout);

// Findings: names that no parameter has, priors outside the parameter's range.
void check_named_priors(const Specification& spec, const Dataset& data, ColumnChecks& checks);
// With fixed units rows may be few and columns constant, as priors know the rest; none at all is still an error.
void check_fixed_units(const Specification& spec, const Dataset& data, ColumnChecks& checks);

}  // namespace mmm
