// mmm_predict: rows of the future in, the KPI out.
#include "sql/model_value.hpp"

#include "pg/interrupts.hpp"
#include "pg/reader.hpp"
#include "pg/rows.hpp"
#include "pg/settings.hpp"

using namespace mmm;

extern "C" {

PG_FUNCTION_INFO_V1(mmm_predict);
Datum mmm_predict(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        pg::Rows rows(fcinfo);
        const FittedModelPtr model = sql::model_from_datum(PG_GETARG_DATUM(0));
        const Specification& spec = specification(*model);
        const Table table = pg::with_spi(0, [&] {
            return pg::read_relation(PG_GETARG_OID(1),
                                     {{}, time_column(spec), geo_column(spec), predictor_columns(spec)},
                                     pg::max_memory_bytes());
        });
        for (const PredictRow& row : predict(*model, table, PG_GETARG_FLOAT8(2), pg::check_interrupts))
            rows.time(row.time).text(row.geo).number(row.mean).number(row.lower).number(row.upper).end();
        return pg::Rows::done();
    });
}
}
