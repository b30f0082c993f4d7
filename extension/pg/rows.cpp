#include "pg/rows.hpp"

#include "pg/encoding.hpp"
#include "pg/interrupts.hpp"
#include "pg/values.hpp"

namespace mmm::pg {

namespace {

constexpr int most_columns = 32;
constexpr int rows_between_checks = 1000;

}  // namespace

Rows::Rows(FunctionCallInfo call) {
    scratch_ = guarded([&] {
        InitMaterializedSRF(call, 0);
        return AllocSetContextCreate(CurrentMemoryContext, "mmm result row", ALLOCSET_SMALL_SIZES);
    });
    result_ = reinterpret_cast<ReturnSetInfo*>(call->resultinfo);
}

Rows& Rows::add(const Cell& cell) {
    cells_.push_back(cell);
    return *this;
}

Rows& Rows::text(const std::string& value) {
    return add({CellKind::text, value.c_str(), 0});
}

Rows& Rows::text(const std::optional<std::string>& value) {
    return value ? text(*value) : null();
}

Rows& Rows::server_text(const std::string& value) {
    return add({CellKind::server_text, value.c_str(), 0});
}

Rows& Rows::jsonb(const std::string& json) {
    return add({CellKind::jsonb, json.c_str(), 0});
}

Rows& Rows::number(double value) {
    return add({CellKind::plain, nullptr, Float8GetDatum(value)});
}

Rows& Rows::number(const std::optional<double>& value) {
    return value ? number(*value) : null();
}

Rows& Rows::integer(std::int32_t value) {
    return add({CellKind::plain, nullptr, Int32GetDatum(value)});
}

Rows& Rows::boolean(bool value) {
    return add({CellKind::plain, nullptr, BoolGetDatum(value)});
}

Rows& Rows::time(Timestamp microseconds) {
    return add({CellKind::plain, nullptr, TimestampGetDatum(microseconds - postgres_epoch_shift)});
}

Rows& Rows::time_with_zone(TimestampTz value) {
    return add({CellKind::plain, nullptr, TimestampTzGetDatum(value)});
}

Rows& Rows::null() {
    return add({CellKind::null, nullptr, 0});
}

Datum Rows::datum_of(const Cell& cell) {
    switch (cell.kind) {
        case CellKind::text: return CStringGetTextDatum(pg::server_text(cell.text));
        case CellKind::server_text: return CStringGetTextDatum(cell.text);
        case CellKind::jsonb: return DirectFunctionCall1(jsonb_in, CStringGetDatum(pg::server_text(cell.text)));
        case CellKind::plain: return cell.plain;
        case CellKind::null: break;
    }
    return Datum{0};
}

// Under `guarded`.
void Rows::store(const Cell* cells, int count) {
    if (count != result_->setDesc->natts || count > most_columns)
        elog(ERROR, "function returns %d columns, not %d: the extension's SQL and library differ in version", count,
             result_->setDesc->natts);
    const MemoryContext outer = MemoryContextSwitchTo(scratch_);
    Datum values[most_columns];
    bool nulls[most_columns];
    for (int i = 0; i < count; ++i) {
        nulls[i] = cells[i].kind == CellKind::null;
        values[i] = datum_of(cells[i]);
    }
    tuplestore_putvalues(result_->setResult, result_->setDesc, values, nulls);
    MemoryContextSwitchTo(outer);
    MemoryContextReset(scratch_);
}

void Rows::end() {
    const Cell* cells = cells_.data();
    const int count = static_cast<int>(cells_.size());
    guarded([&] { store(cells, count); });
    cells_.clear();
    if (++since_check_ < rows_between_checks) return;
    since_check_ = 0;
    check_interrupts();
}

}  // namespace mmm::pg
