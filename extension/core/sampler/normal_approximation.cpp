#include "core/sampler/normal_approximation.hpp"

#include <algorithm>
#include <cmath>

#include "core/sampler/nuts.hpp"

namespace mmm {

namespace {

constexpr std::size_t remembered_steps = 10;

bool is_thin_dimension(Eigen::Index n) { return n > dense_metric_limit; }

struct Step {
    Vec s, y;
    double sy;
};

// Of the last steps those along which the density curves downwards.
template <typename Use>
void each_step(const LbfgsPath& path, std::size_t at, Use&& use) {
    for (std::size_t i = at > remembered_steps ? at - remembered_steps : 0; i < at; ++i) {
        Step step{path.position[i + 1] - path.position[i], path.gradient[i] - path.gradient[i + 1], 0};
        step.sy = step.s.dot(step.y);
        if (step.sy > 1e-12 * step.y.squaredNorm()) use(step);
    }
}

// The BFGS recursion over the steps, from a diagonal start.
Mat inverse_hessian(const LbfgsPath& path, std::size_t at, const Vec& diagonal) {
    Mat h = diagonal.asDiagonal();
    each_step(path, at, [&](const Step& step) {
        const auto& [s, y, sy] = step;
        const Vec hy = h * y;
        const double scale = (1 + y.dot(hy) / sy) / sy;
        h.noalias() += scale * s * s.transpose();
        h.noalias() -= (hy * s.transpose() + s * hy.transpose()) / sy;
    });
    return h;
}

// The same recursion in coordinates: D + B G B', where each step adds the columns D y and s to B.
struct ThinHessian {
    Mat b, g;
};

ThinHessian thin_inverse_hessian(const LbfgsPath& path, std::size_t at, const Vec& diagonal) {
    constexpr auto most = static_cast<Eigen::Index>(2 * remembered_steps);
    ThinHessian h{Mat(diagonal.size(), most), Mat::Zero(most, most)};
    Eigen::Index n = 0;
    each_step(path, at, [&](const Step& step) {
        h.b.col(n) = diagonal.cwiseProduct(step.y);
        h.b.col(n + 1) = step.s;
        const Eigen::Index y_at = n, s_at = n + 1;
        n += 2;
        const Vec projected = h.b.leftCols(n).transpose() * step.y;
        Vec hy = h.g.topLeftCorner(n, n) * projected;  // H y in coordinates of B
        hy[y_at] += 1;
        const double scale = (1 + projected.dot(hy) / step.sy) / step.sy;
        h.g(s_at, s_at) += scale;
        h.g.col(s_at).head(n) -= hy / step.sy;
        h.g.row(s_at).head(n) -= hy.transpose() / step.sy;
    });
    h.b.conservativeResize(Eigen::NoChange, n);
    h.g.conservativeResize(n, n);
    return h;
}

bool factorise(const Mat& covariance, NormalApproximation& out) {
    const Eigen::LLT<Mat> llt(covariance);
    if (llt.info() != Eigen::Success) return false;
    out.factor = llt.matrixL();
    out.log_determinant = out.factor.diagonal().array().log().sum();
    return std::isfinite(out.log_determinant);
}

bool factorise_thin(const Vec& diagonal, const ThinHessian& h, NormalApproximation& out) {
    out.scale = diagonal.cwiseSqrt();
    const Eigen::Index rank = h.b.cols();
    out.basis = Mat::Identity(diagonal.size(), rank);
    out.inner = Mat::Identity(rank, rank);
    if (rank > 0) {
        const Eigen::HouseholderQR<Mat> qr(out.scale.cwiseInverse().asDiagonal() * h.b);
        const Mat r = qr.matrixQR().topRows(rank).triangularView<Eigen::Upper>();
        out.basis = qr.householderQ() * out.basis;
        const Eigen::LLT<Mat> llt(out.inner + r * h.g * r.transpose());
        if (llt.info() != Eigen::Success) return false;
        out.inner = llt.matrixL();
    }
    out.log_determinant = out.scale.array().log().sum() + out.inner.diagonal().array().log().sum();
    return std::isfinite(out.log_determinant);
}

}  // namespace

Vec NormalApproximation::times(const Vec& z) const {
    if (!is_thin()) return factor.triangularView<Eigen::Lower>() * z;
    const Vec inside = basis.transpose() * z;
    const Vec stretched = inner.triangularView<Eigen::Lower>() * inside;
    return scale.cwiseProduct(z + basis * (stretched - inside));
}

Mat NormalApproximation::covariance() const {
    if (!is_thin()) return factor * factor.transpose();
    const Mat change = inner * inner.transpose() - Mat::Identity(inner.rows(), inner.cols());
    const Vec stretch = 1 + (basis * change).cwiseProduct(basis).rowwise().sum().array();
    return scale.cwiseAbs2().cwiseProduct(stretch);
}

bool approximate(const LbfgsPath& path, std::size_t at, const Vec& diagonal, NormalApproximation& out) {
    const Vec& gradient = path.gradient[at];
    if (is_thin_dimension(diagonal.size())) {
        const ThinHessian h = thin_inverse_hessian(path, at, diagonal);
        if (!factorise_thin(diagonal, h, out)) return false;
        out.mean = path.position[at] + diagonal.cwiseProduct(gradient) + h.b * (h.g * (h.b.transpose() * gradient));
    } else {
        const Mat covariance = inverse_hessian(path, at, diagonal);
        if (!factorise(covariance, out)) return false;
        out.mean = path.position[at] + covariance * gradient;
    }
    return out.mean.allFinite();
}

NormalApproximation ball(const Vec& mean, double variance) {
    NormalApproximation law;
    law.mean = mean;
    const Eigen::Index n = mean.size();
    if (is_thin_dimension(n)) factorise_thin(Vec::Constant(n, variance), {Mat(n, 0), Mat(0, 0)}, law);
    else factorise(variance * Mat::Identity(n, n), law);
    return law;
}

}  // namespace mmm
