// mmm_cross_validate: fits and forecasts of the past.
#include "sql/fitting.hpp"

#include "pg/datum.hpp"
#include "pg/reader.hpp"
#include "pg/rows.hpp"

using namespace mmm;

extern "C" {

PG_FUNCTION_INFO_V1(mmm_cross_validate);
Datum mmm_cross_validate(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        pg::Rows rows(fcinfo);
        const SpecificationPtr spec = sql::read_specification(pg::string_from_jsonb(PG_GETARG_DATUM(1)));
        const std::string options = pg::string_from_jsonb(PG_GETARG_DATUM(2));
        const Oid relation = PG_GETARG_OID(0);
        const pg::FitHost host(pg::relation_name(relation));
        const Table table = sql::read_relation_for(*spec, relation);
        for (const ScoreRow& row : cross_validate(*spec, options, table, host.host()))
            rows.integer(row.fold).time(row.cutoff).integer(row.horizon).text(row.metric).number(row.value).end();
        return pg::Rows::done();
    });
}
}
