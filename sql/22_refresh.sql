-- Refreshing: the last posterior is the next prior.

CREATE FUNCTION @extschema@.mmm_refresh(source regclass, model @extschema@.mmm_model, options jsonb DEFAULT '{}')
    RETURNS @extschema@.mmm_model
    AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE STRICT PARALLEL RESTRICTED COST 1000000;
COMMENT ON FUNCTION @extschema@.mmm_refresh(regclass, @extschema@.mmm_model, jsonb) IS
    'fits the rows of source that follow the last fitted period of model, with the posterior of model as prior; earlier rows '
    'only carry over; options: widen (factor on the sd of priors), parameters (patterns of those whose prior is replaced), '
    'overlap (fit all rows of source: those that model has seen count twice), sampler and spec (overrides)';

CREATE FUNCTION @extschema@.mmm_refresh_report(old @extschema@.mmm_model, new @extschema@.mmm_model, level float8 DEFAULT 0.9)
    RETURNS TABLE (parameter text, old_mean float8, old_sd float8, new_mean float8, new_sd float8, shift float8, z float8,
                   moved boolean, message text)
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000 ROWS 30;
COMMENT ON FUNCTION @extschema@.mmm_refresh_report(@extschema@.mmm_model, @extschema@.mmm_model, float8) IS
    'what differs between a model and its refresh by more than new data would move it: every parameter of both, and the ROI of '
    'each channel over the rows of the new model; z: shift in standard deviations of that movement';
