// Deterministic fuzzing: the same inputs on every run, as many as MMM_FUZZ_SCALE times the number written in the test.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/random.hpp"

namespace mmm::fuzz {

inline std::uint32_t amount(double at_scale_one) {
    const char* scale = std::getenv("MMM_FUZZ_SCALE");
    return static_cast<std::uint32_t>(std::ceil(at_scale_one * (scale != nullptr ? std::atof(scale) : 1)));
}

class Dice {
public:
    Dice(std::uint32_t test, std::uint32_t number) : random_(2026, test, number, stream::simulate) {}

    std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_.uniform() * static_cast<double>(n)); }
    bool chance(double probability) { return random_.uniform() < probability; }
    template <typename T>
    const T& pick(const std::vector<T>& from) {
        return from[below(from.size())];
    }
    char byte() { return static_cast<char>(below(256)); }
    double uniform() { return random_.uniform(); }
    RandomStream& stream() { return random_; }

private:
    RandomStream random_;
};

// Printable, short enough for a message.
inline std::string shown(const std::string& input) {
    std::string text;
    for (const char c : input.substr(0, 1500)) {
        char escaped[8];
        std::snprintf(escaped, sizeof escaped, "\\x%02x", static_cast<unsigned char>(c));
        text += c >= ' ' && c <= '~' ? std::string(1, c) : escaped;
    }
    return text + (input.size() > 1500 ? "..." : "");
}

inline double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// Runs `action`, whose outcome must be a value (true) or an Error (false) within a second.
template <typename Action>
bool outcome(const std::string& input, Action&& action) {
    const double start = cpu_seconds();
    bool value = false;
    try {
        action();
        value = true;
    } catch (const Error&) {
    } catch (const std::exception& error) {
        ADD_FAILURE() << error.what() << " for " << shown(input);
    }
    EXPECT_LT(cpu_seconds() - start, 1.0) << shown(input);
    return value;
}

// Flips, drops, repeats, inserts and swaps bytes.
inline std::string mutated(std::string bytes, Dice& dice) {
    for (std::size_t n = 1 + dice.below(4); n > 0 && !bytes.empty(); --n) {
        const std::size_t at = dice.below(bytes.size()),
                          length = 1 + dice.below(std::min<std::size_t>(bytes.size() - at, 16));
        switch (dice.below(6)) {
            case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << dice.below(8))); break;
            case 1: bytes[at] = dice.byte(); break;
            case 2: bytes.erase(at, length); break;
            case 3: bytes.insert(at, bytes.substr(at, length)); break;
            case 4: bytes.insert(at, 1, dice.byte()); break;
            default: bytes.replace(at, length, bytes.substr(dice.below(bytes.size()), length));
        }
    }
    return bytes;
}

}  // namespace mmm::fuzz
