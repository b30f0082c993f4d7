// Questions about the outcome: mmm_channels, mmm_decomposition, mmm_fitted.
#include <cmath>
#include <limits>

#include "sql/model_value.hpp"

#include "pg/interrupts.hpp"
#include "pg/rows.hpp"
#include "pg/values.hpp"

namespace {

using namespace mmm;

std::optional<Timestamp> time_argument(FunctionCallInfo call, int index) {
    if (call->args[index].isnull) return std::nullopt;
    const ::Timestamp value = DatumGetTimestamp(call->args[index].value);
    if (TIMESTAMP_IS_NOBEGIN(value)) return std::numeric_limits<Timestamp>::min();
    if (TIMESTAMP_IS_NOEND(value)) return std::numeric_limits<Timestamp>::max();
    return value + pg::postgres_epoch_shift;
}

}  // namespace

extern "C" {

PG_FUNCTION_INFO_V1(mmm_channels);
Datum mmm_channels(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        pg::Rows rows(fcinfo);
        if (PG_ARGISNULL(0) || PG_ARGISNULL(1)) return pg::Rows::done();
        const FittedModelPtr model = sql::model_from_datum(PG_GETARG_DATUM(0));
        TimeRange range{time_argument(fcinfo, 2), time_argument(fcinfo, 3), std::nullopt};
        if (!PG_ARGISNULL(4)) range.geos = pg::strings_from_array(PG_GETARG_DATUM(4));
        for (const ChannelRow& row : channels(*model, PG_GETARG_FLOAT8(1), range, pg::check_interrupts)) {
            rows.text(row.channel).text(row.kind).number(row.spend).number(row.contribution);
            rows.number(row.contribution_lower).number(row.contribution_upper).number(row.contribution_share);
            rows.number(row.roi).number(row.roi_lower).number(row.roi_upper);
            rows.number(row.mroi).number(row.mroi_lower).number(row.mroi_upper);
            rows.number(row.cpik).number(row.effectiveness).end();
        }
        return pg::Rows::done();
    });
}

PG_FUNCTION_INFO_V1(mmm_decomposition);
Datum mmm_decomposition(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        pg::Rows rows(fcinfo);
        const FittedModelPtr model = sql::model_from_datum(PG_GETARG_DATUM(0));
        for (const DecompositionRow& row : decomposition(*model, PG_GETARG_FLOAT8(1), pg::check_interrupts)) {
            rows.time(row.time).text(row.geo).text(row.component).text(row.kind);
            rows.number(row.mean).number(row.lower).number(row.upper).end();
        }
        return pg::Rows::done();
    });
}

PG_FUNCTION_INFO_V1(mmm_fitted);
Datum mmm_fitted(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        pg::Rows rows(fcinfo);
        const FittedModelPtr model = sql::model_from_datum(PG_GETARG_DATUM(0));
        for (const FittedRow& row : fitted(*model, PG_GETARG_FLOAT8(1), pg::check_interrupts)) {
            rows.time(row.time).text(row.geo);
            std::isnan(row.actual) ? rows.null() : rows.number(row.actual);
            rows.number(row.mean).number(row.lower).number(row.upper).boolean(row.holdout).end();
        }
        return pg::Rows::done();
    });
}
}
