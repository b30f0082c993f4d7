// Saturation with its first and second derivative by exposure (saturation.hpp has the formulas), for plans, which move
// exposure itself.
//
//   hill              h' = s h (1 - h) / x,   h'' = h' (s (1 - 2 h) - 1) / x
//   logistic, tanh    h = tanh(c x):   h' = c (1 - h^2),   h'' = -2 c h h'
//   michaelis_menten  h' = k / (x + k)^2,   h'' = -2 k / (x + k)^3
//   root              h' = a h / x,   h'' = (a - 1) h' / x
//   log               h' = 1 / (1 + x),   h'' = -h'^2
// Where a derivative is infinite at 0 it is taken at an exposure of 1e-9 (in the model's scale, or in half exposures).
#pragma once

#include "core/transform/saturation.hpp"

namespace mmm {

struct SaturationShape {
    Vec value, slope, curvature;
    void resize(Eigen::Index n);
};

// For x >= 0, into the first x.size() elements. Parameters are taken to be inside their ranges.
void saturation_shape(SaturationFamily family, double p1, double p2, ConstVecRef x, SaturationShape& shape);

}  // namespace mmm
