-- Leave-one-out scores and the comparison of models.
BEGIN;
SELECT no_plan();

CREATE TEMP TABLE other AS
    SELECT mmm_fit('brand_a', spec('quick') - 'controls') AS plain, mmm_fit('brand_a', spec('quick') || '{"sampler": {"method": "map"}}') AS map,
           mmm_fit_query('SELECT * FROM weekly WHERE brand = ''b''', spec('quick')) AS b;

SELECT is((SELECT count(*) FROM mmm_loo(model('a'))), 1::bigint, 'one row');
SELECT is_empty($$SELECT * FROM mmm_loo(model('a')) WHERE NOT (elpd_loo < 0 AND se > 0 AND p_loo BETWEEN 1 AND 20 AND bad_k BETWEEN 0 AND 104)$$,
                'a score with its error and a number of parameters of the right size');
-- The density of the KPI, not of its scaled form: near that of a normal with the sd of the residuals.
SELECT is_empty($$SELECT * FROM mmm_loo(model('a')), (SELECT ln(stddev(actual - mean)) AS log_sd FROM mmm_fitted(model('a'))) f
                  WHERE abs(elpd_loo / 104 + log_sd + 0.5 * ln(2 * pi()) + 0.5) > 0.2$$, 'in units of the KPI');
SELECT throws_ok($$SELECT (mmm_loo(map)).* FROM other$$, '22023', 'the model has 1 draw, too few for leave-one-out', 'a mode has no draws');
SELECT is_empty($$SELECT * FROM mmm_loo(NULL)$$, 'no model, no score');

SELECT results_eq($$SELECT rank, elpd_loo FROM other, mmm_compare(plain, model('a')) ORDER BY rank$$,
                  $$SELECT row_number() OVER (ORDER BY elpd_loo DESC)::int, elpd_loo FROM
                    (SELECT l.* FROM other, mmm_loo(plain) l UNION ALL SELECT * FROM mmm_loo(model('a'))) s ORDER BY 1$$, 'ranked by score');
SELECT is_empty($$SELECT * FROM other, mmm_compare(plain, model('a')) c WHERE (rank = 1) <> (elpd_diff = 0 AND diff_se = 0) OR elpd_diff > 0
                  OR elpd_loo <> (SELECT elpd_loo FROM mmm_loo(CASE model WHEN 1 THEN plain ELSE model('a') END))$$, 'model is the position');
SELECT is((SELECT round(sum(weight)::numeric, 9) FROM other, mmm_compare(plain, model('a'))), 1::numeric, 'weights add up to 1');
SELECT results_eq($$SELECT rank, model, weight, elpd_diff FROM mmm_compare(model('a'))$$, $$VALUES (1, 1, 1::float8, 0::float8)$$, 'one model alone');
SELECT is((SELECT count(*) FROM mmm_compare(VARIADIC ARRAY[model('a'), model('a'), model('a')])), 3::bigint, 'an array of models');
SELECT throws_ok($$SELECT mmm_compare(model('a'), b) FROM other$$, '22023',
                 'model 2 was fitted to other data than model 1: the values of their KPI differ', 'models of different data');
SELECT throws_ok($$SELECT mmm_compare(model('a'), NULL)$$, '22004', 'models must not contain nulls: number 2 is null', 'a null among the models');
SELECT is_empty($$SELECT mmm_compare(VARIADIC NULL::mmm_model[])$$, 'no models, no rows');
SELECT is_empty($$SELECT mmm_compare(VARIADIC '{}'::mmm_model[])$$, 'an empty array has none either');

SELECT * FROM finish();
ROLLBACK;
