// The only way Eigen comes into the project.
//
// Eigen's assertions call abort() by default. In a PostgreSQL backend that restarts the whole cluster, so they throw
// here instead; the error boundary turns the exception into an ordinary ERROR.
#pragma once

#include <stdexcept>

#define EIGEN_MPL2_ONLY
#ifndef EIGEN_DONT_PARALLELIZE
#define EIGEN_DONT_PARALLELIZE
#endif
#define eigen_assert(condition)                                              \
    do {                                                                     \
        if (!(condition)) throw std::logic_error("internal error: Eigen: " #condition); \
    } while (false)

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <Eigen/QR>

namespace mmm {

using Vec = Eigen::VectorXd;
using Mat = Eigen::MatrixXd;
using VecRef = Eigen::Ref<Eigen::VectorXd>;
using ConstVecRef = const Eigen::Ref<const Eigen::VectorXd>&;
using MatRef = Eigen::Ref<Eigen::MatrixXd>;
using ConstMatRef = const Eigen::Ref<const Eigen::MatrixXd>&;

}  // namespace mmm
