-- A fit reads with the caller's rights: grants, row-level security and views count as for any query.
BEGIN;
SELECT no_plan();

CREATE ROLE mmm_test_nobody;
CREATE ROLE mmm_test_columns;
CREATE ROLE mmm_test_tenant;
GRANT SELECT ON spec TO PUBLIC;
CREATE TEMP TABLE expected AS SELECT fingerprint(model('a')) AS draws;
GRANT SELECT ON expected TO PUBLIC;
CREATE TABLE holidays AS SELECT 'sale' AS name, '2022-03-09'::date AS date;
CREATE TABLE own_a AS SELECT * FROM brand_a;
GRANT SELECT (week, sales, tv_spend, search_spend, price) ON own_a TO mmm_test_columns;
ALTER TABLE weekly ENABLE ROW LEVEL SECURITY;
CREATE POLICY one_brand ON weekly TO mmm_test_tenant USING (brand = 'a');
GRANT SELECT ON weekly TO mmm_test_tenant;

SET LOCAL ROLE mmm_test_nobody;
SELECT throws_ok($$SELECT mmm_fit('own_a', spec('quick'))$$, '42501', NULL, 'no right to read: mmm_fit');
SELECT throws_ok($$SELECT * FROM mmm_validate('own_a', spec('quick'))$$, '42501', NULL, 'no right to read: mmm_validate');
SELECT throws_ok($$SELECT mmm_fit_query('SELECT * FROM own_a', spec('quick'))$$, '42501', NULL, 'no right to read: mmm_fit_query');
SELECT throws_ok($$SELECT mmm_fit_agg(w, spec('quick')) FROM own_a w$$, '42501', NULL, 'no right to read: mmm_fit_agg');
SELECT throws_ok($$SET LOCAL mmm.max_memory = '1GB'$$, '42501', NULL, 'limits are the administrator''s: memory');
SELECT throws_ok($$SET LOCAL mmm.max_threads = 8$$, '42501', NULL, 'limits are the administrator''s: threads');
SELECT lives_ok($$SET LOCAL mmm.progress = 'off'$$, 'progress is everyone''s');

SET LOCAL ROLE mmm_test_columns;
SELECT is(fingerprint(mmm_fit('own_a', spec('quick'))), (SELECT draws FROM expected), 'a right to the columns in use is enough');
SELECT throws_ok($$SELECT mmm_fit('own_a', spec('quick') || '{"kpi": "metrics.tv_spend"}')$$, '42501', NULL, 'and only to those');

SELECT throws_ok($$SELECT mmm_fit('own_a', spec('quick') || '{"events": {"table": "holidays"}}')$$, '42501', NULL,
                 'a table of events is read with the caller''s rights too');

SET LOCAL ROLE mmm_test_tenant;
SELECT is(fingerprint(mmm_fit('weekly', spec('quick'))), (SELECT draws FROM expected), 'row-level security filters what is fitted: mmm_fit');
SELECT is(fingerprint(mmm_fit_query('SELECT * FROM weekly', spec('quick'))), (SELECT draws FROM expected), 'mmm_fit_query');
SELECT is(fingerprint(mmm_fit_agg(w, spec('quick'))), (SELECT draws FROM expected), 'mmm_fit_agg') FROM weekly w;
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
