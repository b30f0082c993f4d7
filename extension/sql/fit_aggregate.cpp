// The aggregate mmm_fit_agg(record, jsonb): collects the rows of a group, fits in the final function.
#include "sql/fitting.hpp"
#include "sql/model_value.hpp"

#include "pg/row_collector.hpp"
#include "pg/settings.hpp"

namespace {

using namespace mmm;

// One group. Its C++ members live outside PostgreSQL's memory contexts: a reset callback of the aggregate's context
// destroys them, however the aggregate ends.
struct FitGroup {
    SpecificationPtr spec;
    std::string spec_bytes;  // the jsonb as it is stored, to notice another one
    std::unique_ptr<pg::RowCollector> collector;
    MemoryContext context = nullptr;
    Oid row_type = InvalidOid;
    std::int32_t row_typmod = -1;
    TupleDesc description = nullptr;  // a copy in `context`
    Datum* values = nullptr;
    bool* nulls = nullptr;
};

void destroy_group(void* group) {
    delete static_cast<FitGroup*>(group);
}

FitGroup* new_group(FunctionCallInfo call, Datum spec) {
    auto group = std::make_unique<FitGroup>();
    group->spec_bytes = pg::bytes_from_varlena(spec);
    group->spec = sql::read_specification(pg::string_from_jsonb(spec));
    group->collector = std::make_unique<pg::RowCollector>(
        pg::Request{"group", time_column(*group->spec), geo_column(*group->spec), value_columns(*group->spec)},
        pg::max_memory_bytes());
    FitGroup* plain = group.get();
    pg::guarded([&] {
        if (AggCheckCallContext(call, &plain->context) == 0)
            elog(ERROR, "mmm_fit_agg_step called outside an aggregate");
        auto* callback =
            static_cast<MemoryContextCallback*>(MemoryContextAlloc(plain->context, sizeof(MemoryContextCallback)));
        *callback = {destroy_group, plain, nullptr};
        MemoryContextRegisterResetCallback(plain->context, callback);
    });
    return group.release();
}

void require_same_spec(const FitGroup& group, Datum spec) {
    if (pg::bytes_from_varlena(spec) == group.spec_bytes) return;
    throw pg::SqlError(ERRCODE_INVALID_PARAMETER_VALUE, "specification changes within a group", {},
                       "Give mmm_fit_agg one specification for all rows of a group, or group by it as well.");
}

// Under `guarded`. Looking a row type up is dear, so it is done when the type changes: as a rule, once.
void copy_row_type(FitGroup& group, Oid type, std::int32_t typmod) {
    TupleDesc shared = lookup_rowtype_tupdesc(type, typmod);
    const MemoryContext outer = MemoryContextSwitchTo(group.context);
    group.description = CreateTupleDescCopy(shared);
    const auto width = static_cast<std::size_t>(std::max(1, shared->natts));
    group.values = static_cast<Datum*>(palloc(width * sizeof(Datum)));
    group.nulls = static_cast<bool*>(palloc(width * sizeof(bool)));
    MemoryContextSwitchTo(outer);
    ReleaseTupleDesc(shared);
}

void add_row(FitGroup& group, Datum record) {
    HeapTupleHeader header = pg::guarded([&] { return DatumGetHeapTupleHeader(record); });
    const Oid type = HeapTupleHeaderGetTypeId(header);
    const std::int32_t typmod = HeapTupleHeaderGetTypMod(header);
    if (group.description == nullptr || type != group.row_type || typmod != group.row_typmod) {
        pg::guarded([&] { copy_row_type(group, type, typmod); });
        group.collector->set_source(pg::source_columns(group.description));
        group.row_type = type;
        group.row_typmod = typmod;
    }
    pg::guarded([&] {
        HeapTupleData tuple{};
        tuple.t_len = HeapTupleHeaderGetDatumLength(header);
        tuple.t_data = header;
        heap_deform_tuple(&tuple, group.description, group.values, group.nulls);
        group.collector->make_scratch(group.context);
        group.collector->convert(group.values, group.nulls);
    });
    group.collector->append();
}

}  // namespace

extern "C" {

PG_FUNCTION_INFO_V1(mmm_fit_agg_step);
Datum mmm_fit_agg_step(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        FitGroup* group = PG_ARGISNULL(0) ? nullptr : reinterpret_cast<FitGroup*>(PG_GETARG_DATUM(0));
        if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2)) {
            if (group == nullptr)
                group = new_group(fcinfo, PG_GETARG_DATUM(2));
            else
                require_same_spec(*group, PG_GETARG_DATUM(2));
            add_row(*group, PG_GETARG_DATUM(1));
        }
        if (group == nullptr) fcinfo->isnull = true;
        return PointerGetDatum(group);
    });
}

PG_FUNCTION_INFO_V1(mmm_fit_agg_final);
Datum mmm_fit_agg_final(PG_FUNCTION_ARGS) {
    return pg::boundary([&] {
        auto* group = reinterpret_cast<FitGroup*>(PG_GETARG_DATUM(0));
        const pg::FitHost host("group");
        const Table table = group->collector->table();
        return sql::datum_from_model(*fit(*group->spec, table, host.host()));
    });
}
}
