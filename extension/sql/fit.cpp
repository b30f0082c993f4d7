// mmm_fit, mmm_fit_query, mmm_fit_detached.
#include "sql/fitting.hpp"
#include "sql/model_value.hpp"
#include "sql/tenant_context.hpp"

#include "pg/reader.hpp"
#include "pg/settings.hpp"

namespace {

using namespace mmm;

// Ends the transaction that read, so that the computation holds no snapshot and does not hold back vacuum.
Table read_and_commit(const Specification& spec, Oid relation) {
    return pg::with_spi(SPI_OPT_NONATOMIC, [&] {
        Table table = pg::read_relation(relation, sql::request_of(spec), pg::max_memory_bytes());
        pg::guarded([] { SPI_commit(); });
        return table;
    });
}

// A lookup of a specification that found none must not end as a model that is null.
void require_arguments(FunctionCallInfo call, const char* first) {
    for (short i = 0; i < 2; ++i)
        if (call->args[i].isnull)
            throw pg::SqlError(ERRCODE_NULL_VALUE_NOT_ALLOWED, std::string(i == 0 ? first : "spec") + " must not be null", {},
                               i == 0 ? "Name what is to be fitted." : "A query that looks the specification up may have found no row.");
}

void require_nonatomic(FunctionCallInfo call) {
    const bool in_call = call->context != nullptr && IsA(call->context, CallContext);
    if (in_call && !castNode(CallContext, call->context)->atomic) return;
    throw pg::SqlError(ERRCODE_INVALID_TRANSACTION_TERMINATION,
                       "mmm_fit_detached cannot run inside a transaction block or a function",
                       "It commits after reading, so that it holds no snapshot while it computes.",
                       "Use CALL by itself with autocommit, or mmm_fit() inside a transaction.");
}

Datum one_column_record(FunctionCallInfo call, Datum value) {
    return pg::guarded([&] {
        TupleDesc description = nullptr;
        if (get_call_result_type(call, nullptr, &description) != TYPEFUNC_COMPOSITE)
            elog(ERROR, "return type must be a row type");
        bool null = false;
        return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(description), &value, &null));
    });
}

}  // namespace

extern "C" {

PG_FUNCTION_INFO_V1(mmm_fit);
Datum mmm_fit(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        require_arguments(fcinfo, "source");
        const SpecificationPtr spec = sql::read_specification(pg::string_from_jsonb(PG_GETARG_DATUM(1)));
        const Oid relation = PG_GETARG_OID(0);
        const pg::FitHost host(pg::relation_name(relation));
        const Table table = sql::read_relation_for(*spec, relation);
        return sql::datum_from_model(*fit(*spec, table, host.host()));
    });
}

PG_FUNCTION_INFO_V1(mmm_fit_query);
Datum mmm_fit_query(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        require_arguments(fcinfo, "query");
        const SpecificationPtr spec = sql::read_specification(pg::string_from_jsonb(PG_GETARG_DATUM(1)));
        const std::string query = pg::string_from_text(PG_GETARG_DATUM(0));
        const pg::FitHost host("query");
        const Table table = sql::read_query_for(*spec, query);
        return sql::datum_from_model(*fit(*spec, table, host.host()));
    });
}

PG_FUNCTION_INFO_V1(mmm_fit_detached);
Datum mmm_fit_detached(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        require_nonatomic(fcinfo);
        require_arguments(fcinfo, "source");
        const SpecificationPtr spec = sql::read_specification(pg::string_from_jsonb(PG_GETARG_DATUM(1)));
        const Oid relation = PG_GETARG_OID(0);
        const pg::FitHost host(pg::relation_name(relation));
        const sql::CarriedTenant tenant = sql::carry_tenant();
        const Table table = read_and_commit(*spec, relation);
        const FittedModelPtr model = fit(*spec, table, host.host());
        sql::bind_again(tenant);
        return one_column_record(fcinfo, sql::datum_from_model(*model));
    });
}
}
