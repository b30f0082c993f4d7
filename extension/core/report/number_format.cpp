#include "core/report/number_format.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace mmm::page {

namespace {

constexpr int significant = 3;

struct Magnitude {
    double unit;
    const char* suffix;
};
constexpr std::array<Magnitude, 4> magnitudes = {{{1e12, "T"}, {1e9, "B"}, {1e6, "M"}, {1e3, "k"}}};

std::string fixed(double value, int decimals) {
    std::array<char, 400> buffer{};
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals).ptr;
    return {buffer.data(), end};
}

std::string with_sign(bool negative, const std::string& digits) {
    return negative ? "\u2212" + digits : digits;
}

std::string with_separators(const std::string& digits) {
    const std::size_t point = std::min(digits.find('.'), digits.size());
    std::string out;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && i < point && (point - i) % 3 == 0) out += ',';
        out += digits[i];
    }
    return out;
}

int exponent_of(double value) {
    return static_cast<int>(std::floor(std::log10(value)));
}

// The exponent after rounding to the significant digits: 999.9 is 1,000.
int rounded_exponent(double value) {
    const int exponent = exponent_of(value);
    const double scaled = std::round(value * std::pow(10.0, significant - 1 - exponent));
    return scaled >= std::pow(10.0, significant) ? exponent + 1 : exponent;
}

std::string scientific(double value) {
    std::array<char, 40> buffer{};
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific, 1).ptr;
    return {buffer.data(), end};
}

}  // namespace

std::string grouped(double value, int decimals) {
    if (!std::isfinite(value)) return "\u2013";
    const std::string digits = fixed(std::fabs(value), decimals);
    const bool is_zero = digits.find_first_not_of("0.") == std::string::npos;
    return with_sign(value < 0 && !is_zero, with_separators(digits));
}

std::string compact(double value) {
    if (!std::isfinite(value)) return "\u2013";
    const double size = std::fabs(value);
    if (size == 0) return "0";
    if (size < 1e-4 || size >= 1e15) return with_sign(value < 0, scientific(size));
    const int exponent = rounded_exponent(size);
    if (exponent <= 3) return grouped(value, std::max(0, significant - 1 - exponent));
    const double shown = std::pow(10.0, exponent);
    for (const auto& [unit, suffix] : magnitudes)
        if (shown >= unit * (1 - 1e-9))
            return grouped(value / unit, std::max(0, significant - 1 - (exponent - exponent_of(unit)))) + suffix;
    return grouped(value, 0);
}

std::string percent(double share) {
    if (!std::isfinite(share)) return "\u2013";
    const double size = std::fabs(100 * share);
    if (size < 0.005) return "0\u00a0%";
    const int decimals = size >= 9.95 ? 0 : size >= 0.095 ? 1 : 2;
    return grouped(100 * share, decimals) + "\u00a0%";
}

std::string ratio(double value) {
    return std::fabs(value) >= 0.0995 && std::fabs(value) < 99.5 ? grouped(value, 2) : compact(value);
}

std::string count_of(double n, const std::string& one, const std::string& many) {
    return grouped(n, 0) + " " + (n == 1 ? one : many);
}

std::vector<std::string> tick_labels(const std::vector<double>& ticks) {
    double largest = 0;
    for (const double tick : ticks) largest = std::max(largest, std::fabs(tick));
    Magnitude magnitude{1, ""};
    for (const auto& one : magnitudes)
        if (largest >= one.unit * (one.unit == 1e3 ? 10 : 1)) {
            magnitude = one;
            break;
        }
    const double step = ticks.size() > 1 ? (ticks[1] - ticks[0]) / magnitude.unit : 1;
    // 0.25 needs two decimals although its exponent is -1.
    int decimals = std::max(0, -exponent_of(step));
    if (std::fabs(step * std::pow(10.0, decimals) - std::round(step * std::pow(10.0, decimals))) > 1e-6) ++decimals;
    std::vector<std::string> labels;
    for (const double tick : ticks)
        labels.push_back(largest >= 1e15 || (largest > 0 && largest < 1e-4) ? compact(tick)
                         : tick == 0                                        ? "0"
                                     : grouped(tick / magnitude.unit, decimals) + magnitude.suffix);
    return labels;
}

std::string join_and(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
        text += words[i];
    }
    return text;
}

}  // namespace mmm::page
