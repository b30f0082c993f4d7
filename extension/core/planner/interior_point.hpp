// A primal-dual interior-point method for separable convex programs with few rows:
//
//   minimise sum_i phi_i(z_i)   subject to   rows z = rhs,   lower <= z <= upper
//
// The Hessian is diagonal, so a step costs n rows^2 (Nocedal & Wright 2006, Numerical Optimization, ch. 19.3; the
// start need not satisfy the rows). A quadratic part may couple variables that stand together: + 1/2 z' Q z with Q
// made of dense blocks along the diagonal.
#pragma once

#include <functional>
#include <vector>

#include "core/eigen.hpp"
#include "core/host.hpp"

namespace mmm {

struct BoxProgram {
    Mat rows;  // rows x variables
    Vec rhs;
    Vec lower, upper;  // lower < upper; at least one of them finite
    // First derivatives and (non-negative) second ones at z; of order 1.
    std::function<void(const Vec& z, Vec& gradient, Vec& hessian)> derivatives;
    Vec start;                  // a point to start from, moved inside the bounds; no elements: the middle
    std::vector<Mat> coupling;  // Q's blocks from the first variable on, positive semi-definite; the rest of Q is 0
};

struct BoxSolution {
    Vec z;
    Vec multipliers;      // of the rows
    double residual = 0;  // largest |rows z - rhs|
    double complementarity = 0;
};

BoxSolution solve_box_program(const BoxProgram& program, const Poll& poll);

}  // namespace mmm
