// The SQL type mmm_model: a varlena around the engine's own bytes.
#pragma once

#include "core/api.hpp"

#include "pg/datum.hpp"

namespace mmm::sql {

FittedModelPtr model_from_datum(Datum value);
Datum datum_from_model(const FittedModel& model);

}  // namespace mmm::sql
