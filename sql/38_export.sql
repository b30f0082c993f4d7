-- Models for other tools, and back.

CREATE FUNCTION @extschema@.mmm_arviz(model @extschema@.mmm_model) RETURNS jsonb
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION @extschema@.mmm_arviz(@extschema@.mmm_model) IS
    'posterior draws, sampler statistics and the fitted KPI in the layout that ArviZ''s from_dict reads: groups of arrays '
    'by name, chains x draws';

CREATE FUNCTION @extschema@.mmm_from_json(model jsonb) RETURNS @extschema@.mmm_model
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_from_json(jsonb) IS
    'the model that was cast to this jsonb, without loss; what is not a model is an error';
