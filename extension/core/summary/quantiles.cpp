#include "core/summary/quantiles.hpp"

#include <algorithm>
#include <cmath>

#include "core/sampler/convergence.hpp"

namespace mmm {

namespace {

constexpr std::size_t few = 64;  // are sorted
constexpr double last_stretch = 511;


// In four at once, as each comparison would wait for the last.
std::pair<double, double> ends_of(const std::vector<double>& values) {
    std::array<double, 4> least, largest;
    least.fill(values[0]);
    largest.fill(values[0]);
    std::size_t i = 0;
    for (; i + 4 <= values.size(); i += 4)
        for (std::size_t k = 0; k < 4; ++k) {
            least[k] = values[i + k] < least[k] ? values[i + k] : least[k];
            largest[k] = values[i + k] > largest[k] ? values[i + k] : largest[k];
        }
    for (; i < values.size(); ++i) {
        least[0] = std::min(least[0], values[i]);
        largest[0] = std::max(largest[0], values[i]);
    }
    return {*std::min_element(least.begin(), least.end()), *std::max_element(largest.begin(), largest.end())};
}

}  // namespace

void Quantiles::count(const std::vector<double>& values, double least, double largest) {
    const double scale = last_stretch / (largest - least);
    first_.fill(0);
    stretch_.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        stretch_[i] = static_cast<unsigned short>(std::min((values[i] - least) * scale, last_stretch));
        ++first_[stretch_[i] + 1u];
    }
    for (std::size_t s = 1; s <= stretches; ++s) first_[s] += first_[s - 1];
    sorted_stretch_ = stretches;
}

double Quantiles::of_rank(const std::vector<double>& values, std::size_t rank) {
    const auto stretch = static_cast<std::size_t>(std::upper_bound(first_.begin(), first_.end(), rank) - first_.begin()) - 1;
    if (stretch != sorted_stretch_) {
        sorted_.clear();
        for (std::size_t i = 0; i < values.size(); ++i)
            if (stretch_[i] == stretch) sorted_.push_back(values[i]);
        std::sort(sorted_.begin(), sorted_.end());
        sorted_stretch_ = stretch;
    }
    return sorted_[rank - first_[stretch]];
}

void Quantiles::find(const std::vector<double>& values, const double* probabilities, std::size_t n, double* found) {
    const auto [least, largest] = ends_of(values);
    // Infinities, values further apart than a number holds, or closer than its inverse does, have no stretches between them.
    if (values.size() <= few || !std::isfinite(largest - least) || !std::isfinite(last_stretch / (largest - least))) {
        sorted_ = values;
        std::sort(sorted_.begin(), sorted_.end());
        sorted_stretch_ = stretches;
        for (std::size_t k = 0; k < n; ++k) found[k] = quantile_sorted(sorted_.data(), sorted_.size(), probabilities[k]);
        return;
    }
    count(values, least, largest);
    const std::size_t last = values.size() - 1;
    for (std::size_t k = 0; k < n; ++k) {
        const double at = probabilities[k] * static_cast<double>(last);
        const auto below = std::min(static_cast<std::size_t>(at), last);
        // Ranks that neighbour: those of both are looked for one after the other, mostly in one stretch.
        const double pair[2] = {of_rank(values, below), of_rank(values, std::min(below + 1, last))};
        found[k] = pair[0] + (at - static_cast<double>(below)) * (pair[1] - pair[0]);
    }
}

}  // namespace mmm
