// Rows of a set-returning function, kept in a tuplestore (which spills to disk beyond work_mem).
#pragma once

#include "core/model/table.hpp"

#include "pg/boundary.hpp"

namespace mmm::pg {

class Rows {
public:
    explicit Rows(FunctionCallInfo call);  // throws unless the caller takes a set

    // The cells of a row, in the order of the function's result columns. Strings must live until `end`.
    Rows& text(const std::string& value);
    Rows& text(const std::optional<std::string>& value);
    Rows& server_text(const std::string& value);  // already in the database's encoding
    Rows& jsonb(const std::string& json);
    Rows& number(double value);
    Rows& number(const std::optional<double>& value);
    Rows& integer(std::int32_t value);
    Rows& boolean(bool value);
    Rows& time(Timestamp microseconds);
    Rows& time_with_zone(TimestampTz value);
    Rows& null();
    void end();

    static Datum done() { return Datum{0}; }

private:
    enum class CellKind { null, text, server_text, jsonb, plain };
    struct Cell {
        CellKind kind;
        const char* text;
        Datum plain;
    };
    static Datum datum_of(const Cell& cell);
    Rows& add(const Cell& cell);
    void store(const Cell* cells, int count);

    ReturnSetInfo* result_ = nullptr;
    MemoryContext scratch_ = nullptr;
    std::vector<Cell> cells_;
    int since_check_ = 0;
};

}  // namespace mmm::pg
