#include "sql/model_value.hpp"

namespace mmm::sql {

FittedModelPtr model_from_datum(Datum value) {
    return model_from_bytes(pg::bytes_from_varlena(value));
}

Datum datum_from_model(const FittedModel& model) {
    return pg::varlena_from_bytes(model_to_bytes(model));
}

}  // namespace mmm::sql
