#!/usr/bin/env bash
# A fit stops within 100 ms of being asked, from any phase, with threads running, and leaves nothing behind.
. "$(dirname "$0")/../support/tap.sh"
query() { psql -qXAt -c "$1"; }
slow="mmm_fit('brand_a', spec('slow'))"

# late_by TIMEOUT SETTINGS QUERY: milliseconds that statement_timeout = TIMEOUT ms was missed by; nothing unless it was
# the timeout that ended the query
late_by() {
    psql -qXAt -v VERBOSITY=sqlstate -c "SET statement_timeout = $1; $2" -c '\timing on' -c "SELECT $3" 2>&1 |
        awk -v timeout="$1" '/ERROR: *57014/ { stopped = 1 } /^Time:/ { time = $2 } END { if (stopped) print time - timeout }'
}

# Through reading, preparing and starting into warm-up and sampling.
for timeout in 1 2 5 10 20 50 100 300 1000; do
    at_most "$(late_by $timeout '' "$slow")" 100 "statement_timeout = $timeout ms is kept: ms late"
done
at_most "$(late_by 300 '' "mmm_cross_validate('brand_a', spec('slow'))")" 100 "cross-validation: ms late"
at_most "$(late_by 300 'SET mmm.max_threads = 1' "$slow")" 100 "with one thread: ms late"
at_most "$(late_by 300 'SET mmm.max_threads = 16' "$slow")" 100 "with many threads: ms late"

# The read itself: a view that takes its time
query "CREATE VIEW sleepy AS SELECT * FROM brand_a WHERE pg_sleep(0.01) IS NOT NULL"
at_most "$(late_by 200 '' "mmm_fit('sleepy', spec('quick'))")" 100 "while reading: ms late"

# The answers
query "INSERT INTO models SELECT 'large', mmm_fit('brand_a', spec('quick') || '{\"sampler\": {\"chains\": 4, \"warmup\": 200, \"draws\": 5000}}')"
query "CREATE VIEW weeks_ahead AS SELECT week + 7 * 104 AS week, tv_spend, search_spend, price FROM brand_a"
for ask in 'summary(model)' 'channels(model)' 'decomposition(model)' 'fitted(model)' 'draws(model)' 'diagnostics(model)' \
    'response_curve(model)' 'adstock_curve(model)' 'saturation_curve(model)' 'loo(model)' 'compare(model, model)' \
    "predict(model, 'weeks_ahead')" 'arviz(model)'; do
    took=$(psql -qXAt -c '\timing on' -c "SELECT count(*) FROM models, mmm_$ask WHERE name = 'large'" | awk '/^Time:/ { print $2 }')
    # What is over in 20 ms cannot be interrupted usefully.
    if awk -v t="$took" 'BEGIN { exit t > 20 ? 0 : 1 }'; then
        at_most "$(late_by 10 '' "count(*) FROM models, mmm_$ask WHERE name = 'large'")" 100 "mmm_$ask is stopped: ms late"
    else
        skip "mmm_$ask is stopped" "it takes $took ms"
    fi
done

# An interrupted fit leaves the session as it was.
is "$(psql -qXAt 2>/dev/null <<END
SELECT count(*) FROM models WHERE name = 'a';
SET statement_timeout = 100;
SELECT $slow;
RESET statement_timeout;
SELECT fingerprint(mmm_fit('brand_a', spec('quick'))) = fingerprint(model('a'));
SELECT count(*) FROM mmm_progress();
END
)" $'1\nt\n0' "after a timeout the session fits as before, and no progress is left"

threads() { psql -qXAt <<END
SELECT pg_read_file('/proc/self/status') ~ 'Threads:\s+1\n';
SET statement_timeout = 200;
SELECT $slow;
RESET statement_timeout;
SELECT pg_read_file('/proc/self/status') ~ 'Threads:\s+1\n';
END
}
is "$(threads 2>/dev/null)" $'t\nt' "no thread outlives its fit"

# Fits stopped half-way, again and again, in one session
stop_often() {
    local rss="SELECT substring(pg_read_file('/proc/self/status') FROM 'VmRSS:\s+(\d+)')::int;"
    {
        echo "SET statement_timeout = 60;"
        for _ in $(seq 20); do echo "SELECT $slow;"; done
        echo "$rss"
        for _ in $(seq 40); do echo "SELECT $slow;"; done
        echo "$rss"
    } | psql -qXAt 2>/dev/null | awk 'NR == 1 { first = $1 } END { print $1 - first }'
}
at_most "$(stop_often)" 1024 "40 fits stopped half-way leave the process as large as it was: kB more"

# Other ways to be stopped
start() { psql -qXAt -c "SET application_name = 'victim'" -c "SELECT $slow" >/dev/null 2>&1 & victim=$!; }
await() { for _ in $(seq 100); do [ "$(query "$1")" = t ] && return 0; sleep 0.05; done; return 1; }
running="SELECT EXISTS (SELECT FROM mmm_progress() p JOIN pg_stat_activity a USING (pid) WHERE application_name = 'victim' AND iteration > 0)"
gone="SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'victim' AND state = 'active')"
for how in pg_cancel_backend pg_terminate_backend; do
    start
    await "$running"
    began=$(date +%s%N)
    query "SELECT $how(pid) FROM pg_stat_activity WHERE application_name = 'victim'" >/dev/null
    await "$gone"
    at_most $((($(date +%s%N) - began) / 1000000)) 200 "$how ends it, the asking and looking included: ms"
    wait "$victim"
done

# A client that goes away is noticed if the server is told to look.
PGOPTIONS='-c client_connection_check_interval=100' start
await "$running"
kill -9 "$victim"
wait "$victim" 2>/dev/null
await "$gone"
ok $? "a fit whose client has gone ends"
is "$(query "SELECT count(*) FROM mmm_progress()")" 0 "and no progress is left"
done_testing
