-- Planning with a model: a function of the model and the options alone.

CREATE FUNCTION @extschema@.mmm_optimize_budget(model @extschema@.mmm_model, options jsonb DEFAULT '{}')
    RETURNS TABLE (channel text, geo text, current_spend float8, optimal_spend float8,
                   lower_bound float8, upper_bound float8, current_contribution float8,
                   optimal_contribution float8, optimal_lower float8, optimal_upper float8,
                   mroi float8, period timestamp)
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000 ROWS 10;
COMMENT ON FUNCTION @extschema@.mmm_optimize_budget(@extschema@.mmm_model, jsonb) IS
    'how to divide a budget among the paid channels for the largest outcome, inside bounds and constraints, or how much to '
    'spend for a target ROI or mROI; options: budget, target_roi, target_mroi, max_budget, bounds, locked, constraints, '
    'groups, by, every, flighting, from, to, carryover, objective, level; contributions are in units of the KPI';
