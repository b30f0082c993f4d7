-- Budget plans from SQL.
BEGIN;
SELECT no_plan();

CREATE FUNCTION pg_temp.plan(options jsonb) RETURNS TABLE (channel text, geo text, current_spend float8, optimal_spend float8,
    lower_bound float8, upper_bound float8, current_contribution float8, optimal_contribution float8,
    optimal_lower float8, optimal_upper float8, mroi float8, period timestamp)
    LANGUAGE sql AS $$SELECT * FROM mmm_optimize_budget(model('a'), options)$$;

-- plan_error(options): SQLSTATE, message, detail and hint
CREATE FUNCTION pg_temp.plan_error(options jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE message text; detail text; hint text;
BEGIN
    PERFORM mmm_optimize_budget(model('a'), options);
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' | ', SQLSTATE, message, detail, hint);
END $$;

-- Shape
SELECT results_eq($$SELECT channel, geo FROM mmm_optimize_budget(model('a'))$$, $$VALUES ('tv', NULL), ('search', NULL)$$,
                  'a row for each paid channel, geo is null');
SELECT is_empty($$SELECT * FROM mmm_optimize_budget(NULL)$$, 'no plan of no model');
SELECT is_empty($$SELECT * FROM pg_temp.plan('{}') WHERE NOT (lower_bound <= optimal_spend AND optimal_spend <= upper_bound
    AND abs(lower_bound - 0.7 * current_spend) + abs(upper_bound - 1.3 * current_spend) < 1e-9 * current_spend
    AND optimal_lower < optimal_contribution AND optimal_contribution < optimal_upper)$$, 'plans lie in their bounds, contributions in their interval');
SELECT is_empty($$SELECT * FROM pg_temp.plan('{}') p JOIN mmm_channels(model('a')) c USING (channel)
    WHERE abs(p.current_spend - c.spend) > 1e-9 * c.spend OR abs(p.current_contribution - c.contribution) > 1e-9 * c.contribution$$,
    'current figures are those of mmm_channels');
SELECT is_empty($$SELECT * FROM pg_temp.plan('{"locked": ["tv", "search"]}') p JOIN mmm_channels(model('a')) c USING (channel)
    WHERE abs(p.mroi - c.mroi) > 1e-9 * c.mroi$$, 'and so is mroi where nothing changes');
SELECT results_eq($$SELECT p::text FROM pg_temp.plan('{"bounds": [0, 3]}') p$$, $$SELECT p::text FROM pg_temp.plan('{"bounds": [0, 3]}') p$$,
                  'the same question has the same answer');

-- Sums
SELECT ok(abs(sum(optimal_spend) / sum(current_spend) - 1) < 1e-12, 'without a budget the plan spends what was spent') FROM pg_temp.plan('{}');
SELECT ok(abs(sum(optimal_spend) / 5000000 - 1) < 1e-12, 'with a budget, that') FROM pg_temp.plan('{"budget": 5000000}');
SELECT cmp_ok(sum(optimal_contribution), '>=', sum(current_contribution), 'no plan is worse than what was done') FROM pg_temp.plan('{}');
SELECT ok(abs(sum(current_spend) - (SELECT sum(tv_spend + search_spend) FROM brand_a WHERE week BETWEEN '2022-03-07' AND '2022-05-30')) < 1e-6,
          'from and to are inclusive') FROM pg_temp.plan('{"from": "2022-03-07", "to": "2022-05-30"}');

-- What is asked for is kept
SELECT is(optimal_spend, current_spend, 'a locked channel keeps its spend') FROM pg_temp.plan('{"locked": ["tv"], "bounds": {"search": [0.5, 1.5]}}') WHERE channel = 'tv';
SELECT ok(abs(max(optimal_spend) FILTER (WHERE channel = 'tv') / max(optimal_spend) FILTER (WHERE channel = 'search') - 1.25) < 1e-9,
          'a constraint binds two channels')
    FROM pg_temp.plan('{"bounds": [0, 5], "constraints": [{"channels": {"tv": 1, "search": -1.25}, "min": 0, "max": 0}]}');
SELECT ok(optimal_spend <= 100000 * (1 + 1e-9), 'a group has its limit')
    FROM pg_temp.plan('{"bounds": [0, 50], "groups": {"paid search": {"channels": ["search"], "max": 100000}}}') WHERE channel = 'search';
