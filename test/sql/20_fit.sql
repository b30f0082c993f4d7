-- The ways of fitting read the same rows and give the same draws.
BEGIN;
SELECT no_plan();

CREATE TEMP TABLE expected AS SELECT fingerprint(model('a')) AS draws;

SELECT is(fingerprint(mmm_fit('brand_a', spec('quick'))), (SELECT draws FROM expected), 'mmm_fit gives the same draws again');
SELECT is(fingerprint(mmm_fit_query('SELECT * FROM weekly WHERE brand = ''a''', spec('quick'))), (SELECT draws FROM expected),
          'mmm_fit_query gives the draws of mmm_fit');
SELECT is(fingerprint(mmm_fit_agg(w, spec('quick'))), (SELECT draws FROM expected), 'mmm_fit_agg gives the draws of mmm_fit')
    FROM weekly w WHERE brand = 'a';
SELECT is(fingerprint(mmm_fit_agg(w, spec('quick') ORDER BY random())), (SELECT draws FROM expected),
          'the order of the rows does not matter')
    FROM weekly w WHERE brand = 'a';
SELECT is(fingerprint(mmm_fit_agg(w, spec('quick'))), (SELECT draws FROM expected), 'mmm_fit_agg takes rows of a sub-select')
    FROM (SELECT sales, price, search_spend, tv_spend, week FROM weekly WHERE brand = 'a') w;
SELECT is(fingerprint(mmm_fit_agg(w, spec('quick'))), (SELECT draws FROM expected), 'mmm_fit_agg takes rows of a view')
    FROM brand_a w;

CREATE TEMP TABLE by_brand AS SELECT brand, mmm_fit_agg(w, spec('quick')) AS model FROM weekly w GROUP BY brand;
SELECT is((SELECT count(*) FROM by_brand), 2::bigint, 'GROUP BY fits one model a group');
SELECT is((SELECT fingerprint(model) FROM by_brand WHERE brand = 'a'), (SELECT draws FROM expected), 'each group is fitted to its rows');
SELECT isnt((SELECT fingerprint(model) FROM by_brand WHERE brand = 'b'), (SELECT draws FROM expected), 'and not to another''s');

SELECT ok(mmm_fit_agg(w, spec('quick')) IS NULL, 'a group without rows gives null') FROM weekly w WHERE brand = 'z';
SELECT ok(mmm_fit_agg(NULL::weekly, spec('quick')) IS NULL, 'null rows are left out');
SELECT throws_ok($$SELECT mmm_fit(NULL, spec('quick'))$$, '22004', 'source must not be null', 'no model of nothing');
SELECT throws_ok($$SELECT mmm_fit('brand_a', NULL)$$, '22004', 'spec must not be null', 'a specification that was not found gives no model');
SELECT throws_ok($$SELECT mmm_fit_agg(w, spec('quick') || jsonb_build_object('kpi', w.brand)) FROM weekly w$$, '22023', NULL,
                 'a specification that changes within a group is an error');

-- Where rows come from
CREATE TEMP TABLE copied AS SELECT * FROM brand_a;
CREATE MATERIALIZED VIEW stored AS SELECT * FROM brand_a;
CREATE TABLE parted (LIKE weekly) PARTITION BY LIST (brand);
CREATE TABLE parted_a PARTITION OF parted FOR VALUES IN ('a');
INSERT INTO parted SELECT * FROM weekly WHERE brand = 'a';
SELECT is(fingerprint(mmm_fit(source, spec('quick'))), (SELECT draws FROM expected), 'mmm_fit reads ' || source)
    FROM unnest('{copied,stored,parted}'::regclass[]) source;
