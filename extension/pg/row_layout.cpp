#include "pg/row_layout.hpp"

#include "pg/encoding.hpp"

namespace mmm::pg {

namespace {

ValueKind value_kind(Oid type) {
    switch (type) {
        case FLOAT8OID: return ValueKind::float8;
        case FLOAT4OID: return ValueKind::float4;
        case INT2OID: return ValueKind::int2;
        case INT4OID: return ValueKind::int4;
        case INT8OID: return ValueKind::int8;
        case NUMERICOID: return ValueKind::numeric;
        case BOOLOID: return ValueKind::boolean;
        default: return ValueKind::unreadable;
    }
}

TimeKind time_kind(Oid type) {
    switch (type) {
        case DATEOID: return TimeKind::date;
        case TIMESTAMPOID: return TimeKind::timestamp;
        case TIMESTAMPTZOID: return TimeKind::timestamptz;
        default: return TimeKind::unreadable;
    }
}

const SourceColumn* find_column(const std::vector<SourceColumn>& source, std::string_view name) {
    for (const SourceColumn& column : source)
        if (column.name == name) return &column;
    return nullptr;
}

std::string to_server(const std::string& utf8) {
    const char* text = utf8.c_str();
    return guarded([&] { return server_text(text); });
}

// The column before some dot of `name`, and the rest of the name as a key in it.
const SourceColumn* find_prefix(const std::vector<SourceColumn>& source, const std::string& name, std::string& key) {
    for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1)) {
        const SourceColumn* column = find_column(source, std::string_view(name).substr(0, dot));
        if (column == nullptr) continue;
        key = name.substr(dot + 1);
        return column;
    }
    return nullptr;
}

Field find_field(const std::vector<SourceColumn>& source, const std::string& name, TableColumn& found) {
    Field field;
    found.name = name;
    found.status = ColumnStatus::missing;
    const SourceColumn* column = find_column(source, name);
    if (column != nullptr) {
        field.kind = value_kind(column->type);
    } else {
        std::string key;
        column = find_prefix(source, name, key);
        if (column == nullptr) return field;
        if (column->type == JSONBOID) field.kind = ValueKind::jsonb_key;
        field.path = to_server(key);
    }
    found.type_name = column->type_name;
    found.status = field.kind == ValueKind::unreadable ? ColumnStatus::wrong_type : ColumnStatus::ok;
    if (found.status == ColumnStatus::ok) field.position = column->position;
    return field;
}

void find_time(const std::vector<SourceColumn>& source, RowLayout& layout, Table& table) {
    const SourceColumn* column = find_column(source, table.time_column);
    table.time_status = ColumnStatus::missing;
    if (column == nullptr) return;
    layout.time_kind = time_kind(column->type);
    table.time_type_name = column->type_name;
    table.time_status = layout.time_kind == TimeKind::unreadable ? ColumnStatus::wrong_type : ColumnStatus::ok;
    if (table.time_status == ColumnStatus::ok) layout.time_position = column->position;
}

GeoKind geo_kind(Oid type) {
    switch (type) {
        case TEXTOID:
        case VARCHAROID:
        case BPCHAROID: return GeoKind::text;
        case NAMEOID:
        case UUIDOID:
        case INT2OID:
        case INT4OID:
        case INT8OID: return GeoKind::other;
        default: return GeoKind::unreadable;
    }
}

void find_geo(const std::vector<SourceColumn>& source, const Request& request, RowLayout& layout, Table& table) {
    table.geo_column = request.geo_column;
    if (request.geo_column.empty()) return;
    table.geo_status = ColumnStatus::missing;
    const SourceColumn* column = find_column(source, request.geo_column);
    if (column != nullptr) {
        // An enum's base type is itself: its labels name geos as well as any text.
        layout.geo_kind = guarded([&] { return type_is_enum(column->type); }) ? GeoKind::other : geo_kind(column->type);
    } else {
        std::string key;
        column = find_prefix(source, request.geo_column, key);
        if (column == nullptr) return;
        if (column->type == JSONBOID) layout.geo_kind = GeoKind::jsonb_key;
        layout.geo_path = to_server(key);
    }
    table.geo_status = layout.geo_kind == GeoKind::unreadable ? ColumnStatus::wrong_type : ColumnStatus::ok;
    if (table.geo_status != ColumnStatus::ok) return;
    layout.geo_position = column->position;
    layout.needs_scratch = true;
    if (layout.geo_kind != GeoKind::other) return;
    const Oid type = column->type;
    layout.geo_output = guarded([&] {
        Oid output = InvalidOid;
        bool is_varlena = false;
        getTypeOutputInfo(type, &output, &is_varlena);
        return output;
    });
}

}  // namespace

std::vector<SourceColumn> source_columns(TupleDesc description) {
    struct Text {
        const char* name;
        const char* type;
        Oid base;
    };
    std::vector<SourceColumn> columns;
    for (int i = 0; i < description->natts; ++i) {
        const FormData_pg_attribute* attribute = TupleDescAttr(description, i);
        if (attribute->attisdropped) continue;
        const Text text = guarded([&] {
            const char* name = utf8_text(NameStr(attribute->attname));
            return Text{name, utf8_text(format_type_be(attribute->atttypid)), getBaseType(attribute->atttypid)};
        });
        columns.push_back({text.name, i, text.base, text.type});
    }
    return columns;
}

RowLayout lay_out(const std::vector<SourceColumn>& source, const Request& request, Table& table) {
    RowLayout layout;
    table.source = request.source;
    table.time_column = request.time_column;
    table.columns.resize(request.columns.size());
    table.available.clear();
    for (const SourceColumn& column : source) table.available.push_back(column.name);
    find_time(source, layout, table);
    find_geo(source, request, layout, table);
    for (std::size_t i = 0; i < request.columns.size(); ++i) {
        layout.fields.push_back(find_field(source, request.columns[i], table.columns[i]));
        const ValueKind kind = layout.fields.back().kind;
        layout.needs_scratch |= kind == ValueKind::jsonb_key || kind == ValueKind::numeric;
    }
    return layout;
}

}  // namespace mmm::pg
