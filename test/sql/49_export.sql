-- Export for ArviZ, and a model as jsonb and back.
BEGIN;
SELECT no_plan();

SELECT is((SELECT array_agg(key ORDER BY key) FROM jsonb_object_keys(mmm_arviz(model('a'))) key), '{observed_data,posterior,sample_stats}', 'the groups');
SELECT is_empty($$
    SELECT * FROM mmm_draws(model('a')) d FULL JOIN (
        SELECT key AS parameter, c.n::int AS chain, v.n::int AS draw, v.value::float8 AS value
        FROM jsonb_each(mmm_arviz(model('a')) -> 'posterior') p, jsonb_array_elements(p.value) WITH ORDINALITY c (value, n),
             jsonb_array_elements(c.value) WITH ORDINALITY v (value, n)) a USING (parameter, chain, draw)
    WHERE a.value IS DISTINCT FROM d.value$$, 'every draw under its name, chain and number, exactly');
SELECT results_eq($$SELECT v.value::float8 FROM jsonb_array_elements(mmm_arviz(model('a')) #> '{observed_data,sales}') WITH ORDINALITY v (value, n) ORDER BY n$$,
                  $$SELECT sales FROM brand_a ORDER BY week$$, 'the observed KPI');
SELECT is(mmm_arviz(NULL), NULL, 'no model, no export');

SELECT is(mmm_model_send(mmm_from_json(model('a')::jsonb)), mmm_model_send(model('a')), 'a model as jsonb comes back without loss');
CREATE TEMP TABLE varied AS
    SELECT mmm_fit('brand_a', spec('quick') || more) AS model FROM (VALUES
        ('{"sampler": {"method": "map"}}'::jsonb), ('{"sampler": {"method": "pathfinder", "draws": 50}, "likelihood": "student_t"}'),
        ('{"holdout": {"last": 5}, "trend": {"family": "piecewise", "changepoints": ["2022-08-01"]}, "sampler": {"draws": 20, "chains": 1},
           "events": [{"name": "sale", "dates": ["2022-11-25"]}]}')) v (more);
SELECT is((SELECT count(*) FROM varied WHERE mmm_model_send(mmm_from_json(model::jsonb)) = mmm_model_send(model)), 3::bigint, 'of every kind');
SELECT is((SELECT count(*) FROM varied WHERE mmm_model_send(model::text::mmm_model) = mmm_model_send(model)), 3::bigint, 'as text too');
SELECT throws_ok($$SELECT mmm_from_json('{"a": 1}')$$, '22P02', NULL, 'what is not a model');
SELECT throws_ok($$SELECT mmm_from_json(model('a')::jsonb - 'data')$$, '22P02', NULL, 'what is one no more');
SELECT is(mmm_from_json(NULL) IS NULL, true, 'null is no model');

SELECT * FROM finish();
ROLLBACK;
