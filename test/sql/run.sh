#!/usr/bin/env bash
# The SQL interface's tests, on the cluster that PGHOST names: pgTAP files, then scripts that need several sessions.
# With arguments: only these files.
set -uo pipefail
cd "$(dirname "$0")" || exit 1

database=mmm_test_sql_$$
createdb "$database" || exit 1
trap 'dropdb --if-exists --force "$database"' EXIT
export PGDATABASE=$database
psql -qX -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION mmm' -c 'CREATE EXTENSION pgtap' -f fixture.sql || exit 1

[ $# -gt 0 ] || set -- [0-9]*.sql [0-9]*.sh
status=0
for file in "$@"; do
    echo "# $file"
    case $file in
        *.sql) psql -qXAt -v ON_ERROR_STOP=1 -P pager=off -f "$file" || { status=1; echo "not ok 0 - $file stopped early"; } ;;
        *.sh) bash "$file" || status=1 ;;
    esac
done
exit $status
