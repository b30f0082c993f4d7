// Running adstock as aggregates, for windows: mmm_adstock_geometric, _delayed, _binomial, _weibull_cdf, _weibull_pdf.
//
// Arguments of a step: the state, x, the family's parameters, then max_lag and normalize as far as the overload has
// them. The ordinary row costs a comparison of the parameters with the state's and the push itself: the boundary is
// entered only to make a state or to refuse something.
#include "core/transform/adstock_state.hpp"

#include "pg/boundary.hpp"

namespace {

using namespace mmm;

constexpr int first_parameter = 2;

struct Arguments {
    double p1 = 0, p2 = 0;
    int max_lag = unlimited_lag;
    bool normalize = true;
    int null_at = -1;  // argument that is null, if any
};

template <int n_parameters>
Arguments read_arguments(FunctionCallInfo call) {
    Arguments found;
    for (int i = first_parameter; i < call->nargs; ++i)
        if (call->args[i].isnull) found.null_at = i;
    if (found.null_at >= 0) return found;
    constexpr int lag = first_parameter + n_parameters;
    found.p1 = DatumGetFloat8(call->args[first_parameter].value);
    if constexpr (n_parameters == 2) found.p2 = DatumGetFloat8(call->args[first_parameter + 1].value);
    if (call->nargs > lag) found.max_lag = DatumGetInt32(call->args[lag].value);
    if (call->nargs > lag + 1) found.normalize = DatumGetBool(call->args[lag + 1].value);
    return found;
}

void check_lag(const Arguments& arguments, bool given) {
    const int lag = arguments.max_lag;
    if (!given || (lag >= 0 && lag <= max_adstock_lag)) return;
    throw Error(ErrorKind::invalid_argument, "max_lag = " + std::to_string(lag) + " is outside its range", {},
                "Use a max_lag from 0 to " + std::to_string(max_adstock_lag) + ".");
}

AdstockState* new_state(FunctionCallInfo call, AdstockFamily family, const Arguments& arguments) {
    void* memory = pg::guarded([&] {
        MemoryContext context = nullptr;
        if (AggCheckCallContext(call, &context) == 0) elog(ERROR, "adstock step called outside an aggregate");
        return MemoryContextAlloc(context, AdstockState::bytes(arguments.max_lag));
    });
    return AdstockState::create(memory, family, arguments.p1, arguments.p2, arguments.max_lag, arguments.normalize);
}

// The first row, or a row that is refused.
Datum first_step(FunctionCallInfo call, AdstockState* state, AdstockFamily family, const Arguments& arguments, double x,
                 bool lag_given) {
    return pg::boundary([&] {
        if (!std::isfinite(x))
            throw Error(ErrorKind::invalid_argument, "x is not a finite number", {}, "Use NULL or 0 for no activity.");
        if (state != nullptr)
            throw Error(ErrorKind::invalid_argument, "adstock parameters change within a partition", {},
                        "Partition by the parameters, or use the same ones for every row.");
        if (arguments.null_at >= 0) {
            // Nothing has happened yet, so nothing is lost by not knowing the parameters.
            if (x != 0)
                throw Error(ErrorKind::invalid_argument,
                            "adstock parameter " + std::to_string(arguments.null_at - 1) + " is null", {},
                            "Give every parameter a value from the first row with activity on.");
            call->isnull = true;
            return Datum{0};
        }
        check_lag(arguments, lag_given);
        AdstockState* made = new_state(call, family, arguments);
        made->push(x);
        return PointerGetDatum(made);
    });
}

template <AdstockFamily family, int n_parameters>
Datum step(FunctionCallInfo call) {
    auto* state = call->args[0].isnull ? nullptr : reinterpret_cast<AdstockState*>(call->args[0].value);
    const double x = call->args[1].isnull ? 0.0 : DatumGetFloat8(call->args[1].value);
    const Arguments given = read_arguments<n_parameters>(call);
    const bool known = state != nullptr &&
                       (given.null_at >= 0 || state->same(family, given.p1, given.p2, given.max_lag, given.normalize));
    if (known && std::isfinite(x)) {
        state->push(x);
        return PointerGetDatum(state);
    }
    const bool lag_given = call->nargs > first_parameter + n_parameters;
    return first_step(call, known ? nullptr : state, family, given, x, lag_given);
}

}  // namespace

extern "C" {

PG_FUNCTION_INFO_V1(mmm_adstock_geometric_step);
Datum mmm_adstock_geometric_step(PG_FUNCTION_ARGS) {
    return step<AdstockFamily::geometric, 1>(fcinfo);
}

PG_FUNCTION_INFO_V1(mmm_adstock_binomial_step);
Datum mmm_adstock_binomial_step(PG_FUNCTION_ARGS) {
    return step<AdstockFamily::binomial, 1>(fcinfo);
}

PG_FUNCTION_INFO_V1(mmm_adstock_delayed_step);
Datum mmm_adstock_delayed_step(PG_FUNCTION_ARGS) {
    return step<AdstockFamily::delayed, 2>(fcinfo);
}

PG_FUNCTION_INFO_V1(mmm_adstock_weibull_cdf_step);
Datum mmm_adstock_weibull_cdf_step(PG_FUNCTION_ARGS) {
    return step<AdstockFamily::weibull_cdf, 2>(fcinfo);
}

PG_FUNCTION_INFO_V1(mmm_adstock_weibull_pdf_step);
Datum mmm_adstock_weibull_pdf_step(PG_FUNCTION_ARGS) {
    return step<AdstockFamily::weibull_pdf, 2>(fcinfo);
}

PG_FUNCTION_INFO_V1(mmm_adstock_value);
Datum mmm_adstock_value(PG_FUNCTION_ARGS) {
    return Float8GetDatum(reinterpret_cast<const AdstockState*>(PG_GETARG_DATUM(0))->value());
}
}
