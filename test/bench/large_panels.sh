#!/usr/bin/env bash
# Panels at which Meridian diverges (23 channels; its issue 1778) or runs out of memory (36 channels, 183 areas, 66
# weeks on a T4; its issue 1666), simulated with known truth and fitted on the cluster that PGHOST names, through SQL
# alone. Prints convergence, time, memory and how many 90 % intervals hold the truth; judges nothing. Takes from minutes
# to half an hour: run by hand.
#
#   test/bench/large_panels.sh                                          both: 4 x (600 + 1,000), 4 x (600 + 2,000)
#   test/bench/large_panels.sh CHANNELS GEOS WEEKS WARMUP DRAWS [SEED]  one of your own
set -euo pipefail

if [ $# -eq 0 ]; then
    "$0" 23 60 104 600 1000
    exec "$0" 36 183 66 600 2000
fi
[ $# -eq 5 ] || [ $# -eq 6 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2; }

database=mmm_large_$$
createdb "$database"
trap 'dropdb --if-exists --force "$database"' EXIT
export PGDATABASE=$database
variables=(-v channels="$1" -v geos="$2" -v weeks="$3" -v warmup="$4" -v draws="$5" -v seed="${6:-1}")
session() { psql -qX -v ON_ERROR_STOP=1 -P footer=off "${variables[@]}" "$@"; }

# The model is Meridian's default of a panel: log-normal geo effects of media, priors on ROI, a knot a week, an
# intercept a geo, controls by geo. Truth of everything about media is drawn from the model's priors. Level, season,
# controls and noise are given, as Normal(0, 5) priors of theirs make no plausible sales: two fifths of the KPI come
# from media, at the prior's mean ROI.
session <<'SQL'
CREATE EXTENSION mmm;
CREATE FUNCTION label(prefix text, i int, most int) RETURNS text LANGUAGE sql
    RETURN prefix || lpad(i::text, length(most::text), '0');
CREATE TABLE plan AS SELECT jsonb_build_object(
    'preset', 'meridian', 'time', 'week', 'geo', 'geo', 'population', 'metrics.people', 'kpi', 'kpi',
    'baseline_geo', label('geo_', 1, :geos),
    'media', (SELECT jsonb_object_agg(label('ch_', c, :channels), 'metrics.' || label('ch_', c, :channels))
              FROM generate_series(1, :channels) c),
    'controls', '[{"column": "metrics.price", "name": "price"},
                  {"column": "metrics.weather", "name": "weather"}]'::jsonb,
    'sampler', jsonb_build_object('chains', 4, 'warmup', :warmup, 'draws', :draws),
    'simulate', jsonb_build_object(
        'geos', :geos, 'periods', :weeks, 'kpi_scale', 1,
        'media', (SELECT jsonb_object_agg(label('ch_', c, :channels), jsonb_build_object(
                      'mean', 1.1e6 / :channels * (0.4 + 0.3 * (c % 5)), 'active', 0.6 + 0.1 * (c % 5)))
                  FROM generate_series(1, :channels) c),
        'truth', '{"controls.price": -0.3, "controls.price.geo_scale": 0.1,
                   "controls.weather": 0.2, "controls.weather.geo_scale": 0.1, "sigma": 0.3}'::jsonb
            || (SELECT jsonb_object_agg('trend.knot[' || w || ']', 3 + 0.4 * sin(2 * pi() * w / 52))
                FROM generate_series(1, :weeks) w)
            || (SELECT jsonb_object_agg('geo_intercept[' || label('geo_', g, :geos) || ']', 0.6 * sin(7.3 * g))
                FROM generate_series(2, :geos) g))) AS spec
FROM (SELECT) AS once;
CREATE TABLE panel AS SELECT "time" AS week, geo, kpi, metrics FROM plan, mmm_simulate(spec, :seed);
CREATE TABLE truth AS SELECT t.* FROM plan, mmm_simulate_truth(spec, :seed) t;
CREATE TABLE cost (wall float8, cpu float8, peak_mb float8);
SQL

# A session of its own: its highest resident size is that of the fit.
session <<'SQL'
SET mmm.max_memory = '8GB';
SELECT clock_timestamp() AS began \gset
CREATE TABLE model AS SELECT mmm_fit('panel', spec) AS m FROM plan;
INSERT INTO cost SELECT extract(epoch FROM clock_timestamp() - :'began'),
    (split_part(stat, ' ', 14)::float8 + split_part(stat, ' ', 15)::float8) / 100,
    substring(status FROM 'VmHWM:\s+(\d+)')::float8 / 1024
FROM pg_read_file('/proc/self/stat') stat, pg_read_file('/proc/self/status') status;
SQL

session <<'SQL'
CREATE TABLE posterior AS SELECT s.*, t.value AS truth,
        regexp_replace(regexp_replace(parameter, '\[.*', ''), '^media\.[^.]*', 'media.*') AS kind
    FROM model, mmm_summary(m) s LEFT JOIN truth t ON t.name = s.parameter WHERE s.sd > 0;
\pset title 'data and cost'
SELECT :channels AS channels, :geos AS geos, :weeks AS weeks, (SELECT count(*) FROM posterior) AS parameters,
    '4 x (' || :warmup || ' + ' || :draws || ')' AS draws,
    round(wall) AS wall_s, round(cpu) AS cpu_s, round(peak_mb) AS peak_mb,
    substring(encode(substring(mmm_model_send(m) FROM 1 FOR 50000000), 'escape')
              FROM '"gradients":(\d+)') AS gradients,
    pg_size_pretty(pg_column_size(m)::bigint) AS stored
FROM model, cost;
\pset title 'convergence'
SELECT metric, value, threshold, verdict FROM model, mmm_diagnostics(m)
WHERE metric IN ('max_rhat', 'min_ess_bulk', 'min_ess_tail', 'divergences', 'max_treedepth_hits', 'mean_treedepth',
                 'mean_accept', 'min_e_bfmi', 'unconverged_parameters', 'r2');
\pset title 'by kind of parameter; held: share of 90 % intervals that hold the truth'
SELECT kind, count(*) AS n, round(max(rhat)::numeric, 4) AS max_rhat,
    round(min(ess_bulk)) AS min_ess_bulk, round(min(ess_tail)) AS min_ess_tail,
    round(avg((truth BETWEEN lower AND upper)::int), 3) AS held
FROM posterior GROUP BY ROLLUP (kind) ORDER BY max(rhat) DESC;
\pset title 'ROI of channels'
SELECT count(*) AS channels, sum((t.value BETWEEN roi_lower AND roi_upper)::int) AS held,
    round(avg(abs(roi - t.value) / t.value)::numeric, 3) AS mean_relative_error,
    round(avg((roi_upper - roi_lower) / roi)::numeric, 2) AS mean_relative_width,
    round(sum(contribution_share)::numeric, 3) AS share_of_media
FROM model, mmm_channels(m) c JOIN truth t ON t.name = 'roi.' || c.channel;
SQL
