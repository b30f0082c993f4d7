-- A fitted model as a value.

CREATE TYPE @extschema@.mmm_model;

CREATE FUNCTION @extschema@.mmm_model_in(cstring) RETURNS @extschema@.mmm_model
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_model_in(cstring) IS
    'text input of mmm_model: the JSON that the output function writes';

CREATE FUNCTION @extschema@.mmm_model_out(@extschema@.mmm_model) RETURNS cstring
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_model_out(@extschema@.mmm_model) IS
    'text output of mmm_model: JSON that reads back to the same model';

CREATE FUNCTION @extschema@.mmm_model_recv(internal) RETURNS @extschema@.mmm_model
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_model_recv(internal) IS 'binary input of mmm_model; damaged bytes are an error';

CREATE FUNCTION @extschema@.mmm_model_send(@extschema@.mmm_model) RETURNS bytea
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_model_send(@extschema@.mmm_model) IS 'binary output of mmm_model';

-- External: posterior draws do not compress, so trying would only cost time.
CREATE TYPE @extschema@.mmm_model (
    INPUT = @extschema@.mmm_model_in,
    OUTPUT = @extschema@.mmm_model_out,
    RECEIVE = @extschema@.mmm_model_recv,
    SEND = @extschema@.mmm_model_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = int4,
    STORAGE = external
);
COMMENT ON TYPE @extschema@.mmm_model IS
    'a fitted marketing mix model: specification, data, posterior draws and diagnostics in one versioned value';

CREATE FUNCTION @extschema@.mmm_model_to_jsonb(model @extschema@.mmm_model) RETURNS jsonb
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_model_to_jsonb(@extschema@.mmm_model) IS 'the whole model as jsonb';

CREATE CAST (@extschema@.mmm_model AS jsonb) WITH FUNCTION @extschema@.mmm_model_to_jsonb(@extschema@.mmm_model);
COMMENT ON CAST (@extschema@.mmm_model AS jsonb) IS 'the whole model as jsonb';
