#!/usr/bin/env bash
# CALL mmm_fit_detached() reads, commits, and computes without a snapshot.
. "$(dirname "$0")/../support/tap.sh"
query() { psql -qXAt -c "$1" 2>&1; }
await() { for _ in $(seq 100); do [ "$(query "$1")" = t ] && return 0; sleep 0.05; done; return 1; }
running() { await "SELECT coalesce(bool_or(iteration > 0), false) FROM mmm_progress()"; }
stop() { query "SELECT pg_cancel_backend(pid) FROM mmm_progress() WHERE chain = 1" >/dev/null; wait "$1"; }
xmin="SELECT backend_xmin IS NULL, backend_xid IS NULL FROM pg_stat_activity WHERE pid = (SELECT pid FROM mmm_progress() LIMIT 1)"

psql -qXAt -c "CALL mmm_fit_detached('brand_a', spec('slow'), NULL)" >/dev/null 2>&1 &
fit=$!
running
is "$(query "$xmin")" "t|t" "the detached fit holds no snapshot while it computes"
stop $fit
psql -qXAt -c "SELECT mmm_fit('brand_a', spec('slow'))" >/dev/null 2>&1 &
fit=$!
running
is "$(query "$xmin")" "f|t" "mmm_fit() does, as any statement"
stop $fit

is "$(query "CALL mmm_fit_detached('brand_a', spec('quick'), NULL)" | md5sum)" "$(query "SELECT model('a')" | md5sum)" \
    "the detached fit gives the model of mmm_fit()"
is "$(psql -qXAt 2>&1 <<'END'
CALL mmm_fit_detached(source => 'brand_a', spec => spec('quick'), model => NULL) \gset
SELECT fingerprint(:'model') = fingerprint(model('a'));
END
)" t "and hands it on by name"
is "$(psql -qXAt 2>&1 <<'END'
DO $$
DECLARE m mmm_model;
BEGIN
    CALL mmm_fit_detached('brand_a', spec('quick'), m);
    UPDATE models SET model = m WHERE name = 'a' AND fingerprint(m) = fingerprint(model);
    COMMIT;
END $$;
SELECT fingerprint(model('a')) IS NOT NULL;
END
)" t "it runs in a DO block outside a transaction, which stores what it gives"
is "$(query "BEGIN; CALL mmm_fit_detached('brand_a', spec('quick'), NULL)" | head -1)" \
    "ERROR:  mmm_fit_detached cannot run inside a transaction block or a function" "it refuses a transaction block"
is "$(query "CALL mmm_fit_detached('brand_a', NULL, NULL)" | head -1)" "ERROR:  spec must not be null" "it refuses a null specification"
is "$(psql -qXAt -c "SET statement_timeout = 300" -c "CALL mmm_fit_detached('brand_a', spec('slow'), NULL)" -c "SELECT 1" 2>&1)" \
    $'ERROR:  canceling statement due to statement timeout\n1' "it can be stopped, and the session goes on"
done_testing
