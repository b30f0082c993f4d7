-- Every function of the contract exists with its arguments, defaults, result columns and properties.
BEGIN;
SELECT no_plan();

CREATE TEMP TABLE contract (signature text, result text, volatility text, strict boolean, parallel text);
INSERT INTO contract VALUES
    ('mmm_fit(source regclass, spec jsonb)', 'mmm_model', 'v', false, 'r'),
    ('mmm_fit_query(query text, spec jsonb)', 'mmm_model', 'v', false, 'u'),
    ('mmm_fit_agg(source record, spec jsonb)', 'mmm_model', 'i', false, 'r'),
    ('mmm_fit_detached(IN source regclass, IN spec jsonb, INOUT model mmm_model)', NULL, 'v', false, 'u'),
    ('mmm_validate(source regclass, spec jsonb)',
     'TABLE(severity text, code text, field text, message text, hint text)', 'v', true, 'r'),
    ('mmm_spec(preset text DEFAULT ''default''::text)', 'jsonb', 'i', true, 's'),
    ('mmm_spec_schema()', 'jsonb', 'i', true, 's'),
    ('mmm_progress()',
     'TABLE(pid integer, model text, phase text, chain integer, iteration integer, total integer, '
     'divergences integer, started_at timestamp with time zone, eta timestamp with time zone)', 'v', true, 'r'),
    ('mmm_simulate(spec jsonb, seed bigint DEFAULT 1)',
     'TABLE("time" timestamp without time zone, geo text, kpi double precision, metrics jsonb)', 'i', true, 's'),
    ('mmm_simulate_truth(spec jsonb, seed bigint DEFAULT 1)', 'TABLE(name text, value double precision)', 'i', true, 's'),
    ('mmm_summary(model mmm_model, level double precision DEFAULT 0.9)',
     'TABLE(parameter text, mean double precision, sd double precision, median double precision, '
     'lower double precision, upper double precision, rhat double precision, ess_bulk double precision, '
     'ess_tail double precision, mcse_mean double precision)', 'i', true, 's'),
    ('mmm_diagnostics(model mmm_model)',
     'TABLE(metric text, value double precision, threshold double precision, verdict text, message text)', 'i', true, 's'),
    ('mmm_channels(model mmm_model, level double precision DEFAULT 0.9, '
     'from_time timestamp without time zone DEFAULT NULL::timestamp without time zone, '
     'to_time timestamp without time zone DEFAULT NULL::timestamp without time zone, geos text[] DEFAULT NULL::text[])',
     'TABLE(channel text, kind text, spend double precision, contribution double precision, '
     'contribution_lower double precision, contribution_upper double precision, contribution_share double precision, '
     'roi double precision, roi_lower double precision, roi_upper double precision, mroi double precision, '
     'mroi_lower double precision, mroi_upper double precision, cpik double precision, effectiveness double precision)',
     'i', false, 's'),
    ('mmm_decomposition(model mmm_model, level double precision DEFAULT 0.9)',
     'TABLE("time" timestamp without time zone, geo text, component text, kind text, mean double precision, '
     'lower double precision, upper double precision)', 'i', true, 's'),
    ('mmm_fitted(model mmm_model, level double precision DEFAULT 0.9)',
     'TABLE("time" timestamp without time zone, geo text, actual double precision, mean double precision, '
     'lower double precision, upper double precision, holdout boolean)', 'i', true, 's'),
    ('mmm_draws(model mmm_model, parameters text[] DEFAULT NULL::text[])',
     'TABLE(chain integer, draw integer, parameter text, value double precision)', 'i', false, 's'),
    ('mmm_response_curve(model mmm_model, channel text DEFAULT NULL::text, multipliers double precision[] DEFAULT NULL::double precision[], '
     'level double precision DEFAULT 0.9, geos text[] DEFAULT NULL::text[])',
     'TABLE(channel text, multiplier double precision, spend double precision, contribution double precision, '
     'lower double precision, upper double precision, mroi double precision)', 'i', false, 's'),
    ('mmm_adstock_curve(model mmm_model, level double precision DEFAULT 0.9)',
     'TABLE(channel text, lag integer, mean double precision, lower double precision, upper double precision)', 'i', true, 's'),
    ('mmm_saturation_curve(model mmm_model, points integer DEFAULT 50, level double precision DEFAULT 0.9)',
     'TABLE(channel text, exposure double precision, mean double precision, lower double precision, upper double precision)', 'i', true, 's'),
    ('mmm_optimal_frequency(model mmm_model, channel text DEFAULT NULL::text, level double precision DEFAULT 0.9, '
     'max_frequency double precision DEFAULT NULL::double precision)',
     'TABLE(channel text, frequency double precision, roi double precision, roi_lower double precision, '
     'roi_upper double precision, optimal boolean)', 'i', false, 's'),
    ('mmm_loo(model mmm_model)', 'TABLE(elpd_loo double precision, se double precision, p_loo double precision, bad_k integer)', 'i', true, 's'),
    ('mmm_compare(VARIADIC models mmm_model[])',
     'TABLE(rank integer, model integer, elpd_loo double precision, se double precision, elpd_diff double precision, '
     'diff_se double precision, weight double precision, p_loo double precision, bad_k integer)', 'i', true, 's'),
    ('mmm_predict(model mmm_model, source regclass, level double precision DEFAULT 0.9)',
     'TABLE("time" timestamp without time zone, geo text, mean double precision, lower double precision, upper double precision)', 'v', true, 'r'),
    ('mmm_cross_validate(source regclass, spec jsonb, options jsonb DEFAULT ''{}''::jsonb)',
     'TABLE(fold integer, cutoff timestamp without time zone, horizon integer, metric text, value double precision)', 'v', true, 'r'),
    ('mmm_refresh(source regclass, model mmm_model, options jsonb DEFAULT ''{}''::jsonb)', 'mmm_model', 'v', true, 'r'),
    ('mmm_refresh_report(old mmm_model, new mmm_model, level double precision DEFAULT 0.9)',
     'TABLE(parameter text, old_mean double precision, old_sd double precision, new_mean double precision, new_sd double precision, '
     'shift double precision, z double precision, moved boolean, message text)', 'i', true, 's'),
    ('mmm_arviz(model mmm_model)', 'jsonb', 'i', true, 's'),
    ('mmm_from_json(model jsonb)', 'mmm_model', 'i', true, 's'),
    ('mmm_optimize_budget(model mmm_model, options jsonb DEFAULT ''{}''::jsonb)',
     'TABLE(channel text, geo text, current_spend double precision, optimal_spend double precision, '
     'lower_bound double precision, upper_bound double precision, current_contribution double precision, '
     'optimal_contribution double precision, optimal_lower double precision, optimal_upper double precision, '
     'mroi double precision, period timestamp without time zone)', 'i', true, 's'),
    ('mmm_report(model mmm_model, options jsonb DEFAULT ''{}''::jsonb)', 'text', 'i', true, 's'),
    ('mmm_model_to_jsonb(model mmm_model)', 'jsonb', 'i', true, 's'),
    ('mmm_tenant_set(token text)', 'uuid', 'v', false, 'u'),
    ('mmm_tenant_id()', 'uuid', 's', false, 's'),
    ('mmm_tenant_claims()', 'jsonb', 's', false, 's'),
    ('mmm_tenant_enable(target regclass, tenant_column name DEFAULT ''tenant_id''::name)', 'void', 'v', false, 'u'),
    ('mmm_tenant_disable(target regclass)', 'void', 'v', false, 'u'),
    ('mmm_tenant_lint(schemas name[] DEFAULT NULL::name[])',
     'TABLE(level text, code text, object text, message text, remediation text)', 's', false, 'u'),
    ('mmm_adstock(x double precision[], adstock jsonb)', 'double precision[]', 'i', true, 's'),
    ('mmm_saturation_hill(x double precision, half double precision, slope double precision)', 'double precision', 'i', true, 's'),
    ('mmm_saturation_logistic(x double precision, rate double precision)', 'double precision', 'i', true, 's'),
    ('mmm_saturation_inverse_scaled_logistic(x double precision, half double precision)', 'double precision', 'i', true, 's'),
    ('mmm_saturation_michaelis_menten(x double precision, half double precision)', 'double precision', 'i', true, 's'),
    ('mmm_saturation_tanh(x double precision, scale double precision)', 'double precision', 'i', true, 's'),
    ('mmm_saturation_root(x double precision, power double precision)', 'double precision', 'i', true, 's'),
    ('mmm_saturation_log(x double precision)', 'double precision', 'i', true, 's');
