// Questions about predictive accuracy: mmm_loo, mmm_compare.
#include "sql/model_value.hpp"

#include "pg/interrupts.hpp"
#include "pg/rows.hpp"

using namespace mmm;

extern "C" {

PG_FUNCTION_INFO_V1(mmm_loo);
Datum mmm_loo(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        pg::Rows rows(fcinfo);
        const LooRow row = loo(*sql::model_from_datum(PG_GETARG_DATUM(0)), pg::check_interrupts);
        rows.number(row.elpd_loo).number(row.se).number(row.p_loo).integer(row.bad_k).end();
        return pg::Rows::done();
    });
}

PG_FUNCTION_INFO_V1(mmm_compare);
Datum mmm_compare(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        pg::Rows rows(fcinfo);
        std::vector<FittedModelPtr> models;
        for (const Datum model : pg::elements_without_nulls(PG_GETARG_DATUM(0), "models"))
            models.push_back(sql::model_from_datum(model));
        for (const CompareRow& row : compare(models, pg::check_interrupts)) {
            rows.integer(row.rank).integer(row.model).number(row.loo.elpd_loo).number(row.loo.se);
            rows.number(row.elpd_diff).number(row.diff_se).number(row.weight);
            rows.number(row.loo.p_loo).integer(row.loo.bad_k).end();
        }
        return pg::Rows::done();
    });
}
}