SELECT ok(abs(sum(optimal_contribution) / sum(optimal_spend) / 2 - 1) < 1e-5, 'a target ROI is reached')
    FROM pg_temp.plan('{"target_roi": 2, "bounds": [0, 100]}');
SELECT lives_ok(format('SELECT * FROM pg_temp.plan(%L)', format('{"objective": %s}', objective)), 'objective ' || objective)
    FROM unnest('{"\"mean\"","{\"quantile\": 0.1}","{\"cvar\": 0.2}","{\"probability\": 1000000}"}'::text[]) objective;

-- By period
SELECT results_eq($$SELECT channel, count(*), min(period), count(geo) FROM pg_temp.plan('{"by": "period", "every": 4, "from": "2022-03-07", "to": "2022-05-30"}') GROUP BY 1 ORDER BY 1$$,
                  $$SELECT channel, 4::bigint, (SELECT min(week)::timestamp FROM brand_a WHERE week >= '2022-03-07'), 0::bigint FROM unnest('{search,tv}'::text[]) channel$$,
                  'a row for each channel and block of periods');
SELECT is_empty($$SELECT channel FROM pg_temp.plan('{"by": "period"}') JOIN mmm_channels(model('a')) c USING (channel) GROUP BY channel, c.spend, c.contribution
    HAVING abs(sum(current_spend) - c.spend) > 1e-9 * c.spend OR abs(sum(current_contribution) - c.contribution) > 1e-9 * c.contribution$$,
    'periods add up to the figures of mmm_channels');
SELECT ok(abs(sum(optimal_spend) / sum(current_spend) - 1) < 1e-9 AND bool_and(optimal_spend BETWEEN lower_bound AND upper_bound)
          AND sum(optimal_contribution) > sum(current_contribution), 'by period the budget is spent inside the bounds, for more')
    FROM pg_temp.plan('{"by": "period", "every": 13, "bounds": [0.5, 2]}');
SELECT ok(abs(max(optimal_spend) FILTER (WHERE n = 2) / max(optimal_spend) FILTER (WHERE n = 1) - 2) < 1e-9, 'a flighting is kept')
    FROM (SELECT *, row_number() OVER (ORDER BY period) AS n
          FROM pg_temp.plan('{"by": "period", "every": 4, "flighting": {"tv": [1, 2, 1, 3]}, "from": "2022-03-07", "to": "2022-05-30"}') WHERE channel = 'tv') tv;
SELECT matches(pg_temp.plan_error('{"by": "period", "every": 4, "flighting": {"tv": [1]}, "from": "2022-03-07", "to": "2022-05-30"}'),
               '^22023 \| flighting\.tv: found 1 weights, expected one for each of 4 blocks', 'a flighting of another length is an error');
SELECT matches(pg_temp.plan_error('{"every": 4}'), '^22023 \| every: found in a plan that is not by period .*Add', 'what belongs to a plan by period says so');

-- Errors
SELECT matches(pg_temp.plan_error('{"budgt": 1}'), '^22023 \| budgt: unknown key \(did you mean "budget"\?\)', 'an unknown option is an error with the nearest name');
SELECT matches(pg_temp.plan_error('{"budget": -1}'), '^22023 \| budget: found -1', 'a negative budget is an error');
SELECT matches(pg_temp.plan_error('{"locked": ["tvv"]}'), '^22023 \| locked\[0\]: "tvv" is not a paid channel of the model \(did you mean "tv"\?\).*Use tv or search',
               'an unknown channel is an error with the nearest name');
SELECT matches(pg_temp.plan_error('{"budget": 1, "bounds": [0.5, 2]}'), '^22023 \| budget asks for exactly 1, but the bounds allow no less than \d+ \| Bounds in spend: tv .* \| Widen',
               'a budget that cannot be spent says what the bounds allow');
SELECT matches(pg_temp.plan_error('{"groups": {"both": {"channels": ["tv", "search"], "max": 1}}, "bounds": [0, 2]}'),
               '^22023 \| budget and groups\.both cannot hold together within the bounds', 'a conflict names both sides');
SELECT matches(pg_temp.plan_error('{"by": "geo"}'), '^22023 \| by: .*national', 'a national model has no plan by geo');
SELECT matches(pg_temp.plan_error('[]'), '^22023 \| options', 'options are an object');

