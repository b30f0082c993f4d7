// The array form of adstock and the saturation curves.
#include "core/api.hpp"
#include "core/transform/saturation.hpp"

#include "pg/datum.hpp"
#include "pg/interrupts.hpp"

namespace {

using namespace mmm;

Datum saturation(SaturationFamily family, double x, double p1 = 0, double p2 = 0) {
    return pg::boundary([&] { return Float8GetDatum(saturation_value(family, x, p1, p2)); });
}

}  // namespace

extern "C" {

PG_FUNCTION_INFO_V1(mmm_adstock);
Datum mmm_adstock(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        const std::vector<double> x = pg::doubles_from_array(PG_GETARG_DATUM(0));
        if (!std::all_of(x.begin(), x.end(), [](double value) { return std::isfinite(value); }))
            throw Error(ErrorKind::invalid_argument, "x is not a finite number", {}, "Use NULL or 0 for no activity.");
        return pg::array_from_doubles(adstock_array(x, pg::string_from_jsonb(PG_GETARG_DATUM(1)), pg::check_interrupts));
    });
}

PG_FUNCTION_INFO_V1(mmm_saturation_hill);
Datum mmm_saturation_hill(PG_FUNCTION_ARGS) {
    return saturation(SaturationFamily::hill, PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2));
}

PG_FUNCTION_INFO_V1(mmm_saturation_logistic);
Datum mmm_saturation_logistic(PG_FUNCTION_ARGS) {
    return saturation(SaturationFamily::logistic, PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1));
}

PG_FUNCTION_INFO_V1(mmm_saturation_inverse_scaled_logistic);
Datum mmm_saturation_inverse_scaled_logistic(PG_FUNCTION_ARGS) {
    return saturation(SaturationFamily::inverse_scaled_logistic, PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1));
}

PG_FUNCTION_INFO_V1(mmm_saturation_michaelis_menten);
Datum mmm_saturation_michaelis_menten(PG_FUNCTION_ARGS) {
    return saturation(SaturationFamily::michaelis_menten, PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1));
}

PG_FUNCTION_INFO_V1(mmm_saturation_tanh);
Datum mmm_saturation_tanh(PG_FUNCTION_ARGS) {
    return saturation(SaturationFamily::tanh, PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1));
}

PG_FUNCTION_INFO_V1(mmm_saturation_root);
Datum mmm_saturation_root(PG_FUNCTION_ARGS) {
    return saturation(SaturationFamily::root, PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1));
}

PG_FUNCTION_INFO_V1(mmm_saturation_log);
Datum mmm_saturation_log(PG_FUNCTION_ARGS) {
    return saturation(SaturationFamily::log, PG_GETARG_FLOAT8(0));
}
}
