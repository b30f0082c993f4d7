// Planning: mmm_optimize_budget.
#include "sql/model_value.hpp"

#include "pg/interrupts.hpp"
#include "pg/rows.hpp"

extern "C" {

PG_FUNCTION_INFO_V1(mmm_optimize_budget);
Datum mmm_optimize_budget(PG_FUNCTION_ARGS) {
    using namespace mmm;
    return pg::boundary([&] {
        pg::Rows rows(fcinfo);
        const FittedModelPtr model = sql::model_from_datum(PG_GETARG_DATUM(0));
        const std::string options = pg::string_from_jsonb(PG_GETARG_DATUM(1));
        for (const BudgetRow& row : optimize_budget(*model, options, pg::check_interrupts)) {
            rows.text(row.channel).text(row.geo).number(row.current_spend).number(row.optimal_spend);
            rows.number(row.lower_bound).number(row.upper_bound);
            rows.number(row.current_contribution).number(row.optimal_contribution);
            rows.number(row.optimal_lower).number(row.optimal_upper).number(row.mroi);
            (row.period ? rows.time(*row.period) : rows.null()).end();
        }
        return pg::Rows::done();
    });
}
}
