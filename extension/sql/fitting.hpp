// What the ways of fitting share.
#pragma once

#include "core/api.hpp"

#include "pg/fit_host.hpp"
#include "pg/row_layout.hpp"

namespace mmm::sql {

// The specification of a jsonb document; a table of events is read with the caller's rights.
SpecificationPtr read_specification(const std::string& json);

// The columns that a fit of `spec` needs.
pg::Request request_of(const Specification& spec);

// Reads a table for `spec`, within mmm.max_memory, with an SPI connection of its own.
Table read_relation_for(const Specification& spec, Oid relation);
Table read_query_for(const Specification& spec, const std::string& query);

}  // namespace mmm::sql
