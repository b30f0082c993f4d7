-- Every question about curves, accuracy and the future, asked of a panel.
BEGIN;
SELECT no_plan();

CREATE TABLE panel_spec AS SELECT '{
    "time": "week", "geo": "region", "population": "people", "kpi": "sales", "media": {"tv": "tv"},
    "reach_frequency": {"video": {"spend": "video", "reach": "viewers", "frequency": "views"}},
    "organic_media": {"mail": "mails"}, "treatments": {"promo": "promo"}, "media_geo_effect": "log_normal",
    "trend": "none", "seasonality": false, "sampler": {"chains": 2, "warmup": 100, "draws": 50, "seed": 3},
    "simulate": {"geos": 4, "periods": 44}}'::jsonb AS spec;
CREATE TABLE regions AS
    SELECT s."time"::date AS week, geo AS region, kpi AS sales, m.*
    FROM panel_spec, mmm_simulate(spec, 1) s,
         jsonb_to_record(metrics) AS m(people float8, tv float8, video float8, viewers float8, views float8, mails float8, promo float8);
UPDATE panel_spec SET spec = spec - 'simulate';
CREATE VIEW past AS SELECT * FROM regions WHERE week < (SELECT min(week) + 40 * 7 FROM regions);
CREATE VIEW future AS SELECT week, region, tv, viewers, views, mails, promo FROM regions WHERE week >= (SELECT min(week) + 40 * 7 FROM regions);
CREATE TABLE panel AS SELECT mmm_fit('past', spec) AS model FROM panel_spec;

SELECT is((SELECT count(*) FROM regions), 176::bigint, 'four regions of 44 weeks');

-- Curves
SELECT is_empty($$SELECT * FROM panel, mmm_response_curve(model, multipliers => '{1}') r JOIN mmm_channels((SELECT model FROM panel)) c USING (channel)
    WHERE abs(r.contribution - c.contribution) > 1e-12 * abs(c.contribution) OR r.spend <> c.spend OR abs(r.mroi - c.mroi) > 1e-9 * c.roi$$,
    'a response curve at 1 is what mmm_channels reports');
SELECT results_eq($$SELECT channel, contribution FROM panel, mmm_response_curve(model, multipliers => '{1}', geos => '{geo_2,geo_3}')$$,
                  $$SELECT channel, contribution FROM panel, mmm_channels(model, geos => '{geo_2,geo_3}') WHERE kind <> 'treatment'$$, 'of some geos');
SELECT results_eq($$SELECT DISTINCT channel FROM panel, mmm_response_curve(model) ORDER BY 1$$, $$VALUES ('mail'), ('tv'), ('video')$$, 'treatments have no curve');
SELECT throws_ok($$SELECT mmm_response_curve(model, 'promo') FROM panel$$, '22023', '"promo" is a treatment, which has no response curve', 'a treatment');
SELECT throws_like($$SELECT mmm_response_curve(model, geos => '{geo_9}') FROM panel$$, 'the model has no geo "geo_9"%', 'an unknown geo');
SELECT throws_ok($$SELECT mmm_response_curve(model('a'), geos => '{geo_1}')$$, '22023', 'geos were given, but the model is national', 'geos of a national model');
SELECT is((SELECT array_agg(DISTINCT round(total::numeric, 9)) FROM (SELECT sum(mean) AS total FROM panel, mmm_adstock_curve(model) GROUP BY channel) s), '{1}', 'weights of sum 1');
SELECT is_empty($$SELECT * FROM panel, mmm_saturation_curve(model, 10) WHERE NOT (mean >= 0 AND lower <= mean AND mean <= upper)$$, 'saturation has intervals');

-- Accuracy
SELECT ok(elpd_loo < 0 AND se > 0 AND p_loo > 0, 'leave-one-out') FROM panel, mmm_loo(model);
CREATE TABLE other AS SELECT mmm_fit('past', spec || '{"media_geo_effect": "common"}') AS model FROM panel_spec;
SELECT results_eq($$SELECT rank, round(sum(weight) OVER ()::numeric, 9) FROM panel, other, mmm_compare(panel.model, other.model)$$,
                  $$VALUES (1, 1::numeric), (2, 1)$$, 'comparison');
CREATE VIEW renamed AS SELECT week, 'x' || region AS region, sales, people, tv, video, viewers, views, mails, promo FROM past;
SELECT throws_like($$SELECT mmm_compare(model, mmm_fit('renamed', spec)) FROM panel, panel_spec$$, '%their geos differ', 'other geos');