-- Panels
CREATE TEMP TABLE regional (spec jsonb, model mmm_model);
INSERT INTO regional (spec) VALUES ('{"preset": "meridian", "time": "week", "geo": "region", "population": "people", "kpi": "sales",
    "media": {"tv": "tv_spend", "search": "search_spend"},
    "reach_frequency": {"video": {"spend": "video_spend", "reach": "video_reach", "frequency": "video_frequency"}},
    "organic_media": {"mail": "mails"}, "sampler": {"method": "pathfinder", "draws": 200, "seed": 3},
    "simulate": {"geos": 3, "periods": 60}}');
CREATE TEMP VIEW regional_weeks AS
    SELECT "time" AS week, geo AS region, kpi AS sales, (metrics ->> 'people')::float8 AS people, (metrics ->> 'tv_spend')::float8 AS tv_spend,
           (metrics ->> 'search_spend')::float8 AS search_spend, (metrics ->> 'video_spend')::float8 AS video_spend,
           (metrics ->> 'video_reach')::float8 AS video_reach, (metrics ->> 'video_frequency')::float8 AS video_frequency,
           (metrics ->> 'mails')::float8 AS mails
    FROM regional, mmm_simulate(spec);
UPDATE regional SET model = mmm_fit('regional_weeks', spec - 'simulate');

CREATE FUNCTION pg_temp.regional_plan(options jsonb) RETURNS TABLE (channel text, geo text, current_spend float8, optimal_spend float8,
    lower_bound float8, upper_bound float8, current_contribution float8, optimal_contribution float8,
    optimal_lower float8, optimal_upper float8, mroi float8, period timestamp)
    LANGUAGE sql AS $$SELECT p.* FROM regional, mmm_optimize_budget(model, options) p$$;

SELECT results_eq($$SELECT channel, geo FROM pg_temp.regional_plan('{}')$$, $$VALUES ('tv', NULL), ('search', NULL), ('video', NULL)$$,
                  'geos are planned together');
SELECT is_empty($$SELECT * FROM pg_temp.regional_plan('{"locked": ["tv", "search", "video"]}') p
    JOIN (SELECT c.* FROM regional, mmm_channels(model) c) c USING (channel)
    WHERE abs(p.current_spend - c.spend) > 1e-9 * c.spend OR abs(p.current_contribution - c.contribution) > 1e-9 * abs(c.contribution)
       OR abs(p.mroi - c.mroi) > 1e-9 * abs(c.mroi)$$, 'with the figures of mmm_channels');
SELECT results_eq($$SELECT channel, geo FROM pg_temp.regional_plan('{"by": "geo"}')$$,
                  $$SELECT channel, geo FROM unnest('{tv,search,video}'::text[]) WITH ORDINALITY channels (channel, i),
                        (SELECT DISTINCT region FROM regional_weeks) geos (geo) ORDER BY i, geo COLLATE "C"$$,
                  'by geo, a row for each channel and geo');
SELECT is_empty($$SELECT channel FROM pg_temp.regional_plan('{"by": "geo"}') a JOIN pg_temp.regional_plan('{}') t USING (channel)
    GROUP BY channel, t.current_spend, t.current_contribution
    HAVING abs(sum(a.current_spend) - t.current_spend) > 1e-9 * t.current_spend
        OR abs(sum(a.current_contribution) - t.current_contribution) > 1e-9 * abs(t.current_contribution)$$, 'which sum to the channels');
SELECT is_empty($$SELECT * FROM pg_temp.regional_plan('{"by": "geo"}') WHERE NOT (optimal_spend BETWEEN lower_bound AND upper_bound
    AND abs(lower_bound - 0.7 * current_spend) + abs(upper_bound - 1.3 * current_spend) < 1e-9 * current_spend)$$, 'each within its own bounds');
SELECT ok(abs(sum(optimal_spend) FILTER (WHERE channel = 'tv') / sum(current_spend) FILTER (WHERE channel = 'tv') - 1) < 1e-9
          AND abs(sum(optimal_spend) FILTER (WHERE channel = 'search') / sum(optimal_spend) FILTER (WHERE channel = 'video') - 1.5) < 1e-8,
          'locks and constraints are about all geos of a channel')
    FROM pg_temp.regional_plan('{"by": "geo", "bounds": [0, 20], "locked": ["tv"], "constraints": [{"channels": {"search": 1, "video": -1.5}, "min": 0, "max": 0}]}');
SELECT cmp_ok(sum(optimal_contribution), '>=', (SELECT sum(optimal_contribution) FROM pg_temp.regional_plan('{}')),
              'geos apart can only be better') FROM pg_temp.regional_plan('{"by": "geo"}');

SELECT * FROM finish();
ROLLBACK;
