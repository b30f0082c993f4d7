-- Forecasts. VOLATILE and PARALLEL RESTRICTED for the reasons given for fits: they read a table that may be temporary.

CREATE FUNCTION @extschema@.mmm_predict(model @extschema@.mmm_model, source regclass, level float8 DEFAULT 0.9)
    RETURNS TABLE ("time" timestamp, geo text, mean float8, lower float8, upper float8)
    AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE STRICT PARALLEL RESTRICTED COST 10000 ROWS 50;
COMMENT ON FUNCTION @extschema@.mmm_predict(@extschema@.mmm_model, regclass, float8) IS
    'the KPI in the periods of source, which follow the fitted history without a gap: exposure carries over from it; '
    'source: time, geo, exposure and control columns, read with the caller''s rights; mean, and posterior predictive interval '
    'at level';

CREATE FUNCTION @extschema@.mmm_cross_validate(source regclass, spec jsonb, options jsonb DEFAULT '{}')
    RETURNS TABLE (fold integer, cutoff timestamp, horizon integer, metric text, value float8)
    AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE STRICT PARALLEL RESTRICTED COST 10000000 ROWS 30;
COMMENT ON FUNCTION @extschema@.mmm_cross_validate(regclass, jsonb, jsonb) IS
    'fits spec to the rows up to a cutoff, forecasts the horizon periods after it, scores the forecast and moves the '
    'cutoff on; metrics: mape, wmape, rmse, crps, coverage, elpd; options: initial, horizon, step (periods), window '
    '(expanding or rolling), level, sampler (what to override)';
