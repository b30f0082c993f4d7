// Fitting: rows in, FittedModel out. Everything that takes time runs on workers; the caller's thread only waits.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/api.hpp"
#include "core/memory_estimate.hpp"
#include "core/model/event_table.hpp"
#include "core/model/fitted_model.hpp"
#include "core/model/knots.hpp"
#include "core/model/posterior.hpp"
#include "core/sampler/chains.hpp"
#include "core/sampler/nuts.hpp"
#include "core/sampler/optimise.hpp"
#include "core/summary/channel_totals.hpp"

namespace mmm {

namespace {

// The parameters of one chain's draws: parameters x draws.
using ChainDraws = Eigen::MatrixXf;

class Fit {
public:
    Fit(const Specification& spec, const PosteriorData& data, const Host& host)
        : spec_(spec), data_(data), host_(host), progress_(static_cast<std::size_t>(n_chains())),
          draws_(static_cast<std::size_t>(n_chains())), results_(draws_.size()) {}

    void run(FittedModel& model) {
        if (spec_.sampler.method == Method::nuts)
            for (auto& progress : progress_) progress.total = spec_.sampler.warmup + spec_.sampler.draws;
        run_tasks(n_chains(), threads(), [this](int chain, const StopFlag& stop) { sample(chain, stop); },
                  [this] { wait(Phase::sampling); });
        model.chains = n_chains();
        model.draws = static_cast<int>(draws_[0].cols());
        collect(model);
        model.convergence.resize(static_cast<std::size_t>(model.layout.size()));
        run_tasks(model.layout.size(), threads(),
                  [&](int p, const StopFlag&) { model.convergence[static_cast<std::size_t>(p)] = converge(model, p); },
                  [this] { wait(Phase::summarising); });
        report(model.sampler);
        if (keeps_totals(model)) store_totals(model, threads(), [this] { wait(Phase::summarising); });
    }

private:
    int n_chains() const { return spec_.sampler.method == Method::map ? 1 : spec_.sampler.chains; }

    int threads() const {
        const int wanted = spec_.sampler.threads > 0 ? spec_.sampler.threads : host_.max_threads;
        return std::max(1, std::min(wanted, host_.max_threads));
    }

    void wait(Phase overall) {
        host_.report(overall, progress_.data(), n_chains());
        host_.wait();
    }

    std::uint64_t seed() const { return static_cast<std::uint64_t>(spec_.sampler.seed); }

    void sample(int chain, const StopFlag& stop) {
        auto& progress = progress_[static_cast<std::size_t>(chain)];
        progress.phase = Phase::starting;
        switch (spec_.sampler.method) {
            case Method::nuts: sample_nuts(chain, progress, stop); break;
            case Method::map: find_mode(stop); break;
            case Method::pathfinder: {
                const auto path = start(chain, spec_.sampler.draws, stop);
                keep(chain, path.draws, stop);
            }
        }
        progress.phase = Phase::done;
    }

    // Points drawn from the priors can be where nothing is finite: a few tries find one that is not.
    Vec first_point(int chain, const Density& density, const StopFlag& stop) {
        constexpr std::uint32_t tries = 100;
        Posterior posterior(data_, Jacobian::include, &stop);
        Vec gradient(data_.dimension());
        for (std::uint32_t attempt = 0; attempt < tries && !stop; ++attempt) {
            RandomStream random(seed(), static_cast<std::uint32_t>(chain), attempt, stream::start);
            const Vec point = posterior.initial_point(random);
            if (std::isfinite(density.evaluate(point, gradient))) return point;
        }
        stop_if_asked(stop);
        throw Error(ErrorKind::invalid_data, "the posterior density is not finite at any of 100 points drawn from the priors", {},
                    "Check that priors suit the scaled data; mmm_validate() warns where they do not.");
    }

    PathfinderResult start(int chain, int n_draws, const StopFlag& stop) {
        const Density density = make_density(data_, Jacobian::include, &stop);
        return pathfinder(density, first_point(chain, density, stop), n_draws, seed(), chain, stop);
    }

    void sample_nuts(int chain, ChainProgress& progress, const StopFlag& stop) {
        const PathfinderResult path = start(chain, 1, stop);
        NutsOptions options;
        options.warmup = spec_.sampler.warmup;
        options.draws = spec_.sampler.draws;
        options.seed = seed();
        options.target_accept = spec_.sampler.target_accept;
        options.max_treedepth = spec_.sampler.max_treedepth;
        auto& result = results_[static_cast<std::size_t>(chain)];
        result = run_nuts(make_density(data_, Jacobian::include, &stop), {path.draws.col(0), path.covariance}, options, chain, progress, stop);
        keep(chain, result.draws, stop);
        result.draws.resize(0, 0);
    }

