// The library's entry point.
#include "pg/settings.hpp"
#include "sql/instruction_set.hpp"
#include "sql/tenant_context.hpp"

extern "C" {
PG_MODULE_MAGIC;

void _PG_init(void);

void _PG_init(void) {
    mmm::sql::define_instruction_set();
    mmm::sql::define_tenant_settings();
    mmm::pg::define_settings();  // last, as no other name may be set from then on
}
}
