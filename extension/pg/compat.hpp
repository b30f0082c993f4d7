// What differs between PostgreSQL 15 and 18, in one place.
#pragma once

#include "pg/pg.hpp"

extern "C" {
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif
// From libpq/libpq.h, which needs the Kerberos headers where the server was built with them.
extern bool pq_check_connection(void);
}

namespace mmm::pg {

// Status entry number `index` (from 1) of this transaction's snapshot of the backends, or null.
inline const PgBackendStatus* backend_status(int index) {
#if PG_VERSION_NUM >= 160000
    const LocalPgBackendStatus* entry = pgstat_get_local_beentry_by_index(index);
#else
    const LocalPgBackendStatus* entry = pgstat_fetch_stat_local_beentry(index);
#endif
    return entry == nullptr ? nullptr : &entry->backendStatus;
}

// A pending interrupt that ends the backend. PostgreSQL would exit from inside the check, under running threads.
inline bool exit_is_pending() {
#if PG_VERSION_NUM >= 170000
    if (TransactionTimeoutPending) return true;
#endif
    return ProcDiePending || ClientConnectionLost;
}

}  // namespace mmm::pg