    void find_mode(const StopFlag& stop) {
        const Density density = make_density(data_, Jacobian::omit, &stop);
        keep(0, maximise(density, first_point(0, density, stop), stop).position, stop);
    }

    void keep(int chain, ConstMatRef unconstrained, const StopFlag& stop) {
        Posterior posterior(data_, Jacobian::include, &stop);
        Vec parameters(data_.layout.size());
        ChainDraws kept(parameters.size(), unconstrained.cols());
        for (Eigen::Index d = 0; d < unconstrained.cols(); ++d) {
            stop_if_asked(stop);
            RandomStream random(seed(), static_cast<std::uint32_t>(chain), static_cast<std::uint32_t>(d), stream::marginal);
            posterior.constrain(unconstrained.col(d), random, parameters);
            kept.col(d) = parameters.cast<float>();
        }
        draws_[static_cast<std::size_t>(chain)] = std::move(kept);
    }

    void collect(FittedModel& model) {
        model.values.reserve(static_cast<std::size_t>(model.layout.size()) * model.total_draws());
        for (Eigen::Index p = 0; p < model.layout.size(); ++p)
            for (const auto& chain : draws_)
                for (Eigen::Index d = 0; d < chain.cols(); ++d) {
                    if (!std::isfinite(chain(p, d)))
                        throw Error(ErrorKind::invalid_data,
                                    model.layout.parameters[static_cast<std::size_t>(p)].name +
                                        ": the posterior runs off to infinity",
                                    {}, "Give the parameter a proper, more informative prior.");
                    model.values.push_back(chain(p, d));
                }
        draws_.clear();
    }

    static Convergence converge(const FittedModel& model, int p) {
        const Eigen::Map<const Eigen::MatrixXf> values(model.parameter_draws(p), model.draws, model.chains);
        return convergence(values.cast<double>());
    }

    void report(SamplerReport& out) const {
        if (spec_.sampler.method != Method::nuts) return;
        double accept = 0, depth = 0, n = 0;
        for (const auto& chain : results_) {
            out.gradients += chain.gradients;
            out.divergences += std::count(chain.divergent.begin(), chain.divergent.end(), 1);
            out.max_depth_hits += std::count_if(chain.tree_depth.begin(), chain.tree_depth.end(),
                                                [&](int d) { return d >= spec_.sampler.max_treedepth; });
            accept += std::accumulate(chain.accept_stat.begin(), chain.accept_stat.end(), 0.0);
            depth += std::accumulate(chain.tree_depth.begin(), chain.tree_depth.end(), 0.0);
            n += static_cast<double>(chain.tree_depth.size());
            out.e_bfmi.push_back(e_bfmi(chain.energy));
            out.step_size.push_back(chain.step_size);
        }
        out.mean_accept = accept / n;
        out.mean_depth = depth / n;
    }

    const Specification& spec_;
    const PosteriorData& data_;
    const Host& host_;
    std::vector<ChainProgress> progress_;
    std::vector<ChainDraws> draws_;
    std::vector<ChainResult> results_;
};

}  // namespace

FittedModelPtr fit(const Specification& given, const Table& table, const Host& host) {
    host.report(Phase::preparing, nullptr, 0);
    const Specification spec = without_absent_events(given, table);
    auto model = std::make_shared<FittedModel>();
    check_memory(estimate_memory(spec, table, host.max_threads), host.max_memory_bytes);
    const auto findings = check_data(spec, table, model->data, host.poll);
    if (has_errors(findings)) throw_findings(findings, table.source);
    model->spec = spec;
    host.poll();
    // On a worker as well: a regression over many columns takes a while.
    PosteriorData data;
    const auto prepare = [&](int, const StopFlag& stop) {
        const bool placed = spec.units && !spec.trend.positions.empty();
        if (spec.trend.family == TrendFamily::knots && !placed) model->spec.trend.positions = place_knots(spec, model->data, stop);
        model->rebuild();
        data = make_posterior(model->spec, model->layout, model->design, stop);
        if (data.dimension() > 0 && model->spec.sampler.method == Method::nuts) data = choose_coordinates_at_mode(std::move(data), stop);
    };
    run_tasks(1, 1, prepare,
              [&] { host.report(Phase::preparing, nullptr, 0); host.wait(); });
    if (data.dimension() == 0)
        throw Error(ErrorKind::invalid_specification, "every parameter is fixed, so there is nothing to fit", {},
                    "Give at least one parameter a prior.");
    Fit(model->spec, data, host).run(*model);
    host.report(Phase::done, nullptr, 0);
    return model;
}

}  // namespace mmm
