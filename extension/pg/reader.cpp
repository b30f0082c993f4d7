#include "pg/reader.hpp"

#include "pg/datum.hpp"
#include "pg/encoding.hpp"
#include "pg/row_collector.hpp"

namespace mmm::pg {

namespace {

// A DestReceiver that hands rows to a collector as the executor makes them. Its functions run between PostgreSQL's
// frames: an exception is kept for later and stops the executor.
struct RowSink {
    DestReceiver receiver{};
    RowCollector* collector = nullptr;
    int width = 0;
    std::exception_ptr failure;
};

RowSink* sink_of(DestReceiver* self) {
    return reinterpret_cast<RowSink*>(self);
}

bool keep_row(RowSink* sink) noexcept {
    try {
        sink->collector->append();
        return true;
    } catch (...) {
        sink->failure = std::current_exception();
        return false;
    }
}

bool receive_row(TupleTableSlot* slot, DestReceiver* self) {
    RowSink* sink = sink_of(self);
    slot_getallattrs(slot);
    sink->collector->convert(slot->tts_values, slot->tts_isnull);
    return keep_row(sink);
}

void start_rows(DestReceiver* self, int, TupleDesc description) {
    RowSink* sink = sink_of(self);
    if (description->natts != sink->width) elog(ERROR, "the source changed while it was being read");
    sink->collector->make_scratch(CurrentMemoryContext);
}

void end_rows(DestReceiver*) {}

SPIPlanPtr prepare(const char* query) {
    return guarded([&] {
        SPIPlanPtr plan = SPI_prepare(server_text(query), 0, nullptr);
        if (plan == nullptr) elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
        return plan;
    });
}

void execute(SPIPlanPtr plan, RowCollector& collector, int width) {
    RowSink sink;
    sink.receiver.receiveSlot = receive_row;
    sink.receiver.rStartup = start_rows;
    sink.receiver.rShutdown = end_rows;
    sink.receiver.rDestroy = end_rows;
    sink.receiver.mydest = DestNone;
    sink.collector = &collector;
    sink.width = width;
    SPIExecuteOptions options{};
    options.read_only = true;
    options.dest = &sink.receiver;
    guarded([&] {
        const int result = SPI_execute_plan_extended(plan, &options);
        if (result < 0) elog(ERROR, "SPI_execute_plan_extended failed: %s", SPI_result_code_string(result));
    });
    if (sink.failure) std::rethrow_exception(sink.failure);
}

std::vector<SourceColumn> relation_columns(Oid relation) {
    struct Opened {
        Relation relation;
        char kind;
    };
    // The lock stays until the transaction ends, as for any query: the columns cannot change before they are read.
    const Opened opened = guarded([&] {
        Relation open = relation_open(relation, AccessShareLock);
        return Opened{open, open->rd_rel->relkind};
    });
    const std::string_view readable = {"rvmfp"};
    static_assert(RELKIND_RELATION == 'r' && RELKIND_VIEW == 'v' && RELKIND_MATVIEW == 'm' &&
                  RELKIND_FOREIGN_TABLE == 'f' && RELKIND_PARTITIONED_TABLE == 'p');
    if (readable.find(opened.kind) == std::string_view::npos)
        throw SqlError(ERRCODE_WRONG_OBJECT_TYPE, relation_name(relation) + " is not a table or view");
    std::vector<SourceColumn> columns = source_columns(RelationGetDescr(opened.relation));
    guarded([&] { relation_close(opened.relation, NoLock); });
    return columns;
}

std::string quoted(const std::string& identifier) {
    const char* utf8 = identifier.c_str();
    return guarded([&] { return utf8_text(quote_identifier(server_text(utf8))); });
}

std::string qualified_name(Oid relation) {
    return guarded([&] {
        const char* schema = get_namespace_name(get_rel_namespace(relation));
        const char* name = get_rel_name(relation);
        if (schema == nullptr || name == nullptr) elog(ERROR, "cache lookup failed for relation %u", relation);
        return utf8_text(quote_qualified_identifier(schema, name));
    });
}

// Numbers the columns in use from 0 in the order of the select list, and writes that list.
std::string select_list(const std::vector<SourceColumn>& source, RowLayout& layout, int& width) {
    std::vector<int*> positions{&layout.time_position, &layout.geo_position};
    for (Field& field : layout.fields) positions.push_back(&field.position);
    std::string list;
    width = 0;
    for (const SourceColumn& column : source) {
        bool used = false;
        for (int*& position : positions) {
            if (position == nullptr || *position != column.position) continue;
            *position = width;
            position = nullptr;
            used = true;
        }
        if (!used) continue;
        list += (width++ == 0 ? "" : ", ") + quoted(column.name);
    }
    return list;
}

void require_select(CachedPlanSource* source) {
    const bool single = list_length(source->query_list) == 1;
    const Query* query = single ? linitial_node(Query, source->query_list) : nullptr;
    // The tag is that of the statement as written: a rule can turn an INSERT into a SELECT without a result.
    const bool plain = query != nullptr && query->commandType == CMD_SELECT && !query->hasModifyingCTE;
    if (plain && source->commandTag == CMDTAG_SELECT && source->resultDesc != nullptr) return;
    throw SqlError(ERRCODE_INVALID_PARAMETER_VALUE, "query is not a single SELECT that only reads",
                   std::string("Its command is ") + GetCommandTagName(source->commandTag) + ".",
                   "Give one SELECT that returns a row for each time step.");
}

CachedPlanSource* single_source(SPIPlanPtr plan) {
    List* sources = SPI_plan_get_plan_sources(plan);
    if (list_length(sources) != 1)
        throw SqlError(ERRCODE_INVALID_PARAMETER_VALUE, "query is not a single SELECT",
                       "It holds " + std::to_string(list_length(sources)) + " statements.",
                       "Give one SELECT that returns a row for each time step.");
    return static_cast<CachedPlanSource*>(linitial(sources));
}

}  // namespace

std::string relation_name(Oid relation) {
    return guarded(
        [&] { return utf8_text(DatumGetCString(DirectFunctionCall1(regclassout, ObjectIdGetDatum(relation)))); });
}

Table read_relation(Oid relation, Request request, std::int64_t max_bytes) {
    request.source = relation_name(relation);
    RowCollector collector(std::move(request), max_bytes);
    const std::vector<SourceColumn> source = relation_columns(relation);
    collector.set_source(source);
    int width = 0;
    const std::string list = select_list(source, collector.layout(), width);
    const std::string query = "SELECT " + list + " FROM " + qualified_name(relation);
    execute(prepare(query.c_str()), collector, width);
    return collector.table();
}

Table read_query(const std::string& query, Request request, std::int64_t max_bytes) {
    request.source = "query";
    RowCollector collector(std::move(request), max_bytes);
    SPIPlanPtr plan = prepare(query.c_str());
    CachedPlanSource* source = single_source(plan);
    require_select(source);
    collector.set_source(source_columns(source->resultDesc));
    // The query may call anything. Whatever stops it by an error resets this with the (sub)transaction.
    const bool read_only = XactReadOnly;
    XactReadOnly = true;
    execute(plan, collector, source->resultDesc->natts);
    XactReadOnly = read_only;
    return collector.table();
}

}  // namespace mmm::pg
