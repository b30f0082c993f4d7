-- What is missing follows the rules of the specification, and is counted.
BEGIN;
SELECT no_plan();

CREATE TABLE gaps AS SELECT week, sales, tv_spend, search_spend, price FROM brand_a;
UPDATE gaps SET tv_spend = NULL WHERE week IN (SELECT week FROM gaps ORDER BY week OFFSET 10 LIMIT 2);
UPDATE gaps SET sales = NULL WHERE week = (SELECT week FROM gaps ORDER BY week OFFSET 20 LIMIT 1);
CREATE FUNCTION pg_temp.rules(jsonb) RETURNS jsonb LANGUAGE sql AS $$SELECT spec('quick') || jsonb_build_object('missing', $1)$$;

SELECT throws_matching($$SELECT mmm_fit('gaps', spec('quick'))$$, '2 problems', 'without rules nothing is filled');
SELECT set_has($$SELECT code, message FROM mmm_validate('gaps', pg_temp.rules('{"values": {"media": "zero", "kpi": "skip"}}'))$$,
               $$VALUES ('counted_as_zero', '2 values of column "tv_spend" counted as zero by missing.values'),
                        ('kpi_skipped', '1 value of column "sales" skipped by missing.values: these rows are not in the likelihood')$$,
               'mmm_validate counts what rules put in');
CREATE TEMP TABLE filled AS SELECT mmm_fit('gaps', pg_temp.rules('{"values": {"media": "zero", "kpi": "skip"}}')) AS model;
CREATE TEMP TABLE by_hand AS SELECT mmm_fit_query($$SELECT week, coalesce(sales, 0) AS sales, coalesce(tv_spend, 0) AS tv_spend, search_spend, price,
    (sales IS NULL)::int AS held FROM gaps$$, spec('quick') || '{"holdout": {"column": "held"}}') AS model;
SELECT is(fingerprint(filled.model), fingerprint(by_hand.model), 'a rule does what coalesce and a holdout do by hand') FROM filled, by_hand;
SELECT is(count(*), 1::bigint, 'a skipped KPI has no actual value') FROM filled, mmm_fitted(model) WHERE actual IS NULL AND holdout AND mean > 0;
SELECT is(value, 2::float8, 'mmm_diagnostics keeps the count') FROM filled, mmm_diagnostics(model) WHERE metric = 'missing.tv_spend';
SELECT is(fingerprint((SELECT mmm_fit_agg(g, pg_temp.rules('{"values": {"media": "zero", "kpi": "skip"}}')) FROM gaps g)), fingerprint(model),
          'and mmm_fit_agg does the same') FROM filled;

DELETE FROM gaps WHERE week = (SELECT week FROM gaps ORDER BY week OFFSET 30 LIMIT 1);
SELECT throws_matching($$SELECT mmm_fit('gaps', pg_temp.rules('{"values": {"media": "zero", "kpi": "skip"}}'))$$, 'not evenly spaced', 'a missing week is an error');
SELECT is(count(*), 104::bigint, 'unless periods are filled')
    FROM mmm_fitted(mmm_fit('gaps', pg_temp.rules('{"periods": "fill", "values": {"media": "zero", "controls": "carry", "kpi": "skip"}}')));
SELECT throws_matching($$SELECT mmm_fit('gaps', pg_temp.rules('{"values": {"sales": "carry"}}'))$$, 'missing\.values\.sales', 'a KPI is never carried on');

SELECT * FROM finish();
ROLLBACK;
