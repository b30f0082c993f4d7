// Small tables of text, read at once.
#pragma once

#include <string>
#include <vector>

#include "pg/pg.hpp"

namespace mmm::pg {

// The oid of a relation by its name, as `::regclass` finds it. SqlError 42P01 where there is none.
Oid relation_by_name(const std::string& name);

// Every value of `query`, run read-only with the caller's rights, as text; null is "". At most `most` rows are read.
// Needs an SPI connection (with_spi).
std::vector<std::vector<std::string>> read_text_rows(const std::string& query, std::uint64_t most);

}  // namespace mmm::pg
