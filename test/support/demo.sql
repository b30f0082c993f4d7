-- The demo: three years of weekly sales with known truth, one model, its answers.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS mmm;
-- Tables of its own, so that README and tutorial can be tried in the same database.
CREATE SCHEMA IF NOT EXISTS demo;
SET search_path = demo, public;

-- "simulate" says what the data are made of; the rest is the model that is fitted to them.
SELECT $json$
{
  "time": "week",
  "kpi": "sales",
  "media": {"tv": "tv_spend", "search": "search_spend", "social": "social_spend"},
  "controls": [{"column": "price", "sign": "negative"}],
  "seasonality": {"period": "year", "order": 2},
  "sampler": {"seed": 1},
  "simulate": {
    "start": "2022-01-03", "periods": 156, "kpi_scale": 500000,
    "media": {
      "tv": {"mean": 60000, "variation": 0.6, "active": 0.6},
      "search": {"mean": 25000, "variation": 0.3},
      "social": {"mean": 15000, "variation": 0.5, "active": 0.9}
    },
    "controls": {"price": {"mean": 9.9, "sd": 0.4}},
    "truth": {
      "intercept": 0.9, "trend.slope": 0.15, "controls.price": -0.05, "sigma": 0.05,
      "seasonality.year.sin1": 0.05, "seasonality.year.sin2": 0.02, "seasonality.year.cos1": 0.1, "seasonality.year.cos2": -0.03,
      "media.tv.adstock.alpha": 0.6, "media.tv.saturation.rate": 4, "media.tv.coefficient": 0.5,
      "media.search.adstock.alpha": 0.2, "media.search.saturation.rate": 1.5, "media.search.coefficient": 0.4,
      "media.social.adstock.alpha": 0.4, "media.social.saturation.rate": 3, "media.social.coefficient": 0.1
    }
  }
}
$json$::jsonb AS spec \gset
SELECT :'spec'::jsonb - 'simulate' AS model_spec \gset

BEGIN;
DROP TABLE IF EXISTS weekly_sales, models;
CREATE TABLE weekly_sales AS
    SELECT "time"::date AS week, kpi AS sales,
           (metrics ->> 'tv_spend')::float8 AS tv_spend,
           (metrics ->> 'search_spend')::float8 AS search_spend,
           (metrics ->> 'social_spend')::float8 AS social_spend,
           (metrics ->> 'price')::float8 AS price
    FROM mmm_simulate(:'spec', 2);
CREATE TABLE models (name text PRIMARY KEY, fitted_at timestamptz DEFAULT now(), model mmm_model);
COMMIT;

\echo
\echo 'weekly_sales:'
SELECT * FROM weekly_sales ORDER BY week LIMIT 5;

\echo 'SELECT mmm_fit(''weekly_sales'', ...):'
SET client_min_messages = notice;
SET mmm.progress = notice;
INSERT INTO models (name, model) SELECT 'demo', mmm_fit('weekly_sales', :'model_spec');

\echo
\echo 'SELECT * FROM mmm_channels(model):'
SELECT channel, round(spend) AS spend, round(contribution) AS contribution,
       round(100 * contribution_share::numeric, 1) AS "share %",
       round(roi::numeric, 2) AS roi, round(roi_lower::numeric, 2) AS roi_lower, round(roi_upper::numeric, 2) AS roi_upper,
       round(t.value::numeric, 2) AS "true roi"
FROM models, mmm_channels(model) c
LEFT JOIN mmm_simulate_truth(:'spec', 2) t ON t.name = 'roi.' || c.channel
WHERE models.name = 'demo';

\echo 'SELECT * FROM mmm_diagnostics(model):'
SELECT metric, round(value::numeric, 3) AS value, threshold, verdict, message
FROM models, mmm_diagnostics(model) WHERE name = 'demo';