SELECT throws_ok($$SELECT mmm_fit('spec_pkey', spec('quick'))$$, '42809', NULL, 'an index is not a source');
CREATE TABLE "Odd ""Name" AS SELECT week AS "Week of", sales AS "sales;drop", tv_spend AS "tv.spend", search_spend, price FROM brand_a;
SELECT lives_ok($$SELECT mmm_fit('"Odd ""Name"', spec('quick') || '{"time": "Week of", "kpi": "sales;drop",
    "media": {"tv": "tv.spend", "search": "search_spend"}}')$$, 'names of any kind are quoted');

-- What columns may be
SELECT is(fingerprint(mmm_fit('brand_a', spec('quick') || '{"media": {"tv": "metrics.tv_spend", "search": "metrics.search_spend"}}')),
          fingerprint(mmm_fit('brand_a', spec('quick') || '{"media": {"tv": "tv_spend", "search": "search_spend"}}')),
          'a key of a jsonb column gives the draws of the column');
CREATE TEMP TABLE nested AS
    SELECT week, sales, price, jsonb_build_object('spend', jsonb_build_object('tv', tv_spend, 'search', search_spend)) AS m FROM brand_a;
SELECT is(fingerprint(mmm_fit('nested', spec('quick') || '{"media": {"tv": "m.spend.tv", "search": "m.spend.search"}}')),
          fingerprint(mmm_fit('brand_a', spec('quick'))), 'so does a nested key');
CREATE TEMP TABLE typed AS
    SELECT week::timestamptz AS week, (1000 * sales)::int8 AS sales, tv_spend::int4 AS tv_spend, (search_spend / 10)::int2 AS search_spend,
           price > 0 AS price FROM brand_a;
SELECT results_eq($$SELECT code FROM mmm_validate('typed', spec('quick')) WHERE code LIKE '%type%'$$, $$SELECT ''::text WHERE false$$,
                  'integers and booleans are numbers, timestamptz is a time');
SELECT is((SELECT array_agg(DISTINCT "time" - date_trunc('day', "time")) FROM mmm_fitted(mmm_fit('brand_a', spec('quick')))),
          '{0:00}'::interval[], 'dates come back as timestamps at midnight');
CREATE TEMP TABLE zoned AS SELECT week::timestamp AT TIME ZONE 'Asia/Tokyo' AS week, sales, tv_spend, search_spend, price FROM brand_a;
SET LOCAL TimeZone = 'Asia/Tokyo';
SELECT is((SELECT min("time") FROM mmm_fitted(mmm_fit('zoned', spec('quick')))), '2022-01-03'::timestamp,
          'timestamptz is read in the time zone of the session');

-- Events from a table
CREATE TABLE holidays (name text, date date);
INSERT INTO holidays VALUES ('sale', '2022-03-09'), ('sale', '2023-03-08'), ('fair', '2022-09-15');
CREATE TEMP TABLE with_events AS SELECT mmm_fit('brand_a', spec('quick') || '{"events": {"table": "holidays"}}') AS model;
SELECT is((SELECT fingerprint(model) FROM with_events), fingerprint(mmm_fit('brand_a', spec('quick') || '{"events": [
    {"name": "sale", "dates": ["2022-03-09", "2023-03-08"]}, {"name": "fair", "dates": ["2022-09-15"]}]}')),
    'a table of events gives the draws of the events written out');
SELECT is(fingerprint(mmm_fit_agg(w, spec('quick') || '{"events": {"table": "holidays"}}')), (SELECT fingerprint(model) FROM with_events),
          'through mmm_fit_agg too')
    FROM brand_a w;
SELECT throws_ok($$SELECT mmm_fit('brand_a', spec('quick') || '{"events": {"table": "no_such"}}')$$, '42P01', NULL, 'a table of events that is not there');
INSERT INTO holidays VALUES (NULL, '2022-05-01');
SELECT throws_ok($$SELECT mmm_fit('brand_a', spec('quick') || '{"events": {"table": "holidays"}}')$$, '22023', NULL, 'an event without a name');

-- mmm_fit_query
SELECT throws_ok(format('SELECT mmm_fit_query(%L, spec(''quick''))', query), '22023', NULL, 'not a single SELECT: ' || query)
    FROM unnest(ARRAY['INSERT INTO weekly SELECT * FROM weekly RETURNING *', 'SELECT 1; SELECT 2', 'DROP TABLE weekly', '',
                      'WITH d AS (DELETE FROM weekly RETURNING *) SELECT * FROM d', 'SELECT * INTO stolen FROM weekly',
                      'SHOW work_mem', 'EXPLAIN SELECT 1']) query;
SELECT throws_ok($$SELECT mmm_fit_query('SELEC', spec('quick'))$$, '42601', NULL, 'a syntax error keeps its SQLSTATE');
SELECT throws_ok($$SELECT mmm_fit_query('SELECT *, 1 / (price - price) FROM brand_a', spec('quick'))$$, '22012', NULL,
                 'an error of the query keeps its SQLSTATE');
CREATE SEQUENCE counter;
SELECT throws_ok($$SELECT mmm_fit_query('SELECT *, nextval(''counter'') FROM brand_a', spec('quick'))$$, '25006', NULL,
                 'what the query calls cannot write');
SELECT lives_ok($$SELECT nextval('counter')$$, 'and the transaction can write afterwards');

SELECT throws_ok($$CALL mmm_fit_detached('brand_a', spec('quick'), NULL)$$, '2D000', NULL,
                 'mmm_fit_detached refuses a transaction block');

SELECT * FROM finish();
ROLLBACK;
