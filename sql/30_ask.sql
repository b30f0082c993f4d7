-- Asking a model. Functions of the model alone: IMMUTABLE. Those with optional arguments that may be null are not
-- STRICT and return no rows for a null model.

CREATE FUNCTION @extschema@.mmm_summary(model @extschema@.mmm_model, level float8 DEFAULT 0.9)
    RETURNS TABLE (parameter text, mean float8, sd float8, median float8,
                   lower float8, upper float8, rhat float8, ess_bulk float8,
                   ess_tail float8, mcse_mean float8)
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 50;
COMMENT ON FUNCTION @extschema@.mmm_summary(@extschema@.mmm_model, float8) IS
    'posterior of every parameter: mean, sd, median, equal-tailed credible interval at level, and how well the chains '
    'agree (rank-normalised split R-hat, bulk and tail effective sample size, Monte Carlo error of the mean)';

CREATE FUNCTION @extschema@.mmm_diagnostics(model @extschema@.mmm_model)
    RETURNS TABLE (metric text, value float8, threshold float8, verdict text, message text)
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 40;
COMMENT ON FUNCTION @extschema@.mmm_diagnostics(@extschema@.mmm_model) IS
    'whether the fit can be trusted: a row for each check, with its threshold, verdict (ok, warn or fail) and advice';

CREATE FUNCTION @extschema@.mmm_channels(model @extschema@.mmm_model, level float8 DEFAULT 0.9,
                                         from_time timestamp DEFAULT NULL, to_time timestamp DEFAULT NULL,
                                         geos text[] DEFAULT NULL)
    RETURNS TABLE (channel text, kind text, spend float8, contribution float8,
                   contribution_lower float8, contribution_upper float8,
                   contribution_share float8, roi float8, roi_lower float8,
                   roi_upper float8, mroi float8, mroi_lower float8,
                   mroi_upper float8, cpik float8, effectiveness float8)
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 10;
COMMENT ON FUNCTION @extschema@.mmm_channels(@extschema@.mmm_model, float8, timestamp, timestamp, text[]) IS
    'what each channel brought between from_time and to_time (inclusive; null: as far as the data goes) and what its '
    'money returned: contribution, ROI, marginal ROI, cost per incremental KPI, with credible intervals at level; '
    'geos: only these';

CREATE FUNCTION @extschema@.mmm_decomposition(model @extschema@.mmm_model, level float8 DEFAULT 0.9)
    RETURNS TABLE ("time" timestamp, geo text, component text, kind text, mean float8,
                   lower float8, upper float8)
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 1000;
COMMENT ON FUNCTION @extschema@.mmm_decomposition(@extschema@.mmm_model, float8) IS
    'the fitted KPI taken apart, by time and component, in units of the KPI: the means of a time add up to its mean';

CREATE FUNCTION @extschema@.mmm_fitted(model @extschema@.mmm_model, level float8 DEFAULT 0.9)
    RETURNS TABLE ("time" timestamp, geo text, actual float8, mean float8,
                   lower float8, upper float8, holdout boolean)
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 150;
COMMENT ON FUNCTION @extschema@.mmm_fitted(@extschema@.mmm_model, float8) IS
    'actual and fitted KPI by time, with the posterior predictive interval at level; holdout: the row was not fitted';

CREATE FUNCTION @extschema@.mmm_draws(model @extschema@.mmm_model, parameters text[] DEFAULT NULL)
    RETURNS TABLE (chain integer, draw integer, parameter text, value float8)
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 10000;
COMMENT ON FUNCTION @extschema@.mmm_draws(@extschema@.mmm_model, text[]) IS
    'posterior draws by parameter, chain and draw (both from 1); parameters: only these';
