// Where the columns that someone asks for are found in a row.
//
// A name is looked up as a column first; failing that, `column.key` (or `column.outer.key`) is a key of a jsonb column.
#pragma once

#include "core/model/table.hpp"

#include "pg/boundary.hpp"

namespace mmm::pg {

// A column as the source has it. Domains count as the type beneath them.
struct SourceColumn {
    std::string name;
    int position = 0;  // from 0
    Oid type = InvalidOid;
    std::string type_name;
};
std::vector<SourceColumn> source_columns(TupleDesc description);

enum class ValueKind : int { float8, float4, int2, int4, int8, numeric, boolean, jsonb_key, unreadable };
enum class GeoKind : int { text, other, jsonb_key, unreadable };  // other: by the output function of its type
enum class TimeKind : int { date, timestamp, timestamptz, unreadable };

struct Field {
    int position = -1;  // -1: not there
    ValueKind kind = ValueKind::unreadable;
    std::string path;  // of a jsonb key, in the server's encoding
};

struct RowLayout {
    int time_position = -1;
    TimeKind time_kind = TimeKind::unreadable;
    int geo_position = -1;
    GeoKind geo_kind = GeoKind::unreadable;
    std::string geo_path;        // of a jsonb key, in the server's encoding
    Oid geo_output = InvalidOid;  // output function of another type
    std::vector<Field> fields;   // one for each requested column, in that order
    bool needs_scratch = false;  // some value has to be unpacked before it can be read
};

struct Request {
    std::string source;  // for messages
    std::string time_column;
    std::string geo_column;  // empty: no geos
    std::vector<std::string> columns;
};

// Also writes what the lookup found (names, types, statuses) into `table`.
RowLayout lay_out(const std::vector<SourceColumn>& source, const Request& request, Table& table);

}  // namespace mmm::pg
