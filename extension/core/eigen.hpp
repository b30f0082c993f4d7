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
// Columns begin at the beginning of a line of cache: registers of 32 and 64 bytes are then not read across two. Values of fixed
// size, which live in objects, stay as they are.
#ifndef EIGEN_MAX_ALIGN_BYTES
#define EIGEN_MAX_ALIGN_BYTES 64
#define EIGEN_MAX_STATIC_ALIGN_BYTES 16
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
