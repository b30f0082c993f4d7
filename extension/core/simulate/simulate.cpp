// Data with known truth: the model of a specification run forwards.
//
// Media: log-normal spend around a mean with AR(1) weeks, some periods dark. Controls and treatments: AR(1) normal. Geos:
// log-normal populations; media follow the population, times a factor of the geo's own. Parameters: what "truth" gives,
// otherwise draws from the priors. The KPI is kpi_scale (times the population) times the model's outcome, so that a fit that
// scales by the data sees parameters in other units: the truth is reported in the units of such a fit.
#include <algorithm>
#include <cmath>

#include <boost/math/distributions/students_t.hpp>

#include "core/api.hpp"
#include "core/format.hpp"
#include "core/limits.hpp"
#include "core/model/knots.hpp"
#include "core/model/linear.hpp"
#include "core/model/media_coefficients.hpp"
#include "core/model/noise_law.hpp"
#include "core/random.hpp"
#include "core/simulate/exogenous.hpp"

namespace mmm {

namespace {

// Hyperparameters come before the parameters whose priors need them.
double draw(const Parameter& parameter, const Vec& truth, RandomStream& random) {
    Prior prior = parameter.prior;
    for (std::size_t i = 0; i < prior.p.size(); ++i)
        if (parameter.argument[i] >= 0) prior.p[i] = truth[parameter.argument[i]];
    const double value = prior_draw(prior, parameter.support, random);
    if (std::isfinite(value)) return value;
    specification_error(parameter.name, "no finite value can be drawn from the prior", "Give one in simulate.truth.");
}

Vec draw_truth(const Layout& layout, const SimulationPlan& plan, std::uint64_t seed) {
    Vec truth(layout.size());
    for (int p = 0; p < layout.size(); ++p) {
        const auto& parameter = layout.at(p);
        const auto given = std::find_if(plan.truth.begin(), plan.truth.end(),
                                        [&](const auto& item) { return item.first == parameter.name; });
        RandomStream random(seed, static_cast<std::uint32_t>(p), 2, stream::simulate);
        truth[p] = given != plan.truth.end() ? given->second : draw(parameter, truth, random);
    }
    return truth;
}

struct Simulation {
    Specification spec;
    Layout layout;
    Dataset data;
    Vec truth;                  // in units of a fit
    Vec contribution, outcome;  // per medium, in the user's units: KPI and revenue
};

// The mean of a KPI whose logarithm's location is given.
Vec mean_of_logarithm(const Simulation& s, const Vec& logarithm) {
    Vec mean = logarithm.array().exp();
    if (s.spec.likelihood != Likelihood::lognormal) return mean;
    for (Eigen::Index row = 0; row < mean.size(); ++row) {
        const double sigma = s.truth[s.layout.sigma.at(row / s.data.periods())];
        mean[row] *= std::exp(0.5 * sigma * sigma);
    }
    return mean;
}

// y, so far the mean of each row (link log: its logarithm), becomes a draw around it.
void add_noise(const Simulation& s, const Design& design, std::uint64_t seed, Vec& y) {
    RandomStream random(seed, 0, 3, stream::simulate);
    if (s.spec.link == Link::log) y = mean_of_logarithm(s, y);
    for (Eigen::Index i = 0; i < y.size(); ++i) {
        const double sigma = s.truth[s.layout.sigma.at(i / s.data.periods())];
        if (is_law_above_zero(s.spec.likelihood)) {
            y[i] = noise_draw(s.spec.likelihood, y[i], sigma, random, design.row_scale[i]);
        } else if (s.spec.likelihood == Likelihood::normal) {
            y[i] += sigma * random.normal();
        } else {
            const boost::math::students_t law(s.truth[s.layout.nu]);
            y[i] += sigma * boost::math::quantile(law, std::clamp(random.uniform(), 1e-12, 1 - 1e-12));
        }
    }
}

// v of every row: ones where the medium does not vary over time.
Vec variation_of_rows(const Simulation& s, const Design& design, int which) {
    if (which < 0) return Vec::Ones(design.rows());
    TimeVariation variation(s.layout.variations[static_cast<std::size_t>(which)], design.variations[static_cast<std::size_t>(which)]);
    variation.forward(s.truth);
    return variation.value().replicate(design.n_geos, 1);
}

// What a medium adds in each row; of a treatment, its baseline value included.
Vec medium_part(const Simulation& s, const Design& design, std::size_t m, Vec& by_geo) {
    const Medium& medium = s.spec.media[m];
    const auto k = static_cast<Eigen::Index>(m);
    const Vec variation = variation_of_rows(s, design, s.layout.media_variation[m]);
    const auto respond = [&](const Vec& x, const Vec& reach) {
        MediaResponse response(medium, s.layout.media[m], design.n_geos, design.n_periods, nullptr, Gradient::unwanted);
        response.forward(x, reach, s.truth);
        return Vec(response.value().cwiseProduct(variation));
    };
    const Vec x = design.media.col(k), reach = medium.has_frequency() ? Vec(design.reach.col(k)) : Vec();
    const Vec response = respond(x, reach);
    Vec other;
    if (has_alternative(medium)) {
        const Vec scenario = design.alternative.col(k);
        other = medium.has_frequency() ? respond(x, scenario) : respond(scenario, reach);
    }
    MediaCoefficients coefficients(s.spec, s.layout, design, m);
    coefficients.forward(response, other, s.truth);
    by_geo = coefficients.by_geo().transpose().replicate(design.n_periods, 1).reshaped();
    return by_geo.cwiseProduct(response);
}

// Everything but media.
Vec baseline_part(const Simulation& s, const Design& design) {
    Vec y = Vec::Zero(design.rows());
    LinearPredictor(design, [](int) { return true; }).forward(s.truth, y);
    if (s.layout.trend_variation < 0) return y;
    const Vec variation = variation_of_rows(s, design, s.layout.trend_variation);
    const Slot intercept = s.layout.terms.front().coefficient;
    for (Eigen::Index row = 0; row < y.size(); ++row)
        y[row] += s.layout.intercept_varies() ? s.truth[intercept.at(row / design.n_periods)] * (variation[row] - 1) : variation[row];
    return y;
}

// Fills the KPI and each medium's contribution.
void run_model(Simulation& s, const SimulationPlan& plan, std::uint64_t seed) {
    Design design = make_design(s.spec, s.data, s.layout);
    design.row_scale *= plan.kpi_scale / design.kpi_scale;
    design.kpi_offset = 0;
    design.kpi_scale = plan.kpi_scale;
    design.revenue = design.fitted_revenue = design.row_scale.cwiseProduct(s.data.revenue_per_kpi);
    Vec y = baseline_part(s, design);
    Mat added(design.rows(), static_cast<Eigen::Index>(s.spec.media.size()));
    for (std::size_t m = 0; m < s.spec.media.size(); ++m) {
        const auto k = static_cast<Eigen::Index>(m);
        Vec by_geo;
        added.col(k) = medium_part(s, design, m, by_geo);
        y += added.col(k);
        added.col(k) -= design.media_baseline[k] * by_geo;
    }
    if (s.spec.link == Link::log) {
        const Vec mean = mean_of_logarithm(s, y);
        for (auto column : added.colwise()) column = mean.array() * (1 - (-column.array()).exp());
    }
    s.contribution = added.transpose() * design.row_scale;
    s.outcome = added.transpose() * design.revenue;
    add_noise(s, design, seed, y);
    s.data.kpi = design.row_scale.cwiseProduct(y);
    if (s.spec.likelihood == Likelihood::negative_binomial) s.data.kpi = s.data.kpi.array().round();  // counts again, not nearly
}

// The parameters that are in units of the model's outcome, hyperparameters included.
std::vector<bool> in_outcome_units(const Simulation& s) {
    std::vector<bool> chosen(static_cast<std::size_t>(s.layout.size()), false);
    if (s.spec.link == Link::log) return chosen;  // another unit shifts the level alone
    const auto choose = [&](int index) {
        const Parameter& parameter = s.layout.at(index);
        chosen[static_cast<std::size_t>(index)] = true;
        for (const int argument : parameter.argument)
            if (argument >= 0) chosen[static_cast<std::size_t>(argument)] = true;
    };
    const auto choose_slot = [&](const Slot& slot) {
        for (int g = 0; g < (slot.by_geo ? s.layout.geos : 1); ++g) choose(slot.first + g);
    };
    for (const auto& term : s.layout.terms) choose_slot(term.coefficient);
    if (s.layout.trend_variation >= 0 && !s.layout.intercept_varies())
        choose(s.layout.variations[static_cast<std::size_t>(s.layout.trend_variation)].amplitude);
    if (!is_law_above_zero(s.spec.likelihood) || s.spec.likelihood == Likelihood::truncated_normal) choose_slot(s.layout.sigma);
    for (std::size_t m = 0; m < s.spec.media.size(); ++m) {
        const auto& position = s.layout.media[m];
        if (s.spec.media[m].effect == EffectKind::coefficient) choose_slot(position.effect);
        if (s.spec.media[m].geo_effect == GeoEffect::normal)
            for (int g = 0; g < s.layout.geos; ++g) choose(position.geo_deviation + g);
    }
    return chosen;
}

void express_in_fitted_units(Simulation& s, const SimulationPlan& plan) {
    const Design fitted = make_design(s.spec, s.data, s.layout);
    const double ratio = plan.kpi_scale / fitted.kpi_scale;
    const auto scaled = in_outcome_units(s);
    for (int p = 0; p < s.layout.size(); ++p)
        if (scaled[static_cast<std::size_t>(p)]) s.truth[p] *= ratio;
    // The level: an intercept, one a geo, or all knots.
    for (const auto& term : s.layout.terms) {
        const bool level = s.layout.components[static_cast<std::size_t>(term.component)].kind == "baseline";
        if (!level || s.layout.at(term.coefficient.first).name.rfind("geo_intercept", 0) == 0) continue;
        for (int g = 0; g < (term.coefficient.by_geo ? s.layout.geos : 1); ++g)
            s.truth[term.coefficient.first + g] += s.spec.link == Link::log ? std::log(ratio) : -fitted.kpi_offset / fitted.kpi_scale;
    }
    for (std::size_t m = 0; m < s.spec.media.size(); ++m)
        if (s.spec.media[m].effect == EffectKind::contribution)
            s.truth[s.layout.media[m].effect.first] = s.outcome[static_cast<Eigen::Index>(m)] / fitted.outcome_total;
}

// Knots that follow the data cannot be placed before there is any: one in four periods stands for them.
void place_simulated_knots(Specification& spec, const Dataset& data) {
    if (spec.trend.family != TrendFamily::knots) return;
    Specification placed = spec;
    if (spec.trend.placement == KnotPlacement::automatic) {
        placed.trend.placement = KnotPlacement::count;
        placed.trend.knots = std::max(1, static_cast<int>(data.periods()) / 4);
    }
    spec.trend.positions = place_knots(placed, data);
}

void check_prior_names(const Specification& spec, const Layout& layout) {
    std::vector<std::string> names;
    for (const auto& parameter : layout.parameters) names.push_back(parameter.name);
    for (const auto& one : spec.priors)
        if (std::find(names.begin(), names.end(), one.parameter) == names.end())
            specification_error("priors." + one.parameter, "the model has no such parameter" + did_you_mean(one.parameter, names));
}

Simulation run(std::string_view spec_json, std::int64_t seed) {
    const Json document = parse_json(spec_json, ErrorKind::invalid_specification);
    Simulation s;
    s.spec = read_specification(document);
    s.spec.lift_tests.clear();  // what experiments find is no part of what is drawn
    SimulationPlan plan = read_simulation_plan(document, s.spec);
    const auto key = static_cast<std::uint64_t>(seed);
    s.data = simulate_exogenous(s.spec, plan, key);
    place_simulated_knots(s.spec, s.data);
    s.layout = make_layout(s.spec, s.data.geos, s.data.baseline_geo(s.spec));
    check_prior_names(s.spec, s.layout);
    read_simulated_truth(document, s.layout, plan);
    resolve_priors(s.spec, s.data, s.layout);
    s.truth = draw_truth(s.layout, plan, key);
    run_model(s, plan, key);
    if (!s.data.kpi.allFinite())
        specification_error("simulate", "the parameters give no finite KPI", "Use less extreme priors or simulate.truth.");
    mark_holdout(s.spec, s.data);
    if (s.data.fitted_rows() == 0)
        specification_error("holdout", "leaves none of the simulated periods to fit", "Hold out less, or simulate more.");
    express_in_fitted_units(s, plan);
    return s;
}

std::string plain_name(const std::string& column) {
    const auto dot = column.rfind('.');
    return dot == std::string::npos ? column : column.substr(dot + 1);
}

Vec population_by_row(const Dataset& data) {
    Vec values(data.rows());
    for (Eigen::Index i = 0; i < values.size(); ++i) values[i] = data.population[i / data.periods()];
    return values;
}

}  // namespace

SimulatedRows simulate(std::string_view spec_json, std::int64_t seed) {
    const Simulation s = run(spec_json, seed);
    SimulatedRows rows;
    for (Eigen::Index i = 0; i < s.data.rows(); ++i) {
        rows.time.push_back(s.data.time[static_cast<std::size_t>(i % s.data.periods())]);
        if (!s.data.geos.empty()) rows.geo.push_back(s.data.geos[static_cast<std::size_t>(i / s.data.periods())]);
    }
    rows.kpi.assign(s.data.kpi.begin(), s.data.kpi.end());
    const auto add = [&](const std::string& column, const auto& values) {
        if (column.empty()) return;
        const std::string name = plain_name(column);
        if (std::find(rows.columns.begin(), rows.columns.end(), name) != rows.columns.end()) return;
        rows.columns.push_back(name);
        rows.values.emplace_back(values.begin(), values.end());
    };
    add(s.spec.population, population_by_row(s.data));
    add(s.spec.revenue_per_kpi_column, s.data.revenue_per_kpi);
    for (std::size_t m = 0; m < s.spec.media.size(); ++m) {
        const auto k = static_cast<Eigen::Index>(m);
        add(s.spec.media[m].spend, s.data.spend.col(k));
        add(s.spec.media[m].exposure, s.data.exposure.col(k));
        if (!s.spec.media[m].has_frequency()) continue;
        add(s.spec.media[m].reach, s.data.reach.col(k));
        add(s.spec.media[m].frequency, s.data.exposure.col(k));
    }
    for (std::size_t c = 0; c < s.spec.controls.size(); ++c)
        add(s.spec.controls[c].column, s.data.controls.col(static_cast<Eigen::Index>(c)));
    add(s.spec.holdout.column, Vec::Zero(s.data.rows()));
    return rows;
}

std::vector<TruthRow> simulate_truth(std::string_view spec_json, std::int64_t seed) {
    const Simulation s = run(spec_json, seed);
    std::vector<TruthRow> rows;
    for (int p = 0; p < s.layout.size(); ++p) rows.push_back({s.layout.at(p).name, s.truth[p]});
    for (std::size_t m = 0; m < s.spec.media.size(); ++m) {
        const auto k = static_cast<Eigen::Index>(m);
        rows.push_back({"contribution." + s.spec.media[m].name, s.contribution[k]});
        if (s.spec.media[m].paid()) rows.push_back({"roi." + s.spec.media[m].name, s.outcome[k] / s.data.spend.col(k).sum()});
    }
    return rows;
}

}  // namespace mmm
