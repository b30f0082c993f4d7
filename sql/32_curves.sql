-- Curves of a model's media. Functions of the model alone: IMMUTABLE.

CREATE FUNCTION @extschema@.mmm_response_curve(model @extschema@.mmm_model, channel text DEFAULT NULL,
                                               multipliers float8[] DEFAULT NULL, level float8 DEFAULT 0.9,
                                               geos text[] DEFAULT NULL)
    RETURNS TABLE (channel text, multiplier float8, spend float8, contribution float8,
                   lower float8, upper float8, mroi float8)
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 100;
COMMENT ON FUNCTION @extschema@.mmm_response_curve(@extschema@.mmm_model, text, float8[], float8, text[]) IS
    'what each channel (or one) would have brought had its whole exposure been multiplied: contribution in units of the '
    'KPI with a credible interval at level, spend, and marginal ROI there; multipliers: null for 0 to 2 in steps of 0.1; '
    'geos: only these';

CREATE FUNCTION @extschema@.mmm_adstock_curve(model @extschema@.mmm_model, level float8 DEFAULT 0.9)
    RETURNS TABLE (channel text, lag integer, mean float8, lower float8, upper float8)
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 100;
COMMENT ON FUNCTION @extschema@.mmm_adstock_curve(@extschema@.mmm_model, float8) IS
    'weight of exposure by lag, in periods: posterior mean and credible interval at level; weights of sum 1 where the '
    'specification normalises; of a panel, the mean over geos';

CREATE FUNCTION @extschema@.mmm_saturation_curve(model @extschema@.mmm_model, points integer DEFAULT 50,
                                                 level float8 DEFAULT 0.9)
    RETURNS TABLE (channel text, exposure float8, mean float8, lower float8, upper float8)
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 200;
COMMENT ON FUNCTION @extschema@.mmm_saturation_curve(@extschema@.mmm_model, integer, float8) IS
    'incremental KPI of one period at a steady exposure, from 0 to 1.5 times the largest after adstock: posterior mean '
    'and credible interval at level; exposure in units of the source; of a panel, '
    'the mean over geos';

CREATE FUNCTION @extschema@.mmm_optimal_frequency(model @extschema@.mmm_model, channel text DEFAULT NULL,
                                                  level float8 DEFAULT 0.9, max_frequency float8 DEFAULT NULL)
    RETURNS TABLE (channel text, frequency float8, roi float8, roi_lower float8, roi_upper float8,
                   optimal boolean)
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 100;
COMMENT ON FUNCTION @extschema@.mmm_optimal_frequency(@extschema@.mmm_model, text, float8, float8) IS
    'of channels (or one) with reach and frequency: the ROI that the same impressions would have had at another average '
    'frequency, posterior mean and credible interval at level, for frequencies 1, 1.1, ... up to the largest seen '
    '(or max_frequency); optimal marks the frequency of the largest mean';
