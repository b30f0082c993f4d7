// Points in time as the engine sees them.
#pragma once

#include <cstdint>

namespace mmm {

// Microseconds since 1970-01-01 00:00:00, no time zone (PostgreSQL's `timestamp`, shifted).
using Timestamp = std::int64_t;

}  // namespace mmm
