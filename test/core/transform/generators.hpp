// Random inputs of properties about series: numbers of everyday size, so that tolerances mean something.
#pragma once

#include <rapidcheck.h>

#include <array>
#include <vector>

#include "core/eigen.hpp"
#include "core/transform/adstock.hpp"

namespace mmm::test {

inline constexpr std::array every_adstock = {AdstockFamily::none,        AdstockFamily::geometric,
                                             AdstockFamily::delayed,     AdstockFamily::binomial,
                                             AdstockFamily::weibull_cdf, AdstockFamily::weibull_pdf};

// From `least` to `most` in 10,000 steps, both ends among them.
inline rc::Gen<double> number_between(double least, double most) {
    return rc::gen::map(rc::gen::inRange(0, 10'001), [=](int step) { return least + (most - least) * step / 10'000; });
}

inline rc::Gen<Vec> series(Eigen::Index size) {
    return rc::gen::map(
        rc::gen::container<std::vector<double>>(static_cast<std::size_t>(size), number_between(-100, 100)),
        [](const std::vector<double>& values) {
            return Vec(Eigen::Map<const Vec>(values.data(), static_cast<Eigen::Index>(values.size())));
        });
}

inline rc::Gen<std::array<double, 2>> adstock_parameters(AdstockFamily family) {
    switch (family) {
        case AdstockFamily::geometric:
        case AdstockFamily::binomial:
            return rc::gen::map(number_between(0.01, 0.99), [](double alpha) { return std::array{alpha, 0.0}; });
        case AdstockFamily::delayed:
            return rc::gen::map(rc::gen::pair(number_between(0.01, 0.99), number_between(0, 5)), [](const auto& p) {
                return std::array{p.first, p.second};
            });
        default:
            return rc::gen::map(rc::gen::pair(number_between(0.2, 4), number_between(0.5, 8)), [](const auto& p) {
                return std::array{p.first, p.second};
            });
    }
}

}  // namespace mmm::test
