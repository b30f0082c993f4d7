#include "pg/values.hpp"

namespace mmm::pg {

namespace {

Value number(double value) {
    return {value, ValueState::number};
}

double numeric_to_double(Datum numeric) {
    return DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, numeric));
}

// The whole rest of the path is tried as one key before its first dot is taken for a step down.
ValueState find_key(JsonbContainer* container, const char* path, int length, JsonbValue* found) {
    while (JsonContainerIsObject(container)) {
        if (getKeyJsonValueFromContainer(container, path, length, found) != nullptr) return ValueState::number;
        const void* dot = std::memchr(path, '.', static_cast<std::size_t>(length));
        if (dot == nullptr) return ValueState::absent;
        const int step = static_cast<int>(static_cast<const char*>(dot) - path);
        if (getKeyJsonValueFromContainer(container, path, step, found) == nullptr) return ValueState::absent;
        if (found->type != jbvBinary) return ValueState::absent;
        container = found->val.binary.data;
        path += step + 1;
        length -= step + 1;
    }
    return ValueState::absent;
}

constexpr std::int64_t last_timestamp_day = TIMESTAMP_END_JULIAN - POSTGRES_EPOCH_JDATE;

TimeValue from_timestamp(::Timestamp value) {
    if (TIMESTAMP_NOT_FINITE(value)) return {0, true};
    return {value + postgres_epoch_shift, false};
}

TimeValue from_date(DateADT value) {
    if (DATE_NOT_FINITE(value) || value >= last_timestamp_day) return {0, true};
    return from_timestamp(std::int64_t{value} * USECS_PER_DAY);
}

}  // namespace

Value read_number(ValueKind kind, Datum value) {
    switch (kind) {
        case ValueKind::float8: return number(DatumGetFloat8(value));
        case ValueKind::float4: return number(static_cast<double>(DatumGetFloat4(value)));
        case ValueKind::int2: return number(DatumGetInt16(value));
        case ValueKind::int4: return number(DatumGetInt32(value));
        case ValueKind::int8: return number(static_cast<double>(DatumGetInt64(value)));
        case ValueKind::numeric: return number(numeric_to_double(value));
        case ValueKind::boolean: return number(DatumGetBool(value) ? 1.0 : 0.0);
        case ValueKind::jsonb_key:
        case ValueKind::unreadable: break;
    }
    return {0, ValueState::not_numeric};
}

Value read_jsonb_key(Jsonb* document, const char* path, int length) {
    JsonbValue found;
    if (find_key(&document->root, path, length, &found) == ValueState::absent) return {0, ValueState::absent};
    switch (found.type) {
        case jbvNumeric: return number(numeric_to_double(NumericGetDatum(found.val.numeric)));
        case jbvBool: return number(found.val.boolean ? 1.0 : 0.0);
        case jbvNull: return {0, ValueState::null};
        default: return {0, ValueState::not_numeric};
    }
}

const char* read_jsonb_text(Jsonb* document, const char* path, int length) {
    JsonbValue found;
    if (find_key(&document->root, path, length, &found) == ValueState::absent) return nullptr;
    if (found.type == jbvString) return pnstrdup(found.val.string.val, static_cast<Size>(found.val.string.len));
    if (found.type == jbvNumeric)
        return DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(found.val.numeric)));
    return nullptr;
}

TimeValue read_time(TimeKind kind, Datum value) {
    switch (kind) {
        case TimeKind::date: return from_date(DatumGetDateADT(value));
        case TimeKind::timestamp: return from_timestamp(DatumGetTimestamp(value));
        case TimeKind::timestamptz:
            return from_timestamp(DatumGetTimestamp(DirectFunctionCall1(timestamptz_timestamp, value)));
        case TimeKind::unreadable: break;
    }
    return {0, true};
}

}  // namespace mmm::pg
