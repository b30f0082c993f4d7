// The log posterior density of a model and its exact gradient.
//
//   y_t = x_t' gamma + sum_m beta_m s(adstock(media_m))_t + noise_t
//   normal:     ln p = -N ln sigma - sum_t w_t e_t^2 / (2 sigma^2),  e = y - mean
//   student_t:  location-scale t with nu degrees of freedom
//
// beta_m is sampled (coefficient) or derived: from an ROI, beta = roi * spend / c with c = sum_t revenue_t s_t the
// outcome per unit of coefficient; from a contribution share p, beta = p * total outcome / c. The sampled parameter
// is the ROI itself, so no Jacobian enters (Meridian's paid media priors).
//
// Coordinates. Linear coefficients with support on the whole line are sampled as whitened coordinates u:
// gamma = center + C u with C C' = (X' X / sigma0^2 + prior precision)^-1, an affine map with a constant Jacobian, so priors
// of any family stay exact while an unscaled trend column costs nothing. All other parameters go by the usual
// maps onto the line (Stan reference manual, chapter on constraint transforms), but for two things:
//  - A positive coefficient beta_m is sampled through what it brings, c = beta_m h with h = sum_t s_t at the current adstock and
//    saturation. Data identify c far better than beta_m (a weak saturation trades a larger beta for a smaller rate).
//  - Positive effects (c, an ROI, a control with a sign) go by x = k ln(1 + e^u) with k near their posterior sd: a line where
//    data speak, so that the flat trade-off with the intercept and other effects stays flat, and an exponential near 0.
#pragma once

#include <vector>

#include "core/model/design.hpp"
#include "core/model/media_effect.hpp"
#include "core/model/parameters.hpp"
#include "core/sampler/density.hpp"

namespace mmm {

enum class Jacobian { include, omit };  // omit: the mode in the parameters' own coordinates, for MAP

// What does not change during sampling. Shared by all chains, never written after construction.
struct PosteriorData {
    Specification spec;
    Layout layout;
    Design design;
    std::vector<int> whitened;     // parameter index of each whitened coordinate
    std::vector<int> transformed;  // parameter index of each other sampled coordinate; they follow the whitened ones
    Mat factor;                    // C
    Vec center;
    Vec softness;                              // k of each transformed coordinate, 0 for the usual maps
    std::vector<int> contribution_coordinate;  // per medium: the transformed coordinate that is c, or -1
    std::vector<bool> starts_from_prior;       // per transformed coordinate: adstock and saturation
    Vec middle;                                // of the prior, per transformed coordinate: where chains start around

    int dimension() const { return static_cast<int>(whitened.size() + transformed.size()); }
};

// Throws Error(cancelled) when `stop` is set.
PosteriorData make_posterior(const Specification& spec, const Layout& layout, const Design& design,
                             const StopFlag& stop = StopFlag{false});

// One per thread: scratch space around shared data. Evaluations allocate nothing.
class Posterior {
public:
    // With `stop`, evaluations throw Error(cancelled) once it is set, even inside one gradient.
    explicit Posterior(const PosteriorData& data, Jacobian jacobian = Jacobian::include, const StopFlag* stop = nullptr);

    double evaluate(ConstVecRef u, VecRef gradient);
    void constrain(ConstVecRef u, VecRef parameters);
    Vec initial_point(RandomStream& random) const;

private:
    void to_parameters(ConstVecRef u);
    void to_gradient(VecRef gradient);
    double add_priors();
    void forward();
    double likelihood();
    double normal_likelihood();
    double student_likelihood();
    void reverse();
    void set_coefficient(std::size_t m);
    void reverse_coefficient(std::size_t m, double d_coefficient);

    const PosteriorData& data_;
    Jacobian jacobian_;
    Vec parameters_, d_parameters_;
    Vec slope_, d_log_jacobian_;  // of each transformed coordinate: dx/du, d ln |dx/du| / du
    Vec gamma_;                   // whitened block, scratch
    Vec mean_, residual_, d_mean_, d_response_;
    std::vector<MediumTape> media_;
    Vec coefficient_, outcome_;   // per medium; outcome: of a coefficient of 1 (the sum of responses when sampled through it)
    double log_jacobian_ = 0;
};

// The coefficient of a medium from its sampled effect (roi, contribution or the coefficient itself); `outcome` is the
// outcome that a coefficient of 1 brings.
double media_coefficient(EffectKind kind, double effect, double outcome, double spend_total, double outcome_total);

Density make_density(const PosteriorData& data, Jacobian jacobian = Jacobian::include, const StopFlag* stop = nullptr);

}  // namespace mmm
