#!/usr/bin/env bash
# Progress is seen from other sessions by those who may, told to one's own client on request, and survives any file.
. "$(dirname "$0")/../support/tap.sh"
query() { psql -qXAt -c "$1" 2>&1; }
await() { for _ in $(seq 100); do [ "$(query "$1")" = t ] && return 0; sleep 0.05; done; return 1; }
role=mmm_test_analyst_$$
query "CREATE ROLE $role LOGIN; CREATE ROLE ${role}_other LOGIN; CREATE ROLE ${role}_boss LOGIN; CREATE ROLE ${role}_watch LOGIN;
       GRANT $role TO ${role}_boss; GRANT pg_read_all_stats TO ${role}_watch; GRANT SELECT ON brand_a, spec TO $role"

# All chains at once, however few cores there are.
query "ALTER DATABASE $PGDATABASE SET mmm.max_threads = 4"

psql -qXAt -U "$role" -c "SELECT mmm_fit('brand_a', spec('slow'))" >/dev/null 2>&1 &
fit=$!
await "SELECT count(*) = 4 AND bool_and(iteration > 0) FROM mmm_progress()"
ok $? "a running fit has a row for each chain, from another session"
is "$(query "SELECT DISTINCT model, total, started_at < now(), eta > now(), a.usename FROM mmm_progress() JOIN pg_stat_activity a USING (pid)")" \
    "brand_a|1001000|t|t|$role" "with the source, the iterations to do, its beginning and its end"
is "$(query "SELECT array_agg(chain ORDER BY chain) FROM mmm_progress()")" "{1,2,3,4}" "chains are numbered from 1"
first=$(query "SELECT sum(iteration) FROM mmm_progress()")
sleep 0.3
ok "$([ "$(query "SELECT sum(iteration) FROM mmm_progress()")" -gt "$first" ]; echo $?)" "it goes on"
may_see() { psql -qXAt -U "$1" -d "${2:-$PGDATABASE}" -c "SELECT count(*) FROM mmm_progress()"; }
is "$(may_see "$role")" 4 "the role that fits sees it"
is "$(may_see "${role}_boss")" 4 "so do members of that role"
is "$(may_see "${role}_watch")" 4 "and those who may read all statistics"
is "$(may_see "${role}_other")" 0 "but nobody else"
psql -qX -d postgres -c "CREATE EXTENSION IF NOT EXISTS mmm" 2>/dev/null
is "$(may_see postgres postgres)" 0 "nor anyone in another database"
query "SELECT pg_cancel_backend(pid) FROM mmm_progress() WHERE chain = 1" >/dev/null
wait "$fit"
is "$(query "SELECT count(*) FROM mmm_progress()")" 0 "when it ends it is gone"

notices=$(psql -qXAt -c "SET mmm.progress = notice" -c "SELECT mmm_fit('brand_a', spec('quick')) IS NOT NULL" 2>&1)
ok "$(grep -q '^NOTICE: .*brand_a' <<<"$notices"; echo $?)" "mmm.progress = notice tells the client"
is "$(psql -qXAt -c "SELECT mmm_fit('brand_a', spec('quick')) IS NOT NULL" 2>&1)" t "nothing is told unless asked for"

# The file that sessions share may be anything. A fit goes on; the worst is a warning.
file=$MMM_CLUSTER_DATA/pg_stat_tmp/mmm_progress
fits() { psql -qXAt -c "SELECT mmm_fit('brand_a', spec('quick')) IS NOT NULL" -c "SELECT count(*) FROM mmm_progress()" 2>&1 | tr '\n' ' '; }
if [ -w "$MMM_CLUSTER_DATA/pg_stat_tmp" ]; then
    saved=$(mktemp)
    cat "$file" >"$saved"
    replace() { rm -rf "$file"; cat >"$file.test"; chown --reference="$MMM_CLUSTER_DATA/PG_VERSION" "$file.test"; mv "$file.test" "$file"; }
    for size in 0 1 63 64 4096 1000000; do
        head -c "$size" /dev/urandom | replace
        is "$(fits)" "t 0 " "with a file of $size random bytes"
    done
    { head -c 64 "$saved"; head -c $(($(stat -c %s "$saved") - 64)) /dev/urandom; } | replace
    ok "$(fits | grep -q '^t '; echo $?)" "with a file of the right form, full of nonsense"
    head -c $(($(stat -c %s "$saved") - 1)) "$saved" | replace
    is "$(fits)" "t 0 " "with a file one byte short"
    { printf 'x'; tail -c +2 "$saved"; } | replace
    is "$(fits)" "t 0 " "with a file of another kind"
    rm -f "$file"; ln -s /etc/passwd "$file"
    is "$(fits)" "t 0 " "with a link to elsewhere, which is replaced and not followed"
    rm -f "$file"; mkdir "$file"
    is "$(fits | sed 's/WARNING.*all the same. //')" "t 0 " "with a folder in its place: no progress, but a fit"
    ok "$(fits | grep -q '^WARNING'; echo $?)" "and a warning"
    rmdir "$file"
    is "$(fits)" "t 0 " "without a file"
    rm -f "$saved"
else
    skip "odd files" "the data directory cannot be written from here"
fi
is "$(query "SELECT 1")" 1 "the server lives"
query "DROP OWNED BY $role; DROP ROLE $role, ${role}_other, ${role}_boss, ${role}_watch" >/dev/null
done_testing
