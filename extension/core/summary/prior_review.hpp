// How much of an answer is the prior's: distances between prior and posterior, and what becomes of the posterior when a
// prior is weighed more or less.
#pragma once

#include <functional>
#include <vector>

#include "core/host.hpp"
#include "core/model/fitted_model.hpp"

namespace mmm {

// The prior of what a medium's prior is about: one parameter, or one for each geo. Under hyperpriors, the mean over
// draws from them (with a seed of its own, so the same every time).
class EffectPrior {
public:
    EffectPrior(const FittedModel& model, std::size_t medium);

    const std::vector<int>& parameters() const { return parameters_; }
    bool sampled() const;
    // P(effect <= x) of a parameter among them.
    double probability(int parameter, double x) const;
    // Whether the prior's density grows at x: a small x is then a surprise to the prior, and not its favourite.
    bool rises_at(int parameter, double x) const;
    // ln of the prior density of a draw, up to a constant: of the effect, or of its hyperparameters where it has any,
    // as only the outermost priors are weighed (Kallioinen et al. 2023).
    double log_density(std::size_t draw) const;

private:
    const FittedModel& model_;
    std::vector<int> parameters_, outermost_;
    std::vector<Prior> given_;  // the effect's prior under draws from its hyperpriors
};

// sup_x |F_n(x) - F(x)| (Kolmogorov's distance) of draws and a distribution. Reorders `draws`. Of more than `most`
// draws, so many of their quantiles.
double kolmogorov_distance(std::vector<double>& draws, const std::function<double(double)>& probability,
                           std::size_t most);

// The cumulative Jensen-Shannon distance of draws and the same draws under other weights (Nguyen & Vreeken 2015, ECML
// PKDD, LNCS 9285). With P and Q their distribution functions,
//   d^2 = int P log2(2 P / (P + Q)) + Q log2(2 Q / (P + Q)) dx / int P + Q dx
// or the same of 1 - P and 1 - Q, whichever is larger. `order`: of the draws, ascending. `weights` add up to 1.
double cumulative_jensen_shannon(ConstVecRef draws, const std::vector<Eigen::Index>& order, ConstVecRef weights);

// Sensitivity of a quantity to a part of the log posterior density (its prior, its likelihood): the part is raised to
// the powers a = 1.25 and 1 / a by importance weights exp((a - 1) log density), smoothed (psis.hpp), and
//   D = (d(posterior, a) + d(posterior, 1 / a)) / (2 log2 a)
// (Kallioinen, Paananen, Buerkner & Vehtari 2023, Statistics and Computing 34:57; above 0.05 worth a look).
struct Sensitivity {
    double value = 0;
    double pareto_k = 0;  // of the weights, the larger of the two
};
Sensitivity power_sensitivity(ConstVecRef quantity, ConstVecRef log_density);

// Width of the shortest interval that holds this share of the draws. Reorders them.
double shortest_interval(std::vector<double>& draws, double share);

}  // namespace mmm
