// Data with known truth: the model of a specification run forwards.
//
// Media: log-normal spend around a mean with AR(1) weeks, some periods dark. Controls: AR(1) normal. Parameters: what
// "truth" gives, otherwise draws from the priors. The KPI is kpi_scale times the model's outcome, so that a fit that
// scales by the data sees parameters in other units: the truth is reported in the units of such a fit.
#include <algorithm>
#include <cmath>

#include <boost/math/distributions/students_t.hpp>

#include "core/api.hpp"
#include "core/limits.hpp"
#include "core/model/design.hpp"
#include "core/model/media_effect.hpp"
#include "core/model/posterior.hpp"
#include "core/random.hpp"

namespace mmm {

namespace {

constexpr double largest = 1e15;
constexpr double autocorrelation = 0.5;

struct MediumPlan {
    double mean = 10'000;
    double variation = 0.5;  // sd of log spend
    double active = 1;       // probability that a period has any
    double cpm = 10;         // price of 1,000 exposures where exposure is a column of its own
};

struct ControlPlan {
    double mean = 0;
    double sd = 1;
};

struct Plan {
    int periods = 156;
    Timestamp start = 0;
    TimeStep step;
    double kpi_scale = 100'000;
    double revenue_per_kpi = 1;
    std::vector<MediumPlan> media;
    std::vector<ControlPlan> controls;
    std::vector<std::pair<std::string, double>> truth;
};

Timestamp read_start(JsonObject& object) {
    const std::string text = object.string("start", "2022-01-03");
    const auto start = parse_timestamp(text);
    if (!start) specification_error("simulate.start", "found \"" + text + "\", expected a date such as \"2022-01-03\"");
    return *start;
}

// Per-name objects: every name must be one of the specification's.
template <typename Read>
void each_named(const Json* group, const std::string& path, const std::vector<std::string>& names, Read&& read) {
    if (group == nullptr) return;
    JsonObject object(*group, path);
    for (std::size_t i = 0; i < names.size(); ++i)
        if (const Json* one = object.find(names[i])) {
            JsonObject item(*one, object.path_of(names[i]));
            read(i, item);
            item.finish();
        }
    object.finish();
}

void read_truth(const Json* value, const Layout& layout, Plan& plan) {
    if (value == nullptr) return;
    JsonObject object(*value, "simulate.truth");
    for (const auto& parameter : layout.parameters) {
        const Json* given = object.find(parameter.name);
        if (given == nullptr) continue;
        plan.truth.emplace_back(parameter.name, as_number(*given, object.path_of(parameter.name), parameter.support.lower,
                                                          parameter.support.upper));
    }
    object.finish();
}

Plan read_plan(const Json& document, const Specification& spec, const Layout& layout) {
    static const Json empty = Json::object();
    const auto found = document.find("simulate");
    JsonObject object(found == document.end() || found->is_null() ? empty : *found, "simulate");
    Plan plan;
    plan.periods = object.integer("periods", 156, 4, 1'000'000);
    plan.start = read_start(object);
    const std::size_t step = object.choice("step", {"week", "day", "month"}, 0, "a step");
    plan.step.kind = step == 2 ? TimeStep::Kind::months : TimeStep::Kind::fixed;
    plan.step.months = 1;
    plan.step.microseconds = (step == 0 ? 7 : 1) * microseconds_per_day;
    if (days_since_epoch(plan.start) + 31.0 * plan.periods > 2'932'896)
        specification_error("simulate.periods", "the last period would lie beyond the year 9999");
    plan.kpi_scale = spec.kpi_scaling == KpiScaling::factor ? spec.kpi_factor
                                                            : object.number("kpi_scale", plan.kpi_scale, least_positive, largest);
    plan.revenue_per_kpi = object.number("revenue_per_kpi", 1, least_positive, largest);
    plan.media.resize(spec.media.size());
    plan.controls.resize(spec.controls.size());
    std::vector<std::string> media, controls;
    for (const auto& medium : spec.media) media.push_back(medium.name);
    for (const auto& control : spec.controls) controls.push_back(control.name);
    each_named(object.find("media"), "simulate.media", media, [&](std::size_t i, JsonObject& item) {
        plan.media[i].mean = item.number("mean", plan.media[i].mean, least_positive, largest);
        plan.media[i].variation = item.number("variation", plan.media[i].variation, 0.01, 3);
        plan.media[i].active = item.number("active", plan.media[i].active, 0.01, 1);
        plan.media[i].cpm = item.number("cpm", plan.media[i].cpm, least_positive, largest);
    });
    each_named(object.find("controls"), "simulate.controls", controls, [&](std::size_t i, JsonObject& item) {
        plan.controls[i].mean = item.number("mean", 0, -largest, largest);
        plan.controls[i].sd = item.number("sd", 1, least_positive, largest);
    });
    read_truth(object.find("truth"), layout, plan);
    object.finish();
    return plan;
}

// A stationary AR(1) series of unit variance.
Vec autoregressive(int n, RandomStream& random) {
    Vec z(n);
    double value = random.normal();
    for (int t = 0; t < n; ++t) {
        z[t] = value;
        value = autocorrelation * value + std::sqrt(1 - autocorrelation * autocorrelation) * random.normal();
    }
    return z;
}

Dataset make_exogenous(const Specification& spec, const Plan& plan, std::uint64_t seed) {
    Dataset data;
    const int n = plan.periods;
    for (int t = 0; t < n; ++t) data.time.push_back(add_steps(plan.start, plan.step, t));
    data.step = plan.step;
    data.holdout.assign(static_cast<std::size_t>(n), false);
    data.kpi = Vec::Constant(n, plan.kpi_scale);
    data.revenue_per_kpi = Vec::Constant(n, spec.kpi_type == KpiType::revenue ? 1 : spec.revenue_per_kpi.value_or(plan.revenue_per_kpi));
    data.spend = Mat::Zero(n, static_cast<Eigen::Index>(spec.media.size()));
    data.exposure = data.spend;
    data.controls.resize(n, static_cast<Eigen::Index>(spec.controls.size()));
    for (Eigen::Index m = 0; m < data.spend.cols(); ++m) {
        const auto& medium = plan.media[static_cast<std::size_t>(m)];
        RandomStream random(seed, static_cast<std::uint32_t>(m), 0, stream::simulate);
        const Vec z = autoregressive(n, random);
        for (Eigen::Index t = 0; t < n; ++t) {
            const bool active = random.uniform() < medium.active || t == 0;
            const double amount = active ? medium.mean * std::exp(medium.variation * (z[t] - medium.variation / 2)) : 0;
            const bool own_exposure = spec.media[static_cast<std::size_t>(m)].exposure != spec.media[static_cast<std::size_t>(m)].spend;
            if (spec.media[static_cast<std::size_t>(m)].paid) data.spend(t, m) = amount;
            data.exposure(t, m) = own_exposure && spec.media[static_cast<std::size_t>(m)].paid
                                      ? amount * 1000 / medium.cpm * std::exp(0.1 * random.normal())
                                      : amount;
        }
    }
    for (Eigen::Index c = 0; c < data.controls.cols(); ++c) {
        RandomStream random(seed, static_cast<std::uint32_t>(c), 1, stream::simulate);
        const auto& control = plan.controls[static_cast<std::size_t>(c)];
        data.controls.col(c) = (control.mean + control.sd * autoregressive(n, random).array()).matrix();
    }
    return data;
}

double draw(const Parameter& parameter, RandomStream& random) {
    const double value = prior_draw(parameter.prior, parameter.support, random);
    if (std::isfinite(value)) return value;
    specification_error(parameter.name, "no finite value can be drawn from the prior", "Give one in simulate.truth.");
}

Vec draw_truth(const Layout& layout, const Plan& plan, std::uint64_t seed) {
    Vec truth(layout.size());
    for (int p = 0; p < layout.size(); ++p) {
        const auto& parameter = layout.parameters[static_cast<std::size_t>(p)];
        const auto given = std::find_if(plan.truth.begin(), plan.truth.end(),
                                        [&](const auto& item) { return item.first == parameter.name; });
        RandomStream random(seed, static_cast<std::uint32_t>(p), 2, stream::simulate);
        truth[p] = given != plan.truth.end() ? given->second : draw(parameter, random);
    }
    return truth;
}

struct Simulation {
    Specification spec;
    Layout layout;
    Dataset data;
    Vec truth;               // in units of a fit
    Vec contribution, outcome;  // per medium, in the user's units: KPI and revenue
};

Vec noise(const Specification& spec, const Layout& layout, const Vec& truth, int n, std::uint64_t seed) {
    RandomStream random(seed, 0, 3, stream::simulate);
    Vec e(n);
    for (double& value : e) {
        if (spec.likelihood == Likelihood::normal) {
            value = random.normal();
        } else {
            const boost::math::students_t law(truth[layout.nu]);
            value = boost::math::quantile(law, std::clamp(random.uniform(), 1e-12, 1 - 1e-12));
        }
    }
    return truth[layout.sigma] * e;
}

// Fills the KPI and each medium's contribution; coefficients go back into `coefficients`.
void run_model(Simulation& s, const Plan& plan, std::uint64_t seed) {
    Design design = make_design(s.spec, s.data);
    design.kpi_offset = 0;
    design.kpi_scale = plan.kpi_scale;
    design.revenue = design.fitted_revenue = plan.kpi_scale * s.data.revenue_per_kpi;
    Vec y = design.linear * s.truth.head(s.layout.linear) + noise(s.spec, s.layout, s.truth, plan.periods, seed);
    const auto n_media = static_cast<Eigen::Index>(s.spec.media.size());
    s.contribution = s.outcome = Vec::Zero(n_media);
    for (Eigen::Index m = 0; m < n_media; ++m) {
        const auto& medium = s.spec.media[static_cast<std::size_t>(m)];
        const auto& position = s.layout.media[static_cast<std::size_t>(m)];
        MediumTape tape(medium, plan.periods);
        media_forward(medium, design.media.col(m), s.truth.data() + position.adstock, s.truth.data() + position.saturation, tape);
        const double coefficient = media_coefficient(medium.effect, s.truth[position.effect], tape.response.dot(design.revenue),
                                                     design.spend_total[m], design.outcome_total);
        y += coefficient * tape.response;
        s.contribution[m] = plan.kpi_scale * coefficient * tape.response.sum();
        s.outcome[m] = coefficient * tape.response.dot(design.revenue);
    }
    s.data.kpi = plan.kpi_scale * y;
}

void express_in_fitted_units(Simulation& s, const Plan& plan) {
    const Design fitted = make_design(s.spec, s.data);
    const double ratio = plan.kpi_scale / fitted.kpi_scale;
    s.truth.head(s.layout.linear) *= ratio;
    s.truth[0] -= fitted.kpi_offset / fitted.kpi_scale;
    s.truth[s.layout.sigma] *= ratio;
    for (std::size_t m = 0; m < s.spec.media.size(); ++m) {
        double& effect = s.truth[s.layout.media[m].effect];
        if (s.spec.media[m].effect == EffectKind::coefficient) effect *= ratio;
        if (s.spec.media[m].effect == EffectKind::contribution)
            effect = s.outcome[static_cast<Eigen::Index>(m)] / fitted.outcome_total;
    }
}

Simulation run(std::string_view spec_json, std::int64_t seed) {
    const Json document = parse_json(spec_json, ErrorKind::invalid_specification);
    Simulation s;
    s.spec = read_specification(document);
    s.layout = make_layout(s.spec);
    const Plan plan = read_plan(document, s.spec, s.layout);
    const auto key = static_cast<std::uint64_t>(seed);
    s.data = make_exogenous(s.spec, plan, key);
    resolve_priors(s.spec, s.data, s.layout);
    s.truth = draw_truth(s.layout, plan, key);
    run_model(s, plan, key);
    if (!s.data.kpi.allFinite())
        specification_error("simulate", "the parameters give no finite KPI", "Use less extreme priors or simulate.truth.");
    mark_holdout(s.spec, s.data);
    if (s.data.fitted_periods() == 0)
        specification_error("holdout", "leaves none of the simulated periods to fit", "Hold out less, or simulate more.");
    express_in_fitted_units(s, plan);
    return s;
}

std::string plain_name(const std::string& column) {
    const auto dot = column.rfind('.');
    return dot == std::string::npos ? column : column.substr(dot + 1);
}

}  // namespace

SimulatedRows simulate(std::string_view spec_json, std::int64_t seed) {
    const Simulation s = run(spec_json, seed);
    SimulatedRows rows;
    rows.time = s.data.time;
    rows.kpi.assign(s.data.kpi.begin(), s.data.kpi.end());
    const auto add = [&](const std::string& column, const auto& values) {
        if (column.empty()) return;
        const std::string name = plain_name(column);
        if (std::find(rows.columns.begin(), rows.columns.end(), name) != rows.columns.end()) return;
        rows.columns.push_back(name);
        rows.values.emplace_back(values.begin(), values.end());
    };
    add(s.spec.revenue_per_kpi_column, s.data.revenue_per_kpi);
    for (std::size_t m = 0; m < s.spec.media.size(); ++m) {
        add(s.spec.media[m].spend, s.data.spend.col(static_cast<Eigen::Index>(m)));
        add(s.spec.media[m].exposure, s.data.exposure.col(static_cast<Eigen::Index>(m)));
    }
    for (std::size_t c = 0; c < s.spec.controls.size(); ++c)
        add(s.spec.controls[c].column, s.data.controls.col(static_cast<Eigen::Index>(c)));
    add(s.spec.holdout.column, Vec::Zero(s.data.periods()));
    return rows;
}

std::vector<TruthRow> simulate_truth(std::string_view spec_json, std::int64_t seed) {
    const Simulation s = run(spec_json, seed);
    std::vector<TruthRow> rows;
    for (int p = 0; p < s.layout.size(); ++p) rows.push_back({s.layout.parameters[static_cast<std::size_t>(p)].name, s.truth[p]});
    for (std::size_t m = 0; m < s.spec.media.size(); ++m) {
        const auto k = static_cast<Eigen::Index>(m);
        rows.push_back({"contribution." + s.spec.media[m].name, s.contribution[k]});
        if (s.spec.media[m].paid) 
            rows.push_back({"roi." + s.spec.media[m].name, s.outcome[k] / s.data.spend.col(k).sum()});
    }
    return rows;
}

}  // namespace mmm
