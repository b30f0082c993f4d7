-- Adstock in windows is the array form, which is the definition: out_t = sum over lags l of w_l x_(t-l).
BEGIN;
SELECT no_plan();

-- Three regions of 200 weeks with quiet weeks (0), unknown ones (NULL) and none at all (gaps in the index do not matter).
CREATE TABLE spend (region text, week int, x float8);
INSERT INTO spend
    SELECT region, 3 * i, CASE WHEN i % 11 = 3 THEN NULL WHEN i % 7 = 0 THEN 0 ELSE 100 + 100 * sin(i * k) END
    FROM (VALUES ('n', 1.7), ('s', 2.9), ('w', 0.3)) r (region, k), generate_series(1, 200) i;

CREATE TABLE family (name text, call text, adstock jsonb);
INSERT INTO family VALUES
    ('geometric, every lag', 'geometric(x, 0.7)', NULL),
    ('geometric', 'geometric(x, 0.7, 12)', '{"family": "geometric", "alpha": 0.7, "max_lag": 12}'),
    ('geometric, raw', 'geometric(x, 0.7, 12, false)', '{"family": "geometric", "alpha": 0.7, "max_lag": 12, "normalize": false}'),
    ('geometric, no lag', 'geometric(x, 0.7, 0)', '{"family": "geometric", "alpha": 0.7, "max_lag": 0}'),
    ('geometric, longer than the data', 'geometric(x, 0.99, 1000)', '{"family": "geometric", "alpha": 0.99, "max_lag": 1000}'),
    ('delayed', 'delayed(x, 0.6, 2, 8)', '{"family": "delayed", "alpha": 0.6, "theta": 2, "max_lag": 8}'),
    ('delayed, raw', 'delayed(x, 0.6, 2, 8, false)', '{"family": "delayed", "alpha": 0.6, "theta": 2, "max_lag": 8, "normalize": false}'),
    ('binomial', 'binomial(x, 0.4, 6)', '{"family": "binomial", "alpha": 0.4, "max_lag": 6}'),
    ('binomial, raw', 'binomial(x, 0.4, 6, false)', '{"family": "binomial", "alpha": 0.4, "max_lag": 6, "normalize": false}'),
    ('weibull_cdf', 'weibull_cdf(x, 2, 3, 10)', '{"family": "weibull_cdf", "shape": 2, "scale": 3, "max_lag": 10}'),
    ('weibull_cdf, raw', 'weibull_cdf(x, 2, 3, 10, false)', '{"family": "weibull_cdf", "shape": 2, "scale": 3, "max_lag": 10, "normalize": false}'),
    ('weibull_pdf', 'weibull_pdf(x, 2, 3, 10)', '{"family": "weibull_pdf", "shape": 2, "scale": 3, "max_lag": 10}'),
    ('weibull_pdf, raw', 'weibull_pdf(x, 2, 3, 10, false)', '{"family": "weibull_pdf", "shape": 2, "scale": 3, "max_lag": 10, "normalize": false}');

