-- The transforms of media, by the kernels that the engine uses.
--
-- Adstock aggregates run in windows: a row comes in, its adstocked value goes out. They are overloaded by argument
-- count because aggregates have no default arguments. There is no combine function: the order of the rows counts.

CREATE FUNCTION @extschema@.mmm_adstock_value(internal) RETURNS float8
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_adstock_value(internal) IS
    'final function of the adstock aggregates: the value at the newest row';

-- Geometric

CREATE FUNCTION @extschema@.mmm_adstock_geometric_step(
        internal, x float8, alpha float8) RETURNS internal
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_adstock_geometric_step(
        internal, float8, float8) IS
    'transition function of mmm_adstock_geometric';
CREATE AGGREGATE @extschema@.mmm_adstock_geometric(x float8, alpha float8) (
    SFUNC = @extschema@.mmm_adstock_geometric_step,
    STYPE = internal,
    FINALFUNC = @extschema@.mmm_adstock_value,
    FINALFUNC_MODIFY = READ_ONLY,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.mmm_adstock_geometric(float8, float8) IS
    'Geometric adstock of x, to be used OVER (ORDER BY time ROWS UNBOUNDED PRECEDING); '
    'every row before counts, a null x as 0; '
    'weight of lag l: alpha^l, 0 <= alpha < 1; '
    'weights are divided by their sum';

CREATE FUNCTION @extschema@.mmm_adstock_geometric_step(
        internal, x float8, alpha float8, max_lag integer) RETURNS internal
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_adstock_geometric_step(
        internal, float8, float8, integer) IS
    'transition function of mmm_adstock_geometric';
CREATE AGGREGATE @extschema@.mmm_adstock_geometric(x float8, alpha float8, max_lag integer) (
    SFUNC = @extschema@.mmm_adstock_geometric_step,
    STYPE = internal,
    FINALFUNC = @extschema@.mmm_adstock_value,
    FINALFUNC_MODIFY = READ_ONLY,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.mmm_adstock_geometric(float8, float8, integer) IS
    'Geometric adstock of x, to be used OVER (ORDER BY time ROWS UNBOUNDED PRECEDING); '
    'lags 0 to max_lag count, a null x as 0; '
    'weight of lag l: alpha^l, 0 <= alpha < 1; '
    'weights are divided by their sum';

CREATE FUNCTION @extschema@.mmm_adstock_geometric_step(
        internal, x float8, alpha float8, max_lag integer, "normalize" boolean) RETURNS internal
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_adstock_geometric_step(
        internal, float8, float8, integer, boolean) IS
    'transition function of mmm_adstock_geometric';
CREATE AGGREGATE @extschema@.mmm_adstock_geometric(x float8, alpha float8, max_lag integer, "normalize" boolean) (
    SFUNC = @extschema@.mmm_adstock_geometric_step,
    STYPE = internal,
    FINALFUNC = @extschema@.mmm_adstock_value,
    FINALFUNC_MODIFY = READ_ONLY,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.mmm_adstock_geometric(float8, float8, integer, boolean) IS
    'Geometric adstock of x, to be used OVER (ORDER BY time ROWS UNBOUNDED PRECEDING); '
    'lags 0 to max_lag count, a null x as 0; '
    'weight of lag l: alpha^l, 0 <= alpha < 1; '
    'weights are divided by their sum if normalize';

-- Delayed

CREATE FUNCTION @extschema@.mmm_adstock_delayed_step(
        internal, x float8, alpha float8, theta float8, max_lag integer) RETURNS internal
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_adstock_delayed_step(
        internal, float8, float8, float8, integer) IS
    'transition function of mmm_adstock_delayed';
CREATE AGGREGATE @extschema@.mmm_adstock_delayed(x float8, alpha float8, theta float8, max_lag integer) (
    SFUNC = @extschema@.mmm_adstock_delayed_step,
    STYPE = internal,
    FINALFUNC = @extschema@.mmm_adstock_value,
    FINALFUNC_MODIFY = READ_ONLY,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.mmm_adstock_delayed(float8, float8, float8, integer) IS
    'Delayed adstock of x, to be used OVER (ORDER BY time ROWS UNBOUNDED PRECEDING); '
    'lags 0 to max_lag count, a null x as 0; '
    'weight of lag l: alpha^((l - theta)^2), 0 < alpha < 1, theta >= 0 being the lag of the peak; '
    'weights are divided by their sum';

CREATE FUNCTION @extschema@.mmm_adstock_delayed_step(
        internal, x float8, alpha float8, theta float8, max_lag integer, "normalize" boolean) RETURNS internal
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_adstock_delayed_step(
        internal, float8, float8, float8, integer, boolean) IS
    'transition function of mmm_adstock_delayed';
CREATE AGGREGATE @extschema@.mmm_adstock_delayed(
        x float8, alpha float8, theta float8, max_lag integer, "normalize" boolean) (
    SFUNC = @extschema@.mmm_adstock_delayed_step,
    STYPE = internal,
    FINALFUNC = @extschema@.mmm_adstock_value,
    FINALFUNC_MODIFY = READ_ONLY,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.mmm_adstock_delayed(float8, float8, float8, integer, boolean) IS
    'Delayed adstock of x, to be used OVER (ORDER BY time ROWS UNBOUNDED PRECEDING); '
    'lags 0 to max_lag count, a null x as 0; '
    'weight of lag l: alpha^((l - theta)^2), 0 < alpha < 1, theta >= 0 being the lag of the peak; '
    'weights are divided by their sum if normalize';

-- Binomial

CREATE FUNCTION @extschema@.mmm_adstock_binomial_step(
        internal, x float8, alpha float8, max_lag integer) RETURNS internal
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_adstock_binomial_step(
        internal, float8, float8, integer) IS
    'transition function of mmm_adstock_binomial';
CREATE AGGREGATE @extschema@.mmm_adstock_binomial(x float8, alpha float8, max_lag integer) (
    SFUNC = @extschema@.mmm_adstock_binomial_step,
    STYPE = internal,
    FINALFUNC = @extschema@.mmm_adstock_value,
    FINALFUNC_MODIFY = READ_ONLY,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.mmm_adstock_binomial(float8, float8, integer) IS
    'Binomial adstock of x, to be used OVER (ORDER BY time ROWS UNBOUNDED PRECEDING); '
    'lags 0 to max_lag count, a null x as 0; '
    'weight of lag l: (1 - l / (max_lag + 1))^(1 / alpha - 1), 0 < alpha <= 1; '
    'weights are divided by their sum';

CREATE FUNCTION @extschema@.mmm_adstock_binomial_step(
        internal, x float8, alpha float8, max_lag integer, "normalize" boolean) RETURNS internal
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_adstock_binomial_step(
        internal, float8, float8, integer, boolean) IS
    'transition function of mmm_adstock_binomial';
CREATE AGGREGATE @extschema@.mmm_adstock_binomial(x float8, alpha float8, max_lag integer, "normalize" boolean) (
    SFUNC = @extschema@.mmm_adstock_binomial_step,
    STYPE = internal,
    FINALFUNC = @extschema@.mmm_adstock_value,
    FINALFUNC_MODIFY = READ_ONLY,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.mmm_adstock_binomial(float8, float8, integer, boolean) IS
    'Binomial adstock of x, to be used OVER (ORDER BY time ROWS UNBOUNDED PRECEDING); '
    'lags 0 to max_lag count, a null x as 0; '
    'weight of lag l: (1 - l / (max_lag + 1))^(1 / alpha - 1), 0 < alpha <= 1; '
    'weights are divided by their sum if normalize';

-- Weibull CDF

CREATE FUNCTION @extschema@.mmm_adstock_weibull_cdf_step(
        internal, x float8, shape float8, scale float8, max_lag integer) RETURNS internal
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_adstock_weibull_cdf_step(
        internal, float8, float8, float8, integer) IS
    'transition function of mmm_adstock_weibull_cdf';
CREATE AGGREGATE @extschema@.mmm_adstock_weibull_cdf(x float8, shape float8, scale float8, max_lag integer) (
    SFUNC = @extschema@.mmm_adstock_weibull_cdf_step,
    STYPE = internal,
    FINALFUNC = @extschema@.mmm_adstock_value,
    FINALFUNC_MODIFY = READ_ONLY,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.mmm_adstock_weibull_cdf(float8, float8, float8, integer) IS
    'Weibull CDF adstock of x, to be used OVER (ORDER BY time ROWS UNBOUNDED PRECEDING); '
    'lags 0 to max_lag count, a null x as 0; '
    'weight of lag l: the product over j = 1..l of exp(-(j / scale)^shape), shape, scale > 0; '
    'weights are divided by their sum';

CREATE FUNCTION @extschema@.mmm_adstock_weibull_cdf_step(
        internal, x float8, shape float8, scale float8, max_lag integer, "normalize" boolean) RETURNS internal
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_adstock_weibull_cdf_step(
        internal, float8, float8, float8, integer, boolean) IS
    'transition function of mmm_adstock_weibull_cdf';
CREATE AGGREGATE @extschema@.mmm_adstock_weibull_cdf(
        x float8, shape float8, scale float8, max_lag integer, "normalize" boolean) (
    SFUNC = @extschema@.mmm_adstock_weibull_cdf_step,
    STYPE = internal,
    FINALFUNC = @extschema@.mmm_adstock_value,
    FINALFUNC_MODIFY = READ_ONLY,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.mmm_adstock_weibull_cdf(float8, float8, float8, integer, boolean) IS
    'Weibull CDF adstock of x, to be used OVER (ORDER BY time ROWS UNBOUNDED PRECEDING); '
    'lags 0 to max_lag count, a null x as 0; '
    'weight of lag l: the product over j = 1..l of exp(-(j / scale)^shape), shape, scale > 0; '
    'weights are divided by their sum if normalize';

-- Weibull PDF

CREATE FUNCTION @extschema@.mmm_adstock_weibull_pdf_step(
        internal, x float8, shape float8, scale float8, max_lag integer) RETURNS internal
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_adstock_weibull_pdf_step(
        internal, float8, float8, float8, integer) IS
    'transition function of mmm_adstock_weibull_pdf';
CREATE AGGREGATE @extschema@.mmm_adstock_weibull_pdf(x float8, shape float8, scale float8, max_lag integer) (
    SFUNC = @extschema@.mmm_adstock_weibull_pdf_step,
    STYPE = internal,
    FINALFUNC = @extschema@.mmm_adstock_value,
    FINALFUNC_MODIFY = READ_ONLY,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.mmm_adstock_weibull_pdf(float8, float8, float8, integer) IS
    'Weibull PDF adstock of x, to be used OVER (ORDER BY time ROWS UNBOUNDED PRECEDING); '
    'lags 0 to max_lag count, a null x as 0; '
    'weight of lag l: the Weibull density at l + 1, shape, scale > 0; '
    'weights are divided by their sum';

CREATE FUNCTION @extschema@.mmm_adstock_weibull_pdf_step(
        internal, x float8, shape float8, scale float8, max_lag integer, "normalize" boolean) RETURNS internal
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_adstock_weibull_pdf_step(
        internal, float8, float8, float8, integer, boolean) IS
    'transition function of mmm_adstock_weibull_pdf';
CREATE AGGREGATE @extschema@.mmm_adstock_weibull_pdf(
        x float8, shape float8, scale float8, max_lag integer, "normalize" boolean) (
    SFUNC = @extschema@.mmm_adstock_weibull_pdf_step,
    STYPE = internal,
    FINALFUNC = @extschema@.mmm_adstock_value,
    FINALFUNC_MODIFY = READ_ONLY,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.mmm_adstock_weibull_pdf(float8, float8, float8, integer, boolean) IS
    'Weibull PDF adstock of x, to be used OVER (ORDER BY time ROWS UNBOUNDED PRECEDING); '
    'lags 0 to max_lag count, a null x as 0; '
    'weight of lag l: the Weibull density at l + 1, shape, scale > 0; '
    'weights are divided by their sum if normalize';

-- Array form

CREATE FUNCTION @extschema@.mmm_adstock(x float8[], adstock jsonb) RETURNS float8[]
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_adstock(float8[], jsonb) IS
    'adstock of a series in time order, null elements counting as 0; adstock: as in a specification, with numbers for '
    'its parameters, such as {"family": "geometric", "alpha": 0.6, "max_lag": 12}';

-- Saturation

CREATE FUNCTION @extschema@.mmm_saturation_hill(x float8, half float8, slope float8) RETURNS float8
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_saturation_hill(float8, float8, float8) IS
    'saturation: x^slope / (x^slope + half^slope); x >= 0, half and slope > 0';

CREATE FUNCTION @extschema@.mmm_saturation_logistic(x float8, rate float8) RETURNS float8
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_saturation_logistic(float8, float8) IS
    'saturation: (1 - exp(-rate x)) / (1 + exp(-rate x)); x >= 0, rate > 0';

CREATE FUNCTION @extschema@.mmm_saturation_inverse_scaled_logistic(x float8, half float8) RETURNS float8
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_saturation_inverse_scaled_logistic(float8, float8) IS
    'saturation: the logistic curve with rate ln(3) / half, which is 1/2 at x = half; x >= 0, half > 0';

CREATE FUNCTION @extschema@.mmm_saturation_michaelis_menten(x float8, half float8) RETURNS float8
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_saturation_michaelis_menten(float8, float8) IS
    'saturation: x / (x + half); x >= 0, half > 0';

CREATE FUNCTION @extschema@.mmm_saturation_tanh(x float8, scale float8) RETURNS float8
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_saturation_tanh(float8, float8) IS
    'saturation: tanh(x / scale); x >= 0, scale > 0';

CREATE FUNCTION @extschema@.mmm_saturation_root(x float8, power float8) RETURNS float8
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_saturation_root(float8, float8) IS
    'saturation: x^power; x >= 0, power > 0';

CREATE FUNCTION @extschema@.mmm_saturation_log(x float8) RETURNS float8
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @extschema@.mmm_saturation_log(float8) IS
    'saturation: ln(1 + x); x >= 0';