-- Forecasts
SELECT results_eq($$SELECT "time"::date, geo FROM panel, mmm_predict(model, 'future')$$, $$SELECT week, region FROM future ORDER BY region, week$$, 'a row for each geo and period');
SELECT is_empty($$SELECT * FROM panel, mmm_predict(model, 'future') WHERE NOT (lower < mean AND mean < upper)$$, 'the mean is inside its interval');
CREATE VIEW boosted AS SELECT week, region, CASE region WHEN 'geo_2' THEN tv + 1 + 2 * tv ELSE tv END AS tv, viewers, views, mails, promo FROM future;
SELECT results_eq($$SELECT DISTINCT p.geo FROM panel, mmm_predict(model, 'future') p JOIN mmm_predict((SELECT model FROM panel), 'boosted') b USING ("time", geo) WHERE b.mean <> p.mean$$,
                  $$VALUES ('geo_2')$$, 'more exposure in a geo moves that geo alone');
CREATE VIEW unknown AS SELECT week, replace(region, '4', '7') AS region, tv, viewers, views, mails, promo FROM future;
SELECT throws_like($$SELECT mmm_predict(model, 'unknown') FROM panel$$, 'geo: the model has no geo "geo_7"%', 'an unknown geo');
CREATE VIEW three AS SELECT * FROM future WHERE region <> 'geo_3';
SELECT throws_like($$SELECT mmm_predict(model, 'three') FROM panel$$, 'time: there is no row for geo "geo_3", time % (4 of 16 rows are missing)', 'a geo without rows');
CREATE VIEW nowhere AS SELECT week, tv, viewers, views, mails, promo FROM future;
SELECT throws_like($$SELECT mmm_predict(model, 'nowhere') FROM panel$$, '%geo: column "region" does not exist%', 'no column of geos');
CREATE TABLE folds AS SELECT s.* FROM panel_spec, mmm_cross_validate('regions', spec, '{"initial": 40, "horizon": 4}') s;
SELECT is_empty($$SELECT * FROM folds JOIN (
        SELECT unnest(ARRAY['wmape', 'rmse', 'coverage']) AS metric,
               unnest(ARRAY[sum(abs(sales - mean)) / sum(abs(sales)), sqrt(avg((sales - mean) ^ 2)), avg((sales BETWEEN lower AND upper)::int)]) AS expected
        FROM panel, mmm_predict(model, 'future') p JOIN regions ON week = p."time" AND region = p.geo) h USING (metric)
    WHERE fold <> 1 OR abs(value - expected) > 1e-9 * (1 + expected)$$, 'a fold of cross-validation is a fit and its forecast');
SELECT is((SELECT count(*) FROM folds), 6::bigint, 'one fold');

-- Export
SELECT is((SELECT jsonb_array_length(mmm_arviz(model) #> '{observed_data,sales}') FROM panel), 160, 'ArviZ sees every row');
SELECT results_eq($$SELECT p.* FROM panel, mmm_predict(mmm_from_json(model::jsonb), 'future') p$$, $$SELECT p.* FROM panel, mmm_predict(model, 'future') p$$,
                  'a model that came back from jsonb forecasts the same');

-- Optimal frequency
SELECT results_eq($$SELECT DISTINCT ON (channel) channel, count(*) OVER w, min(frequency) OVER w, max(frequency) OVER w, count(*) FILTER (WHERE optimal) OVER w
                        FROM panel, mmm_optimal_frequency(model, max_frequency => 4) WINDOW w AS (PARTITION BY channel)$$,
                  $$VALUES ('video', 31::bigint, 1::float8, 4::float8, 1::bigint)$$, 'frequencies from 1 in tenths, one of them the best');
SELECT is_empty($$SELECT * FROM panel, mmm_optimal_frequency(model) WHERE NOT (roi_lower <= roi AND roi <= roi_upper)$$, 'ROI by frequency has intervals');
SELECT is((SELECT max(roi) FROM panel, mmm_optimal_frequency(model, 'video')), (SELECT roi FROM panel, mmm_optimal_frequency(model, 'video') WHERE optimal),
          'the best has the largest ROI');
SELECT throws_ok($$SELECT mmm_optimal_frequency(model, 'tv') FROM panel$$, '22023', '"tv" is not a channel of reach and frequency', 'a channel without frequency');
SELECT throws_ok($$SELECT mmm_optimal_frequency(model, 'vidoe') FROM panel$$, '22023', 'the model has no channel "vidoe" (did you mean "video"?)', 'an unknown channel');
SELECT throws_ok($$SELECT mmm_optimal_frequency(model('a'))$$, '22023', 'the model has no channel of reach and frequency', 'a model without frequency');
SELECT throws_ok($$SELECT mmm_optimal_frequency(model, max_frequency => 0.5) FROM panel$$, '22023', 'max_frequency = 0.5 is outside its range', 'a frequency below 1');
SELECT is_empty($$SELECT * FROM mmm_optimal_frequency(NULL)$$, 'no model, no frequency');
SELECT is_empty($$SELECT * FROM panel, mmm_optimal_frequency(model, level => NULL)$$, 'no level, no rows');

SELECT * FROM finish();
ROLLBACK;
