// mmm_spec and mmm_spec_schema.
#include "core/api.hpp"

#include "pg/datum.hpp"

using namespace mmm;

extern "C" {

PG_FUNCTION_INFO_V1(mmm_spec);
Datum mmm_spec(PG_FUNCTION_ARGS) {
    return pg::boundary([&] { return pg::jsonb_from_string(preset_json(pg::string_from_text(PG_GETARG_DATUM(0)))); });
}

PG_FUNCTION_INFO_V1(mmm_spec_schema);
Datum mmm_spec_schema(PG_FUNCTION_ARGS) {
    (void)fcinfo;
    return pg::boundary([&] { return pg::jsonb_from_string(specification_schema_json()); });
}
}
