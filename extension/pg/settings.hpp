// The extension's configuration parameters.
#pragma once

#include "pg/pg.hpp"

namespace mmm::pg {

enum class ProgressReport : int { off, notice };

void define_settings();  // from _PG_init

std::int64_t max_memory_bytes();
int max_threads();  // the number of cores where the parameter is 0
ProgressReport progress_report();

}  // namespace mmm::pg
