// A specification: which columns play which part and what the model assumes, every default filled in.
// Parameters are named by the path of their prior: `media.tv.adstock.alpha`, `controls.price`, `sigma`.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/missing.hpp"
#include "core/model/prior.hpp"
#include "core/transform/adstock.hpp"
#include "core/transform/saturation.hpp"
#include "core/transform/waves.hpp"

namespace mmm {

// An adstock with priors; one that is simply given is the same with fixed ones.
struct AdstockChoice {
    AdstockForm form;
    std::array<Prior, max_adstock_parameters> priors{};
};

struct SaturationChoice {
    SaturationFamily family = SaturationFamily::logistic;
    std::array<Prior, max_saturation_parameters> priors{};
};

// What a medium's prior is about (Meridian's media_prior_type). The coefficient is derived from the other kinds:
// coefficient = roi * spend / (incremental outcome per unit of coefficient), and so on. mroi: of the next 1 % of exposure.
enum class EffectKind { coefficient, roi, contribution, mroi };

// How a medium's (or control's) coefficient varies by geo around the common one, with deviations d_g ~ normal(0, geo_scale):
//   normal      b_g = b + d_g          log_normal  b_g = b exp(d_g)
enum class GeoEffect { common, normal, log_normal };

// The value of a treatment that counts as none of it (Meridian's non-media baseline values).
enum class BaselineKind { value, min, max };

// Paid media have spend, organic media have none; a treatment (price, promotion) is a linear effect, without adstock or
// saturation, whose contribution is asked for.
enum class MediumKind { paid, organic, treatment };

// Only what is spent inside counts in an ROI prior, and is compared with the outcome without it (roi_calibration_period).
struct CalibrationPeriod {
    Timestamp from = 0;
    Timestamp to = 0;  // inclusive
};

// An experiment on one channel (lift_test.hpp). Spend is that of the whole window in all its geos; lift is in units of the KPI.
struct LiftTest {
    std::string channel;
    Timestamp from = 0;
    Timestamp to = 0;                      // inclusive
    std::optional<Timestamp> measured_to;  // the last period whose KPI was measured; `to` where absent
    std::vector<std::string> geos;         // empty: all
    double spend_before = 0, spend_delta = 0;
    double lift = 0, standard_error = 1;
};

struct Medium {
    std::string name;
    MediumKind kind = MediumKind::paid;
    std::string spend;      // column; empty for organic media
    std::string exposure;   // column: what the medium does; the spend where nothing else is given, empty for reach and frequency
    std::string reach;      // columns: people reached, and how often each of them; empty for other media
    std::string frequency;
    AdstockChoice adstock;
    SaturationChoice saturation;
    bool saturation_first = false;
    EffectKind effect = EffectKind::coefficient;
    Prior prior;
    bool prior_given = false;  // false: the default of the kind
    GeoEffect geo_effect = GeoEffect::common;
    Prior geo_scale;           // of the deviations by geo
    std::optional<CalibrationPeriod> calibration_period;
    BaselineKind baseline = BaselineKind::value;  // of a treatment
    double baseline_value = 0;
    bool per_capita = true;    // divided by population where the model scales by it

