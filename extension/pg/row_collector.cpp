#include "pg/row_collector.hpp"

#include "pg/encoding.hpp"

namespace mmm::pg {

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace

RowCollector::RowCollector(Request request, std::int64_t max_bytes)
    : request_(std::move(request)),
      max_bytes_(max_bytes),
      row_bytes_(static_cast<std::int64_t>(sizeof(Timestamp) + sizeof(int) + (sizeof(double) + 1) * request_.columns.size() + 1)),
      row_(request_.columns.size()),
      seen_(request_.columns.size(), false) {}

void RowCollector::set_source(const std::vector<SourceColumn>& source) {
    layout_ = lay_out(source, request_, table_);
}

void RowCollector::make_scratch(MemoryContext parent) {
    if (layout_.needs_scratch && scratch_ == nullptr)
        scratch_ = AllocSetContextCreate(parent, "mmm row", ALLOCSET_DEFAULT_SIZES);
}

void RowCollector::convert(const Datum* values, const bool* nulls) {
    row_time_ = {0, true};
    row_geo_ = {};
    if (layout_.time_position >= 0 && !nulls[layout_.time_position])
        row_time_ = read_time(layout_.time_kind, values[layout_.time_position]);
    if (!layout_.needs_scratch) {
        convert_values(values, nulls);
        return;
    }
    MemoryContextReset(scratch_);
    const MemoryContext outer = MemoryContextSwitchTo(scratch_);
    document_position_ = -1;
    convert_values(values, nulls);
    row_geo_ = convert_geo(values, nulls);
    MemoryContextSwitchTo(outer);
}

std::string_view RowCollector::convert_geo(const Datum* values, const bool* nulls) {
    if (layout_.geo_position < 0 || nulls[layout_.geo_position]) return {};
    const Datum value = values[layout_.geo_position];
    switch (layout_.geo_kind) {
        case GeoKind::text: {
            const text* packed = DatumGetTextPP(value);
            // Most servers speak UTF-8: nothing to copy.
            if (GetDatabaseEncoding() == PG_UTF8) return {VARDATA_ANY(packed), static_cast<std::size_t>(VARSIZE_ANY_EXHDR(packed))};
            return utf8_text(text_to_cstring(packed));
        }
        case GeoKind::other: return utf8_text(OidOutputFunctionCall(layout_.geo_output, value));
        case GeoKind::jsonb_key: {
            const char* text = read_jsonb_text(document(values, layout_.geo_position), layout_.geo_path.data(),
                                               static_cast<int>(layout_.geo_path.size()));
            return text == nullptr ? std::string_view{} : std::string_view{utf8_text(text)};
        }
        case GeoKind::unreadable: break;
    }
    return {};
}

int RowCollector::code_of_geo() {
    // Rows often come geo by geo.
    if (!table_.geo.empty() && table_.geo.back() >= 0 && table_.geo_names[static_cast<std::size_t>(table_.geo.back())] == row_geo_)
        return table_.geo.back();
    const auto known = geo_codes_.find(row_geo_);
    if (known != geo_codes_.end()) return known->second;
    const int code = static_cast<int>(table_.geo_names.size());
    table_.geo_names.emplace_back(row_geo_);
    geo_codes_.emplace(row_geo_, code);
    return code;
}

void RowCollector::append_geo() {
    if (request_.geo_column.empty()) return;
    table_.geo.push_back(row_geo_.data() == nullptr ? -1 : code_of_geo());
}

void RowCollector::convert_values(const Datum* values, const bool* nulls) {
    for (std::size_t i = 0; i < row_.size(); ++i) {
        const Field& field = layout_.fields[i];
        if (field.position < 0 || nulls[field.position])
            row_[i] = {0, ValueState::null};
        else if (field.kind == ValueKind::jsonb_key)
            row_[i] = read_jsonb_key(document(values, field.position), field.path.data(),
                                     static_cast<int>(field.path.size()));
        else
            row_[i] = read_number(field.kind, values[field.position]);
    }
}

// Neighbouring keys usually come from one column, so it is unpacked once.
Jsonb* RowCollector::document(const Datum* values, int position) {
    if (document_position_ != position) {
        document_ = DatumGetJsonbP(values[position]);
        document_position_ = position;
    }
    return document_;
}

void RowCollector::append() {
    if (static_cast<std::int64_t>(table_.rows() + 1) * row_bytes_ > max_bytes_)
        throw Error(ErrorKind::limit_exceeded,
                    "rows of " + request_.source + " need more memory than mmm.max_memory allows (" +
                        std::to_string(max_bytes_ >> 20) + " MB)",
                    "Reading stopped after " + std::to_string(table_.rows()) + " rows.",
                    "Aggregate the rows to one a time step (and geo), or raise mmm.max_memory.");
    table_.time.push_back(row_time_.microseconds);
    table_.time_is_null.push_back(row_time_.is_null);
    append_geo();
    for (std::size_t i = 0; i < row_.size(); ++i) {
        TableColumn& column = table_.columns[i];
        const bool is_number = row_[i].state == ValueState::number;
        column.values.push_back(is_number ? row_[i].number : not_a_number);
        column.is_null.push_back(row_[i].state == ValueState::null || row_[i].state == ValueState::absent);
        if (row_[i].state == ValueState::not_numeric) ++column.not_numeric;
        if (row_[i].state != ValueState::absent) seen_[i] = true;
    }
}

Table RowCollector::table() const {
    Table table = table_;
    for (std::size_t i = 0; i < row_.size(); ++i) {
        const bool is_key = layout_.fields[i].kind == ValueKind::jsonb_key;
        if (is_key && table.rows() > 0 && !seen_[i]) table.columns[i].status = ColumnStatus::missing;
    }
    return table;
}

}  // namespace mmm::pg
