// The page for people: mmm_report.
#include "sql/model_value.hpp"

#include "pg/interrupts.hpp"
#include "pg/rows.hpp"

extern "C" {

PG_FUNCTION_INFO_V1(mmm_report);
Datum mmm_report(PG_FUNCTION_ARGS) {
    using namespace mmm;
    return pg::boundary([&] {
        const FittedModelPtr model = sql::model_from_datum(PG_GETARG_DATUM(0));
        const std::string options = pg::string_from_jsonb(PG_GETARG_DATUM(1));
        return pg::text_from_string(report(*model, options, pg::check_interrupts));
    });
}
}
