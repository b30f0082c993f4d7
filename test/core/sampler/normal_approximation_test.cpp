// The normal laws along an L-BFGS path: in thousands of dimensions the same ones as in few, without a matrix of their
// square.
#include <gtest/gtest.h>

#include "core/sampler/normal_approximation.hpp"
#include "core/sampler/optimise.hpp"
#include "sampler/targets.hpp"

namespace mmm {
namespace {

const StopFlag go{false};

// Precision of a chain of neighbours with standard deviations from 0.3 to 3.
Density neighbours(int n) {
    return test::density_of(n, [n](ConstVecRef u, VecRef g) {
        double sum = 0;
        g.setZero();
        for (int i = 0; i < n; ++i) {
            const double precision = 0.1 + 10.0 * i / n, next = i + 1 < n ? u[i] - u[i + 1] : 0;
            sum -= 0.5 * precision * u[i] * u[i] + 0.5 * next * next;
            g[i] -= precision * u[i] + next;
            if (i + 1 < n) g[i + 1] += next;
        }
        return sum;
    });
}

// Nocedal & Wright 2006, eq. 6.17: H' = (I - s y'/sy) H (I - y s'/sy) + s s'/sy, over the last ten steps.
Mat recursion(const LbfgsPath& path, std::size_t at, const Vec& diagonal) {
    Mat h = diagonal.asDiagonal();
    const Mat identity = Mat::Identity(h.rows(), h.cols());
    for (std::size_t i = at - 10; i < at; ++i) {
        const Vec s = path.position[i + 1] - path.position[i], y = path.gradient[i] - path.gradient[i + 1];
        const Mat left = identity - s * y.transpose() / s.dot(y);
        h = left * h * left.transpose() + s * s.transpose() / s.dot(y);
    }
    return h;
}

TEST(NormalApproximation, OfManyDimensionsIsTheQuasiNewtonMatrix) {
    const int n = 170;
    const LbfgsPath path = lbfgs_path(neighbours(n), Vec::LinSpaced(n, -2, 3), 40, 1e-9, go);
    ASSERT_GE(path.position.size(), 15u);
    const Vec diagonal = Vec::LinSpaced(n, 0.2, 2);
    const Mat expected = recursion(path, 14, diagonal);
    NormalApproximation law;
    ASSERT_TRUE(approximate(path, 14, diagonal, law));
    ASSERT_TRUE(law.is_thin());
    Mat factor(n, n);
    for (int i = 0; i < n; ++i) factor.col(i) = law.times(Vec::Unit(n, i));
    EXPECT_LT((factor * factor.transpose() - expected).norm(), 1e-9 * expected.norm());
    EXPECT_LT((law.covariance() - expected.diagonal()).norm(), 1e-9 * expected.norm());
    EXPECT_LT((law.mean - path.position[14] - expected * path.gradient[14]).norm(), 1e-9 * law.mean.norm());
    const Mat triangle = expected.llt().matrixL();
    EXPECT_NEAR(law.log_determinant, triangle.diagonal().array().log().sum(), 1e-8);
}

TEST(NormalApproximation, WithoutStepsIsItsDiagonal) {
    const NormalApproximation few = ball(Vec::Ones(3), 0.25), many = ball(Vec::Ones(400), 0.25);
    EXPECT_TRUE(few.covariance().isApprox(0.25 * Mat::Identity(3, 3)));
    EXPECT_TRUE(many.covariance().isApprox(Mat::Constant(400, 1, 0.25)));
    EXPECT_TRUE(many.times(Vec::Ones(400)).isApprox(Vec::Constant(400, 0.5)));
}

// A matrix of this size would be 3 GB.
TEST(Pathfinder, InTwentyThousandDimensionsIsNear) {
    const int n = 20'000;
    const PathfinderResult result = pathfinder(neighbours(n), Vec::Constant(n, 2), 1, 1, 0, go);
    EXPECT_LT(result.mean.norm(), 0.1 * std::sqrt(n));
    EXPECT_EQ(result.covariance.cols(), 1);
    EXPECT_GT(result.covariance.minCoeff(), 0);
    NutsOptions options;
    options.warmup = 20;
    options.draws = 5;
    ChainProgress progress;
    const StartingPoint start{result.draws.col(0), result.covariance};
    const ChainResult chain = run_nuts(neighbours(n), start, options, 0, progress, go);
    EXPECT_TRUE(chain.draws.allFinite());
}

}  // namespace
}  // namespace mmm
