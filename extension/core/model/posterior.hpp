// The log posterior density of a model and its exact gradient.
//
//   y_gt = x_gt' gamma + sum_m v_mt b_gm s(adstock(media_m))_gt + noise_gt      geo g, period t; one geo for a national model
//
// v_mt: 1, or how media vary over time (time_variation.hpp); so may the intercept in gamma. Under link log the right side is
// the logarithm of the KPI (lognormal noise is then normal noise around it), or of the mean of the laws of noise_law.hpp.
// b_gm: media_coefficients.hpp. Noise: likelihood.hpp. Priors with parameters as arguments: hierarchy.hpp.
//
// Coordinates. Linear coefficients with normal priors under normal noise of one scale are integrated out (marginal.hpp) and
// drawn back; a panel has dozens to hundreds of them. Other linear coefficients with support on the whole line are sampled
// as whitened coordinates u: gamma = center + C u with C C' = (X' X / sigma0^2 + prior precision)^-1, an affine map with a
// constant Jacobian, so priors of any family stay exact while an unscaled trend column costs nothing. Parameters under
// hyperpriors go by partially non-centred coordinates. All other parameters go by the usual maps onto the line (Stan
// reference manual, chapter on constraint transforms), but for three things:
//  - A positive coefficient beta_m is sampled through what it brings, c = beta_m h with h = sum s at the current adstock and
//    saturation. Data identify c far better than beta_m (a weak saturation trades a larger beta for a smaller rate).
//  - Coordinates of a process that data know better than its prior: process_coordinates.hpp.
//  - Positive effects (c, an ROI, a control with a sign) go by x = k ln(1 + e^u) with k near their posterior sd: a line where
//    data speak, so that the flat trade-off with the intercept and other effects stays flat, and an exponential near 0.
#pragma once

#include <optional>
#include <vector>

#include "core/kernel/kernels.hpp"
#include "core/model/abreast.hpp"
#include "core/model/design.hpp"
#include "core/model/hierarchical_priors.hpp"
#include "core/model/lift_test.hpp"
#include "core/model/likelihood.hpp"
#include "core/model/linear.hpp"
#include "core/model/marginal.hpp"
#include "core/model/media_coefficients.hpp"
#include "core/model/media_response.hpp"
#include "core/model/parameters.hpp"
#include "core/sampler/density.hpp"

namespace mmm {

// omit: the mode in the parameters' own coordinates, for MAP. Parameters under hyperpriors stay non-centred there, as their
// own density is unbounded where a scale goes to 0.
enum class Jacobian { include, omit };

// The coordinates v_j = sqrt(S(w_j)) z_j of a process that are sampled as v = factor u (process_coordinates.hpp).
struct ProcessCoordinates {
    std::vector<int> chosen;  // j
    Mat factor;               // upper triangular
    double log_determinant = 0;
};

// What does not change during sampling. Shared by all chains, never written after construction.
struct PosteriorData {
    Specification spec;
    Layout layout;
    Design design;
    MarginalBlock marginal;
    AbreastPanel abreast;
    Vec reference;                  // parameters at which the choice of coordinates linearises the mean
    std::vector<int> whitened;      // parameter index of each whitened coordinate
    std::vector<int> transformed;   // of each other coordinate without hyperprior; they follow the whitened ones
    std::vector<int> hierarchical;  // of each other coordinate with hyperpriors; they come last
    Mat factor;                     // C
    Vec center;
    Vec softness;                              // k of each transformed coordinate, 0 for the usual maps
    Vec centring;                              // lambda of each hierarchical coordinate
    Mat hierarchical_start;                    // around what each starts, and how far from it at most
    std::vector<int> contribution_coordinate;  // per medium: the transformed coordinate that is c, or -1
    std::vector<ProcessCoordinates> processes; // of each process
    std::vector<bool> starts_from_prior;       // per transformed coordinate: adstock and saturation
    Vec middle;                                // of the prior, per transformed coordinate: where chains start around

    int dimension() const { return static_cast<int>(whitened.size() + transformed.size() + hierarchical.size()); }
};

// In coordinates that are chosen at the middle of the priors. Throws Error(cancelled) when `stop` is set.
PosteriorData make_posterior(const Specification& spec, const Layout& layout, const Design& design,
                             const StopFlag& stop = StopFlag{false});

// The same posterior in coordinates that are chosen at the mode of `data` where it has deviations of geos from the coefficients of
// media, for which the middle of the priors of adstock and saturation tells too little. `data` as it is otherwise, and where
// the mode whitens and centres what the middle does.
PosteriorData choose_coordinates_at_mode(PosteriorData data, const StopFlag& stop);

// One per thread: scratch space around shared data. Evaluations allocate nothing.
class Posterior {
public:
    // With `stop`, evaluations throw Error(cancelled) once it is set, even inside one gradient.
    explicit Posterior(const PosteriorData& data, Jacobian jacobian = Jacobian::include, const StopFlag* stop = nullptr);

    double evaluate(ConstVecRef u, VecRef gradient);
    // The parameters at u; those integrated out are drawn from their distribution given the others.
    void constrain(ConstVecRef u, RandomStream& random, VecRef parameters);
    Vec initial_point(RandomStream& random) const;

private:
    void to_parameters(ConstVecRef u);
    void processes_to_parameters();
    void processes_to_gradient();
    void to_gradient(VecRef gradient);
    double add_priors();
    void forward();
    void add_trend_variation();
    void respond(std::size_t m);
    const Vec& response_of(std::size_t m) const;
    void vary(const MediaResponse& response, std::size_t m, Vec& out) const;
    const Vec& variation_of(std::size_t m) const;
    double likelihood();
    double likelihood_of_rows();
    void reverse();
    void reverse_trend_variation();
    void reverse_coefficient(std::size_t m);
    void reverse_abreast(std::size_t m);
    void reverse_medium(std::size_t m);
    void reverse_response(std::size_t m, const MediaResponse& response, Vec& d_value);
    void set_contribution(std::size_t m);
    double d_outcome(std::size_t m) const;
    double total_jacobian() const;

    const PosteriorData& data_;
    const Kernels* kernels_;
    Jacobian jacobian_;
    bool all_fitted_;
    Vec parameters_, d_parameters_;
    Vec slope_, d_log_jacobian_;  // of each transformed coordinate: dx/du, d ln |dx/du| / du
    Vec gamma_;                   // whitened block, scratch
    Vec process_, process_out_;   // likewise for processes
    Vec mean_, d_response_, d_other_, d_by_geo_;
    LikelihoodTape tape_;
    LinearPredictor linear_;
    AbreastMedia abreast_;  // media of a panel that suit it
    HierarchicalPriors hierarchical_;
    std::optional<MarginalLikelihood> marginal_;
    std::vector<LiftLikelihood> lifts_;
    std::vector<MediaResponse> media_, other_;  // the others as they are; under the other scenario of their prior
    std::vector<TimeVariation> variations_;
    std::vector<Vec> d_variations_, varied_;    // varied_: of each medium that varies, its response times v
    Vec varied_other_, unused_;
    std::vector<MediaCoefficients> coefficients_;
    Vec outcome_;                 // per medium sampled through its contribution: the sum of responses
    double log_jacobian_ = 0, hierarchical_jacobian_ = 0;
};

Density make_density(const PosteriorData& data, Jacobian jacobian = Jacobian::include, const StopFlag* stop = nullptr);

}  // namespace mmm
