-- Fitting.
--
-- The fits are VOLATILE although they change nothing: a fit takes seconds, and only a volatile call is sure to be made
-- once where it is written. The planner may copy a stable one into every place that uses its result.
-- They are PARALLEL RESTRICTED because a table that they read may be temporary; the aggregate reads one where the
-- specification names a table of events.

CREATE FUNCTION @extschema@.mmm_fit(source regclass, spec jsonb) RETURNS @extschema@.mmm_model
    AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL RESTRICTED COST 1000000;
COMMENT ON FUNCTION @extschema@.mmm_fit(regclass, jsonb) IS
    'fits a marketing mix model to the rows of source (table, view, materialized view, foreign or partitioned table), '
    'read with the caller''s rights, as spec says (see mmm_spec); result: the model as a value';

CREATE FUNCTION @extschema@.mmm_fit_query(query text, spec jsonb) RETURNS @extschema@.mmm_model
    AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000000;
COMMENT ON FUNCTION @extschema@.mmm_fit_query(text, jsonb) IS
    'like mmm_fit, on the rows of query: one SELECT, run read-only with the caller''s rights';

CREATE FUNCTION @extschema@.mmm_fit_agg_step(internal, source record, spec jsonb) RETURNS internal
    AS 'MODULE_PATHNAME' LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION @extschema@.mmm_fit_agg_step(internal, record, jsonb) IS 'transition function of mmm_fit_agg';

CREATE FUNCTION @extschema@.mmm_fit_agg_final(internal) RETURNS @extschema@.mmm_model
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000000;
COMMENT ON FUNCTION @extschema@.mmm_fit_agg_final(internal) IS 'final function of mmm_fit_agg';

CREATE AGGREGATE @extschema@.mmm_fit_agg(source record, spec jsonb) (
    SFUNC = @extschema@.mmm_fit_agg_step,
    STYPE = internal,
    SSPACE = 65536,
    FINALFUNC = @extschema@.mmm_fit_agg_final,
    FINALFUNC_MODIFY = READ_ONLY,
    PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE @extschema@.mmm_fit_agg(record, jsonb) IS
    'fits one model a group: SELECT brand, mmm_fit_agg(w, spec) FROM weekly w GROUP BY brand; the order of the rows '
    'does not matter, spec must be one and the same within a group, null rows are left out, no rows give null';

CREATE PROCEDURE @extschema@.mmm_fit_detached(source regclass, spec jsonb, INOUT model @extschema@.mmm_model)
    AS 'MODULE_PATHNAME' LANGUAGE C;
COMMENT ON PROCEDURE @extschema@.mmm_fit_detached(regclass, jsonb, @extschema@.mmm_model) IS
    'like mmm_fit, for long fits: reads, commits, and computes without a snapshot, so that vacuum is not held back; '
    'CALL mmm_fit_detached(source, spec, NULL) outside a transaction block; model: comes back as the result';

CREATE FUNCTION @extschema@.mmm_validate(source regclass, spec jsonb)
    RETURNS TABLE (severity text, code text, field text, message text, hint text)
    AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE STRICT PARALLEL RESTRICTED COST 10000 ROWS 10;
COMMENT ON FUNCTION @extschema@.mmm_validate(regclass, jsonb) IS
    'every check of the specification and the data, without fitting; severity: error (mmm_fit would '
    'refuse), warning (to look at first) or info; field: path in the specification';

CREATE FUNCTION @extschema@.mmm_spec(preset text DEFAULT 'default') RETURNS jsonb
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_spec(text) IS
    'a complete specification with every default spelled out; preset: default, pymc or meridian';

CREATE FUNCTION @extschema@.mmm_spec_schema() RETURNS jsonb
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_spec_schema() IS 'the JSON Schema of specifications';

CREATE FUNCTION @extschema@.mmm_progress()
    RETURNS TABLE (pid integer, model text, phase text, chain integer, iteration integer, total integer,
                   divergences integer, started_at timestamptz, eta timestamptz)
    AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE STRICT PARALLEL RESTRICTED ROWS 10;
COMMENT ON FUNCTION @extschema@.mmm_progress() IS
    'fits that are running in this database, a row for each chain: those of roles that the caller is a member of, and '
    'all for members of pg_read_all_stats; iteration of total counts warm-up and kept draws, eta is when the chain '
    'ends at its pace so far';

CREATE FUNCTION @extschema@.mmm_simulate(spec jsonb, seed bigint DEFAULT 1)
    RETURNS TABLE ("time" timestamp, geo text, kpi float8, metrics jsonb)
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 150;
COMMENT ON FUNCTION @extschema@.mmm_simulate(jsonb, bigint) IS
    'rows from a model with known parameters (see mmm_simulate_truth), to try things out on; metrics: media, controls '
    'and the other columns of spec by name';

CREATE FUNCTION @extschema@.mmm_simulate_truth(spec jsonb, seed bigint DEFAULT 1)
    RETURNS TABLE (name text, value float8)
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 50;
COMMENT ON FUNCTION @extschema@.mmm_simulate_truth(jsonb, bigint) IS
    'what is true of the rows that mmm_simulate(spec, seed) gives: parameters, contributions, ROI';
