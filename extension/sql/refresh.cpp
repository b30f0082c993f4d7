// mmm_refresh, mmm_refresh_report.
#include "sql/fitting.hpp"
#include "sql/model_value.hpp"

#include "pg/datum.hpp"
#include "pg/interrupts.hpp"
#include "pg/reader.hpp"
#include "pg/rows.hpp"

using namespace mmm;

extern "C" {

PG_FUNCTION_INFO_V1(mmm_refresh);
Datum mmm_refresh(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        const Oid relation = PG_GETARG_OID(0);
        const FittedModelPtr old = sql::model_from_datum(PG_GETARG_DATUM(1));
        const std::string options = pg::string_from_jsonb(PG_GETARG_DATUM(2));
        const SpecificationPtr spec = sql::read_specification(refresh_specification(*old, options));
        const pg::FitHost host(pg::relation_name(relation));
        const Table table = sql::read_relation_for(*spec, relation);
        return sql::datum_from_model(*refresh(*old, *spec, options, table, host.host()));
    });
}

PG_FUNCTION_INFO_V1(mmm_refresh_report);
Datum mmm_refresh_report(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        pg::Rows rows(fcinfo);
        const FittedModelPtr old = sql::model_from_datum(PG_GETARG_DATUM(0)), renewed = sql::model_from_datum(PG_GETARG_DATUM(1));
        for (const RefreshRow& row : refresh_report(*old, *renewed, PG_GETARG_FLOAT8(2), pg::check_interrupts)) {
            rows.text(row.parameter).number(row.old_mean).number(row.old_sd).number(row.new_mean).number(row.new_sd);
            rows.number(row.shift).number(row.z).boolean(row.moved).text(row.message).end();
        }
        return pg::Rows::done();
    });
}
}
