// Axes: round numbers, and dates that do not run into each other.
#pragma once

#include <string>
#include <vector>

#include "core/timestamp.hpp"

namespace mmm::page {

// Values onto a stretch of the picture, linear. Both ends of the domain are ticks or lie between them.
struct Scale {
    double low, high;  // of the values
    double from, to;   // of the picture
    std::vector<double> ticks;

    double at(double value) const { return from + (value - low) / (high - low) * (to - from); }
    // The same, kept inside the picture.
    double inside(double value) const;
};

// From `low` to `high` or a little beyond, so that both ends are multiples of a step of 1, 2, 2.5 or 5 times a power of
// ten with about `count` ticks. Zero is always part of it.
Scale nice_scale(double low, double high, double from, double to, int count);

struct DateTick {
    std::size_t index;  // of the period
    std::string label;
};

// At most `most` ticks at the begin of months or years (or at days, where there are few).
std::vector<DateTick> date_ticks(const std::vector<Timestamp>& time, std::size_t most);

// "31 Mar 2024"
std::string date_text(Timestamp time);

}  // namespace mmm::page
