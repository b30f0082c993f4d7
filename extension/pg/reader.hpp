// Reads rows through the executor, with the caller's rights: grants, views and row-level security work by themselves.
#pragma once

#include "core/model/table.hpp"

#include "pg/row_layout.hpp"

namespace mmm::pg {

// Both need an SPI connection (see SpiConnection) and read with the snapshot of the calling statement.
// `request.source` is filled in here. SqlError 42809 unless `relation` has rows to select.
Table read_relation(Oid relation, Request request, std::int64_t max_bytes);

// `query` must be one SELECT (SqlError 22023 otherwise); whatever it calls finds the transaction read-only.
Table read_query(const std::string& query, Request request, std::int64_t max_bytes);

std::string relation_name(Oid relation);  // as regclass prints it

// An SPI connection for as long as a block runs well. An error on the way leaves it to the transaction's own clean-up,
// because no PostgreSQL call belongs into a destructor.
template <typename F>
auto with_spi(int options, F&& body) {
    guarded([&] { SPI_connect_ext(options); });
    auto result = body();
    guarded([] { SPI_finish(); });
    return result;
}

}  // namespace mmm::pg
