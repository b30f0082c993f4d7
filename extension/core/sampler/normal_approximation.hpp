// Pathfinder's normal laws: the inverse Hessian that quasi-Newton steps imply (Zhang et al. 2022, JMLR 23(306),
// algorithms 3 and 4), from the last 10 steps of an L-BFGS path.
//
// Up to dense_metric_limit dimensions the covariance is a matrix. Beyond, where a matrix costs more than all gradients
// of a fit (a panel of 36 channels and 183 geos has 7,000 dimensions: 400 MB, and minutes for a factor), it is D + B G
// B' with D diagonal and B of at most 20 columns, and its factor D^1/2 (I + Q (L - I) Q') with Q R = D^-1/2 B and L L'
// = I + R G R'.
#pragma once

#include "core/eigen.hpp"
#include "core/limits.hpp"
#include "core/sampler/lbfgs_path.hpp"

namespace mmm {

struct NormalApproximation {
    Vec mean;
    Mat factor;                // of the covariance, lower triangular; empty where the law is thin
    Vec scale;                 // D^1/2
    Mat basis, inner;          // Q, L
    double log_determinant = 0;  // of the factor
    double elbo = -infinity;

    bool is_thin() const { return scale.size() > 0; }
    // factor * z
    Vec times(const Vec& z) const;
    // n x n; of a thin law its diagonal, n x 1.
    Mat covariance() const;
};

// The law at step `at` of the path, with D = `diagonal`; false where the steps imply none.
bool approximate(const LbfgsPath& path, std::size_t at, const Vec& diagonal, NormalApproximation& out);

// Independent coordinates of one variance.
NormalApproximation ball(const Vec& mean, double variance);

}  // namespace mmm
