// Who the caller is: mmm_tenant_set, mmm_tenant_id, mmm_tenant_claims.
#include "pg/datum.hpp"

#include "sql/tenant_context.hpp"

using mmm::pg::boundary;
using mmm::pg::guarded;

namespace {

Datum copy_of(const pg_uuid_t& tenant) {
    auto* copy = static_cast<pg_uuid_t*>(palloc(sizeof(pg_uuid_t)));
    *copy = tenant;
    return UUIDPGetDatum(copy);
}

}  // namespace

extern "C" {

// Null takes the binding back, so that a token that a caller forgot cannot leave an earlier one in place.
PG_FUNCTION_INFO_V1(mmm_tenant_set);
Datum mmm_tenant_set(PG_FUNCTION_ARGS) {
    return boundary([&]() -> Datum {
        guarded([&] { mmm::sql::bind_token(PG_ARGISNULL(0) ? "" : text_to_cstring(PG_GETARG_TEXT_PP(0))); });
        const pg_uuid_t* tenant = mmm::sql::bound_tenant();
        if (tenant == nullptr) {
            fcinfo->isnull = true;
            return Datum{0};
        }
        return guarded([&] { return copy_of(*tenant); });
    });
}

// Stands in every policy and may be called for every row. A copy, as a row may outlive the binding; no boundary, as nothing here has a
// destructor.
PG_FUNCTION_INFO_V1(mmm_tenant_id);
Datum mmm_tenant_id(PG_FUNCTION_ARGS) {
    const pg_uuid_t* tenant = mmm::sql::bound_tenant();
    if (tenant == nullptr) PG_RETURN_NULL();
    return copy_of(*tenant);
}

PG_FUNCTION_INFO_V1(mmm_tenant_claims);
Datum mmm_tenant_claims(PG_FUNCTION_ARGS) {
    return boundary([&]() -> Datum {
        const char* claims = mmm::sql::bound_claims();
        if (claims == nullptr) {
            fcinfo->isnull = true;
            return Datum{0};
        }
        return mmm::pg::jsonb_from_string(claims);
    });
}
}
