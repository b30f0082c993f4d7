#include "core/model/parameters.hpp"

#include <algorithm>
#include <functional>

#include "core/limits.hpp"
#include "core/model/model_units.hpp"
#include "core/model/variation_read.hpp"

namespace mmm {

namespace {

constexpr Interval whole_line{-infinity, infinity};

class LayoutBuilder {
public:
    LayoutBuilder(const Specification& spec, const std::vector<std::string>& geos, int baseline_geo)
        : spec_(spec), geos_(geos), baseline_geo_(baseline_geo) {
        layout_.geos = std::max(1, static_cast<int>(geos.size()));
    }

    Layout build() {
        baseline();
        trend();
        for (const auto& season : spec_.seasonality) seasonality(season);
        for (const auto& event : spec_.events) {
            begin(event.name, "event");
            term(false, "events." + event.name, event.prior);
        }
        for (const auto& c : spec_.controls) control(c);
        for (const auto& m : spec_.media) medium(m);
        if (spec_.media_variation_scope == VariationScope::common) common_variation();
        layout_.sigma = add("sigma", spec_.sigma, {0, infinity});
        if (spec_.likelihood == Likelihood::student_t)
            layout_.nu = add("nu", spec_.nu, {1, infinity}).first;  // below 1 the mean of the noise does not exist
        return std::move(layout_);
    }

private:
    void begin(const std::string& name, const std::string& kind) { layout_.components.push_back({name, kind}); }

    void term(bool by_row, const std::string& name, const Prior& prior, Interval domain = whole_line) {
        term(by_row, add(name, prior, domain));
    }
    void term(bool by_row, Slot coefficient) {
        layout_.terms.push_back({by_row, static_cast<int>(layout_.components.size()) - 1, coefficient});
    }

    static Interval both(Interval a, Interval b) { return {std::max(a.lower, b.lower), std::min(a.upper, b.upper)}; }

    void push(const std::string& name, const Prior& prior, Interval domain, const std::array<int, 4>& argument) {
        constexpr int most = 200'000;
        if (layout_.size() == most)
            specification_error("specification", "the model would have more than " + std::to_string(most) + " parameters",
                                "Use fewer geos, media or knots, or priors common to all geos.");
        layout_.parameters.push_back({name, prior, both(domain, prior_support(prior)), argument});
    }

    // The arguments of a prior that are parameters themselves: `path.sigma`.
    std::array<int, 4> hyperparameters(const std::string& path, const Prior& prior) {
        std::array<int, 4> argument{-1, -1, -1, -1};
        const auto arguments = prior_argument_names(prior.family);
        for (const auto& hyper : prior.hyper) {
            const auto position = static_cast<std::size_t>(hyper.argument);
            argument[position] = layout_.size();
            push(path + "." + arguments[position], hyper.prior,
                 arguments[position] == "mu" ? whole_line : Interval{0, infinity}, {-1, -1, -1, -1});
        }
        return argument;
    }

    // One parameter, or one for each geo.
    Slot slot(const std::string& name, const Prior& prior, Interval domain, const std::array<int, 4>& argument) {
        const Slot slot{layout_.size(), prior.by_geo};
        if (!prior.by_geo) push(name, prior, domain, argument);
        else
            for (const auto& geo : geos_) push(name + "[" + geo + "]", prior, domain, argument);
        return slot;
    }

    Slot add(const std::string& name, const Prior& prior, Interval domain) {
        const auto argument = hyperparameters(name, prior);
        return slot(name, prior, domain, argument);
    }

    // Deviations of geos from what is common to them: normal(0, scale), the scale a parameter.
    int deviations(const std::string& name, int scale, Prior prior) {
        prior.hyper = {{1, layout_.at(scale).prior}};
        prior.by_geo = true;
        const int first = layout_.size();
        for (const auto& geo : geos_) push(name + "[" + geo + "]", prior, whole_line, {-1, scale, -1, -1});
        return first;
    }

    void baseline() {
        begin("intercept", "baseline");
        if (spec_.trend.family != TrendFamily::knots) term(false, "intercept", spec_.intercept);
        else
            for (std::size_t k = 1; k <= spec_.trend.positions.size(); ++k)
                term(false, "trend.knot[" + std::to_string(k) + "]", spec_.trend.knot);
        if (!spec_.geo_intercept) return;
        term(false, "geo_intercept", *spec_.geo_intercept);
        auto& base = layout_.parameters[static_cast<std::size_t>(layout_.terms.back().coefficient.at(baseline_geo_))];
        base.prior = make_prior(PriorFamily::fixed, 0);
        base.support = {0, 0};
        base.argument = {-1, -1, -1, -1};
    }

    void trend() {
        if (spec_.trend.family == TrendFamily::gp) {
            begin("trend", "trend");
            layout_.trend_variation = variation(
                "trend", spec_.trend.variation, trend_multiplies(spec_) ? VariationForm::multiplier : VariationForm::additive);
            return;
        }
        if (spec_.trend.family != TrendFamily::linear && spec_.trend.family != TrendFamily::piecewise) return;
        begin("trend", "trend");
        term(false, "trend.slope", spec_.trend.slope);
        if (spec_.trend.family == TrendFamily::piecewise)
            group(spec_.trend.changepoints, spec_.trend.delta, "trend.delta",
                  [](int j) { return "trend.delta[" + std::to_string(j + 1) + "]"; });
    }

