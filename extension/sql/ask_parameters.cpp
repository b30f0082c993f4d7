// Questions about the posterior itself: mmm_summary, mmm_diagnostics, mmm_draws.
#include "sql/model_value.hpp"

#include "pg/interrupts.hpp"
#include "pg/rows.hpp"

using namespace mmm;

extern "C" {

PG_FUNCTION_INFO_V1(mmm_summary);
Datum mmm_summary(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        pg::Rows rows(fcinfo);
        const FittedModelPtr model = sql::model_from_datum(PG_GETARG_DATUM(0));
        for (const SummaryRow& row : summary(*model, PG_GETARG_FLOAT8(1), pg::check_interrupts)) {
            rows.text(row.parameter).number(row.mean).number(row.sd).number(row.median).number(row.lower);
            rows.number(row.upper).number(row.rhat).number(row.ess_bulk).number(row.ess_tail).number(row.mcse_mean);
            rows.end();
        }
        return pg::Rows::done();
    });
}

PG_FUNCTION_INFO_V1(mmm_diagnostics);
Datum mmm_diagnostics(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        pg::Rows rows(fcinfo);
        const FittedModelPtr model = sql::model_from_datum(PG_GETARG_DATUM(0));
        for (const DiagnosticRow& row : diagnostics(*model, pg::check_interrupts)) {
            rows.text(row.metric).number(row.value).number(row.threshold).text(row.verdict).text(row.message);
            rows.end();
        }
        return pg::Rows::done();
    });
}

PG_FUNCTION_INFO_V1(mmm_draws);
Datum mmm_draws(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        pg::Rows rows(fcinfo);
        if (PG_ARGISNULL(0)) return pg::Rows::done();
        const FittedModelPtr model = sql::model_from_datum(PG_GETARG_DATUM(0));
        std::optional<std::vector<std::string>> names;
        if (!PG_ARGISNULL(1)) names = pg::strings_from_array(PG_GETARG_DATUM(1));
        const DrawsTable table = draws(*model, names);
        for (std::size_t p = 0; p < table.parameters.size(); ++p) {
            const float* value = table.values[p];
            for (int chain = 1; chain <= table.chains; ++chain)
                for (int draw = 1; draw <= table.draws; ++draw)
                    rows.integer(chain)
                        .integer(draw)
                        .text(table.parameters[p])
                        .number(static_cast<double>(*value++))
                        .end();
        }
        return pg::Rows::done();
    });
}
}
