// One Datum to one number. May raise an ERROR: called under `guarded` or from inside the executor, so nothing here has
// a destructor.
#pragma once

#include "core/model/table.hpp"

#include "pg/row_layout.hpp"

namespace mmm::pg {

enum class ValueState : int { number, null, not_numeric, absent };  // absent: no such key in this row

struct Value {
    double number;
    ValueState state;
};

Value read_number(ValueKind kind, Datum value);
Value read_jsonb_key(Jsonb* document, const char* path, int length);

// The string, or the number as text, of a key; nullptr where it is absent, null or of another kind. In the current context.
const char* read_jsonb_text(Jsonb* document, const char* path, int length);

struct TimeValue {
    Timestamp microseconds;  // since 1970
    bool is_null;            // also infinite, or beyond the range of a timestamp
};

// A timestamptz becomes what `::timestamp` makes of it: the wall clock of the session's time zone.
TimeValue read_time(TimeKind kind, Datum value);

constexpr std::int64_t postgres_epoch_shift =  // microseconds from 1970-01-01 to 2000-01-01
    std::int64_t{POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE} * USECS_PER_DAY;

}  // namespace mmm::pg
