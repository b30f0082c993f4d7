#include "core/sampler/metric_learning.hpp"

#include <cmath>

namespace mmm {

namespace {

// As many draws as the identity counts for when covariances are shrunk towards it.
constexpr double prior_draws = 3;
constexpr Eigen::Index fewest_draws = 3;

void centre(Mat& columns) {
    const Vec mean = columns.rowwise().mean();
    columns.colwise() -= mean;
}

// (var draws / var gradients)^1/4 of each row of centred samples; 1 where a variance is zero or not finite.
Vec scale_ratio(const Mat& draws, const Mat& gradients) {
    Vec ratio(draws.rows());
    for (Eigen::Index i = 0; i < draws.rows(); ++i) {
        const double r = std::sqrt(std::sqrt(draws.row(i).squaredNorm() / gradients.row(i).squaredNorm()));
        ratio[i] = std::isfinite(r) && r > 0 ? r : 1.0;
    }
    return ratio;
}

// (samples samples' + prior_draws I) / (count + prior_draws)
Mat shrunk_covariance(const Mat& samples) {
    Mat covariance = Mat::Zero(samples.rows(), samples.rows());
    covariance.selfadjointView<Eigen::Lower>().rankUpdate(samples);
    covariance.diagonal().array() += prior_draws;
    covariance /= static_cast<double>(samples.cols()) + prior_draws;
    return covariance.selfadjointView<Eigen::Lower>();
}

}  // namespace

Mat geometric_mean_factor(const Mat& a, const Mat& b) {
    const Eigen::LLT<Mat> cholesky(b);
    if (cholesky.info() != Eigen::Success) return {};
    // With B = K K' and K' A K = V D V': A # B^-1 = K'^-1 (K' A K)^1/2 K^-1, so F = K'^-1 V D^1/4.
    const Mat inner = cholesky.matrixU() * (a * Mat(cholesky.matrixL()));
    const Eigen::SelfAdjointEigenSolver<Mat> spectrum(inner);
    if (spectrum.info() != Eigen::Success || !(spectrum.eigenvalues()[0] > 0)) return {};
    const Vec roots = spectrum.eigenvalues().cwiseSqrt().cwiseSqrt();
    return cholesky.matrixU().solve(spectrum.eigenvectors() * roots.asDiagonal());
}

Metric learn_metric(const Metric& current, ConstMatRef draws, ConstMatRef gradients) {
    if (draws.cols() < fewest_draws) return current;
    Mat z = draws;
    Mat force = gradients;
    centre(z);
    centre(force);
    current.whiten(z, force);
    const Vec scale = scale_ratio(z, force);
    const Metric rescaled = current.scaled_by(scale);
    if (!current.is_dense()) return rescaled;
    z.array().colwise() /= scale.array();
    force.array().colwise() *= scale.array();
    const Mat factor = geometric_mean_factor(shrunk_covariance(z), shrunk_covariance(force));
    if (factor.size() == 0 || !factor.allFinite()) return rescaled;
    const Metric learned = rescaled.composed_with(factor);
    return learned.is_usable() ? learned : rescaled;
}

}  // namespace mmm
