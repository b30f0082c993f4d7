// The metric as a linear map, and what it learns from draws and gradients.
#include <gtest/gtest.h>

#include "core/random.hpp"
#include "core/sampler/metric.hpp"
#include "core/sampler/metric_learning.hpp"

namespace mmm {
namespace {

Mat normals(Eigen::Index rows, Eigen::Index cols, std::uint64_t seed) {
    RandomStream random(seed, 0, 0, 94);
    Mat result(rows, cols);
    for (double& value : result.reshaped()) value = random.normal();
    return result;
}

// Correlated, with standard deviations from 0.01 to 100.
Mat awkward_covariance(int n) {
    const Mat rotation = Eigen::HouseholderQR<Mat>(normals(n, n, 1)).householderQ();
    Vec sd(n);
    for (int i = 0; i < n; ++i) sd[i] = std::pow(10.0, -2 + 4.0 * i / (n - 1));
    return rotation * sd.cwiseAbs2().asDiagonal() * rotation.transpose();
}

Metric unit_metric(int n, bool dense) { return metric_from_covariance(Mat::Identity(n, n), dense); }

TEST(Metric, PositionAndForceAreTransposesOfOneFactorOfTheCovariance) {
    // 60 dimensions take the triangular kernels, 7 the full ones.
    for (const int n : {1, 7, 60}) {
        const Mat a = normals(n, n + 3, 2);
        const Mat covariance = a * a.transpose();
        for (const bool dense : {false, true}) {
            const Metric metric = metric_from_covariance(covariance, dense);
            Mat factor(n, n), transposed(n, n);
            Vec out(n);
            for (Eigen::Index i = 0; i < n; ++i) {
                metric.to_position(Vec::Unit(n, i), out);
                factor.col(i) = out;
                metric.to_force(Vec::Unit(n, i), out);
                transposed.col(i) = out;
            }
            const Mat expected = dense ? covariance : Mat(covariance.diagonal().asDiagonal());
            EXPECT_LT((factor - transposed.transpose()).norm(), 1e-12 * factor.norm());
            EXPECT_LT((factor * factor.transpose() - expected).norm(), 1e-12 * expected.norm());
            EXPECT_LT((metric.covariance() - expected).norm(), 1e-12 * expected.norm());
        }
    }
}

TEST(Metric, WhiteningUndoesTheMapForPositionsAndAppliesItsTransposeToGradients) {
    const Metric metric = metric_from_covariance(awkward_covariance(6), true);
    const Mat z = normals(6, 4, 3), gradients = normals(6, 4, 4);
    Mat positions(6, 4), forces(6, 4);
    for (Eigen::Index j = 0; j < 4; ++j) {
        Vec out(6);
        metric.to_position(z.col(j), out);
        positions.col(j) = out;
        metric.to_force(gradients.col(j), out);
        forces.col(j) = out;
    }
    Mat whitened = gradients;
    metric.whiten(positions, whitened);
    EXPECT_LT((positions - z).norm(), 1e-9);
    EXPECT_LT((whitened - forces).norm(), 1e-12 * forces.norm());
}

TEST(Metric, FallsBackToTheDiagonalOfWhatIsNoCovariance) {
    const Mat indefinite = (Mat(2, 2) << 4, 9, 9, 1).finished();
    const Mat diagonal = indefinite.diagonal().asDiagonal();
    EXPECT_TRUE(metric_from_covariance(indefinite, true).covariance().isApprox(diagonal));
    const Mat broken = (Mat(2, 2) << NAN, 0, 0, -1).finished();
    EXPECT_TRUE(metric_from_covariance(broken, true).covariance().isApprox(Mat::Identity(2, 2)));
}

TEST(GeometricMean, SolvesItsEquation) {
    // X = A # B^-1 is the one positive definite solution of X B X = A.
    const Mat p = normals(8, 12, 5), q = normals(8, 12, 6);
    const Mat a = p * p.transpose(), b = q * q.transpose();
    const Mat factor = geometric_mean_factor(a, b);
    const Mat x = factor * factor.transpose();
    EXPECT_LT((x * b * x - a).norm(), 1e-10 * a.norm());
}

TEST(GeometricMean, OfMatricesThatAreNotPositiveDefiniteIsEmpty) {
    const Mat indefinite = (Mat(2, 2) << 1, 2, 2, 1).finished();
    EXPECT_EQ(geometric_mean_factor(Mat::Identity(2, 2), indefinite).size(), 0);
    EXPECT_EQ(geometric_mean_factor(indefinite, Mat::Identity(2, 2)).size(), 0);
}

// For a normal law gradients are -S^-1 u, and both halves of the information agree wherever the points come from.
TEST(LearnMetric, OfANormalLawConvergesToItsCovarianceFromPointsOfAnotherLaw) {
    const int n = 12;
    const Mat covariance = awkward_covariance(n);
    // The points' own standard deviations are off by factors from 1/3 to 3.
    Vec distortion(n);
    for (int i = 0; i < n; ++i) distortion[i] = std::pow(3.0, -1 + 2.0 * i / (n - 1));
    const Mat points = Mat(covariance.llt().matrixL()) * (distortion.asDiagonal() * normals(n, 60, 7));
    const Mat gradients = -covariance.llt().solve(points);
    Metric metric = unit_metric(n, true);
    // Each update removes most of what shrinking left of the previous metric.
    for (int i = 0; i < 12; ++i) metric = learn_metric(metric, points, gradients);
    Vec out(n);
    Mat seen(n, n);  // L' S^-1 L
    const Mat precision = covariance.inverse();
    for (Eigen::Index i = 0; i < n; ++i) {
        metric.to_position(Vec::Unit(n, i), out);
        metric.to_force(precision * out, out);
        seen.col(i) = out;
    }
    EXPECT_LT((seen - Mat::Identity(n, n)).norm(), 0.02);
}

TEST(LearnMetric, DiagonalScalesAreExactForIndependentNormalsFromAHandfulOfPoints) {
    const Vec sd = (Vec(4) << 1e-5, 0.1, 3, 1e6).finished();
    const Mat points = normals(4, 5, 8);
    const Mat gradients = -(sd.cwiseAbs2().cwiseInverse().asDiagonal() * points);
    const Metric metric = learn_metric(unit_metric(4, false), points, gradients);
    EXPECT_TRUE(metric.covariance().diagonal().isApprox(sd.cwiseAbs2(), 1e-10)) << "no floor towards larger scales";
}

TEST(LearnMetric, DirectionsWithoutInformationStayAsTheyWere) {
    const int n = 5;
    const Metric before = metric_from_covariance(4 * Mat::Identity(n, n), true);
    const Mat still = Mat::Ones(n, 10);
    const Mat unmoved = learn_metric(before, still, still).covariance();
    EXPECT_TRUE(unmoved.isApprox(before.covariance(), 1e-10)) << "a chain that never moved";
    Mat broken = normals(n, 10, 9);
    broken(2, 3) = NAN;
    EXPECT_TRUE(learn_metric(before, broken, broken).covariance().allFinite());
    const Mat two_draws = learn_metric(before, normals(n, 2, 1), normals(n, 2, 2)).covariance();
    EXPECT_TRUE(two_draws.isApprox(before.covariance()));
}

}  // namespace
}  // namespace mmm
