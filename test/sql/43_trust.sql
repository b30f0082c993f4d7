-- What mmm_validate says of data before a fit, and mmm_diagnostics of a model after it.
BEGIN;
SELECT no_plan();

CREATE VIEW alike AS SELECT week, sales, tv_spend, tv_spend * 3 + 1 + 0.001 * price AS search_spend, price FROM brand_a;
SELECT is((SELECT severity || ' ' || code || ' ' || field FROM mmm_validate('alike', spec('quick')) WHERE code = 'correlated_media'),
          'warning correlated_media media.search', 'media that move together are a warning');

CREATE VIEW summed AS SELECT week, sales, tv_spend, search_spend, tv_spend / (SELECT stddev(tv_spend) FROM brand_a)
    + search_spend / (SELECT stddev(search_spend) FROM brand_a) AS price FROM brand_a;
SELECT ok(message ~ 'variance inflation factor.*media.tv' AND hint <> '', 'a control made up of media is collinear, and they are named')
FROM mmm_validate('summed', spec('quick')) WHERE code = 'collinear' AND field = 'controls.price';
SELECT is((SELECT count(*) FROM mmm_validate('summed', spec('quick')) WHERE severity = 'error'), 0::bigint, 'which is no reason not to fit');
SELECT lives_ok($$SELECT mmm_fit('summed', spec('quick') || '{"sampler": {"chains": 1, "warmup": 50, "draws": 10}}')$$, 'and mmm_fit does');

CREATE VIEW clicks AS SELECT week, sales, tv_spend, search_spend, price,
    CASE week WHEN '2022-03-07' THEN 0 WHEN '2022-05-02' THEN 0.01 ELSE 10 END * search_spend AS clicks FROM brand_a;
SELECT set_eq($$SELECT code FROM mmm_validate('clicks', spec('quick') || '{"media": {"tv": "tv_spend", "search": {"spend": "search_spend", "exposure": "clicks"}}}')
              WHERE field = 'media.search'$$, ARRAY['spend_without_exposure', 'cost_outliers'], 'spend without exposure, and a cost that stands out');

CREATE VIEW short AS SELECT * FROM brand_a ORDER BY week LIMIT 28;
SELECT ok(severity = 'warning' AND message ~ '^28 periods for 3 columns', 'rows are counted for each column')
FROM mmm_validate('short', '{"time": "week", "kpi": "sales", "media": {"tv": "tv_spend", "search": "search_spend"}, "controls": ["price"],
                             "seasonality": false, "trend": "none"}') WHERE code = 'few_rows_per_column';

-- the review of a model
SELECT set_has($$SELECT metric FROM mmm_diagnostics(model('a'))$$,
    $$VALUES ('max_rhat'), ('unconverged_parameters'), ('ppp_total_outcome'), ('influential_rows'), ('max_pareto_k'), ('coefficient_prior_shift.tv'),
             ('coefficient_prior_consistency.search'), ('prior_sensitivity.tv'), ('implausible_roi.tv'), ('high_variance.search'),
             ('potential_bias.tv'), ('health_score')$$, 'every check has a row');
SELECT is((SELECT count(*) FROM mmm_diagnostics(model('a')) WHERE metric LIKE 'rhat.%'), 3::bigint, 'the three worst parameters are named');
SELECT is_empty($$SELECT * FROM mmm_diagnostics(model('a')) WHERE message = '' OR value IS NULL OR threshold IS NULL$$,
                'each with a number, a threshold and a message');
SELECT is((SELECT value FROM mmm_diagnostics(model('a')) WHERE metric = 'max_rhat'),
          (SELECT value FROM mmm_diagnostics(model('a')) WHERE metric LIKE 'rhat.%' ORDER BY value DESC LIMIT 1), 'the worst of them is the worst of all');
SELECT ok(verdict = 'ok' AND value BETWEEN 75 AND 100, 'simulated data fit well: ' || value) FROM mmm_diagnostics(model('a')) WHERE metric = 'health_score';
SELECT results_eq($$SELECT * FROM mmm_diagnostics(model('a'))$$, $$SELECT * FROM mmm_diagnostics(model('a'))$$, 'the review is the same every time');

-- a prior that nothing speaks against is what comes out
INSERT INTO models SELECT 'assumed', mmm_fit('brand_a', spec('quick') || '{"media": {"tv": {"spend": "tv_spend",
    "prior": {"kind": "coefficient", "family": "normal", "mu": 0.5, "sigma": 0.0001}}, "search": "search_spend"}}');
SELECT results_eq($$SELECT verdict FROM mmm_diagnostics(model('assumed')) WHERE metric IN ('coefficient_prior_shift.tv', 'coefficient_prior_shift.search') ORDER BY metric$$,
                  ARRAY['ok', 'warn'], 'a prior far narrower than what the data say is not moved, an open one is');
INSERT INTO models SELECT 'mode', mmm_fit('brand_a', spec('quick') || '{"sampler": {"method": "map"}}');
SELECT is_empty($$SELECT * FROM mmm_diagnostics(model('mode')) WHERE metric ~ 'prior|influential|health'$$, 'one draw has no distribution to review');

SELECT * FROM finish();
ROLLBACK;
