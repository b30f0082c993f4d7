// Reproducible random numbers: counter-based Philox4x32-10 streams (Salmon et al. 2011, SC'11), so that a draw depends on
// (seed, chain, iteration) and never on the number of threads or the order of work.
// Distributions are Boost.Random's: the standard library's differ between implementations.
#pragma once

#include <cstdint>

#include <Random123/philox.h>

// After philox.h, whose feature macros it needs.
#include <Random123/MicroURNG.hpp>

#include <boost/random/normal_distribution.hpp>

namespace mmm {

class RandomStream {
public:
    // `purpose` separates uses that share (chain, iteration): see the constants below.
    RandomStream(std::uint64_t seed, std::uint32_t chain, std::uint32_t iteration, std::uint32_t purpose)
        : engine_(Generator::ctr_type{{iteration, chain, purpose, 0}},
                  Generator::ukey_type{{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}}) {}

    // [0, 1) with 53 random bits.
    double uniform() {
        const std::uint64_t high = engine_();
        return static_cast<double>(((high << 32) | engine_()) >> 11) * 0x1.0p-53;
    }
    double normal() { return normal_(engine_); }

private:
    using Generator = r123::Philox4x32;
    // The last counter word is MicroURNG's own: it counts the blocks drawn.
    r123::MicroURNG<Generator> engine_;
    boost::random::normal_distribution<double> normal_;
};

namespace stream {
constexpr std::uint32_t nuts = 1, pathfinder = 2, start = 3, simulate = 4, predictive = 5, holdout = 6, marginal = 7,
                        forecast = 11, plan = 12;
}

}  // namespace mmm
