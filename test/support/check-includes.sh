#!/usr/bin/env bash
# Dependency goes one way: sql -> pg, sql -> core. The engine knows no PostgreSQL, the glue no statistics.
set -euo pipefail
# shellcheck source=test/support/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$repo/extension"
failed=0

# refuse DESCRIPTION LINES: lines found by a search are breaches
refuse() {
    if [ -n "$2" ]; then
        printf 'not allowed: %s\n%s\n' "$1" "$2"
        failed=1
    fi
}

includes() { grep -rnE '^ *# *include' "$@" || true; }

refuse "the engine includes the glue or PostgreSQL" \
    "$(includes core | grep -E '"(pg|sql)/|postgres|fmgr\.h|"(access|catalog|executor|utils|storage|libpq)/' || true)"
refuse "the engine includes its own headers by another path than core/" \
    "$(includes core | grep -F '"' | grep -vF '"core/' || true)"
refuse "pg/ knows more of the engine than plain data" \
    "$(includes pg | grep -F '"core/' | grep -vE '"core/(error|host|model/table)\.hpp"' || true)"
refuse "pg/ includes sql/" "$(includes pg | grep -F '"sql/' || true)"
refuse "PostgreSQL headers outside pg/pg.hpp and pg/compat.hpp" \
    "$(includes pg sql | grep -vE '^pg/(pg|compat)\.hpp:' | grep -F '"' | grep -vE '"(core|pg|sql)/' || true)"

# A standard or engine header after the first of PostgreSQL's: see pg/pg.hpp.
late() {
    awk 'FNR == 1 { pg = 0 }
         /^#include "(pg|sql)\// { pg = 1; next }
         /^#include ["<]/ && pg && !/"core\// { print FILENAME ": " $0 }' "$@"
}
refuse "a header after PostgreSQL's" "$(late pg/*.cpp sql/*.cpp | grep -v '^pg/[a-z_]*.cpp: #include <' || true)"
exit $failed
