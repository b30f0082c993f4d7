-- A thousand failing calls leave the memory of a backend as it was.
BEGIN;
SELECT no_plan();

CREATE FUNCTION pg_temp.resident_kb() RETURNS bigint LANGUAGE sql AS
    $$SELECT substring(pg_read_file('/proc/self/status') FROM 'VmRSS:\s+(\d+)')::bigint$$;
CREATE FUNCTION pg_temp.context_kb() RETURNS bigint LANGUAGE sql AS
    $$SELECT sum(total_bytes)::bigint / 1024 FROM pg_backend_memory_contexts$$;

CREATE TEMP TABLE failing (call text);
INSERT INTO failing VALUES
    ($$mmm_fit('brand_a', '{}')$$),
    ($$mmm_fit('brand_a', spec('quick') || '{"kpi": "seles"}')$$),
    ($$mmm_fit_query('SELEC', spec('quick'))$$),
    ($$mmm_fit_query('SELECT *, 1 / (price - price) FROM brand_a', spec('quick'))$$),
    ($$(SELECT mmm_fit_agg(w, spec('quick')) FROM weekly w)$$),
    ($$(SELECT mmm_fit_agg(w, spec('quick') || jsonb_build_object('kpi', brand)) FROM weekly w)$$),
    ($$(SELECT count(*) FROM mmm_draws(model('a'), '{no_such}'))$$),
    ($$'{"format": 1}'::mmm_model$$),
    ($$mmm_adstock('{1}', '{"family": "geometrc"}')$$),
    ($$(SELECT mmm_adstock_geometric(1, i) FROM generate_series(0, 1) i)$$),
    ($$mmm_saturation_log(-1)$$);

CREATE FUNCTION pg_temp.fail(call text, times int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE failed int := 0;
BEGIN
    FOR i IN 1..times LOOP
        BEGIN
            EXECUTE 'SELECT ' || call;
        EXCEPTION WHEN OTHERS THEN
            failed := failed + 1;
        END;
    END LOOP;
    RETURN failed;
END $$;

SELECT is(pg_temp.fail(call, 50), 50, 'fails: ' || call) FROM failing;
CREATE TEMP TABLE before AS SELECT pg_temp.resident_kb() AS resident, pg_temp.context_kb() AS contexts;
SELECT is((SELECT sum(pg_temp.fail(call, 100)) FROM failing), 1100::bigint, '1,100 failing calls in one backend');
SELECT cmp_ok(pg_temp.resident_kb() - resident, '<=', 1024::bigint, 'the process has not grown by 1 MB') FROM before;
SELECT cmp_ok(pg_temp.context_kb() - contexts, '<=', 256::bigint, 'nor have its memory contexts by 256 kB') FROM before;

SELECT * FROM finish();
ROLLBACK;
