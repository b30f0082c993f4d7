#!/usr/bin/env bash
# Adstock over a window costs about what sum() over that window costs: the executor's work outweighs both. Processor time
# of the backend, the least of several runs in turn, so that neighbours on the machine hardly count.
. "$(dirname "$0")/../support/tap.sh"

ratios=$(psql -qXAt <<'END'
CREATE TEMP TABLE panel AS SELECT r AS region, i AS week, ((r * i) % 17)::float8 AS x FROM generate_series(1, 300) r, generate_series(1, 1000) i;
CREATE INDEX ON panel (region, week) INCLUDE (x);
VACUUM ANALYZE panel;
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SET enable_seqscan = off;
CREATE FUNCTION pg_temp.cpu_ms(call text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE began float8 := split_part(pg_read_file('/proc/self/schedstat'), ' ', 1);
BEGIN
    EXECUTE format('EXPLAIN (ANALYZE, TIMING OFF) SELECT %s OVER (PARTITION BY region ORDER BY week ROWS UNBOUNDED PRECEDING) FROM panel', call);
    RETURN (split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::float8 - began) / 1e6;
END $$;
CREATE TEMP TABLE run AS
    SELECT call, min(pg_temp.cpu_ms(call)) AS ms
    FROM generate_series(1, 9), unnest(ARRAY['sum(x)', 'mmm_adstock_geometric(x, 0.6)', 'mmm_adstock_geometric(x, 0.6, 12)',
                                             'mmm_adstock_delayed(x, 0.6, 2, 8)']) call
    GROUP BY call;
SELECT a.call, round(a.ms), round(s.ms), round((a.ms / s.ms)::numeric, 3) FROM run a, run s WHERE s.call = 'sum(x)' AND a.call <> 'sum(x)';
END
)
while IFS='|' read -r call took sum ratio; do
    at_most "$ratio" 1.25 "$call takes $took ms for 300,000 rows, sum(x) $sum ms: ratio"
done <<<"$ratios"
done_testing