INSERT INTO contract
    SELECT format('mmm_adstock_%s(x double precision, %s)', family, arguments || more), 'double precision', 'i', false, 's'
    FROM (VALUES ('geometric', 'alpha double precision', 0), ('binomial', 'alpha double precision', 1),
                 ('delayed', 'alpha double precision, theta double precision', 1),
                 ('weibull_cdf', 'shape double precision, scale double precision', 1),
                 ('weibull_pdf', 'shape double precision, scale double precision', 1)) f (family, arguments, least),
         (VALUES (0, ''), (1, ', max_lag integer'), (2, ', max_lag integer, "normalize" boolean')) o (n, more)
    WHERE n >= least;

CREATE TEMP VIEW present AS
    SELECT p.proname || '(' || pg_get_function_arguments(p.oid) || ')' AS signature, p.*
    FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
    JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'mmm';

SELECT is(count(p.oid), 1::bigint, c.signature || ' exists')
    FROM contract c LEFT JOIN present p USING (signature) GROUP BY c.signature;
SELECT is(pg_get_function_result(p.oid), c.result, c.signature || ' gives its result columns')
    FROM contract c JOIN present p USING (signature);
SELECT is(concat(p.provolatile, p.proisstrict, p.proparallel), concat(c.volatility, c.strict, c.parallel),
          c.signature || ' is volatile, strict and parallel safe as it should')
    FROM contract c JOIN present p USING (signature);
