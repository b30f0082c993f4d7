// The linear part of the mean: sum over terms of column times coefficient, for every row of the panel.
#pragma once

#include <functional>
#include <vector>

#include "core/kernel/kernels.hpp"
#include "core/model/design.hpp"
#include "core/stop.hpp"

namespace mmm {

// Over the terms that `use` accepts. One per thread: it has scratch space of its own and allocates nothing once made.
class LinearPredictor {
public:
    LinearPredictor(const Design& design, const std::function<bool(int term)>& use);

    // mean += X parameters
    void forward(ConstVecRef parameters, VecRef mean);
    // d_parameters += X' d_mean
    void reverse(ConstVecRef d_mean, VecRef d_parameters);

private:
    void gather(const LinearBlock& block, ConstVecRef parameters, Eigen::Index geo);
    void scatter(const LinearBlock& block, Eigen::Index geo, VecRef d_parameters) const;
    void multiply(const LinearBlock& block, Eigen::Index first_row, Eigen::Index rows, double* out) const;
    void multiply_transposed(const LinearBlock& block, Eigen::Index first_row, Eigen::Index rows, const double* d);

    const Kernels* kernels_;
    Eigen::Index periods_, geos_;
    std::vector<LinearBlock> blocks_;
    Vec coefficients_, over_periods_;
};

}  // namespace mmm
