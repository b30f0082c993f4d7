-- The page for people: a function of the model and the options alone.

CREATE FUNCTION @extschema@.mmm_report(model @extschema@.mmm_model, options jsonb DEFAULT '{}') RETURNS text
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000000;
COMMENT ON FUNCTION @extschema@.mmm_report(@extschema@.mmm_model, jsonb) IS
    'one self-contained HTML page with pictures: summary in words, fit, contributions, ROI, response and carry-over, budget plan, '
    'results by geo, review; options: title, currency, level, budget, sections';
