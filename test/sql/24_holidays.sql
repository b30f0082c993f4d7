-- Holidays by country from a table of the shape that Prophet and Robyn ship (ds, holiday, country, year).
BEGIN;
SELECT no_plan();

CREATE TABLE calendar (ds text, holiday text, country text, year int);
INSERT INTO calendar VALUES ('2022-12-25', 'Christmas', 'DE', 2022), ('2023-12-25', 'Christmas', 'DE', 2023), ('2022-04-18', 'Easter Monday', 'DE', 2022),
    ('1990-10-03', 'Unity', 'DE', 1990), ('2022-07-14', 'Bastille Day', 'FR', 2022), ('2022-12-25', 'Noel''s \ day', 'FR', 2022);
CREATE FUNCTION pg_temp.with_holidays(jsonb) RETURNS jsonb LANGUAGE sql AS $$SELECT spec('quick') ||
    jsonb_build_object('sampler', '{"method": "map"}'::jsonb, 'events', '{"table": "calendar", "date": "ds", "name": "holiday"}'::jsonb || $1)$$;
CREATE FUNCTION pg_temp.holidays(jsonb) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT DISTINCT component FROM mmm_decomposition(mmm_fit('brand_a', pg_temp.with_holidays($1))) WHERE kind = 'event'$$;

SELECT set_eq($$SELECT pg_temp.holidays('{"country": "DE"}')$$, '{Christmas,"Easter Monday"}'::text[], 'each holiday of the country that lies in the data is an event');
SELECT set_eq($$SELECT pg_temp.holidays('{"country": "DE", "names": ["Christmas"]}')$$, '{Christmas}'::text[], 'or only those named');
SELECT set_eq($$SELECT pg_temp.holidays('{"country": ["DE", "FR"], "together": true}')$$, '{holidays}'::text[], 'or all in one');
SELECT set_eq($$SELECT pg_temp.holidays('{"country": "FR"}')$$, ARRAY['Bastille Day', 'Noel''s \ day'], 'names may hold quotes and backslashes');
SELECT isnt_empty($$SELECT 1 FROM mmm_validate('brand_a', pg_temp.with_holidays('{"country": "DE"}')) WHERE code = 'events_absent' AND message ~ '1 of 3'$$,
                  'mmm_validate says how many lie outside the data');
-- A Sunday, in the week that begins on the Monday before it.
SELECT is(array_agg("time"::date ORDER BY "time"), '{2022-12-19,2023-12-25}'::date[], 'a holiday falls into the week that holds its day')
    FROM mmm_decomposition(mmm_fit('brand_a', pg_temp.with_holidays('{"country": "DE"}'))) WHERE component = 'Christmas' AND mean <> 0;
SELECT throws_matching($$SELECT mmm_fit('brand_a', pg_temp.with_holidays('{"country": "D"}'))$$, 'events\.country: "D" is not in column "country" of .*calendar', 'an unknown country');
SELECT throws_matching($$SELECT mmm_fit('brand_a', pg_temp.with_holidays('{"country": "DE", "names": ["Chrismas"]}'))$$, 'did you mean "Christmas"', 'an unknown holiday');
SELECT throws_matching($$SELECT mmm_fit('brand_a', pg_temp.with_holidays('{"land": "DE"}'))$$, 'events\.land: unknown key', 'an unknown option');
CREATE FUNCTION pg_temp.hint_of(jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE hint text;
BEGIN
    PERFORM mmm_fit('brand_a', $1);
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
    RETURN hint;
END $$;
SELECT is(pg_temp.hint_of(pg_temp.with_holidays('{"country": "IT"}')), 'The table has DE, FR.', 'its error lists the countries there are');

-- An answer, not an error: what comes after it in the same function must find the server as it was.
CREATE FUNCTION pg_temp.checked() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE message text; n bigint;
BEGIN
    SELECT v.message INTO message FROM mmm_validate('brand_a', pg_temp.with_holidays('{"country": "IT"}')) v;
    SELECT count(*) INTO n FROM calendar WHERE message ~ 'events.country';
    RETURN n;
END $$;
SELECT is(pg_temp.checked(), 6::bigint, 'mmm_validate says so and leaves no connection behind');
CREATE TABLE many AS SELECT 'day' AS name, date '2022-03-01' AS date, 'c' || g AS country FROM generate_series(1, 2000) g;
SELECT is_empty($$SELECT * FROM mmm_validate('brand_a', spec('quick') || '{"events": {"table": "many", "country": "c999"}}') WHERE severity = 'error'$$,
                'a country among more than can be listed');
SELECT is(pg_temp.hint_of(spec('quick') || '{"events": {"table": "many", "country": "x"}}'),
          'It has more than 300 different values: is it the column with countries?', 'and one that is not');

-- Robyn's own table, where it is at hand: the German part of it.
\set robyn `grep '"DE"' "$MMM_SHARED/data/dt_prophet_holidays.csv" 2>/dev/null`
SELECT :'robyn' <> '' AS robyn_is_here \gset
\if :robyn_is_here
TRUNCATE calendar;
INSERT INTO calendar SELECT part[1], part[2], part[3], part[4]::int
    FROM regexp_split_to_table(:'robyn', E'\n') line, regexp_match(line, '^"([^"]*)","([^"]*)","([^"]*)",(\d+)') part WHERE part IS NOT NULL;
SELECT ok(count(*) >= 9, 'Robyn''s table: Germany has its holidays') FROM pg_temp.holidays('{"country": "DE"}');
\else
SELECT skip('Robyn''s table of holidays is not at hand', 1);
\endif

SELECT * FROM finish();
ROLLBACK;
