// The metric of Hamiltonian Monte Carlo as a linear map: positions u = L z, where z has (nearly) unit covariance.
//
// Working in z makes the kinetic energy |p|^2 / 2, momenta standard normal and every U-turn test a plain scalar product.
// The inverse mass matrix of the literature is M^-1 = L L', an estimate of the posterior's covariance.
#pragma once

#include "core/eigen.hpp"

namespace mmm {

class Metric {
public:
    // L = diag(scale). Scales are positive standard deviations.
    static Metric diagonal(Vec scale);
    // L = lower triangular `factor` with a positive diagonal.
    static Metric dense(Mat factor);

    int dimension() const { return static_cast<int>(dense_ ? factor_.rows() : scale_.size()); }
    bool is_dense() const { return dense_; }
    bool is_usable() const;  // finite, with a positive diagonal

    // out = L z: a direction in z as a direction in u. n^2 / 2 multiply-adds when dense.
    void to_position(const Vec& z, Vec& out) const;
    // out = L' g: a gradient in u as a gradient in z.
    void to_force(const Vec& gradient, Vec& out) const;

    // M^-1 = L L'.
    Mat covariance() const;
    // z = L^-1 u for each column of `u`, and L' g for each column of `g`, in place.
    void whiten(MatRef positions, MatRef gradients) const;
    // The metric of L F, with F given as diagonal or as any square matrix.
    Metric scaled_by(const Vec& diagonal) const;
    Metric composed_with(const Mat& square) const;

private:
    Metric() = default;
    bool dense_ = false;
    Vec scale_;
    Mat factor_;
};

// A positive definite covariance as a metric: its standard deviations, or its Cholesky factor. Where the matrix is not
// numerically positive definite its diagonal is used; diagonal entries that are not positive and finite count as 1.
Metric metric_from_covariance(const Mat& covariance, bool dense);
Metric metric_from_variances(const Vec& variances, bool dense);

}  // namespace mmm