-- window(call): the aggregate over each region's weeks
CREATE FUNCTION pg_temp.by_window(call text) RETURNS TABLE (region text, week int, y float8) LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format('SELECT region, week, mmm_adstock_%s OVER (PARTITION BY region ORDER BY week ROWS UNBOUNDED PRECEDING)
                                 FROM spend', call);
END $$;
CREATE FUNCTION pg_temp.by_array(adstock jsonb) RETURNS TABLE (region text, week int, y float8) LANGUAGE sql AS $$
    SELECT r.region, u.week, u.y
    FROM (SELECT region, array_agg(week ORDER BY week) AS weeks, mmm_adstock(array_agg(x ORDER BY week), adstock) AS ys
          FROM spend GROUP BY region) r, unnest(r.weeks, r.ys) u (week, y)
$$;

SELECT is((SELECT count(*) FROM pg_temp.by_window(call) w JOIN pg_temp.by_array(adstock) a USING (region, week)
           WHERE abs(w.y - a.y) <= 1e-12 * (1 + abs(a.y))), 600::bigint, name || ': the window equals the array form to 1e-12')
    FROM family WHERE adstock IS NOT NULL;

-- The definition, written out once in SQL
CREATE FUNCTION pg_temp.by_definition(weights float8[]) RETURNS TABLE (region text, week int, y float8) LANGUAGE sql AS $$
    SELECT s.region, s.week, (SELECT sum(w * coalesce(p.x, 0)) FROM unnest(weights) WITH ORDINALITY l (w, lag)
                              JOIN spend p ON p.region = s.region AND p.week = s.week - 3 * (lag - 1))
    FROM spend s
$$;
CREATE FUNCTION pg_temp.normalized(weights float8[]) RETURNS float8[] LANGUAGE sql AS
    'SELECT array_agg(w / s ORDER BY i) FROM unnest($1) WITH ORDINALITY u (w, i), (SELECT sum(v) AS s FROM unnest($1) v) t';
SELECT is((SELECT count(*) FROM pg_temp.by_window(call) w JOIN pg_temp.by_definition(weights) d USING (region, week)
           WHERE abs(w.y - d.y) <= 1e-9 * (1 + abs(d.y))), 600::bigint, call || ' is its formula')
    FROM (VALUES
        ('geometric(x, 0.7, 12, false)', (SELECT array_agg(0.7 ^ l ORDER BY l) FROM generate_series(0, 12) l)),
        ('geometric(x, 0.7, 12)', pg_temp.normalized((SELECT array_agg(0.7 ^ l ORDER BY l) FROM generate_series(0, 12) l))),
        ('geometric(x, 0.7)', (SELECT array_agg(0.3 * 0.7 ^ l ORDER BY l) FROM generate_series(0, 199) l)),
        ('delayed(x, 0.6, 2, 8, false)', (SELECT array_agg(0.6 ^ ((l - 2) ^ 2) ORDER BY l) FROM generate_series(0, 8) l)),
        ('binomial(x, 0.4, 6, false)', (SELECT array_agg((1 - l / 7.0) ^ 1.5 ORDER BY l) FROM generate_series(0, 6) l)),
        ('weibull_cdf(x, 2, 3, 10, false)', (SELECT array_agg(exp(-(SELECT coalesce(sum((j / 3.0) ^ 2), 0) FROM generate_series(1, l) j)) ORDER BY l)
                                             FROM generate_series(0, 10) l))) f (call, weights);

-- Windows of every kind
SELECT is(array_agg(y ORDER BY i), '{1,1.5,1.75,1.875}', 'the default frame gives the same without ties')
    FROM (SELECT i, mmm_adstock_geometric(1, 0.5, 3, false) OVER (ORDER BY i) y FROM generate_series(1, 4) i) t;
SELECT is(array_agg(y ORDER BY i), '{1,1.5,1.5,1.5}', 'a frame of two rows sees two rows')
    FROM (SELECT i, mmm_adstock_geometric(1, 0.5, 3, false) OVER (ORDER BY i ROWS 1 PRECEDING) y FROM generate_series(1, 4) i) t;
SELECT is(array_agg(y ORDER BY i), '{1,1.5,1.75}', 'tied rows count one by one with ROWS')
    FROM (SELECT i, mmm_adstock_geometric(1, 0.5, 3, false) OVER (ORDER BY 0 ROWS UNBOUNDED PRECEDING) y FROM generate_series(1, 3) i) t;
SELECT is(mmm_adstock_geometric(i, 0.5, 3, false ORDER BY i), 6.125::float8, 'as a plain aggregate: the value of the last row')
    FROM generate_series(1, 4) i;
SELECT is((SELECT mmm_adstock_geometric(1, 0.5) FROM generate_series(1, 0)), NULL, 'no rows give null');
SELECT is(array_agg(y ORDER BY i), '{NULL,NULL,8,4}', 'parameters may be null until something happens')
    FROM (SELECT i, mmm_adstock_geometric(x, a, 9, false) OVER (ORDER BY i ROWS UNBOUNDED PRECEDING) y
          FROM (VALUES (1, NULL, NULL), (2, 0, NULL), (3, 8, 0.5), (4, NULL, NULL)) v (i, x, a)) t;

-- Parallel plans
CREATE TABLE big AS SELECT r AS region, i AS week, ((r * i) % 17)::float8 AS x FROM generate_series(1, 200) r, generate_series(1, 100) i;
ALTER TABLE big SET (parallel_workers = 2);
ANALYZE big;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
CREATE TEMP TABLE serial AS SELECT region, week, mmm_adstock_delayed(x, 0.5, 1, 8) OVER w AS y FROM big
    WINDOW w AS (PARTITION BY region ORDER BY week ROWS UNBOUNDED PRECEDING);
CREATE FUNCTION pg_temp.plan(query text) RETURNS SETOF text LANGUAGE plpgsql AS 'BEGIN RETURN QUERY EXECUTE ''EXPLAIN '' || query; END';
PREPARE in_parallel AS
    SELECT region, week, mmm_adstock_delayed(x, 0.5, 1, 8) OVER (PARTITION BY region ORDER BY week ROWS UNBOUNDED PRECEDING) AS y
    FROM (SELECT * FROM big WHERE mmm_saturation_log(x) >= 0) b;
SELECT isnt_empty($$SELECT * FROM pg_temp.plan('EXECUTE in_parallel') p WHERE p ~ 'Gather'$$, 'the rows come from parallel workers');
SELECT is((SELECT count(*) FROM serial), 20000::bigint, 'and so many');
SELECT set_eq('in_parallel', 'SELECT * FROM serial', 'a parallel plan gives the same');

-- The array form
SELECT is(mmm_adstock('{}', '{"family": "geometric", "alpha": 0.5, "max_lag": 3}'), '{}', 'nothing in, nothing out');
SELECT is(mmm_adstock('{4,NULL,0}', '{"family": "geometric", "alpha": 0.5, "max_lag": 3, "normalize": false}'), '{4,2,1}', 'null counts as 0');
SELECT is(mmm_adstock(NULL, '{"family": "none"}'), NULL, 'null in, null out');
SELECT is(mmm_adstock('{1,2}', '{"family": "none"}'), '{1,2}', 'family none changes nothing');
SELECT throws_ok($$SELECT mmm_adstock('{{1,2},{3,4}}', '{"family": "none"}')$$, '2202E', NULL, 'one dimension only');
SELECT throws_ok($$SELECT mmm_adstock('{1,NaN}', '{"family": "none"}')$$, '22023', NULL, 'NaN is no exposure');
SELECT throws_ok(format('SELECT mmm_adstock(''{1}'', %L)', adstock), '22023', NULL, 'wrong adstock: ' || adstock::text)
    FROM unnest(ARRAY['{}', '[]', '"geometric"', '{"family": "geometrc", "alpha": 0.5}', '{"family": "geometric"}',
                      '{"family": "geometric", "alpha": 1.5}', '{"family": "geometric", "alpha": 0.5, "max_lag": -1}',
                      '{"family": "geometric", "alpha": 0.5, "lag": 3}']::jsonb[]) adstock;

-- Refusals of the aggregates
SELECT throws_ok('SELECT mmm_adstock_' || call || ' OVER (ORDER BY i ROWS UNBOUNDED PRECEDING) FROM generate_series(1, 3) i', '22023', NULL, call)
    FROM unnest(ARRAY['geometric(1, 1)', 'geometric(1, -0.1)', 'geometric(1, ''NaN'')', 'geometric(1, 0.5, -1)', 'geometric(1, 0.5, -2)', 'geometric(1, 0.5, 1024)',
                      'geometric(1, 0.5, 2147483647)', 'geometric(''NaN'', 0.5)', 'geometric(''-Infinity'', 0.5)', 'geometric(1, i / 10.0)',
                      'geometric(1, 0.5, i)', 'geometric(1, 0.5, 2, i = 1)', 'geometric(1, NULL)', 'geometric(1, 0.5, NULL)',
                      'delayed(1, 0, 1, 4)', 'delayed(1, 0.5, -1, 4)', 'delayed(1, 0.5, 1, -1)', 'binomial(1, 0, 4)', 'binomial(1, 1.1, 4)',
                      'weibull_cdf(1, 0, 1, 4)', 'weibull_cdf(1, 1, 0, 4)', 'weibull_pdf(1, -1, 1, 4)', 'weibull_pdf(1, 1, ''NaN'', 4)']) call;

-- Saturation
SELECT is(round(got::numeric, 12), round(expected::numeric, 12), name)
    FROM (VALUES
        ('hill(2, 3, 1.5)', mmm_saturation_hill(2, 3, 1.5), 2 ^ 1.5 / (2 ^ 1.5 + 3 ^ 1.5)),
        ('hill at half', mmm_saturation_hill(3, 3, 4), 0.5),
        ('hill(0)', mmm_saturation_hill(0, 3, 0.5), 0),
        ('logistic(2, 0.7)', mmm_saturation_logistic(2, 0.7), (1 - exp(-1.4)) / (1 + exp(-1.4))),
        ('inverse_scaled_logistic at half', mmm_saturation_inverse_scaled_logistic(5, 5), 0.5),
        ('michaelis_menten(2, 3)', mmm_saturation_michaelis_menten(2, 3), 0.4),
        ('tanh(2, 4)', mmm_saturation_tanh(2, 4), tanh(0.5::float8)),
        ('root(9, 0.5)', mmm_saturation_root(9, 0.5), 3),
        ('log(e - 1)', mmm_saturation_log(exp(1::float8) - 1), 1),
        ('large x', mmm_saturation_logistic(1e300, 1), 1)) s (name, got, expected);
SELECT throws_ok('SELECT mmm_saturation_' || call, '22023', NULL, call)
    FROM unnest(ARRAY['hill(-1, 1, 1)', 'hill(1, 0, 1)', 'hill(1, 1, 0)', 'hill(''NaN'', 1, 1)', 'logistic(1, 0)', 'michaelis_menten(1, -1)',
                      'tanh(1, 0)', 'root(1, 0)', 'log(-1)', 'log(''Infinity'')', 'inverse_scaled_logistic(1, 0)']) call;
SELECT is(mmm_saturation_hill(NULL, 1, 1), NULL, 'null in, null out');

SELECT * FROM finish();
ROLLBACK;
