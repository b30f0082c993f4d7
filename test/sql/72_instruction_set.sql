-- mmm.instruction_set: the widest instructions of the processor unless told otherwise, and answers alike by all of them.
BEGIN;
SELECT no_plan();
LOAD 'mmm';

SELECT is(current_setting('mmm.instruction_set'), 'auto', 'the processor decides');

CREATE TEMP TABLE answer (set_name text, parameter text, mean float8);
CREATE TEMP TABLE refused (set_name text, detail text);
DO $$
DECLARE
    name text;
    detail text;
BEGIN
    FOREACH name IN ARRAY ARRAY['auto', 'portable', 'x86-64-v2', 'x86-64-v3', 'x86-64-v4'] LOOP
        BEGIN
            PERFORM set_config('mmm.instruction_set', name, true);
        EXCEPTION WHEN invalid_parameter_value THEN
            GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
            INSERT INTO refused VALUES (name, detail);
            CONTINUE;
        END;
        INSERT INTO answer SELECT name, s.parameter, s.mean
        FROM mmm_summary(mmm_fit('brand_a', spec('quick') || '{"sampler": {"method": "map"}}')) AS s;
    END LOOP;
END $$;

SELECT cmp_ok(count(DISTINCT set_name), '>=', 2::bigint, 'portable runs everywhere') FROM answer;
SELECT is_empty(
    $$SELECT a.set_name, a.parameter, a.mean, b.mean FROM answer a JOIN answer b USING (parameter)
      WHERE b.set_name = 'portable' AND abs(a.mean - b.mean) > 1e-5 * greatest(1, abs(b.mean))$$,
    'modes by every set that this processor runs are the same');
SELECT is_empty($$SELECT * FROM refused WHERE detail IS DISTINCT FROM 'This processor does not run ' || set_name || '.'$$,
    'a set that it does not run is refused by name');
SELECT throws_ok($$SET mmm.instruction_set = 'sse9'$$, '22023', NULL, 'a set that does not exist is refused');

SET LOCAL mmm.instruction_set = 'portable';
CREATE TEMP TABLE portable AS SELECT mmm_fit('brand_a', spec('quick')) AS model;
SELECT is(model::text, mmm_fit('brand_a', spec('quick'))::text, 'a set that is named gives the same draws again') FROM portable;

-- Rounding differs, and a chain amplifies it: the proof that another set is in use.
RESET mmm.instruction_set;
SELECT CASE WHEN count(*) < 3 THEN skip('this processor runs the portable set alone', 1)
    ELSE (SELECT isnt(model::text, mmm_fit('brand_a', spec('quick'))::text, 'another set rounds otherwise') FROM portable) END
FROM (SELECT DISTINCT set_name FROM answer) AS sets;

SELECT * FROM finish();
ROLLBACK;
