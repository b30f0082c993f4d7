// Where every default comes from.
//
//   default    this project's own: docs/model-reference.md gives the reason of each
//   pymc       PyMC-Marketing's MMM class (mmm/mmm.py and mmm/components of version 1.0)
//   meridian   Google Meridian's ModelSpec and PriorDistribution (version 1.8), its national or its panel form
#pragma once

#include <string>

#include "core/model/specification.hpp"

namespace mmm {

const std::vector<std::string>& preset_names();

// A preset in its national form, or for panels.
struct PresetForm {
    std::string name = "default";
    bool panel = false;
    Link link = Link::identity;

    // PyMC-Marketing gives each geo parameters of its own where nothing else is asked for.
    bool unpooled() const { return panel && name == "pymc"; }
};

struct Preset {
    AdstockFamily adstock = AdstockFamily::geometric;
    int max_lag = 8;
    SaturationFamily saturation = SaturationFamily::logistic;
    EffectKind effect = EffectKind::coefficient;
    Prior roi, mroi, contribution, treatment_contribution;
    std::array<Prior, max_saturation_parameters> frequency;  // of the saturation of reach and frequency
    Likelihood likelihood = Likelihood::normal;
    Prior intercept, sigma, nu, control, fourier, event, slope, delta;
    KpiScaling kpi_scaling = KpiScaling::max;
    MediaScaling media_scaling = MediaScaling::max;
    ControlScaling control_scaling = ControlScaling::none;
    bool yearly_seasonality = false;
    TrendFamily trend = TrendFamily::none;
    Prior knot;
    KnotPlacement knots = KnotPlacement::count;
    BaselineKind treatment_baseline = BaselineKind::value;
    // Panels: how media and controls vary by geo.
    GeoEffect geo_effect = GeoEffect::common;
    Prior geo_scale, control_geo_scale;
    bool controls_by_geo = false;
    std::optional<Prior> geo_intercept;  // deviations from a common baseline
    bool scale_by_population = false;
    Variation variation;  // of what varies over time
};

Preset preset(const PresetForm& form);

// Priors that depend on the family: position 0 or 1 of its parameters.
Prior default_adstock_prior(const PresetForm& preset, AdstockFamily family, int position);
Prior default_saturation_prior(const PresetForm& preset, SaturationFamily family, int position);
Prior default_coefficient_prior(const PresetForm& preset, SaturationFamily family);

}  // namespace mmm
