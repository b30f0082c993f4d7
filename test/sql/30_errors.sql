-- What is wrong is an error with its SQLSTATE, and says where.
BEGIN;
SELECT no_plan();

-- fit_error(spec): message, detail and hint of mmm_fit
CREATE FUNCTION pg_temp.fit_error(spec jsonb, source regclass = 'brand_a') RETURNS text LANGUAGE plpgsql AS $$
DECLARE message text; detail text; hint text;
BEGIN
    PERFORM mmm_fit(source, spec);
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' | ', SQLSTATE, message, detail, hint);
END $$;

SELECT matches(pg_temp.fit_error(spec('quick') - 'kpi'), '^22023 \| kpi', 'a missing key is named');
SELECT matches(pg_temp.fit_error(spec('quick') || '{"kpy": 1}'), '^22023 \| kpy.*kpi', 'an unknown key is an error with the nearest name');
SELECT matches(pg_temp.fit_error(spec('quick') || '{"media": {"tv": {"spend": "tv_spend", "adstock": {"family": "geometrc"}}}}'),
               '^22023 \| media\.tv\.adstock\.family.*geometrc.*geometric', 'a wrong value is named by its path, with the nearest valid one');
SELECT matches(pg_temp.fit_error('[]'), '^22023', 'a specification is an object');
SELECT matches(pg_temp.fit_error(spec('quick') || '{"kpi": "seles"}'), '^22023.*seles.*sales', 'a missing column is named, with the nearest one');
SELECT matches(pg_temp.fit_error(spec('quick') || '{"kpi": "seles", "media": {"tv": "tv_spent"}}'), '(?n)seles(.|\n)*tv_spent',
               'unusable data are reported all at once');
SELECT matches(pg_temp.fit_error(spec('quick') || '{"time": "brand"}', 'weekly'), '^22023.*brand', 'a time column that is no time is named');
SELECT matches(pg_temp.fit_error(spec('quick') || '{"kpi": "brand"}', 'weekly'), '^22023(.|\n)*brand(.|\n)*text', 'a column that is no number is named with its type');
SELECT matches(pg_temp.fit_error(spec('quick') || '{"kpi": "metrics.nothing"}'), '^22023(.|\n)*metrics\.nothing', 'a key that no row has is a missing column');
SELECT matches(pg_temp.fit_error(spec('quick'), 'weekly'), '^22023', 'two rows for one week are an error');
SELECT throws_ok($$SELECT mmm_fit_query('SELECT * FROM brand_a WHERE false', spec('quick'))$$, '22023', NULL, 'no rows are an error');

-- mmm_validate tells the same without an error
SELECT isnt_empty($$SELECT * FROM mmm_validate('brand_a', spec('quick') || '{"kpi": "seles"}') WHERE severity = 'error' AND message ~ 'seles'$$,
                  'mmm_validate reports what mmm_fit refuses');
SELECT isnt_empty($$SELECT * FROM mmm_validate('brand_a', spec('quick') || '{"kpy": 1}') WHERE severity = 'error' AND field = 'kpy'$$,
                  'and a wrong specification, by its path');
SELECT is_empty($$SELECT * FROM mmm_validate('brand_a', spec('quick')) WHERE severity = 'error'$$, 'and nothing where all is well');
SELECT ok(severity IN ('error', 'warning', 'info'), 'severity is error, warning or info') FROM mmm_validate('weekly', spec('quick'));

-- Questions
SELECT throws_ok(format('SELECT * FROM mmm_summary(model(''a''), %L)', level), '22023', NULL, 'level = ' || level)
    FROM unnest('{0,1,-1,2,NaN}'::float8[]) level;
SELECT throws_ok($$SELECT * FROM mmm_draws(model('a'), '{no_such}')$$, '22023', NULL, 'draws of an unknown parameter');
SELECT throws_ok($$SELECT * FROM mmm_draws(model('a'), ARRAY[NULL])$$, '22004', NULL, 'a null parameter name');
SELECT is_empty($$SELECT * FROM mmm_channels(NULL)$$, 'no channels of no model');
SELECT is_empty($$SELECT * FROM mmm_draws(NULL)$$, 'no draws of no model');

-- The value
SELECT throws_ok(format('SELECT %L::mmm_model', text), '22P02', NULL, 'not a model: ' || left(text, 30))
    FROM unnest(ARRAY['', '{}', '[]', 'null', '{"format": 1}', 'junk', left(model('a')::text, 1000)]) text;
SELECT is(fingerprint(model('a')::text::mmm_model), fingerprint(model('a')), 'text output reads back to the same draws');
SELECT is((model('a')::text::mmm_model)::text, model('a')::text, 'and to the same text');
SELECT is(jsonb_typeof(model('a')::jsonb), 'object', 'a model is a jsonb object');

-- Limits
SET LOCAL mmm.max_memory = '1MB';
SELECT throws_ok($$SELECT mmm_fit('brand_a', spec('slow'))$$, '54000', NULL, 'a fit that needs more than mmm.max_memory is refused');
SELECT matches(pg_temp.fit_error(spec('slow')), '^54000.*MB', 'with the estimate');
SELECT throws_ok($$SELECT mmm_fit_query('SELECT week + i AS week, sales, tv_spend, search_spend, price FROM brand_a, generate_series(1, 1000) i',
                 spec('quick'))$$, '54000', NULL, 'reading stops at the limit too');

SELECT throws_ok($$SELECT * FROM mmm_spec('pymk')$$, '22023', NULL, 'an unknown preset');
SELECT lives_ok(format('SELECT mmm_spec(%L)', preset), 'preset ' || preset) FROM unnest('{default,pymc,meridian}'::text[]) preset;

-- A rule turns this INSERT into a SELECT without a result: once a crash.
CREATE TABLE ruled (week date, sales float8, tv_spend float8);
CREATE RULE read_instead AS ON INSERT TO ruled DO INSTEAD SELECT now()::date AS week, 1.0 AS sales, 1.0 AS tv_spend;
SELECT throws_ok($$SELECT mmm_fit_query('INSERT INTO ruled VALUES (''2020-01-01'', 1, 1)',
                                        '{"time": "week", "kpi": "sales", "media": {"tv": "tv_spend"}}')$$,
                 '22023', 'query is not a single SELECT that only reads', 'an INSERT that a rule rewrites is no query');
SELECT throws_ok($$SELECT mmm_fit('ruled', '{"time": "week", "kpi": "sales", "media": {"tv": "sales"}}')$$,
                 '22023', 'media.tv: column "sales" is the KPI itself', 'the KPI cannot explain itself');

SELECT * FROM finish();
ROLLBACK;
