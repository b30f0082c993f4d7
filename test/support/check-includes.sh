#!/usr/bin/env bash
# Dependency goes one way: sql -> pg, sql -> core. The engine knows no PostgreSQL, the glue no statistics.
set -euo pipefail
# shellcheck source=test/support/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$repo/test/support/tap.sh"
cd "$repo/extension"

# allow NAME LINES: lines found by a search are breaches
allow() { is "$2" "" "$1"; }

includes() { grep -rnE '^ *# *include' "$@" || true; }

allow "the engine includes neither the glue nor PostgreSQL" \
    "$(includes core | grep -E '"(pg|sql)/|postgres|fmgr\.h|"(access|catalog|executor|utils|storage|libpq)/' || true)"
allow "the engine includes its own headers as core/..." \
    "$(includes core | grep -F '"' | grep -vF '"core/' || true)"
allow "pg/ knows nothing of the engine but plain data" \
    "$(includes pg | grep -F '"core/' | grep -vE '"core/(error|host|model/table)\.hpp"' || true)"
allow "pg/ does not include sql/" "$(includes pg | grep -F '"sql/' || true)"
allow "PostgreSQL headers come in by pg/pg.hpp and pg/compat.hpp alone" \
    "$(includes pg sql | grep -vE '^pg/(pg|compat)\.hpp:' | grep -F '"' | grep -vE '"(core|pg|sql)/' || true)"

# A standard or engine header after the first of PostgreSQL's: see pg/pg.hpp.
late() {
    awk 'FNR == 1 { pg = 0 }
         /^#include "(pg|sql)\// { pg = 1; next }
         /^#include ["<]/ && pg && !/"core\// { print FILENAME ": " $0 }' "$@"
}
allow "no header comes after PostgreSQL's" "$(late pg/*.cpp sql/*.cpp | grep -v '^pg/[a-z_]*.cpp: #include <' || true)"
done_testing
