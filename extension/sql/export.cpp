// Models for other tools, and back: mmm_arviz, mmm_from_json.
#include "sql/model_value.hpp"

#include "pg/interrupts.hpp"

using namespace mmm;

extern "C" {

PG_FUNCTION_INFO_V1(mmm_arviz);
Datum mmm_arviz(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        const FittedModelPtr model = sql::model_from_datum(PG_GETARG_DATUM(0));
        return pg::jsonb_from_string(arviz_json(*model, pg::check_interrupts));
    });
}

PG_FUNCTION_INFO_V1(mmm_from_json);
Datum mmm_from_json(PG_FUNCTION_ARGS) {
    return pg::boundary(
        [&] { return sql::datum_from_model(*model_from_json(pg::string_from_jsonb(PG_GETARG_DATUM(0)))); });
}
}
