-- mmm_report: one page of HTML, the same for the same model, whose options are checked.
BEGIN;
SELECT no_plan();

SELECT ok(mmm_report(model('a')) LIKE '<!DOCTYPE html>%</html>' || E'\n', 'a report is a page of HTML');
SELECT ok(length(mmm_report(model('a'))) BETWEEN 20000 AND 1000000, 'of a size that can be sent');
SELECT is(md5(mmm_report(model('a'))), md5(mmm_report(model('a'), '{}')), 'the same model gives the same page');
SELECT is(mmm_report(NULL), NULL, 'no model, no report');
SELECT is(mmm_report(model('a'), NULL), NULL, 'no options, no report');
SELECT ok(mmm_report(model('a'), '{"title": "A & B", "currency": "€"}') LIKE '%<h1>A &amp; B</h1>%€%', 'title and currency are shown, as text');
SELECT ok(position('id="budget"' IN mmm_report(model('a'))) > 0 AND position('id="budget"' IN mmm_report(model('a'), '{"budget": false}')) = 0,
          'the plan can be left out');
SELECT ok(position('id="review"' IN page) > 0 AND position('id="fit"' IN page) = 0, 'sections can be chosen')
    FROM mmm_report(model('a'), '{"sections": ["review"]}') page;
SELECT ok(bool_and(position('<data value="' || value || '">' IN page) > 0), 'the page holds the figures of mmm_channels and mmm_optimize_budget')
    FROM mmm_report(model('a')) page,
         (SELECT unnest(ARRAY[spend, contribution, roi, mroi]) FROM mmm_channels(model('a'))
          UNION ALL SELECT unnest(ARRAY[optimal_spend, optimal_contribution]) FROM mmm_optimize_budget(model('a'))) figures (value);

SELECT throws_ok($$SELECT mmm_report(model('a'), '{"titel": "x"}')$$, '22023', 'titel: unknown key (did you mean "title"?)', 'an unknown option is an error');
SELECT throws_ok($$SELECT mmm_report(model('a'), '{"level": 90}')$$, '22023', NULL, 'a level is between 0 and 1');
SELECT throws_ok($$SELECT mmm_report(model('a'), '{"sections": ["summry"]}')$$, '22023',
    'sections[0]: "summry" is not a section of the report (did you mean "summary"?)', 'an unknown section is an error');
SELECT throws_ok($$SELECT mmm_report(model('a'), '{"budget": {"locked": ["tw"]}}')$$, '22023', NULL, 'options of the plan are checked as by mmm_optimize_budget');
SELECT throws_ok($$SELECT mmm_report(model('a'), '[]')$$, '22023', 'options: found an array, expected an object', 'options are an object');

SELECT * FROM finish();
ROLLBACK;
