#include "core/sampler/metric.hpp"

#include <cmath>
#include <utility>

namespace mmm {

Metric Metric::diagonal(Vec scale) {
    Metric metric;
    metric.scale_ = std::move(scale);
    return metric;
}

Metric Metric::dense(Mat factor) {
    Metric metric;
    metric.dense_ = true;
    metric.factor_ = std::move(factor);
    return metric;
}

namespace {

// Up to here the full product with its zeros is faster than Eigen's blocked triangular kernels (measured: 43 against
// 61 ns at 15 dimensions, 1100 against 950 ns at 100).
constexpr Eigen::Index small_dimension = 50;

}  // namespace

void Metric::to_position(const Vec& z, Vec& out) const {
    if (!dense_) {
        out = scale_.cwiseProduct(z);
    } else if (factor_.rows() <= small_dimension) {
        out.noalias() = factor_ * z;
    } else {
        out.noalias() = factor_.triangularView<Eigen::Lower>() * z;
    }
}

void Metric::to_force(const Vec& gradient, Vec& out) const {
    if (!dense_) {
        out = scale_.cwiseProduct(gradient);
        return;
    }
    const Eigen::Index n = factor_.rows();
    if (n > small_dimension) {
        out.noalias() = factor_.triangularView<Eigen::Lower>().transpose() * gradient;
        return;
    }
    for (Eigen::Index j = 0; j < n; ++j) out[j] = factor_.col(j).tail(n - j).dot(gradient.tail(n - j));
}

bool Metric::is_usable() const {
    if (!dense_) return scale_.allFinite() && (scale_.array() > 0).all();
    return factor_.allFinite() && (factor_.diagonal().array() > 0).all();
}

Mat Metric::covariance() const {
    if (!dense_) return Mat(scale_.cwiseAbs2().asDiagonal());
    return factor_.triangularView<Eigen::Lower>() * factor_.transpose();
}

void Metric::whiten(MatRef positions, MatRef gradients) const {
    if (!dense_) {
        positions.array().colwise() /= scale_.array();
        gradients.array().colwise() *= scale_.array();
        return;
    }
    factor_.triangularView<Eigen::Lower>().solveInPlace(positions);
    gradients = factor_.triangularView<Eigen::Lower>().transpose() * gradients;
}

Metric Metric::scaled_by(const Vec& diagonal) const {
    if (!dense_) return Metric::diagonal(scale_.cwiseProduct(diagonal));
    return Metric::dense(factor_ * diagonal.asDiagonal());
}

Metric Metric::composed_with(const Mat& square) const {
    Mat product;
    if (dense_) {
        product = factor_.triangularView<Eigen::Lower>() * square;
    } else {
        product = scale_.asDiagonal() * square;
    }
    // L F F' L' = R' R with (L F)' = Q R: more accurate than the Cholesky factor of the product.
    const Eigen::HouseholderQR<Mat> qr(product.transpose());
    Mat factor = qr.matrixQR().triangularView<Eigen::Upper>().transpose();
    for (Eigen::Index j = 0; j < factor.cols(); ++j) {
        if (factor(j, j) < 0) factor.col(j) = -factor.col(j);
    }
    return Metric::dense(std::move(factor));
}

Metric metric_from_covariance(const Mat& covariance, bool dense) {
    if (dense && covariance.allFinite()) {
        const Eigen::LLT<Mat> cholesky(covariance);
        if (cholesky.info() == Eigen::Success) return Metric::dense(cholesky.matrixL());
    }
    return metric_from_variances(covariance.diagonal(), dense);
}

Metric metric_from_variances(const Vec& variances, bool dense) {
    const Vec scale = variances.unaryExpr([](double variance) {
        const bool usable = std::isfinite(variance) && variance > 0;
        return usable ? std::sqrt(variance) : 1.0;
    });
    if (!dense) return Metric::diagonal(scale);
    return Metric::dense(Mat(scale.asDiagonal()));
}

}  // namespace mmm