SELECT is(array_agg(signature), NULL, 'nothing is SECURITY DEFINER') FROM present WHERE prosecdef;
SELECT is(array_agg(signature), NULL, 'every function has a comment') FROM present WHERE obj_description(oid, 'pg_proc') IS NULL;
SELECT isnt(obj_description('mmm_model'::regtype, 'pg_type'), NULL, 'the type has a comment');
SELECT is(array_agg(signature), NULL, 'what is not in the contract is input, output and the inside of aggregates')
    FROM present LEFT JOIN contract USING (signature)
    WHERE contract IS NULL AND proname !~ '^mmm_model_(in|out|recv|send)$|_step$|^mmm_fit_agg_final$|^mmm_adstock_value$|^mmm_tenant_drop_policies$';

-- The type
SELECT is((SELECT castcontext::text FROM pg_cast WHERE castsource = 'mmm_model'::regtype AND casttarget = 'jsonb'::regtype),
          'e', 'a model casts to jsonb, when asked to');
SELECT is((SELECT count(*) FROM pg_cast WHERE casttarget = 'mmm_model'::regtype), 0::bigint, 'nothing casts to a model');
SELECT is((SELECT typstorage::text FROM pg_type WHERE oid = 'mmm_model'::regtype), 'e', 'models are stored without compression');

-- Aggregates that need their rows in order must not be combined from parts.
SELECT is(array_agg(a.aggfnoid), NULL, 'no aggregate has a combine function, and final functions leave the state alone')
    FROM pg_aggregate a JOIN present p ON p.oid = a.aggfnoid WHERE a.aggcombinefn <> 0 OR a.aggfinalmodify <> 'r';

-- Settings (they appear when the library is loaded)
SELECT lives_ok($$LOAD 'mmm'$$, 'the library loads');
SELECT results_eq(
    $$SELECT name, setting, unit, context, vartype FROM pg_settings WHERE name LIKE 'mmm.%' ORDER BY name$$,
    $$VALUES ('mmm.instruction_set', 'auto', NULL, 'user', 'enum'), ('mmm.jwks_file', '', NULL, 'sighup', 'string'),
             ('mmm.max_memory', '1048576', 'kB', 'superuser', 'integer'), ('mmm.max_threads', '0', NULL, 'superuser', 'integer'),
             ('mmm.progress', 'off', NULL, 'user', 'enum'), ('mmm.tenant_claim', 'tenant_id', NULL, 'sighup', 'string'),
             ('mmm.token_audience', '', NULL, 'sighup', 'string'), ('mmm.token_issuer', '', NULL, 'sighup', 'string'),
             ('mmm.token_leeway', '5', 's', 'sighup', 'integer'), ('mmm.token_max_age', '0', 's', 'sighup', 'integer')$$, 'the settings, their defaults and who may set them');
SELECT throws_ok($$SET mmm.progres = 'notice'$$, '42602', NULL, 'a misspelt setting is an error');

SELECT * FROM finish();
ROLLBACK;
