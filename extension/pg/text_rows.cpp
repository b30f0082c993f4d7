#include "pg/text_rows.hpp"

#include "pg/boundary.hpp"
#include "pg/encoding.hpp"

namespace mmm::pg {

Oid relation_by_name(const std::string& name) {
    const char* text = name.c_str();
    return guarded(
        [&] { return DatumGetObjectId(DirectFunctionCall1(regclassin, CStringGetDatum(server_text(text)))); });
}

std::vector<std::vector<std::string>> read_text_rows(const std::string& query, std::uint64_t most) {
    const char* text = query.c_str();
    guarded([&] {
        const int result = SPI_execute(server_text(text), true, static_cast<long>(most));
        if (result != SPI_OK_SELECT) elog(ERROR, "SPI_execute failed: %s", SPI_result_code_string(result));
    });
    SPITupleTable* table = SPI_tuptable;
    std::vector<std::vector<std::string>> rows;
    for (std::uint64_t r = 0; r < table->numvals; ++r) {
        std::vector<std::string> row;
        for (int c = 1; c <= table->tupdesc->natts; ++c) {
            const char* value = guarded([&] {
                char* found = SPI_getvalue(table->vals[r], table->tupdesc, c);
                return found == nullptr ? "" : static_cast<const char*>(utf8_text(found));
            });
            row.emplace_back(value);
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace mmm::pg
