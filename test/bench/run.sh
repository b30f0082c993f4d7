#!/usr/bin/env bash
# What a fit costs, on the cluster that PGHOST names: wall time of SELECT mmm_fit(...) and of the answers, medians of seven runs,
# each also as a ratio to a baseline measured in between (a scan that adds up five million numbers). Prints; judges nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."

database=mmm_bench_$$
createdb "$database"
trap 'dropdb --if-exists --force "$database"' EXIT
export PGDATABASE=$database
example=${MMM_SHARED:-../shared}/data/mmm_example.csv
spec='{"preset": "pymc", "time": "date_week", "kpi": "y", "max_lag": 7, "media": {"x1": "x1", "x2": "x2"},
       "controls": ["event_1", "event_2", "t"], "seasonality": {"period": "year", "order": 2}}'

psql -qX -v ON_ERROR_STOP=1 <<SQL
CREATE EXTENSION mmm;
CREATE TABLE example (date_week date, y float8, x1 float8, x2 float8, event_1 float8, event_2 float8, dayofyear int, t int);
CREATE TABLE numbers AS SELECT g::float8 AS x FROM generate_series(1, 5000000) g;
ANALYZE numbers;
SQL
if [ -f "$example" ]; then
    psql -qX -c "\\copy example FROM '$example' CSV HEADER"
    echo "data: mmm_example.csv (179 weeks, 2 channels, 15 parameters), 4 chains of 1,000 + 1,000"
else
    psql -qX -c "INSERT INTO example SELECT \"time\", kpi, (metrics ->> 'x1')::float8, (metrics ->> 'x2')::float8, (row_number() OVER () = 58)::int,
        (row_number() OVER () = 128)::int, 0, row_number() OVER () - 1
        FROM mmm_simulate('{\"time\": \"t\", \"kpi\": \"y\", \"media\": {\"x1\": \"x1\", \"x2\": \"x2\"}, \"simulate\": {\"periods\": 179}}')"
    echo "data: simulated (179 weeks, 2 channels, 15 parameters; mmm_example.csv is not there), 4 chains of 1,000 + 1,000"
fi
psql -qX -c "CREATE TABLE model AS SELECT mmm_fit('example', '$spec') AS m"

# Milliseconds of one statement, as psql's \timing tells them.
milliseconds() { psql -qX -c '\timing on' -c "$1" | sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' | tail -1; }
median() { sort -n | sed -n 4p; }

measure() {
    local name=$1 query=$2 times=() base=() i
    for i in 1 2 3 4 5 6 7; do
        base+=("$(milliseconds 'SELECT sum(x) FROM numbers')")
        times+=("$(milliseconds "$query")")
    done
    awk -v n="$name" -v t="$(printf '%s\n' "${times[@]}" | median)" -v b="$(printf '%s\n' "${base[@]}" | median)" \
        'BEGIN { printf "%-34s %9.1f ms   baseline %8.1f ms   ratio %6.2f\n", n, t, b, t / b }'
}

measure "SELECT mmm_fit(...)" "SELECT mmm_fit('example', '$spec') IS NULL"
measure "SELECT ... mmm_summary(model)" "SELECT count(*) FROM model, mmm_summary(m)"
measure "SELECT ... mmm_channels(model)" "SELECT count(*) FROM model, mmm_channels(m)"
measure "SELECT ... mmm_decomposition(model)" "SELECT count(*) FROM model, mmm_decomposition(m)"
measure "SELECT ... mmm_fitted(model)" "SELECT count(*) FROM model, mmm_fitted(m)"
psql -qXAt -c "SELECT 'stored model: ' || pg_column_size(m) || ' bytes, ' ||
    round(pg_column_size(m) / (4.0 * (SELECT count(*) FROM mmm_draws(m))), 2) || ' times its float32 draws' FROM model"
psql -qXAt -F ' ' -c "SELECT 'posterior: max R-hat', round(max(rhat)::numeric, 4), 'min bulk ESS', round(min(ess_bulk)) FROM model, mmm_summary(m)"
