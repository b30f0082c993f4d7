#include "core/sampler/optimise.hpp"

#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "core/limits.hpp"
#include "core/random.hpp"
#include "core/sampler/lbfgs_path.hpp"
#include "core/sampler/normal_approximation.hpp"

namespace mmm {

namespace {

constexpr int map_iterations = 2000;
constexpr double map_precision = 1e-8;
constexpr int path_iterations = 200;
constexpr double path_precision = 1e-5;
constexpr int elbo_draws = 8;

// The diagonal of the first matrix, updated along the path (Gilbert & Lemarechal 1989, as in Pathfinder).
void update_diagonal(const Vec& s, const Vec& y, Vec& diagonal) {
    const double sy = s.dot(y);
    if (!(sy > 1e-12 * y.squaredNorm())) return;
    const double a = y.dot(diagonal.cwiseProduct(y)), b = sy, c = s.dot(s.cwiseQuotient(diagonal));
    const Vec inverse = (a / (b * diagonal.array()) + y.array().square() / b -
                         a * s.array().square() / (b * c * diagonal.array().square()))
                            .matrix();
    if ((inverse.array() > 0).all() && inverse.allFinite()) diagonal = inverse.cwiseInverse();
}

// Draws from the approximation with their log densities under both laws (constants of the normal dropped from neither).
struct Sample {
    Mat draws;
    Vec log_approximation, log_density;
};

Sample draw(const Density& density, const NormalApproximation& q, int n, RandomStream& random, const StopFlag& stop) {
    const Eigen::Index dimension = q.mean.size();
    Sample sample{Mat(dimension, n), Vec(n), Vec(n)};
    Vec z(dimension), gradient(dimension);
    for (Eigen::Index i = 0; i < n; ++i) {
        stop_if_asked(stop);
        for (double& value : z) value = random.normal();
        sample.draws.col(i) = q.mean + q.times(z);
        sample.log_approximation[i] = -0.5 * z.squaredNorm() - q.log_determinant -
                                      0.5 * static_cast<double>(dimension) * std::log(2 * std::numbers::pi);
        sample.log_density[i] = density.evaluate(sample.draws.col(i), gradient);
    }
    return sample;
}

NormalApproximation best_on_path(const Density& density, const LbfgsPath& path, RandomStream& random, const StopFlag& stop) {
    NormalApproximation best;
    Vec diagonal = Vec::Ones(path.position[0].size());
    for (std::size_t at = 0; at < path.position.size(); ++at) {
        stop_if_asked(stop);
        if (at > 0) update_diagonal(path.position[at] - path.position[at - 1], path.gradient[at - 1] - path.gradient[at], diagonal);
        NormalApproximation q;
        if (!approximate(path, at, diagonal, q)) continue;
        const Sample sample = draw(density, q, elbo_draws, random, stop);
        q.elbo = (sample.log_density - sample.log_approximation).mean();
        if (q.elbo > best.elbo) best = std::move(q);
    }
    // No iterate gave a usable normal law: a small ball around the last one.
    if (best.mean.size() == 0) best = ball(path.position.back(), 0.01);
    return best;
}

}  // namespace

MapResult maximise(const Density& density, ConstVecRef start, const StopFlag& stop) {
    const LbfgsPath path = lbfgs_path(density, start, map_iterations, map_precision, stop);
    return {path.position.back(), path.log_density, static_cast<int>(path.position.size()) - 1, path.converged};
}

PathfinderResult pathfinder(const Density& density, ConstVecRef start, int n_draws, std::uint64_t seed, int chain,
                            const StopFlag& stop) {
    const LbfgsPath path = lbfgs_path(density, start, path_iterations, path_precision, stop);
    RandomStream random(seed, static_cast<std::uint32_t>(chain), 0, stream::pathfinder);
    const NormalApproximation best = best_on_path(density, path, random, stop);
    Sample sample = draw(density, best, n_draws, random, stop);
    PathfinderResult result;
    // A start for a chain must have a density.
    for (Eigen::Index i = 0; i < n_draws; ++i)
        if (!std::isfinite(sample.log_density[i])) sample.draws.col(i) = path.position.back();
    result.draws = std::move(sample.draws);
    result.log_approximation = std::move(sample.log_approximation);
    result.log_density = std::move(sample.log_density);
    result.mean = best.mean;
    result.covariance = best.covariance();
    result.elbo = best.elbo;
    return result;
}

}  // namespace mmm
