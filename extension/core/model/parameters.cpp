#include "core/model/parameters.hpp"

#include <algorithm>

#include "core/limits.hpp"

namespace mmm {

namespace {


class LayoutBuilder {
public:
    explicit LayoutBuilder(const Specification& spec) : spec_(spec) {}

    Layout build() {
        begin("intercept", "baseline");
        add("intercept", spec_.intercept);
        end();
        trend();
        for (const auto& season : spec_.seasonality) seasonality(season);
        for (const auto& event : spec_.events) {
            begin(event.name, "event");
            add("events." + event.name, event.prior);
            end();
        }
        for (const auto& control : spec_.controls) {
            begin(control.name, "control");
            add("controls." + control.name, control.prior,
                {control.sign == Sign::positive ? 0 : -infinity, control.sign == Sign::negative ? 0 : infinity});
            end();
        }
        layout_.linear = layout_.size();
        for (const auto& m : spec_.media) medium(m);
        layout_.sigma = layout_.size();
        add("sigma", spec_.sigma, {0, infinity});
        if (spec_.likelihood == Likelihood::student_t) {
            layout_.nu = layout_.size();
            add("nu", spec_.nu, {1, infinity});  // below 1 the mean of the noise does not exist
        }
        return std::move(layout_);
    }

private:
    void begin(const std::string& name, const std::string& kind) {
        layout_.components.push_back({name, kind, layout_.size(), 0});
    }
    void end() { layout_.components.back().count = layout_.size() - layout_.components.back().first; }

    void add(const std::string& name, const Prior& prior, Interval domain = {-infinity, infinity}) {
        const Interval support = prior_support(prior);
        layout_.parameters.push_back(
            {name, prior, {std::max(domain.lower, support.lower), std::min(domain.upper, support.upper)}});
    }

    void trend() {
        if (spec_.trend.family == TrendFamily::none) return;
        begin("trend", "trend");
        add("trend.slope", spec_.trend.slope);
        if (spec_.trend.family == TrendFamily::piecewise)
            for (int j = 1; j <= spec_.trend.changepoints; ++j)
                add("trend.delta[" + std::to_string(j) + "]", spec_.trend.delta);
        end();
    }

    void seasonality(const Seasonality& season) {
        begin(season.name, "seasonality");
        for (const char* wave : {"sin", "cos"})
            for (int k = 1; k <= season.cycle.order; ++k)
                add("seasonality." + season.name + "." + wave + std::to_string(k), season.prior);
        end();
    }

    void medium(const Medium& m) {
        const std::string path = (m.paid ? "media." : "organic_media.") + m.name;
        MediumPosition position{};
        position.adstock = layout_.size();
        const auto& adstock = adstock_parameter_names(m.adstock.form.family);
        for (std::size_t i = 0; i < adstock.size(); ++i)
            add(path + ".adstock." + adstock[i], m.adstock.priors[i], {0, adstock[i] == "alpha" ? 1 : infinity});
        position.saturation = layout_.size();
        const auto& saturation = saturation_parameter_names(m.saturation.family);
        for (std::size_t i = 0; i < saturation.size(); ++i)
            add(path + ".saturation." + saturation[i], m.saturation.priors[i], {0, infinity});
        position.effect = layout_.size();
        add(path + "." + effect_kind_names()[static_cast<std::size_t>(m.effect)], m.prior,
            m.effect == EffectKind::contribution ? Interval{-1, 1} : Interval{-infinity, infinity});
        layout_.media.push_back(position);
    }

    const Specification& spec_;
    Layout layout_;
};

}  // namespace

int Layout::sampled() const {
    return static_cast<int>(std::count_if(parameters.begin(), parameters.end(), [](const Parameter& p) { return p.sampled(); }));
}

Layout make_layout(const Specification& spec) { return LayoutBuilder(spec).build(); }

int count_sampled_parameters(const Specification& spec) { return make_layout(spec).sampled(); }

}  // namespace mmm
