#include "core/sampler/metric_learning.hpp"

#include <cmath>
#include <cstdlib>

namespace mmm {

namespace {

double knob(const char* name, double fallback) {
    const char* text = std::getenv(name);
    return text ? std::atof(text) : fallback;
}

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

// (samples samples' + weight I) / (count + weight)
Mat shrunk_covariance(const Mat& samples, double weight) {
    const auto n = samples.rows();
    Mat covariance = Mat::Zero(n, n);
    covariance.selfadjointView<Eigen::Lower>().rankUpdate(samples);
    covariance.diagonal().array() += weight;
    covariance /= static_cast<double>(samples.cols()) + weight;
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
    if (draws.cols() < 3) return current;
    Mat z = draws;
    Mat force = gradients;
    centre(z);
    centre(force);
    current.whiten(z, force);
    if (std::getenv("DRAWSONLY") && draws.cols() > std::atoi(std::getenv("DRAWSONLY"))) { Mat c = shrunk_covariance(z, 5); Eigen::LLT<Mat> l(c); return current.composed_with(Mat(l.matrixL())); }
    const Vec scale = scale_ratio(z, force);
    const Metric rescaled = current.scaled_by(scale);
    if (!current.is_dense()) return rescaled;
    z.array().colwise() /= scale.array();
    force.array().colwise() *= scale.array();
    static const double kappa = knob("KAPPA", 5), kapn = knob("KAPN", 0);
    const double prior_draws = kappa + kapn * static_cast<double>(draws.rows());
    const Mat factor = geometric_mean_factor(shrunk_covariance(z, prior_draws), shrunk_covariance(force, prior_draws));
    if (factor.size() == 0 || !factor.allFinite()) return rescaled;
    return rescaled.composed_with(factor);
}

}  // namespace mmm
