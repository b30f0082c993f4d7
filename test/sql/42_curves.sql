-- Curves agree with the channels they belong to, and refuse what cannot be asked.
BEGIN;
SELECT no_plan();

SELECT results_eq($$SELECT channel, count(*), min(multiplier), max(multiplier) FROM mmm_response_curve(model('a')) GROUP BY 1 ORDER BY 1$$,
                  $$VALUES ('search', 21::bigint, 0::float8, 2::float8), ('tv', 21, 0, 2)$$, 'from nothing to twice in tenths');
SELECT is_empty($$SELECT * FROM mmm_response_curve(model('a'), multipliers => '{1}') r JOIN mmm_channels(model('a')) c USING (channel)
    WHERE abs(r.contribution - c.contribution) > 1e-12 * c.contribution OR abs(r.lower - c.contribution_lower) > 1e-12 * c.contribution
       OR abs(r.upper - c.contribution_upper) > 1e-12 * c.contribution OR r.spend <> c.spend OR abs(r.mroi - c.mroi) > 1e-9 * c.roi$$,
    'at 1 it is what mmm_channels reports');
SELECT is_empty($$SELECT * FROM mmm_response_curve(model('a')) r JOIN mmm_channels(model('a')) c USING (channel)
    WHERE abs(r.spend - r.multiplier * c.spend) > 1e-9 * c.spend OR NOT (lower <= r.contribution AND r.contribution <= upper)$$,
    'spend is multiplied, the mean is inside its interval');
SELECT results_eq($$SELECT channel, multiplier FROM mmm_response_curve(model('a'), 'tv', '{0.5, 3}')$$, $$VALUES ('tv', 0.5::float8), ('tv', 3)$$,
                  'one channel at given multipliers');
SELECT throws_ok($$SELECT * FROM mmm_response_curve(model('a'), 'tvs')$$, '22023', 'the model has no channel "tvs" (did you mean "tv"?)', 'an unknown channel');
SELECT throws_ok($$SELECT * FROM mmm_response_curve(model('a'), 'tv', '{-1}')$$, '22023', NULL, 'a negative multiplier');
SELECT throws_ok($$SELECT * FROM mmm_response_curve(model('a'), 'tv', '{}')$$, '22023', NULL, 'no multiplier');
SELECT throws_ok($$SELECT * FROM mmm_response_curve(model('a'), 'tv', '{1, NULL}')$$, '22004', 'multipliers must not contain nulls', 'a null multiplier');
SELECT throws_ok($$SELECT * FROM mmm_response_curve(model('a'), level => 1)$$, '22023', NULL, 'a level of 1');
SELECT is_empty($$SELECT * FROM mmm_response_curve(NULL)$$, 'no model, no rows');
SELECT is_empty($$SELECT * FROM mmm_response_curve(model('a'), level => NULL)$$, 'no level, no rows');

SELECT results_eq($$SELECT channel, count(*), max(lag), round(sum(mean)::numeric, 9) FROM mmm_adstock_curve(model('a')) GROUP BY 1 ORDER BY 1$$,
                  $$VALUES ('search', 9::bigint, 8, 1::numeric), ('tv', 9, 8, 1)$$, 'normalised weights of lags 0 to max_lag');
SELECT is_empty($$SELECT * FROM mmm_adstock_curve(model('a'), 0.5) WHERE NOT (0 < lower AND lower <= upper)$$, 'weights have intervals');
SELECT is_empty($$SELECT * FROM mmm_adstock_curve(NULL)$$, 'no model, no adstock');

SELECT results_eq($$SELECT channel, count(*), min(exposure), min(mean) FROM mmm_saturation_curve(model('a')) GROUP BY 1 ORDER BY 1$$,
                  $$VALUES ('search', 50::bigint, 0::float8, 0::float8), ('tv', 50, 0, 0)$$, '50 points from nothing');
SELECT is((SELECT count(*) FROM mmm_saturation_curve(model('a'), points => 10)), 20::bigint, 'as many points as asked for');
SELECT is_empty($$SELECT * FROM (SELECT mean - lag(mean) OVER (PARTITION BY channel ORDER BY exposure) AS more FROM mmm_saturation_curve(model('a'))) s
                  WHERE more <= 0$$, 'more exposure brings more');
SELECT throws_ok($$SELECT * FROM mmm_saturation_curve(model('a'), 1)$$, '22023', 'points = 1 is outside its range', 'one point is no curve');
SELECT is_empty($$SELECT * FROM mmm_saturation_curve(NULL)$$, 'no model, no saturation');

SELECT * FROM finish();
ROLLBACK;
