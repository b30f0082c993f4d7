#!/usr/bin/env bash
# Every SQL block of README.md and docs/ runs as written: the blocks of a page in order, in one session, in a database of its
# own. A block fenced as ```sql error must fail.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
. test/support/tap.sh

# Writes the blocks of page $1 to $2/NNN.sql or $2/NNN.error.sql.
split_blocks() {
    awk -v folder="$2" '
        /^```sql/ { file = sprintf("%s/%03d%s.sql", folder, ++n, $2 == "error" ? ".error" : ""); inside = 1; next }
        /^```/ { if (inside) close(file); inside = 0; next }
        inside { print > file }' "$1"
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for page in README.md docs/*.md; do
    rm -f "$folder"/*
    split_blocks "$page" "$folder"
    ls "$folder"/*.sql >/dev/null 2>&1 || continue
    database=mmm_docs_$$
    createdb "$database" || exit 1
    # One session for the page: a failing block must not end it, and is told by its SQLSTATE afterwards.
    for block in "$folder"/*.sql; do
        printf '\\set ON_ERROR_STOP 0\n\\o /dev/null\n'
        cat "$block"
        printf '\n\\o\n\\echo BLOCK %s :ERROR :LAST_ERROR_SQLSTATE\n' "$(basename "$block")"
        # ERROR tells of the last statement only, so errors are also counted on stderr, block by block.
        printf '\\warn BLOCK %s\n' "$(basename "$block")"
    done >"$folder/page.psql"
    PGDATABASE=$database psql -qX -f "$folder/page.psql" >"$folder/out" 2>"$folder/err"
    for block in "$folder"/*.sql; do
        name=$(basename "$block")
        errors=$(awk -v name="$name" '$0 == "BLOCK " name { print n + 0; exit } /^BLOCK / { n = 0; next } /ERROR:|FATAL:/ { ++n }' "$folder/err")
        if [[ $name == *.error.sql ]]; then
            [ "${errors:-0}" -gt 0 ]; ok $? "$page: block ${name%%.*} fails as it says"
        else
            [ "${errors:-1}" -eq 0 ]; status=$?
            ok $status "$page: block ${name%%.*} runs"
            [ $status -eq 0 ] || grep -A3 -E 'ERROR|FATAL' "$folder/err" | head -20 | sed 's/^/#   /'
        fi
    done
    dropdb --if-exists --force "$database"
done
done_testing
