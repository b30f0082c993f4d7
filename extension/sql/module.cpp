// The library's entry point.
#include "pg/settings.hpp"
#include "sql/instruction_set.hpp"

extern "C" {
PG_MODULE_MAGIC;

void _PG_init(void);

void _PG_init(void) {
    mmm::sql::define_instruction_set();
    mmm::pg::define_settings();  // last, as no other name may be set from then on
}
}
