// The library's entry point.
#include "pg/settings.hpp"

extern "C" {
PG_MODULE_MAGIC;

void _PG_init(void);

void _PG_init(void) {
    mmm::pg::define_settings();
}
}
