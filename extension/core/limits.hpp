// Ends of ranges.
#pragma once

#include <limits>

namespace mmm {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double least_positive = std::numeric_limits<double>::denorm_min();  // the lower end of "above 0"

}  // namespace mmm
