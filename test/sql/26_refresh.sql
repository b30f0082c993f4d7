-- The last posterior as prior for new rows, and what moved.
BEGIN;
SELECT no_plan();

CREATE TABLE growing AS SELECT week, sales, tv_spend, search_spend, price FROM brand_a ORDER BY week LIMIT 78;
CREATE TEMP TABLE old AS SELECT mmm_fit('growing', spec('quick')) AS model;
SELECT throws_matching($$SELECT mmm_refresh('growing', model) FROM old$$, 'there is no row to fit from', 'nothing new is an error');
INSERT INTO growing SELECT week, sales, tv_spend, search_spend, price FROM brand_a ORDER BY week OFFSET 78;
CREATE TEMP TABLE renewed AS SELECT mmm_refresh('growing', model) AS model FROM old;
SELECT results_eq($$SELECT holdout, count(*) FROM renewed, mmm_fitted(model) GROUP BY 1 ORDER BY 1$$, $$VALUES (false, 26::bigint), (true, 78)$$,
                  'only new rows are in the likelihood');
SELECT is(model::jsonb -> 'spec' -> 'units' -> 'time' ->> 'from', (SELECT min(week)::text FROM growing), 'in the units of the old model') FROM renewed;
SELECT is(model::jsonb #>> '{spec,priors,controls.price,family}', 'normal', 'with its posterior as prior') FROM renewed;
SELECT set_has($$SELECT parameter FROM old, renewed, mmm_refresh_report(old.model, renewed.model)$$,
               $$VALUES ('roi.tv'), ('roi.search'), ('intercept'), ('controls.price'), ('media.tv.adstock.alpha'), ('sigma')$$, 'the report has every parameter and channel');
SELECT is_empty($$SELECT * FROM old, renewed, mmm_refresh_report(old.model, renewed.model, 0.999) WHERE moved$$, 'nothing moved where nothing changed');
SELECT ok(abs(shift - (new_mean - old_mean)) < 1e-12 AND message <> '', 'with the shift: ' || parameter)
    FROM old, renewed, mmm_refresh_report(old.model, renewed.model);
SELECT throws_ok($$SELECT mmm_refresh_report(model, mmm_fit('growing', spec('quick') || '{"kpi": "price", "controls": []}')) FROM old$$, '22023',
                 'the models differ in their kpi: "sales" and "price"', 'models of other things are not compared');
SELECT is_empty($$SELECT * FROM mmm_validate('growing', spec('quick') || '{"calibration": [{"channel": "tv", "from": "2023-03-06",
    "to": "2023-03-27", "spend_before": 100, "spend_delta": 50, "lift": 1, "standard_error": 1}]}') WHERE code = 'implausible_lift'$$, 'a lift within the KPI is plausible');
SELECT is((SELECT field FROM mmm_validate('growing', spec('quick') || '{"calibration": [{"channel": "tv", "from": "2023-03-06",
    "to": "2023-03-27", "spend_before": 100, "spend_delta": 50, "lift": 1e15, "standard_error": 1}]}') WHERE code = 'implausible_lift'),
          'calibration[0].lift', 'a lift beyond the whole KPI is not');
SELECT is(fingerprint(mmm_refresh('growing', old.model)), fingerprint(renewed.model), 'the same rows and seed give the same refresh') FROM old, renewed;
SELECT throws_ok($$SELECT mmm_refresh('growing', model, '{"widen": 0.5}') FROM old$$, '22023', NULL, 'priors are never narrowed');
SELECT throws_ok($$SELECT mmm_refresh('growing', model, '{"wide": 2}') FROM old$$, '22023', NULL, 'an unknown option');
SELECT is(count(*) FILTER (WHERE holdout), 0::bigint, 'overlap fits all rows')
    FROM old, mmm_fitted(mmm_refresh('growing', model, '{"overlap": true, "widen": 2, "sampler": {"method": "pathfinder", "chains": 1, "draws": 10}}'));

CREATE ROLE mmm_test_reader;
GRANT SELECT ON old TO mmm_test_reader;
SET LOCAL ROLE mmm_test_reader;
SELECT throws_ok($$SELECT mmm_refresh('growing', model) FROM old$$, '42501', NULL, 'rows are read with the caller''s rights');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
