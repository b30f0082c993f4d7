// Reads rows through the executor, with the caller's rights: grants, views and row-level security work by themselves.
#pragma once

#include "core/model/table.hpp"

#include "pg/boundary.hpp"
#include "pg/row_layout.hpp"

namespace mmm::pg {

// Both need an SPI connection (see SpiConnection) and read with the snapshot of the calling statement.
// `request.source` is filled in here. SqlError 42809 unless `relation` has rows to select.
Table read_relation(Oid relation, Request request, std::int64_t max_bytes);

// `query` must be one SELECT (SqlError 22023 otherwise); whatever it calls finds the transaction read-only.
Table read_query(const std::string& query, Request request, std::int64_t max_bytes);

std::string relation_name(Oid relation);  // as regclass prints it

// An SPI connection for as long as a block runs. It is closed when an error of ours leaves the block, as callers may answer with
// the error (mmm_validate) instead of raising it. One of PostgreSQL's leaves it to the transaction's own clean-up.
template <typename F>
auto with_spi(int options, F&& body) {
    const auto finish = [] { guarded([] { SPI_finish(); }); };
    guarded([&] { SPI_connect_ext(options); });
    try {
        auto result = body();
        finish();
        return result;
    } catch (const Error&) {
        finish();
        throw;
    } catch (const SqlError&) {
        finish();
        throw;
    }
}

}  // namespace mmm::pg
