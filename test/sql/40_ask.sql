-- Answers agree with the data, with each other and with the draws.
BEGIN;
SELECT no_plan();

SELECT is((SELECT array_agg(DISTINCT parameter ORDER BY parameter) FROM mmm_draws(model('a'))),
          (SELECT array_agg(parameter ORDER BY parameter) FROM mmm_summary(model('a'))), 'summary has a row for each parameter');
SELECT is((SELECT count(*) FROM mmm_draws(model('a')) WHERE parameter = (SELECT min(parameter) FROM mmm_summary(model('a')))), 200::bigint,
          '2 chains of 100 draws');
SELECT is((SELECT array_agg(DISTINCT chain ORDER BY chain) FROM mmm_draws(model('a'))), '{1,2}', 'chains are numbered from 1');
SELECT is((SELECT ROW(min(draw), max(draw))::text FROM mmm_draws(model('a'))), '(1,100)', 'so are draws');
SELECT is_empty($$
    SELECT * FROM mmm_summary(model('a'), 0.8) s JOIN (
        SELECT parameter, avg(value) AS mean, stddev_samp(value) AS sd, percentile_cont(0.5) WITHIN GROUP (ORDER BY value) AS median,
               percentile_cont(0.1) WITHIN GROUP (ORDER BY value) AS lower, percentile_cont(0.9) WITHIN GROUP (ORDER BY value) AS upper
        FROM mmm_draws(model('a')) GROUP BY parameter) d USING (parameter)
    WHERE abs(s.mean - d.mean) + abs(s.sd - d.sd) + abs(s.median - d.median) + abs(s.lower - d.lower) + abs(s.upper - d.upper)
          > 1e-6 * (1 + abs(d.mean) + d.sd)$$, 'mean, sd, median and interval are those of the draws');
SELECT is((SELECT count(DISTINCT parameter) FROM mmm_draws(model('a'), (SELECT array_agg(parameter) FROM
          (SELECT parameter FROM mmm_summary(model('a')) LIMIT 2) p))), 2::bigint, 'draws of some parameters');

SELECT results_eq($$SELECT DISTINCT verdict FROM mmm_diagnostics(model('a')) WHERE verdict NOT IN ('ok', 'warn', 'fail')$$,
                  $$SELECT ''::text WHERE false$$, 'verdicts are ok, warn or fail');
SELECT isnt_empty($$SELECT * FROM mmm_diagnostics(model('a'))$$, 'there are diagnostics');

SELECT results_eq($$SELECT channel, kind FROM mmm_channels(model('a')) ORDER BY 1$$, $$VALUES ('search', 'paid'), ('tv', 'paid')$$,
                  'a row for each channel');
SELECT is_empty($$SELECT * FROM mmm_channels(model('a')) c WHERE abs(c.spend - CASE channel
    WHEN 'tv' THEN (SELECT sum(tv_spend) FROM brand_a) ELSE (SELECT sum(search_spend)::float8 FROM brand_a) END) > 1e-6 * c.spend$$,
    'spend is that of the data');
SELECT is_empty($$SELECT * FROM mmm_channels(model('a')) WHERE NOT (contribution_lower <= contribution AND contribution <= contribution_upper
    AND abs(roi - contribution / spend) <= 1e-6 * abs(roi))$$, 'the contribution is inside its interval, ROI is contribution over spend');
SELECT is_empty($$
    SELECT channel FROM mmm_channels(model('a')) c
    JOIN (SELECT component AS channel, sum(mean) AS total FROM mmm_decomposition(model('a')) GROUP BY 1) d USING (channel)
    WHERE abs(c.contribution - d.total) > 1e-6 * abs(d.total)$$, 'contributions are those of the decomposition');
SELECT is((SELECT sum(spend) FROM mmm_channels(model('a'), from_time => '2022-03-07', to_time => '2022-03-14') WHERE channel = 'tv'),
          (SELECT sum(tv_spend) FROM brand_a WHERE week IN ('2022-03-07', '2022-03-14')), 'from_time and to_time are inclusive');
SELECT is((SELECT sum(spend) FROM mmm_channels(model('a'), from_time => '-infinity', to_time => 'infinity')),
          (SELECT sum(spend) FROM mmm_channels(model('a'))), 'infinite times are no bounds');

SELECT is((SELECT count(*) FROM mmm_fitted(model('a'))), 104::bigint, 'a fitted row for each week');
SELECT is_empty($$SELECT * FROM mmm_fitted(model('a')) f FULL JOIN brand_a ON "time" = week WHERE abs(actual - sales) > 1e-6 * sales
                  OR actual IS NULL OR sales IS NULL$$, 'actual is the data');
SELECT is_empty($$SELECT * FROM mmm_fitted(model('a')) WHERE NOT (lower < mean AND mean < upper) OR holdout$$, 'the mean is inside its interval');
SELECT is_empty($$
    SELECT * FROM mmm_fitted(model('a')) f JOIN (SELECT "time", sum(mean) AS total FROM mmm_decomposition(model('a')) GROUP BY 1) d USING ("time")
    WHERE abs(f.mean - d.total) > 1e-6 * abs(f.mean)$$, 'the decomposition adds up to the fitted mean');

-- Named arguments, as the documentation shows them
SELECT lives_ok($$SELECT channel, roi FROM mmm_channels(model => model('a'), level => 0.5)$$, 'arguments have their names');
SELECT cmp_ok((SELECT max(upper - lower) FROM mmm_summary(model('a'), 0.5)), '<', (SELECT max(upper - lower) FROM mmm_summary(model('a'), 0.95)),
              'a lower level gives a narrower interval');

-- Specifications
SELECT is(jsonb_typeof(mmm_spec()), 'object', 'mmm_spec gives a specification');
SELECT is(mmm_spec_schema() ->> 'type', 'object', 'mmm_spec_schema gives a JSON Schema');

-- Simulation
SELECT is((SELECT count(*) FROM mmm_simulate(spec('simulated'))), 104::bigint, 'as many rows as asked for');
SELECT results_eq($$SELECT * FROM mmm_simulate(spec('simulated'), 5)$$, $$SELECT * FROM mmm_simulate(spec('simulated'), 5)$$, 'the same seed gives the same rows');
SELECT isnt((SELECT sum(kpi) FROM mmm_simulate(spec('simulated'), 5)), (SELECT sum(kpi) FROM mmm_simulate(spec('simulated'), 6)), 'another seed gives others');
SELECT is((SELECT array_agg(DISTINCT key ORDER BY key) FROM mmm_simulate(spec('simulated')), jsonb_object_keys(metrics) key),
          '{price,search_spend,tv_spend}', 'metrics holds the columns of the specification by name');
SELECT isnt_empty($$SELECT * FROM mmm_simulate_truth(spec('simulated')) WHERE name = 'roi.tv'$$, 'the truth tells the ROI');

SELECT * FROM finish();
ROLLBACK;
