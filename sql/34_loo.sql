-- Predictive accuracy without refitting. Functions of models alone: IMMUTABLE.

CREATE FUNCTION @extschema@.mmm_loo(model @extschema@.mmm_model)
    RETURNS TABLE (elpd_loo float8, se float8, p_loo float8, bad_k integer)
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 1;
COMMENT ON FUNCTION @extschema@.mmm_loo(@extschema@.mmm_model) IS
    'leave-one-out expected log predictive density of the KPI by Pareto smoothed importance sampling, its standard error, '
    'the effective number of parameters, and how many rows are too influential for the estimate to be trusted (bad_k)';

CREATE FUNCTION @extschema@.mmm_compare(VARIADIC models @extschema@.mmm_model[])
    RETURNS TABLE (rank integer, model integer, elpd_loo float8, se float8, elpd_diff float8, diff_se float8,
                   weight float8, p_loo float8, bad_k integer)
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 5;
COMMENT ON FUNCTION @extschema@.mmm_compare(@extschema@.mmm_model[]) IS
    'models of the same rows by their leave-one-out score, best first; model: position among the arguments; elpd_diff: to '
    'the best, with its standard error; weight: of the mixture that predicts best (stacking)';
