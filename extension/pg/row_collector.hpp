// Collects rows into a Table, in two steps a row because the first may leave by longjmp and the second by exception:
// `convert` reads Datums (PostgreSQL calls, no C++ exception, nothing to destroy), `append` stores what it read.
#pragma once

#include <unordered_map>

#include "pg/row_layout.hpp"
#include "pg/values.hpp"

namespace mmm::pg {

// Finds strings by what they say, without a string made of it.
struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

class RowCollector {
public:
    RowCollector(Request request, std::int64_t max_bytes);

    // Lays out rows of `source` from here on. Again for a source whose rows change their type.
    void set_source(const std::vector<SourceColumn>& source);
    RowLayout& layout() { return layout_; }

    // Scratch memory for unpacking lives in a child of `parent`. Call under `guarded`.
    void make_scratch(MemoryContext parent);
    void convert(const Datum* values, const bool* nulls);
    void append();  // Error(limit_exceeded) when the table outgrows max_bytes

    // What was read so far. Columns that are missing or unreadable come as all null.
    Table table() const;

private:
    void convert_values(const Datum* values, const bool* nulls);
    std::string_view convert_geo(const Datum* values, const bool* nulls);
    void append_geo();
    int code_of_geo();
    Jsonb* document(const Datum* values, int position);

    Request request_;
    std::int64_t max_bytes_;
    std::int64_t row_bytes_;
    Table table_;
    RowLayout layout_;
    MemoryContext scratch_ = nullptr;
    std::vector<Value> row_;
    TimeValue row_time_{0, true};
    std::string_view row_geo_;  // no data where null; in the row or in scratch memory, until the next row is converted
    std::unordered_map<std::string, int, TextHash, std::equal_to<>> geo_codes_;
    std::vector<bool> seen_;      // jsonb keys met in some row
    int document_position_ = -1;  // of the jsonb column unpacked last in this row
    Jsonb* document_ = nullptr;
};

}  // namespace mmm::pg
