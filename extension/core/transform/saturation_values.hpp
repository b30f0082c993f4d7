// Saturation without derivatives, for questions that evaluate curves millions of times: the values of
// saturation_forward() (saturation.hpp has the formulas) at a third of its cost.
#pragma once

#include "core/transform/saturation.hpp"

namespace mmm {

// h(x) for x >= 0, in place. Parameters are taken to be inside their ranges.
void saturate(SaturationFamily family, double p1, double p2, VecRef x);

}  // namespace mmm
