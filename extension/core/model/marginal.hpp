// Linear coefficients with normal priors, integrated out of a model with normal noise of one scale.
//
// Given everything else, r = y - (the rest of the mean) is normal around X m with covariance sigma^2 I + X V X', V diagonal.
// With V^1/2 X'X V^1/2 = U diag(d) U' computed once, p = U' V^1/2 X' (r - X m), N fitted rows (Lindley & Smith 1972, JRSS B
// 34(1), sec. 2; by the matrix determinant lemma and the Woodbury identity):
//   ln p(r) = -N ln sigma - 1/2 sum ln(1 + d / sigma^2) - Q / 2,   Q = (r'r - sum p^2 / (sigma^2 + d)) / sigma^2
//   the coefficients given r: m + V^1/2 U (p / (sigma^2 + d) + z sigma / sqrt(sigma^2 + d)), z standard normal
// The gradient by r is minus the residual at their conditional mean over sigma^2. They leave the sampler's space, with their
// correlations to each other and to everything else, and are drawn back for every kept draw.
#pragma once

#include <vector>

#include "core/model/design.hpp"
#include "core/model/linear.hpp"
#include "core/random.hpp"
#include "core/stop.hpp"

namespace mmm {

// What does not change during sampling.
struct MarginalBlock {
    std::vector<int> parameter;   // the coefficients; none: nothing is integrated out
    std::vector<bool> term;       // of the layout: whether its coefficients are among them
    Mat map;                      // V^1/2 U, with rows of 0 up to a multiple of 8
    Vec eigenvalue;               // d
    Vec prior_mean;               // m
    Vec offset;                   // X m, every row

    bool empty() const { return parameter.empty(); }
    Eigen::Index size() const { return static_cast<Eigen::Index>(parameter.size()); }
};

MarginalBlock make_marginal_block(const Layout& layout, const Design& design, const StopFlag& stop);

// The dense columns of some coefficients, every row; 0 in rows that are held out.
Mat dense_columns(const Design& design, const std::vector<int>& parameters, const StopFlag& stop);

// One per thread.
class MarginalLikelihood {
public:
    MarginalLikelihood(const MarginalBlock& block, const Design& design);

    // ln p(residual) for the residual of every row without the block's part, 0 where held out. Writes d / d mean of the rest
    // and adds d / d sigma.
    double evaluate(ConstVecRef residual, double sigma, VecRef d_mean, double& d_sigma);

    // Writes the coefficients, drawn given the residual.
    void draw(ConstVecRef residual, double sigma, RandomStream& random, VecRef parameters);

private:
    void score(ConstVecRef residual);
    template <typename Each>
    void map_through(Each&& each);

    const MarginalBlock& block_;
    const Design& design_;
    const Kernels* kernels_;
    LinearPredictor predictor_;
    Vec all_parameters_, scores_, coefficients_, fitted_;
    Vec offset_;  // of fitted rows; no elements where it is 0 everywhere
    double fitted_rows_;
    bool all_fitted_;
};

}  // namespace mmm
