-- Forecasts. VOLATILE and PARALLEL RESTRICTED for the reasons given for fits: they read a table that may be temporary.

CREATE FUNCTION @extschema@.mmm_predict(model @extschema@.mmm_model, source regclass, level float8 DEFAULT 0.9)
    RETURNS TABLE ("time" timestamp, geo text, mean float8, lower float8, upper float8)
    AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE STRICT PARALLEL RESTRICTED COST 10000 ROWS 50;
COMMENT ON FUNCTION @extschema@.mmm_predict(@extschema@.mmm_model, regclass, float8) IS
    'the KPI in the periods of source, which follow the fitted history without a gap: exposure carries over from it; '
    'source: time, exposure and control columns, read with the caller''s rights; mean, and posterior predictive interval '
    'at level';
