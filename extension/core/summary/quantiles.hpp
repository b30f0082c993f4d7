// Quantiles of many draws without sorting all of them.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace mmm {

// Quantiles of type 7 (Hyndman & Fan 1996) at probabilities in [0, 1]: exactly those of quantile_sorted() over the sorted values,
// which are at least one and hold no NaN. Values are counted into equal stretches between the least and the largest, and only the
// few stretches that hold a wanted rank are sorted: a tenth of the time of a sort for thousands of draws.
class Quantiles {
public:
    template <std::size_t N>
    std::array<double, N> operator()(const std::vector<double>& values, const std::array<double, N>& probabilities) {
        std::array<double, N> found{};
        find(values, probabilities.data(), N, found.data());
        return found;
    }

private:
    void find(const std::vector<double>& values, const double* probabilities, std::size_t n, double* found);
    void count(const std::vector<double>& values, double least, double largest);
    double of_rank(const std::vector<double>& values, std::size_t rank);

    static constexpr std::size_t stretches = 512;
    std::array<std::size_t, stretches + 1> first_{};  // the rank of the first value of each stretch
    std::vector<unsigned short> stretch_;             // of each value
    std::size_t sorted_stretch_ = stretches;          // whose values are in sorted_
    std::vector<double> sorted_;
};

}  // namespace mmm
