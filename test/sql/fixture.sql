-- What the tests of the SQL interface share: rows with known truth, specifications that fit in well under a second.
SET client_min_messages = warning;

CREATE TABLE spec (name text PRIMARY KEY, spec jsonb NOT NULL);
INSERT INTO spec VALUES
    ('simulated', '{
        "time": "week", "kpi": "sales",
        "media": {"tv": "tv_spend", "search": "search_spend"},
        "controls": ["price"],
        "seasonality": {"period": "year", "order": 1},
        "sampler": {"chains": 2, "warmup": 200, "draws": 100, "seed": 7},
        "simulate": {
            "start": "2022-01-03", "periods": 104, "kpi_scale": 200000,
            "truth": {"intercept": 1, "trend.slope": 0.1, "controls.price": -0.05, "sigma": 0.05,
                      "media.tv.coefficient": 0.5, "media.search.coefficient": 0.3}
        }
    }');
INSERT INTO spec SELECT 'quick', spec - 'simulate' FROM spec WHERE name = 'simulated';
-- Long enough to be interrupted anywhere; hours if nobody does.
INSERT INTO spec SELECT 'slow', jsonb_set(spec, '{sampler}', '{"chains": 4, "warmup": 1000, "draws": 1000000}')
    FROM spec WHERE name = 'quick';

CREATE FUNCTION spec(text) RETURNS jsonb LANGUAGE sql STABLE AS 'SELECT spec FROM spec WHERE name = $1';

-- Two brands with the same weeks, the columns of many types.
CREATE TABLE weekly (brand text, week date, sales float8, tv_spend float8, search_spend numeric, price float4, metrics jsonb);
INSERT INTO weekly
    SELECT brand, "time"::date, kpi, (metrics ->> 'tv_spend')::float8, (metrics ->> 'search_spend')::numeric,
           (metrics ->> 'price')::float4, metrics
    FROM (VALUES ('a', 1), ('b', 2)) brands (brand, seed), mmm_simulate(spec('simulated'), seed);

CREATE VIEW brand_a AS SELECT week, sales, tv_spend, search_spend, price, metrics FROM weekly WHERE brand = 'a';

CREATE TABLE models (name text PRIMARY KEY, model mmm_model);
INSERT INTO models SELECT 'a', mmm_fit('brand_a', spec('quick'));
CREATE FUNCTION model(text) RETURNS mmm_model LANGUAGE sql STABLE AS 'SELECT model FROM models WHERE name = $1';

-- A fingerprint of the draws: equal only if every draw is.
CREATE FUNCTION fingerprint(mmm_model) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT md5(string_agg(parameter || ' ' || chain || ' ' || draw || ' ' || value, ',' ORDER BY parameter, chain, draw))
    FROM mmm_draws($1)
$$;
