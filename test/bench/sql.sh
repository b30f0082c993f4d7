#!/usr/bin/env bash
# What SQL costs on the cluster that PGHOST names, one line of JSON a figure: processor time of the backend, the least of several
# runs, beside a baseline that was measured in turn with it. Judges nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."

database=mmm_bench_sql_$$
createdb "$database"
trap 'dropdb --if-exists --force "$database"' EXIT
export PGDATABASE=$database

psql -qX -v ON_ERROR_STOP=1 <<'SQL'
CREATE EXTENSION mmm;
-- 1,000 regions of 1,000 weeks for windows; a million rows of a panel for reading.
CREATE TABLE series AS SELECT r AS region, i AS week, ((r * i) % 17)::float8 AS x FROM generate_series(1, 1000) r, generate_series(1, 1000) i;
CREATE INDEX ON series (region, week) INCLUDE (x);
CREATE TABLE panel AS
    SELECT date '1990-01-01' + 7 * w AS week, 'geo_' || g AS geo, 1000 + 10 * sin(w) + g AS sales, 5 + (w * g) % 11 AS tv, 3 + (w + g) % 7 AS web
    FROM generate_series(0, 999) w, generate_series(1, 1000) g;
CREATE TABLE tenant_rows AS SELECT g % 10 AS tenant, g AS id, (g % 97)::float8 AS x FROM generate_series(1, 500000) g;
CREATE INDEX ON tenant_rows (tenant);
ALTER TABLE tenant_rows ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON tenant_rows USING (tenant = (SELECT current_setting('bench.tenant')::int));
CREATE TABLE demo AS
    SELECT "time" AS week, kpi AS sales, (metrics ->> 'a')::float8 AS a, (metrics ->> 'b')::float8 AS b, (metrics ->> 'c')::float8 AS c,
        (metrics ->> 'd')::float8 AS d
    FROM mmm_simulate('{"preset": "pymc", "time": "week", "kpi": "sales", "media": {"a": "a", "b": "b", "c": "c", "d": "d"}, "simulate": {"periods": 156}}');
CREATE TABLE model AS SELECT mmm_fit('demo', '{"preset": "pymc", "time": "week", "kpi": "sales", "media": {"a": "a", "b": "b", "c": "c", "d": "d"},
    "seasonality": {"period": "year", "order": 2}}') AS m;
-- A panel of 40 geos with 500 parameters: few warm-up steps, as what is asked of its draws does not depend on how good they are.
CREATE TABLE panel_demo AS
    SELECT "time" AS week, geo, kpi AS sales, metrics FROM mmm_simulate('{"preset": "meridian", "time": "week", "geo": "geo", "population": "people",
        "kpi": "sales", "media": {"a": "a", "b": "b", "c": "c", "d": "d", "e": "e", "f": "f"}, "controls": ["price", "weather"],
        "trend": {"family": "knots", "knots": 60}, "simulate": {"geos": 40, "periods": 156}}');
CREATE VIEW panel_rows AS
    SELECT week, geo, sales, (metrics ->> 'people')::float8 AS people, (metrics ->> 'a')::float8 AS a, (metrics ->> 'b')::float8 AS b,
        (metrics ->> 'c')::float8 AS c, (metrics ->> 'd')::float8 AS d, (metrics ->> 'e')::float8 AS e, (metrics ->> 'f')::float8 AS f,
        (metrics ->> 'price')::float8 AS price, (metrics ->> 'weather')::float8 AS weather
    FROM panel_demo;
CREATE TABLE panel_model AS SELECT mmm_fit('panel_rows', '{"preset": "meridian", "time": "week", "geo": "geo", "population": "people", "kpi": "sales",
    "media": {"a": "a", "b": "b", "c": "c", "d": "d", "e": "e", "f": "f"}, "controls": ["price", "weather"], "trend": {"family": "knots", "knots": 60},
    "sampler": {"warmup": 50, "draws": 1000, "max_treedepth": 4}}') AS m;
CREATE FUNCTION read_only() RETURNS void LANGUAGE plpgsql SET mmm.max_memory = '300MB' AS $$
BEGIN
    PERFORM mmm_fit('panel', '{"preset": "pymc", "time": "week", "geo": "geo", "kpi": "sales", "media": {"tv": "tv", "web": "web"},
        "sampler": {"draws": 100000}}');
    RAISE 'the fit was to be refused for its memory';
EXCEPTION WHEN program_limit_exceeded THEN
    IF SQLERRM !~ '^the fit' THEN RAISE; END IF;
