-- Cross-validation equals fitting and forecasting by hand, reads with the caller's rights, and refuses what cannot be.
BEGIN;
SELECT no_plan();

CREATE TEMP TABLE scores AS
    SELECT * FROM mmm_cross_validate('brand_a', spec('quick'), '{"initial": 80, "horizon": 8, "step": 12, "level": 0.8, "sampler": {"draws": 60}}');
CREATE TEMP TABLE by_hand AS
    WITH fitted AS MATERIALIZED (SELECT mmm_fit_query('SELECT * FROM brand_a ORDER BY week LIMIT 92', jsonb_set(spec('quick'), '{sampler,draws}', '60')) AS model)
    SELECT model FROM fitted;
CREATE VIEW weeks_after AS SELECT * FROM brand_a ORDER BY week OFFSET 92 LIMIT 8;

SELECT results_eq($$SELECT fold, cutoff::date, horizon, count(*) FROM scores GROUP BY 1, 2, 3 ORDER BY 1$$,
                  $$VALUES (1, '2023-07-10'::date, 8, 6::bigint), (2, '2023-10-02', 8, 6)$$, 'two folds, their last fitted weeks');
SELECT is((SELECT array_agg(DISTINCT metric ORDER BY metric) FROM scores), '{coverage,crps,elpd,mape,rmse,wmape}', 'the metrics');
SELECT is_empty($$
    SELECT * FROM scores JOIN (
        SELECT unnest(ARRAY['mape', 'wmape', 'rmse', 'coverage']) AS metric,
               unnest(ARRAY[avg(abs(sales - mean) / sales), sum(abs(sales - mean)) / sum(sales), sqrt(avg((sales - mean) ^ 2)),
                            avg((sales BETWEEN lower AND upper)::int)]) AS expected
        FROM by_hand, mmm_predict(model, 'weeks_after', 0.8) p JOIN brand_a ON week = p."time") h USING (metric)
    WHERE fold = 2 AND abs(value - expected) > 1e-9 * (1 + expected)$$, 'a fold equals mmm_fit and mmm_predict by hand');
SELECT is_empty($$SELECT * FROM scores WHERE metric = 'crps' AND NOT value BETWEEN 0 AND (SELECT s.value FROM scores s WHERE s.metric = 'rmse' AND s.fold = scores.fold)$$,
                'crps is of the size of the error');
SELECT is((SELECT count(DISTINCT fold) FROM mmm_cross_validate('brand_a', spec('quick'), '{"window": "rolling", "initial": 60, "horizon": 22, "sampler": {"draws": 20, "chains": 1}}')),
          2::bigint, 'rolling windows');

SELECT throws_ok($$SELECT mmm_cross_validate('brand_a', spec('quick'), '{"initial": 100, "horizon": 5}')$$, '22023',
                 'options: initial = 100 and horizon = 5 leave no fold in 104 periods', 'too few rows for a fold');
SELECT throws_ok($$SELECT mmm_cross_validate('brand_a', spec('quick'), '{"horizont": 5}')$$, '22023', 'options.horizont: unknown key (did you mean "horizon"?)', 'an unknown option');
SELECT throws_ok($$SELECT mmm_cross_validate('brand_a', spec('quick') || '{"holdout": {"last": 3}}')$$, '22023', NULL, 'a holdout besides');
SELECT throws_ok($$SELECT mmm_cross_validate('brand_a', spec('quick') || '{"kpi": "salez"}')$$, '22023', NULL, 'data that cannot be modelled');
SELECT is_empty($$SELECT * FROM mmm_cross_validate(NULL, spec('quick'))$$, 'no source, no rows');
SELECT is_empty($$SELECT * FROM mmm_cross_validate('brand_a', spec('quick'), NULL)$$, 'no options, no rows');

CREATE ROLE mmm_test_nobody;
GRANT SELECT ON spec TO mmm_test_nobody;
SET LOCAL ROLE mmm_test_nobody;
SELECT throws_ok($$SELECT mmm_cross_validate('brand_a', spec('quick'))$$, '42501', NULL, 'read with the caller''s rights');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
