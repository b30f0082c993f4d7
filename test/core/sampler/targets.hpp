// Densities with known moments for the sampler's tests.
#pragma once

#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "core/sampler/chains.hpp"
#include "core/sampler/nuts.hpp"

namespace mmm::test {

using Function = std::function<double(ConstVecRef, VecRef)>;

inline Density density_of(int dimension, Function evaluate) { return {dimension, std::move(evaluate)}; }

inline Density standard_normal(int dimension) {
    return density_of(dimension, [](ConstVecRef u, VecRef g) {
        g = -u;
        return -0.5 * u.squaredNorm();
    });
}

// Normal with the given precision matrix and mean 0.
inline Density normal_with_precision(Mat precision) {
    const int n = static_cast<int>(precision.rows());
    return density_of(n, [p = std::move(precision)](ConstVecRef u, VecRef g) {
        g.noalias() = -(p * u);
        return 0.5 * u.dot(g);
    });
}

inline ChainResult run_chain(const Density& density, const Vec& start, int draws, int chain = 0, std::uint64_t seed = 1,
                             int warmup = 1000) {
    NutsOptions options;
    options.warmup = warmup;
    options.draws = draws;
    options.seed = seed;
    ChainProgress progress;
    const StopFlag stop{false};
    return run_nuts(density, {start, {}}, options, chain, progress, stop);
}

// iterations x chains of one coordinate, from four chains.
struct FourChains {
    std::vector<ChainResult> chains;

    explicit FourChains(const Density& density, int draws = 1000, std::uint64_t seed = 1) {
        for (int c = 0; c < 4; ++c)
            chains.push_back(run_chain(density, Vec::Constant(density.dimension, 0.3 * c - 0.4), draws, c, seed));
    }
    Mat of(const std::function<double(const Vec&)>& quantity) const {
        Mat values(chains[0].draws.cols(), 4);
        for (Eigen::Index c = 0; c < 4; ++c)
            for (Eigen::Index d = 0; d < values.rows(); ++d)
                values(d, c) = quantity(chains[static_cast<std::size_t>(c)].draws.col(d));
        return values;
    }
    int divergences() const {
        int n = 0;
        for (const auto& chain : chains)
            for (const auto d : chain.divergent) n += d;
        return n;
    }
};

}  // namespace mmm::test