END $$;
DO $$ BEGIN
    EXECUTE format('CREATE ROLE bench_reader_%s', pg_backend_pid());
    EXECUTE format('GRANT SELECT ON tenant_rows TO bench_reader_%s', pg_backend_pid());
    EXECUTE format('CREATE TABLE reader AS SELECT %L AS name', 'bench_reader_' || pg_backend_pid());
END $$;
VACUUM ANALYZE;
SQL

session() {
    psql -qXAt -v ON_ERROR_STOP=1 <<SQL
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SET bench.tenant = '3';
CREATE FUNCTION pg_temp.cpu_ms(query text, as_role text) RETURNS float8 LANGUAGE plpgsql AS \$\$
DECLARE began float8;
BEGIN
    began := split_part(pg_read_file('/proc/self/schedstat'), ' ', 1);
    IF as_role IS NOT NULL THEN EXECUTE format('SET LOCAL ROLE %I', as_role); END IF;
    EXECUTE query;
    RESET ROLE;
    RETURN (split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::float8 - began) / 1e6;
END \$\$;
$1
SQL
}

# figure NAME BASELINE_NAME QUERY BASELINE_QUERY [RUNS] [ROLE for the query]
figure() {
    session "WITH run AS MATERIALIZED (
            SELECT pg_temp.cpu_ms(\$q\$$4\$q\$, NULL) AS base, pg_temp.cpu_ms(\$q\$$3\$q\$, ${6:-NULL}) AS ms FROM generate_series(1, ${5:-7}))
        SELECT json_build_object('group', 'sql', 'name', '$1', 'ms', min(ms), 'baseline', '$2', 'baseline_ms', min(base), 'ratio', min(ms) / min(base))
        FROM run;"
}

over='OVER (PARTITION BY region ORDER BY week ROWS UNBOUNDED PRECEDING) FROM series'
for call in 'mmm_adstock_geometric(x, 0.6)' 'mmm_adstock_geometric(x, 0.6, 12)' 'mmm_adstock_delayed(x, 0.6, 2, 8)'; do
    figure "$call over a window" 'sum(x) over the same window' \
        "EXPLAIN (ANALYZE, TIMING OFF) SELECT $call $over" "EXPLAIN (ANALYZE, TIMING OFF) SELECT sum(x) $over"
done
# A fit looks at what memory it would need once it has read its rows: one that is refused then has only read.
figure 'reading 1,000,000 rows into a fit' 'sum of the same columns' "SELECT read_only()" \
    "SELECT max(week), count(geo), sum(sales), sum(tv), sum(web) FROM panel" 5
reader=$(psql -qXAt -c "SELECT quote_literal(name) FROM reader")
figure 'rows of a tenant by policy' 'the same by WHERE' 'SELECT sum(x) FROM tenant_rows' \
    'SELECT sum(x) FROM tenant_rows WHERE tenant = 3' 9 "$reader"
for call in mmm_summary mmm_channels mmm_decomposition; do
    figure "$call of a stored model" 'sum over 1,000,000 rows' "SELECT count(*) FROM model, $call(m)" 'SELECT sum(x) FROM series' 9
done
for call in mmm_summary mmm_channels mmm_decomposition; do
    runs=9
    [ $call = mmm_decomposition ] && runs=1
    figure "$call of 500 parameters" 'sum over 1,000,000 rows' "SELECT count(*) FROM panel_model, $call(m)" 'SELECT sum(x) FROM series' $runs
done
for call in mmm_summary mmm_channels; do
    figure "$call of 500 parameters, first call of a session" 'sum over 1,000,000 rows' "SELECT count(*) FROM panel_model, $call(m)" \
        'SELECT sum(x) FROM series' 1
done
figure 'a budget plan of 40 geos' 'sum over 1,000,000 rows' "SELECT count(*) FROM panel_model, mmm_optimize_budget(m)" 'SELECT sum(x) FROM series' 5
psql -qXAt -c "SELECT json_build_object('group', 'size', 'name', 'a stored model of ' || n || ' parameters', 'bytes', size, 'baseline', 'its draws as float32',
        'baseline_bytes', 4000 * 4 * n, 'ratio', size / (4000.0 * 4 * n))
    FROM (SELECT pg_column_size(m) AS size, (SELECT count(*) FROM mmm_summary(m)) AS n FROM panel_model UNION ALL
          SELECT pg_column_size(m), (SELECT count(*) FROM mmm_summary(m)) FROM model) AS models"
psql -qX -c "DO \$\$ BEGIN EXECUTE (SELECT format('DROP OWNED BY %1\$I; DROP ROLE %1\$I', name) FROM reader); END \$\$" >/dev/null
