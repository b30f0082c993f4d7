#include "core/model/presets.hpp"

namespace mmm {

namespace {

using F = PriorFamily;

Preset pymc(bool panel) {
    Preset p;
    p.max_lag = 7;  // l_max = 8 weights
    p.intercept = make_prior(F::normal, 0, 2);
    p.sigma = make_prior(F::half_normal, 2);
    p.nu = make_prior(F::gamma, 2, 0.1);
    p.control = p.event = make_prior(F::normal, 0, 2);
    p.fourier = make_prior(F::laplace, 0, 1);
    p.slope = make_prior(F::normal, 0, 0.5);
    p.delta = make_prior(F::laplace, 0, 0.2);
    p.roi = make_prior(F::log_normal, 0.2, 0.9);
    p.contribution = make_prior(F::beta, 1, 99);
    p.mroi = make_prior(F::log_normal, 0, 0.5);
    p.treatment_contribution = make_prior(F::truncated_normal, 0, 0.1, -1, 1);
    p.frequency = {make_prior(F::log_normal, 0.7, 0.4, 0.1), make_prior(F::log_normal, 0.7, 0.4)};
    p.knot = make_prior(F::normal, 0, 2);
    p.geo_scale = make_prior(F::half_normal, 1);
    p.control_geo_scale = make_prior(F::half_normal, 2);
    p.variation = {make_prior(F::exponential, 1), make_prior(F::inverse_gamma, 2.25, 6.25), 200};  // lengthscale: mean 5, sd 10
    for (Prior* prior : {&p.intercept, &p.sigma, &p.control, &p.fourier}) prior->by_geo = panel;
    return p;
}

Preset meridian(bool panel) {
    Preset p = pymc(false);
    p.max_lag = 8;
    p.saturation = SaturationFamily::hill;
    p.effect = EffectKind::roi;
    p.intercept = p.control = p.event = p.slope = make_prior(F::normal, 0, 5);
    p.sigma = make_prior(F::half_normal, 5);
    p.kpi_scaling = KpiScaling::standardize;
    p.media_scaling = MediaScaling::median_nonzero;
    p.control_scaling = ControlScaling::standardize;
    if (panel) p.trend = TrendFamily::knots;  // one knot is the intercept of a national model
    p.knot = make_prior(F::normal, 0, 5);
    p.knots = KnotPlacement::each;
    p.treatment_baseline = BaselineKind::min;
    p.geo_effect = GeoEffect::log_normal;
    p.geo_scale = make_prior(F::half_normal, 1);
    p.control_geo_scale = make_prior(F::half_normal, 5);
    p.controls_by_geo = panel;
    if (panel) p.geo_intercept = make_prior(F::normal, 0, 5);
    p.scale_by_population = true;
    return p;
}

// Geos differ in level by their own intercept, in media around a common effect; both are pulled together where data are few.
Preset own(bool panel) {
    Preset p = pymc(false);
    p.knot = make_prior(F::normal, 0.5, 0.5);
    p.geo_effect = GeoEffect::log_normal;
    p.geo_scale = make_prior(F::half_normal, 0.5);
    p.control_geo_scale = make_prior(F::half_normal, 0.5);
    p.scale_by_population = true;
    p.max_lag = 8;
    p.intercept = make_prior(F::normal, 0.5, 0.5);
    p.intercept.by_geo = panel;
    p.sigma = make_prior(F::half_normal, 0.5);
    p.control = p.event = make_prior(F::normal, 0, 0.5);
    p.fourier = make_prior(F::normal, 0, 0.2);
    p.slope = make_prior(F::normal, 0, 0.5);
    p.control_scaling = ControlScaling::standardize;
    p.yearly_seasonality = true;
    p.trend = TrendFamily::linear;
    p.variation = {make_prior(F::half_normal, 1), make_prior(F::inverse_gamma, 6, 130), 100};  // lengthscale: mean 26, sd 13
    return p;
}

// The intercept is the logarithm of a level, effects are relative changes, sigma a relative error. PyMC-Marketing changes the
// first and the last. A KPI that is centred or an effect that is an ROI has no logarithm to speak of.
void use_log_link(const PresetForm& form, Preset& p) {
    const bool pymc = form.name == "pymc";
    const auto replace = [](Prior& prior, Prior by) {
        by.by_geo = prior.by_geo;
        prior = std::move(by);
    };
    p.likelihood = Likelihood::lognormal;
    replace(p.intercept, make_prior(F::normal, 0, pymc ? 5 : 1));
    replace(p.sigma, make_prior(F::half_normal, pymc ? 0.5 : 0.25));
    if (p.kpi_scaling == KpiScaling::standardize) p.kpi_scaling = KpiScaling::mean;
    p.effect = EffectKind::coefficient;
    if (!pymc) p.knot = make_prior(F::normal, 0, 1);
}

// gamma(mean, sd) as shape and rate.
Prior gamma_moments(double mean, double sd) {
    const double shape = (mean / sd) * (mean / sd);
    return make_prior(F::gamma, shape, shape / mean);
}

}  // namespace

const std::vector<std::string>& preset_names() {
    static const std::vector<std::string> names = {"default", "pymc", "meridian"};
    return names;
}

Preset preset(const PresetForm& form) {
    Preset p = form.name == "pymc" ? pymc(form.panel) : form.name == "meridian" ? meridian(form.panel) : own(form.panel);
    if (form.link == Link::log) use_log_link(form, p);
    return p;
}

namespace {

Prior adstock_prior(const std::string& preset, AdstockFamily family, int position) {
    switch (family) {
        case AdstockFamily::delayed:
            if (position == 1) return make_prior(F::half_normal, 1);
            break;
        case AdstockFamily::weibull_cdf: return gamma_moments(2, 2.5);
        case AdstockFamily::weibull_pdf: return position == 0 ? gamma_moments(3, 1) : gamma_moments(2, 1);
        default: break;
    }
    return preset == "meridian" ? make_prior(F::uniform, 0, 1) : make_prior(F::beta, 1, 3);
}

Prior saturation_prior(const std::string& preset, SaturationFamily family, int position) {
    switch (family) {
        case SaturationFamily::hill:
            if (preset == "pymc") return make_prior(F::half_normal, 1.5);
            return position == 0 ? make_prior(F::truncated_normal, 0.8, 0.8, 0.1, 10) : make_prior(F::fixed, 1);
        case SaturationFamily::inverse_scaled_logistic: return make_prior(F::gamma, 0.5, 1);
        case SaturationFamily::tanh:
        case SaturationFamily::michaelis_menten: return make_prior(F::half_normal, 1);
        case SaturationFamily::root: return make_prior(F::beta, 1, 2);
        default: return make_prior(F::gamma, 3, 1);
    }
}

Prior coefficient_prior(const PresetForm& form, SaturationFamily family) {
    const std::string& preset = form.name;
    if (preset == "meridian") return make_prior(F::half_normal, 5);
    if (preset == "default") return make_prior(F::half_normal, form.link == Link::log ? 0.5 : 1);
    switch (family) {
        case SaturationFamily::michaelis_menten: return gamma_moments(2, 1);
        case SaturationFamily::root: return gamma_moments(1, 1);
        case SaturationFamily::hill: return make_prior(F::half_normal, 1.5);
        case SaturationFamily::none:
        case SaturationFamily::tanh:
        case SaturationFamily::log: return make_prior(F::half_normal, 1);
        default: return make_prior(F::half_normal, 2);
    }
}

Prior divided(Prior prior, const PresetForm& preset) {
    prior.by_geo = preset.unpooled() && !prior.is_fixed();
    return prior;
}

}  // namespace

Prior default_adstock_prior(const PresetForm& preset, AdstockFamily family, int position) {
    return divided(adstock_prior(preset.name, family, position), preset);
}

Prior default_saturation_prior(const PresetForm& preset, SaturationFamily family, int position) {
    return divided(saturation_prior(preset.name, family, position), preset);
}

Prior default_coefficient_prior(const PresetForm& preset, SaturationFamily family) {
    return divided(coefficient_prior(preset, family), preset);
}

}  // namespace mmm
