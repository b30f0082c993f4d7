#include "sql/fitting.hpp"

#include "pg/reader.hpp"
#include "pg/settings.hpp"

namespace mmm::sql {

Table read_relation_for(const Specification& spec, Oid relation) {
    return pg::with_spi(
        0, [&] { return pg::read_relation(relation, time_column(spec), value_columns(spec), pg::max_memory_bytes()); });
}

Table read_query_for(const Specification& spec, const std::string& query) {
    return pg::with_spi(
        0, [&] { return pg::read_query(query, time_column(spec), value_columns(spec), pg::max_memory_bytes()); });
}

}  // namespace mmm::sql
