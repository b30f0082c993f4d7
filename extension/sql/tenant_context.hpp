// The tenant of a transaction: what the verified token in `SET LOCAL mmm.token = '...'` says.
//
// The setting's check hook verifies the token, and what it says travels with the setting: it is taken back with it by the end of the
// transaction and by ROLLBACK TO SAVEPOINT, and parallel workers verify the same token again when they start. A binding counts in
// the transaction in which it was made and in no later one, whatever became of the setting: nothing is left for the next user of
// a pooled connection. Without one, and from the moment its token has expired, there is no tenant, and policies show no rows.
#pragma once

#include <string>

#include "core/token/token.hpp"

#include "pg/pg.hpp"

namespace mmm::sql {

void define_tenant_settings();  // from _PG_init

// Of the running statement; null where nothing is bound. Expiry is looked at as of the statement's start, so that a tenant does
// not change within it. The storage is the setting's: copy it before anything else is called.
const pg_uuid_t* bound_tenant();
// JSON; null where bound_tenant() is.
const char* bound_claims();

// What a transaction is bound to, to be carried over a commit by a procedure that computes in between. The tenant was who he said when
// the work was accepted, so his token may expire meanwhile.
struct CarriedTenant {
    std::string token, claims;  // empty: nothing was bound
    TenantId tenant{};
};
CarriedTenant carry_tenant();
// Binds the transaction again; nothing where nothing was bound.
void bind_again(const CarriedTenant& carried);

// Binds the transaction like SET LOCAL, "" takes a binding back; raises what the hook refuses.
void bind_token(const char* token);

}  // namespace mmm::sql
