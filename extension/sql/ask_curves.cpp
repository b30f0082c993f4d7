// Questions about the media's curves: mmm_response_curve, mmm_adstock_curve, mmm_saturation_curve,
// mmm_optimal_frequency.
#include "sql/model_value.hpp"

#include "pg/interrupts.hpp"
#include "pg/rows.hpp"

using namespace mmm;

extern "C" {

PG_FUNCTION_INFO_V1(mmm_response_curve);
Datum mmm_response_curve(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        pg::Rows rows(fcinfo);
        if (PG_ARGISNULL(0) || PG_ARGISNULL(3)) return pg::Rows::done();
        const FittedModelPtr model = sql::model_from_datum(PG_GETARG_DATUM(0));
        std::optional<std::string> channel;
        if (!PG_ARGISNULL(1)) channel = pg::string_from_text(PG_GETARG_DATUM(1));
        std::optional<std::vector<double>> multipliers;
        if (!PG_ARGISNULL(2)) multipliers = pg::doubles_without_nulls(PG_GETARG_DATUM(2), "multipliers");
        std::optional<std::vector<std::string>> geos;
        if (!PG_ARGISNULL(4)) geos = pg::strings_from_array(PG_GETARG_DATUM(4));
        for (const ResponseRow& row :
             response_curve(*model, channel, multipliers, PG_GETARG_FLOAT8(3), geos, pg::check_interrupts)) {
            rows.text(row.channel).number(row.multiplier).number(row.spend);
            rows.number(row.contribution).number(row.lower).number(row.upper).number(row.mroi).end();
        }
        return pg::Rows::done();
    });
}

PG_FUNCTION_INFO_V1(mmm_adstock_curve);
Datum mmm_adstock_curve(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        pg::Rows rows(fcinfo);
        const FittedModelPtr model = sql::model_from_datum(PG_GETARG_DATUM(0));
        for (const AdstockRow& row : adstock_curve(*model, PG_GETARG_FLOAT8(1), pg::check_interrupts))
            rows.text(row.channel).integer(row.lag).number(row.mean).number(row.lower).number(row.upper).end();
        return pg::Rows::done();
    });
}

PG_FUNCTION_INFO_V1(mmm_saturation_curve);
Datum mmm_saturation_curve(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        pg::Rows rows(fcinfo);
        const FittedModelPtr model = sql::model_from_datum(PG_GETARG_DATUM(0));
        for (const SaturationRow& row :
             saturation_curve(*model, PG_GETARG_INT32(1), PG_GETARG_FLOAT8(2), pg::check_interrupts))
            rows.text(row.channel).number(row.exposure).number(row.mean).number(row.lower).number(row.upper).end();
        return pg::Rows::done();
    });
}

PG_FUNCTION_INFO_V1(mmm_optimal_frequency);
Datum mmm_optimal_frequency(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        pg::Rows rows(fcinfo);
        if (PG_ARGISNULL(0) || PG_ARGISNULL(2)) return pg::Rows::done();
        const FittedModelPtr model = sql::model_from_datum(PG_GETARG_DATUM(0));
        std::optional<std::string> channel;
        if (!PG_ARGISNULL(1)) channel = pg::string_from_text(PG_GETARG_DATUM(1));
        std::optional<double> max_frequency;
        if (!PG_ARGISNULL(3)) max_frequency = PG_GETARG_FLOAT8(3);
        for (const FrequencyRow& row :
             optimal_frequency(*model, channel, PG_GETARG_FLOAT8(2), max_frequency, pg::check_interrupts)) {
            rows.text(row.channel).number(row.frequency).number(row.roi).number(row.roi_lower).number(row.roi_upper);
            rows.boolean(row.optimal).end();
        }
        return pg::Rows::done();
    });
}
}
