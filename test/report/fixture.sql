-- Models whose pages are looked at: one of each shape, with names that would like to be markup or to break the layout.
SET client_min_messages = warning;

CREATE TABLE shown (name text PRIMARY KEY, spec jsonb NOT NULL, options jsonb NOT NULL, model mmm_model);
INSERT INTO shown VALUES
    ('national', '{"time": "week", "kpi": "sales", "media": {"tv": "tv", "search": "search"}, "controls": ["price"],
        "holdout": {"last": 13}, "sampler": {"chains": 2, "warmup": 200, "draws": 100},
        "simulate": {"periods": 156, "kpi_scale": 500000, "media": {"tv": {"mean": 60000, "active": 0.6}},
                     "truth": {"intercept": 1, "sigma": 0.05, "media.tv.coefficient": 0.5, "media.search.coefficient": 0.3}}}', '{"currency": "EUR"}'),
    ('names', '{"time": "week", "kpi": "<b>net</b> sales & \"more\"", "kpi_type": "units",
        "media": {"<script>document.title=1</script>": "a", "a_channel_name_of_forty_characters_in_all": "b", "テレビ広告・東京大阪名古屋地区のキャンペーン": "c",
                  "إعلانات التلفزيون": "d", "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww": "e", "f": "f", "g": "g", "h": "h", "i": "i"},
        "sampler": {"chains": 2, "warmup": 150, "draws": 50}, "simulate": {"periods": 104, "kpi_scale": 3000000}}',
        '{"currency": "GBP", "title": "A_title_without_any_room_to_break_it_although_it_is_far_too_long_for_a_phone"}'),
    ('panel', '{"preset": "meridian", "time": "week", "geo": "region", "population": "people", "kpi": "sales", "media": {"tv": "tv", "web": "web"},
        "reach_frequency": {"video": {"spend": "video", "reach": "viewers", "frequency": "views"}}, "organic_media": {"mail": "mails"},
        "treatments": {"promo": "promo"}, "controls": ["rain"], "seasonality": false, "trend": {"family": "knots", "knots": 3},
        "sampler": {"method": "pathfinder", "chains": 2, "draws": 50}, "simulate": {"geos": 12, "periods": 60}}', '{}');

-- Rows under the columns' own names: a simulated row keeps its values in jsonb.
CREATE FUNCTION pg_temp.fit(spec jsonb) RETURNS mmm_model LANGUAGE plpgsql AS $$
DECLARE
    columns text;
BEGIN
    SELECT string_agg(format('(metrics ->> %L)::float8 AS %I', key, key), ', ') INTO columns
        FROM (SELECT DISTINCT jsonb_object_keys(metrics) AS key FROM mmm_simulate(spec)) keys;
    RETURN mmm_fit_query(format('SELECT "time" AS week, geo AS region, kpi AS %I, %s FROM mmm_simulate(%L)', spec ->> 'kpi', columns, spec),
                         spec - 'simulate');
END $$;
UPDATE shown SET model = pg_temp.fit(spec);
