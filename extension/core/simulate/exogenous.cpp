#include "core/simulate/exogenous.hpp"

#include <cmath>

#include "core/random.hpp"

namespace mmm {

namespace {

constexpr double autocorrelation = 0.5;

// A stationary AR(1) series of unit variance.
Vec autoregressive(Eigen::Index n, RandomStream& random) {
    Vec z(n);
    double value = random.normal();
    for (double& at : z) {
        at = value;
        value = autocorrelation * value + std::sqrt(1 - autocorrelation * autocorrelation) * random.normal();
    }
    return z;
}

// Streams are keyed by column and geo: more geos or columns leave the others as they were.
RandomStream stream_of(std::uint64_t seed, Eigen::Index column, std::uint32_t what, Eigen::Index geo) {
    return {seed, static_cast<std::uint32_t>(column) + (static_cast<std::uint32_t>(geo) << 12), what, stream::simulate};
}

void simulate_medium(const Specification& spec, const SimulationPlan& plan, std::uint64_t seed, Eigen::Index m, Eigen::Index geo,
                     Dataset& data) {
    const Medium& what = spec.media[static_cast<std::size_t>(m)];
    const MediumPlan& medium = plan.media[static_cast<std::size_t>(m)];
    RandomStream random = stream_of(seed, m, 0, geo);
    const Eigen::Index n = data.periods(), begin = geo * n;
    const Vec z = autoregressive(n, random);
    const double size = plan.geos == 1 ? 1
                                       : data.population[geo] / plan.population *
                                             std::exp(plan.geo_variation * (random.normal() - plan.geo_variation / 2));
    const bool own_exposure = what.exposure != what.spend;
    for (Eigen::Index t = 0; t < n; ++t) {
        const bool active = random.uniform() < medium.active || t == 0;
        const double amount = active ? size * medium.mean * std::exp(medium.variation * (z[t] - medium.variation / 2)) : 0;
        if (what.paid()) data.spend(begin + t, m) = amount;
        const double delivered = own_exposure && what.paid() ? amount * 1000 / medium.cpm * std::exp(0.1 * random.normal()) : amount;
        data.exposure(begin + t, m) = delivered;
        if (!what.has_frequency()) continue;
        const double frequency = active ? 1 + 2 * random.uniform() : 0;
        data.exposure(begin + t, m) = frequency;
        data.reach(begin + t, m) = active ? delivered / frequency : 0;
    }
}

void simulate_treatment(std::uint64_t seed, Eigen::Index m, Eigen::Index geo, Dataset& data) {
    RandomStream random = stream_of(seed, m, 0, geo);
    data.exposure.col(m).segment(geo * data.periods(), data.periods()) = autoregressive(data.periods(), random);
}

}  // namespace

Dataset simulate_exogenous(const Specification& spec, const SimulationPlan& plan, std::uint64_t seed) {
    Dataset data;
    for (int t = 0; t < plan.periods; ++t) data.time.push_back(add_steps(plan.start, plan.step, t));
    data.step = plan.step;
    data.geos = simulated_geos(spec, plan);
    data.population = Vec::Ones(data.n_geos());
    for (Eigen::Index g = 0; spec.is_panel() && g < data.n_geos(); ++g) {
        RandomStream random = stream_of(seed, 0, 4, g);
        data.population[g] = std::round(plan.population * std::exp(plan.geo_variation * random.normal()));
    }
    const Eigen::Index n = data.periods() * data.n_geos(), media = static_cast<Eigen::Index>(spec.media.size());
    data.holdout.assign(static_cast<std::size_t>(n), false);
    data.kpi = Vec::Constant(n, plan.kpi_scale);
    data.revenue_per_kpi = Vec::Constant(n, spec.kpi_type == KpiType::revenue ? 1 : spec.revenue_per_kpi.value_or(plan.revenue_per_kpi));
    data.spend = data.exposure = Mat::Zero(n, media);
    bool any_reach = false;
    for (const auto& medium : spec.media) any_reach |= medium.has_frequency();
    data.reach = Mat::Zero(n, any_reach ? media : 0);
    data.controls.resize(n, static_cast<Eigen::Index>(spec.controls.size()));
    for (Eigen::Index g = 0; g < data.n_geos(); ++g) {
        for (Eigen::Index m = 0; m < media; ++m) {
            if (spec.media[static_cast<std::size_t>(m)].kind == MediumKind::treatment) simulate_treatment(seed, m, g, data);
            else simulate_medium(spec, plan, seed, m, g, data);
        }
        for (Eigen::Index c = 0; c < data.controls.cols(); ++c) {
            RandomStream random = stream_of(seed, c, 1, g);
            const auto& control = plan.controls[static_cast<std::size_t>(c)];
            data.controls.col(c).segment(g * data.periods(), data.periods()) =
                (control.mean + control.sd * autoregressive(data.periods(), random).array()).matrix();
        }
    }
    return data;
}

}  // namespace mmm