    bool paid() const { return kind == MediumKind::paid; }
    bool has_frequency() const { return !frequency.empty(); }
};

enum class Sign { any, positive, negative };

struct Control {
    std::string name;
    std::string column;
    Sign sign = Sign::any;
    Prior prior;
    bool by_geo = false;      // the coefficient varies by geo: gamma_g ~ normal(gamma, geo_scale), gamma under `prior`
    Prior geo_scale;
    bool per_capita = false;  // divided by population where the model scales by it
};

enum class TrendFamily { none, linear, piecewise, knots, gp };

// What a Gaussian process over time is given (time_variation.hpp).
struct Variation {
    Prior amplitude;
    Prior lengthscale;  // in periods
    int basis = 0;      // functions
};

// Whether media vary over time: not at all, all by one process, or each paid and organic medium by its own.
enum class VariationScope { none, common, channel };

// Where knots stand: evenly spaced, one a period, at chosen dates, or chosen by the data (knot_selection.hpp).
enum class KnotPlacement { count, each, dates, automatic };

// linear: slope * s_t; piecewise: slope * s_t + sum_j delta_j max(0, s_t - c_j), with s_t from 0 at the first fitted
// period to 1 at the last and c_j the changepoints on the same scale (Taylor & Letham 2018, Am. Stat. 72(1), eq. 3).
// knots: the baseline runs through values at the knots, straight lines between them (Meridian's knots); they carry the level
// of the KPI, so there is no intercept beside them.
// gp: the intercept varies by a Gaussian process, as a multiplier, or added where the link is log or the KPI centred.
struct Trend {
    TrendFamily family = TrendFamily::none;
    int changepoints = 0;            // evenly spaced inside (0, 1) where no dates are given
    std::vector<Timestamp> dates;    // of changepoints or knots
    Prior slope;
    Prior delta;
    KnotPlacement placement = KnotPlacement::count;
    int knots = 1;
    std::vector<int> positions;      // periods of the knots, once the data is known
    Prior knot;
    Variation variation;             // of gp
};

// sum_k sin_k sin(2 pi k p_t) + cos_k cos(2 pi k p_t), or the effect of the day of the week: one prior for every coefficient.
// Formula of p_t in Cycle. Effects of weekdays are those of Monday to Saturday against the mean of the week; Sunday's is
// minus their sum.
struct Seasonality {
    std::string name;
    Cycle cycle;
    Prior prior;
};

struct Event {
    std::string name;
    std::vector<Timestamp> dates;
    EventShape shape;
    Prior prior;
    bool optional = false;  // left out of a model whose data it does not touch: of a calendar
};

enum class KpiScaling { none, max, mean, standardize, factor };
enum class MediaScaling { none, max, mean, median_nonzero };
enum class ControlScaling { none, standardize };
enum class Likelihood { normal, student_t, truncated_normal, lognormal, gamma, negative_binomial };
// identity: the KPI is the sum of its components. log: its logarithm is, so that components multiply.
enum class Link { identity, log };
enum class KpiType { revenue, units };
enum class HoldoutKind { none, last, column, fraction };
enum class Method { nuts, map, pathfinder };

// Units fixed before the data is seen, so that parameters mean what they meant in another model (model_units.hpp).
struct FixedUnit {
    std::string name;  // of a medium or control
    double offset = 0, scale = 1, baseline = 0;
};

struct ModelUnits {
    double kpi_offset = 0, kpi_scale = 1;
    std::vector<FixedUnit> media, controls;
    std::vector<Timestamp> time;  // scaled time is 0 at the first and 1 at the second
};

struct NamedPrior {
    std::string parameter;
    Prior prior;
};

struct Holdout {
    HoldoutKind kind = HoldoutKind::none;
    int last = 0;
    std::string column;
    double fraction = 0;
};

struct SamplerChoice {
    Method method = Method::nuts;
    int chains = 4;
    int warmup = 1000;
    int draws = 1000;
    std::int64_t seed = 1;
    double target_accept = 0.9;
    int max_treedepth = 10;
    int threads = 0;  // 0: as many as allowed
};

class Specification {
public:
    std::string preset = "default";
    std::string time;
    std::string kpi;
    std::string geo;         // column; empty for a national model
    std::string population;  // column; empty where geos are not scaled by population
    KpiType kpi_type = KpiType::revenue;
    std::string revenue_per_kpi_column;
    std::optional<double> revenue_per_kpi;
    std::vector<Medium> media;  // paid, reach_frequency, organic, treatments; each in the order written
    std::vector<Control> controls;
    Trend trend;
    std::vector<Seasonality> seasonality;
    std::vector<Event> events;
    Prior intercept;
    std::optional<Prior> geo_intercept;  // deviations of geos from the common baseline, 0 for the baseline geo
    std::string baseline_geo;            // empty: the geo of the largest population
    Prior sigma;
    Prior nu;
    Link link = Link::identity;
    Likelihood likelihood = Likelihood::normal;
    VariationScope media_variation_scope = VariationScope::none;
    Variation media_variation;
    std::vector<LiftTest> lift_tests;
    KpiScaling kpi_scaling = KpiScaling::max;
    double kpi_factor = 1;
    MediaScaling media_scaling = MediaScaling::max;
    ControlScaling control_scaling = ControlScaling::none;
    bool by_population = false;  // KPI and media are scaled per head
    Holdout holdout;
    MissingRules missing;
    std::vector<NamedPrior> priors;      // of single parameters, instead of what the rest of the specification says
    std::optional<Timestamp> fit_from;   // earlier periods carry over, but are not in the likelihood
    std::optional<ModelUnits> units;     // absent: from the data
    SamplerChoice sampler;
    std::vector<std::string> columns;  // every value column a reader must fetch, each once

    bool is_panel() const { return !geo.empty(); }
    // Whether noise is normal around the mean, of the KPI or of its logarithm.
    bool is_gaussian() const {
        return link == Link::identity ? likelihood == Likelihood::normal : likelihood == Likelihood::lognormal;
    }
    bool has_revenue() const { return kpi_type == KpiType::revenue || revenue_per_kpi || !revenue_per_kpi_column.empty(); }
};

// "media.tv", "organic_media.newsletter", ...: the path of a medium in the specification.
std::string medium_path(const Medium& medium);

// Names used by parser, writer and messages alike, in the order of the enumerations.
const std::vector<std::string>& adstock_family_names();
const std::vector<std::string>& saturation_family_names();
const std::vector<std::string>& adstock_parameter_names(AdstockFamily family);
const std::vector<std::string>& saturation_parameter_names(SaturationFamily family);
const std::vector<std::string>& effect_kind_names();
const std::vector<std::string>& geo_effect_names();

// Parses a document; `simulate` (allowed in every specification, read by the simulator alone) is returned untouched.
Specification read_specification(const Json& document);
Json write_specification(const Specification& spec);

}  // namespace mmm
