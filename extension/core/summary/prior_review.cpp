#include "core/summary/prior_review.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/model/prior_probability.hpp"
#include "core/random.hpp"
#include "core/sampler/convergence.hpp"
#include "core/summary/psis.hpp"

namespace mmm {

namespace {

constexpr std::uint32_t hyperprior_draws = 64;
constexpr std::uint64_t review_seed = 20231129;

// One side of the distance: numerator and normaliser of a step of width `dx`.
struct Divergence {
    double sum = 0, bound = 0;

    void add(double p, double q, double dx) {
        const double both = p + q;
        if (!(both > 0)) return;
        sum += dx * ((p > 0 ? p * std::log2(2 * p / both) : 0) + (q > 0 ? q * std::log2(2 * q / both) : 0));
        bound += dx * both;
    }
    double share() const { return bound > 0 ? std::max(sum, 0.0) / bound : 0; }
};

std::vector<Eigen::Index> ascending(ConstVecRef values) {
    std::vector<Eigen::Index> order(static_cast<std::size_t>(values.size()));
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    std::sort(order.begin(), order.end(), [&](Eigen::Index a, Eigen::Index b) {
        return values[a] < values[b] || (values[a] == values[b] && a < b);
    });
    return order;
}

}  // namespace

EffectPrior::EffectPrior(const FittedModel& model, std::size_t medium) : model_(model) {
    const Slot& slot = model.layout.media[medium].effect;
    const int count = slot.by_geo ? model.layout.geos : 1;
    for (int g = 0; g < count; ++g) parameters_.push_back(slot.at(g));
    const Parameter& first = model.layout.at(parameters_[0]);
    if (!first.hierarchical()) {
        outermost_ = parameters_;
        return;
    }
    for (const int argument : first.argument)
        if (argument >= 0) outermost_.push_back(argument);
    for (std::uint32_t draw = 0; draw < hyperprior_draws; ++draw) {
        RandomStream random(review_seed, 0, draw, stream::start);
        Prior prior = first.prior;
        for (std::size_t a = 0; a < prior.p.size(); ++a) {
            if (first.argument[a] < 0) continue;
            const Parameter& hyper = model.layout.at(first.argument[a]);
            prior.p[a] = hyper.sampled() ? prior_draw(hyper.prior, hyper.support, random) : hyper.prior.p[0];
        }
        given_.push_back(prior);
    }
}

bool EffectPrior::sampled() const {
    return model_.layout.at(parameters_[0]).sampled();
}

double EffectPrior::probability(int parameter, double x) const {
    const Parameter& p = model_.layout.at(parameter);
    if (given_.empty()) return prior_probability(p.prior, p.support, x);
    double sum = 0, count = 0;
    for (const Prior& prior : given_) {
        const double probability = prior_probability(prior, p.support, x);
        if (std::isnan(probability)) continue;
        sum += probability;
        ++count;
    }
    return sum / count;
}

bool EffectPrior::rises_at(int parameter, double x) const {
    double slope = 0;
    prior_log_density(model_.layout.at(parameter).prior, x, slope);
    return slope > 0;
}

double EffectPrior::log_density(std::size_t draw) const {
    double sum = 0, slope = 0;
    for (const int p : outermost_)
        if (model_.layout.at(p).sampled())
            sum += prior_log_density(model_.layout.at(p).prior, static_cast<double>(model_.parameter_draws(p)[draw]),
                                     slope);
    return sum;
}

double kolmogorov_distance(std::vector<double>& draws, const std::function<double(double)>& probability,
                           std::size_t most) {
    std::sort(draws.begin(), draws.end());
    const std::size_t n = draws.size(), step = std::max<std::size_t>(1, n / std::max<std::size_t>(1, most));
    double distance = 0;
    for (std::size_t i = 0; i < n; i += step) {
        const double p = probability(draws[i]);
        if (std::isnan(p)) return p;
        const double below = static_cast<double>(i) / static_cast<double>(n),
                     at = static_cast<double>(i + 1) / static_cast<double>(n);
        distance = std::max({distance, p - below, at - p});
    }
    return distance;
}

double cumulative_jensen_shannon(ConstVecRef draws, const std::vector<Eigen::Index>& order, ConstVecRef weights) {
    Divergence lower, upper;
    double q = 0;
    const auto n = static_cast<double>(order.size());
    for (std::size_t i = 0; i + 1 < order.size(); ++i) {
        q += weights[order[i]];
        const double p = static_cast<double>(i + 1) / n, dx = draws[order[i + 1]] - draws[order[i]];
        lower.add(p, q, dx);
        upper.add(1 - p, std::max(1 - q, 0.0), dx);
    }
    return std::sqrt(std::max(lower.share(), upper.share()));
}

Sensitivity power_sensitivity(ConstVecRef quantity, ConstVecRef log_density) {
    constexpr double power = 1.25;
    const auto order = ascending(quantity);
    Sensitivity sensitivity{0, -INFINITY};
    for (const double a : {power, 1 / power}) {
        Vec weights = (a - 1) * log_density;
        sensitivity.pareto_k = std::max(sensitivity.pareto_k, smooth_weights(weights, 1));
        sensitivity.value +=
            cumulative_jensen_shannon(quantity, order, weights.array().exp().matrix()) / (2 * std::log2(power));
    }
    return sensitivity;
}

double shortest_interval(std::vector<double>& draws, double share) {
    std::sort(draws.begin(), draws.end());
    const auto inside = static_cast<std::size_t>(std::floor(share * static_cast<double>(draws.size())));
    double width = INFINITY;
    for (std::size_t i = 0; i + inside < draws.size(); ++i) width = std::min(width, draws[i + inside] - draws[i]);
    return width;
}

}  // namespace mmm