    void seasonality(const Seasonality& season) {
        begin(season.name, "seasonality");
        const std::string path = "seasonality." + season.name;
        const int order = season.cycle.order;
        if (season.cycle.weekday) {
            static const char* const days[] = {".monday", ".tuesday", ".wednesday", ".thursday", ".friday", ".saturday"};
            return group(season.cycle.columns(), season.prior, path, [&](int k) { return path + days[k]; });
        }
        group(2 * order, season.prior, path, [&](int k) {
            return path + (k < order ? ".sin" : ".cos") + std::to_string(k % order + 1);
        });
    }

    // Several coefficients under one prior: their hyperparameters are common to them.
    void group(int count, const Prior& prior, const std::string& path, const std::function<std::string(int)>& name) {
        const auto argument = hyperparameters(path, prior);
        for (int k = 0; k < count; ++k) term(false, slot(name(k), prior, whole_line, argument));
    }

    void control(const Control& c) {
        begin(c.name, "control");
        const std::string path = "controls." + c.name;
        if (!c.by_geo) {
            term(true, path, c.prior, {c.sign == Sign::positive ? 0 : -infinity, c.sign == Sign::negative ? 0 : infinity});
            return;
        }
        const int mean = add(path, c.prior, whole_line).first, scale = add(path + ".geo_scale", c.geo_scale, {0, infinity}).first;
        Prior around = make_prior(PriorFamily::normal, prior_center(c.prior), prior_scale(c.geo_scale));
        around.hyper = {{0, c.prior}, {1, c.geo_scale}};
        const int first = layout_.size();
        for (const auto& geo : geos_) push(path + "[" + geo + "]", around, whole_line, {mean, scale, -1, -1});
        term(true, Slot{first, true});
    }

    void medium(const Medium& m) {
        const std::string path = medium_path(m);
        MediumPosition position{};
        const auto& adstock = adstock_parameter_names(m.adstock.form.family);
        for (std::size_t i = 0; i < adstock.size(); ++i)
            position.adstock[i] =
                add(path + ".adstock." + adstock[i], m.adstock.priors[i], {0, adstock[i] == "alpha" ? 1 : infinity});
        const auto& saturation = saturation_parameter_names(m.saturation.family);
        for (std::size_t i = 0; i < saturation.size(); ++i)
            position.saturation[i] = add(path + ".saturation." + saturation[i], m.saturation.priors[i], {0, infinity});
        position.effect = add(path + "." + effect_kind_names()[static_cast<std::size_t>(m.effect)], m.prior,
                              m.effect == EffectKind::contribution ? Interval{-1, 1} : whole_line);
        if (m.geo_effect != GeoEffect::common) {
            position.geo_scale = add(path + ".geo_scale", m.geo_scale, {0, infinity}).first;
            position.geo_deviation = deviations(path + ".geo_deviation", position.geo_scale,
                                                make_prior(PriorFamily::normal, 0, prior_scale(m.geo_scale)));
        }
        layout_.media.push_back(position);
        const bool own = spec_.media_variation_scope == VariationScope::channel && m.kind != MediumKind::treatment;
        layout_.media_variation.push_back(own ? variation(path + ".variation", spec_.media_variation, VariationForm::multiplier) : -1);
    }

    void common_variation() {
        const int common = variation("time_varying_media", spec_.media_variation, VariationForm::multiplier);
        for (std::size_t m = 0; m < spec_.media.size(); ++m)
            if (spec_.media[m].kind != MediumKind::treatment) layout_.media_variation[m] = common;
    }

    // The position in Layout::variations.
    int variation(const std::string& path, const Variation& given, VariationForm form) {
        VariationPosition position;
        position.amplitude = add(path + ".amplitude", given.amplitude, {0, infinity}).first;
        position.lengthscale = add(path + ".lengthscale", given.lengthscale, {0, infinity}).first;
        position.first = layout_.size();
        position.basis = given.basis;
        position.form = form;
        for (int j = 1; j <= given.basis; ++j)
            add(path + ".basis[" + std::to_string(j) + "]", make_prior(PriorFamily::normal, 0, 1), whole_line);
        layout_.variations.push_back(position);
        return static_cast<int>(layout_.variations.size()) - 1;
    }

    const Specification& spec_;
    const std::vector<std::string>& geos_;
    const int baseline_geo_;
    Layout layout_;
};

}  // namespace

bool MediumPosition::transforms_by_geo() const {
    const auto by_geo = [](const Slot& slot) { return slot.by_geo; };
    return std::any_of(adstock.begin(), adstock.end(), by_geo) || std::any_of(saturation.begin(), saturation.end(), by_geo);
}

int Layout::sampled() const {
    return static_cast<int>(std::count_if(parameters.begin(), parameters.end(), [](const Parameter& p) { return p.sampled(); }));
}

int Layout::independent() const {
    int count = static_cast<int>(std::count_if(parameters.begin(), parameters.end(),
                                               [](const Parameter& p) { return p.sampled() && !p.hierarchical(); }));
    for (const auto& variation : variations) count -= variation.basis;
    return count;
}

std::vector<bool> linear_parameters(const Layout& layout) {
    std::vector<bool> linear(static_cast<std::size_t>(layout.size()), false);
    for (const auto& term : layout.terms)
        for (int g = 0; g < (term.coefficient.by_geo ? layout.geos : 1); ++g)
            linear[static_cast<std::size_t>(term.coefficient.first + g)] = true;
    return linear;
}

Layout make_layout(const Specification& spec, const std::vector<std::string>& geos, int baseline_geo) {
    Layout layout = LayoutBuilder(spec, geos, baseline_geo).build();
    set_named_priors(spec, layout);
    return layout;
}

}  // namespace mmm
