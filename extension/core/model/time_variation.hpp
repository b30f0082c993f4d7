// Effects that vary smoothly over time by a Gaussian process: its Hilbert-space approximation on a sine basis.
//
// With t centred to [-X, X] over the history, L = 2 X, w_j = pi j / (2 L), j = 1 .. basis:
//   f_t = sum_j sqrt(S(w_j)) phi_j(t) z_j,   phi_j(t) = L^(-1/2) sin(w_j (t + L)),   z_j ~ normal(0, 1)
//   S(w) = a^2 16 5^(5/2) / (3 l^5) (5 / l^2 + w^2)^(-3)         Matern 5/2 of amplitude a and lengthscale l (in periods)
// (Riutort-Mayol et al. 2023, Stat. Comput. 33:17, eq. 8, 14 and table 1). What becomes of f:
//   multiplier   v_t = softplus(f_t) / mean softplus(f), the mean over the history: above 0, on average 1
//                (PyMC-Marketing, mmm/hsgp.py, SoftPlusHSGP)
//   additive     v_t = f_t - mean f
// Behind the history the process goes back to its mean as the basis does, which is 0 at L: half a history on.
#pragma once

#include "core/eigen.hpp"
#include "core/model/specification.hpp"

namespace mmm {

enum class VariationForm { multiplier, additive };

// Where a process stands among the parameters.
struct VariationPosition {
    int amplitude = -1, lengthscale = -1;
    int first = -1;  // z_1
    int basis = 0;
    VariationForm form = VariationForm::multiplier;
};

// phi (periods x basis) and w. `history`: the periods that centre and normalise.
struct VariationBasis {
    Mat phi;
    Vec frequency;
    Eigen::Index history = 0;
};

VariationBasis make_variation_basis(int basis, Eigen::Index history, Eigen::Index periods);

// One per thread; `basis` must live as long.
class TimeVariation {
public:
    TimeVariation(const VariationPosition& position, const VariationBasis& basis);

    void forward(ConstVecRef parameters);
    // After forward(): given d / d v, adds the gradient by amplitude, lengthscale and z.
    void reverse(ConstVecRef d_value, ConstVecRef parameters, VecRef d_parameters);

    const Vec& value() const { return value_; }  // v, one a period

private:
    VariationPosition position_;
    const VariationBasis* basis_;
    Vec root_density_, f_, soft_, value_, d_f_, d_coefficient_;
    double mean_ = 0;  // of softplus, or of f
};

}  // namespace mmm
