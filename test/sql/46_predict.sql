-- Forecasts: what rows they need, whose rights they read with, and that they go on from the history.
BEGIN;
SELECT no_plan();

CREATE TABLE past AS SELECT * FROM brand_a ORDER BY week LIMIT 96;
CREATE TABLE future AS SELECT week, tv_spend, search_spend, price FROM brand_a ORDER BY week OFFSET 96;
CREATE TABLE fitted AS SELECT mmm_fit('past', spec('quick')) AS model;

SELECT results_eq($$SELECT "time"::date, geo FROM fitted, mmm_predict(model, 'future')$$,
                  $$SELECT week, NULL::text FROM future ORDER BY week$$, 'a row for each period, without the KPI in the source');
SELECT is_empty($$SELECT * FROM fitted, mmm_predict(model, 'future') WHERE NOT (lower < mean AND mean < upper)$$, 'the mean is inside its interval');
SELECT cmp_ok((SELECT avg((sales BETWEEN lower AND upper)::int) FROM fitted, mmm_predict(model, 'future', 0.98) p JOIN brand_a ON week = p."time"),
              '>=', 0.7, 'most of what came lies inside');
SELECT results_eq($$SELECT p.* FROM fitted, mmm_predict(model, 'future') p$$, $$SELECT p.* FROM fitted, mmm_predict(model, 'future') p$$, 'the same every time');
SELECT cmp_ok((SELECT avg(upper - lower) FROM fitted, mmm_predict(model, 'future', 0.5)), '<', (SELECT avg(upper - lower) FROM fitted, mmm_predict(model, 'future')),
              'a lower level gives a narrower interval');
-- Held-out periods are history: those after them follow.
CREATE TEMP TABLE held AS SELECT mmm_fit('past', spec('quick') || '{"holdout": {"last": 4}}') AS model;
SELECT is((SELECT count(*) FROM held, mmm_predict(model, 'future')), 8::bigint, 'a model with held-out periods goes on after them');
-- A stop of all media fades out by the adstock.
CREATE VIEW dark AS SELECT week, 0 AS tv_spend, 0 AS search_spend, price FROM future;
CREATE VIEW as_planned AS SELECT week, tv_spend, search_spend + 1 AS search_spend, price FROM future;
SELECT is_empty($$SELECT * FROM fitted, mmm_predict(model, 'dark') d JOIN mmm_predict((SELECT model FROM fitted), 'as_planned') f USING ("time") WHERE d.mean >= f.mean$$,
                'without media less is sold');

SELECT throws_ok($$SELECT mmm_predict(model, 'brand_a') FROM fitted$$, '22023', 'time: time 2022-01-03 is not after the fitted history', 'rows of the history');
CREATE VIEW late AS SELECT * FROM future WHERE week > (SELECT min(week) FROM future);
SELECT throws_like($$SELECT mmm_predict(model, 'late') FROM fitted$$, 'time: time 2023-11-13 follows 2023-10-30, expected 2023-11-06', 'a gap');
CREATE VIEW twice AS SELECT * FROM future UNION ALL SELECT * FROM future;
SELECT throws_like($$SELECT mmm_predict(model, 'twice') FROM fitted$$, '%2023-11-06 occurs more than once', 'repeated times');
CREATE VIEW incomplete AS SELECT week, nullif(tv_spend, (SELECT max(tv_spend) FROM future)) AS tv_spend, price FROM future;
SELECT throws_like($$SELECT mmm_predict(model, 'incomplete') FROM fitted$$, 'the rows of incomplete cannot be forecast: 2 problems, the first is media.tv.exposure: column "tv_spend" is null in 1 row%',
                   'nulls and missing columns, all at once');
CREATE VIEW nothing AS SELECT * FROM future WHERE false;
SELECT throws_like($$SELECT mmm_predict(model, 'nothing') FROM fitted$$, 'source: there are no rows in nothing', 'no rows');
SELECT throws_ok($$SELECT mmm_predict(model, 'future', 2) FROM fitted$$, '22023', NULL, 'a level of 2');
SELECT is_empty($$SELECT * FROM mmm_predict(NULL, 'future')$$, 'no model, no rows');
SELECT is_empty($$SELECT p.* FROM fitted, mmm_predict(model, NULL) p$$, 'no source, no rows');

-- Rights
CREATE ROLE mmm_test_nobody;
CREATE ROLE mmm_test_columns;
GRANT SELECT ON fitted TO mmm_test_nobody, mmm_test_columns;
GRANT SELECT (week, tv_spend, search_spend, price) ON future TO mmm_test_columns;
ALTER TABLE future ENABLE ROW LEVEL SECURITY;
CREATE POLICY first_weeks ON future TO mmm_test_columns USING (week < '2023-11-20');
SET LOCAL ROLE mmm_test_nobody;
SELECT throws_ok($$SELECT mmm_predict(model, 'future') FROM fitted$$, '42501', NULL, 'read with the caller''s rights');
SET LOCAL ROLE mmm_test_columns;
SELECT is((SELECT count(*) FROM fitted, mmm_predict(model, 'future')), 2::bigint, 'a right to the columns in use is enough, row-level security filters');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
