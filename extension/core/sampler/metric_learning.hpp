// Learning the metric from draws and the gradients at them.
//
// For a normal posterior with covariance S the gradient is -S^-1 (u - mean), so cov(gradients) = S^-1, and draws and
// gradients each know half of S. The metric minimising the Fisher divergence between the posterior and a normal one is
// S = cov(draws) # cov(gradients)^-1, the geometric mean of positive definite matrices (Seyboldt, Carlson, Carpenter 2026,
// "Preconditioning Hamiltonian Monte Carlo by minimizing Fisher divergence", arXiv:2603.18845), which is exact for a normal posterior however the draws were
// come by, and invariant under linear maps of u.
#pragma once

#include "core/eigen.hpp"
#include "core/sampler/metric.hpp"

namespace mmm {

// A # B^-1 = B^-1/2 (B^1/2 A B^1/2)^1/2 B^-1/2 for positive definite A and B of equal size, as a factor F with
// F F' = A # B^-1. Empty if either is not numerically positive definite.
Mat geometric_mean_factor(const Mat& a, const Mat& b);

// The metric learned from `draws` and `gradients` (dimension x count, column by column). A dense metric is learned as a
// correction of `current`, in whose coordinates both covariances are shrunk towards the identity, so that directions
// the draws say nothing about stay as they were. Returns `current` where nothing can be learned.
Metric learn_metric(const Metric& current, ConstMatRef draws, ConstMatRef gradients);

}  // namespace mmm
