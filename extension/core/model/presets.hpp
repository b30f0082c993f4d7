// Where every default comes from.
//
//   default    this project's own: docs/model-reference.md gives the reason of each
//   pymc       PyMC-Marketing's MMM class (mmm/mmm.py and mmm/components of version 1.0)
//   meridian   Google Meridian's ModelSpec and PriorDistribution (version 1.8), national form
#pragma once

#include <string>

#include "core/model/specification.hpp"

namespace mmm {

const std::vector<std::string>& preset_names();

struct Preset {
    AdstockFamily adstock = AdstockFamily::geometric;
    int max_lag = 8;
    SaturationFamily saturation = SaturationFamily::logistic;
    EffectKind effect = EffectKind::coefficient;
    Prior roi, contribution;
    Prior intercept, sigma, nu, control, fourier, event, slope, delta;
    KpiScaling kpi_scaling = KpiScaling::max;
    MediaScaling media_scaling = MediaScaling::max;
    ControlScaling control_scaling = ControlScaling::none;
    bool yearly_seasonality = false;
    TrendFamily trend = TrendFamily::none;
};

Preset preset(const std::string& name);

// Priors that depend on the family: position 0 or 1 of its parameters.
Prior default_adstock_prior(const std::string& preset, AdstockFamily family, int position);
Prior default_saturation_prior(const std::string& preset, SaturationFamily family, int position);
Prior default_coefficient_prior(const std::string& preset, SaturationFamily family);

}  // namespace mmm
