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

// What marks this backend's transaction among all that it has run; not valid outside one.
inline LocalTransactionId local_transaction_of(const PGPROC* process) {
#if PG_VERSION_NUM >= 170000
    return process->vxid.lxid;
#else
    return process->lxid;
#endif
}
inline LocalTransactionId local_transaction() { return MyProc == nullptr ? InvalidLocalTransactionId : local_transaction_of(MyProc); }

// Memory for what a check hook of a setting leaves to its assign hook: the server frees it. Null where there is none.
inline void* setting_memory(std::size_t bytes) {
#if PG_VERSION_NUM >= 160000
    return guc_malloc(LOG, bytes);
#else
    return malloc(bytes);
#endif
}

inline void free_setting_memory(void* memory) {
#if PG_VERSION_NUM >= 160000
    guc_free(memory);
#else
    free(memory);
#endif
}

// A pending interrupt that ends the backend. PostgreSQL would exit from inside the check, under running threads.
inline bool exit_is_pending() {
#if PG_VERSION_NUM >= 170000
    if (TransactionTimeoutPending) return true;
#endif
    return ProcDiePending || ClientConnectionLost;
}

}  // namespace mmm::pg
