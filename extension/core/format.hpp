// Numbers and lists as they stand in messages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mmm {

// The shortest text that reads back as the same number ("0.1", "1e+300").
std::string format_number(double value);

// "a, b or c"
std::string join_or(const std::vector<std::string>& words);

// The candidate closest to `word` by Levenshtein distance, or "" if none is near enough to be a likely slip.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

// ` (did you mean "x"?)`, or "" when nothing is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace mmm
