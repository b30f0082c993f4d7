// Numbers as people read them: three significant digits, thousands separated, k M B T for the large. Independent of the
// locale. What is not finite is an en dash.
#pragma once

#include <string>
#include <vector>

namespace mmm::page {

// 0.0123  1.23  123  1,234  12.3k  1.23M; a true minus sign; powers of ten outside 1e-4 .. 1e15.
std::string compact(double value);

// 1,234.5 with as many decimals as asked for.
std::string grouped(double value, int decimals);

// 1.23  234  0.045: a ratio such as an ROI.
std::string ratio(double value);

// 23 %  4.3 %  0.04 %  0 %, with a space that does not break
std::string percent(double share);

// "a week", "3 weeks"
std::string count_of(double n, const std::string& one, const std::string& many);

// The labels of an axis: equally many decimals and the same suffix.
std::vector<std::string> tick_labels(const std::vector<double>& ticks);

// "a", "a and b", "a, b and c"
std::string join_and(const std::vector<std::string>& words);

}  // namespace mmm::page
