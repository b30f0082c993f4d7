// Curves of known shape, random regions, and plans by brute force.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "core/planner/problem.hpp"
#include "core/random.hpp"

namespace mmm::test {

// beta x^s / (x^s + k^s) in the first form, beta x^p in the second, beta x in the third.
struct Shape {
    enum class Kind { hill, power, line } kind = Kind::hill;
    double beta = 1, half = 1, slope = 1;
};

inline CurvePoint point_of(const Shape& c, double x) {
    if (c.kind == Shape::Kind::line) return {c.beta * x, c.beta};
    if (c.kind == Shape::Kind::power)
        return {c.beta * std::pow(x, c.slope), c.beta * c.slope * std::pow(x, c.slope - 1)};
    if (c.slope == 1) return {c.beta * x / (x + c.half), c.beta * c.half / ((x + c.half) * (x + c.half))};
    if (x == 0) return {0, c.slope > 1 ? 0 : INFINITY};
    const double h = 1 / (1 + std::pow(c.half / x, c.slope));
    return {c.beta * h, c.beta * c.slope * h * (1 - h) / x};
}

class ShapedCurves : public Curves {
public:
    explicit ShapedCurves(std::vector<Shape> shapes) : shapes_(std::move(shapes)) {}
    CurvePoint at(std::size_t cell, double spend) const override { return point_of(shapes_[cell], spend); }

private:
    std::vector<Shape> shapes_;
};

// Several draws of the same cells.
class ShapedDraws : public DrawCurves {
public:
    explicit ShapedDraws(std::vector<std::vector<Shape>> draws) : draws_(std::move(draws)) {}
    Eigen::Index draws() const override { return static_cast<Eigen::Index>(draws_.size()); }
    void add_outcome(std::size_t cell, double spend, VecRef total) const override {
        for (std::size_t d = 0; d < draws_.size(); ++d)
            total[static_cast<Eigen::Index>(d)] += point_of(draws_[d][cell], spend).value;
    }
    std::unique_ptr<Curves> weighted(ConstVecRef weights) const override {
        class Average : public Curves {
        public:
            Average(const std::vector<std::vector<Shape>>& draws, Vec weights)
                : draws_(draws), weights_(std::move(weights)) {}
            CurvePoint at(std::size_t cell, double spend) const override {
                CurvePoint sum{0, 0};
                for (std::size_t d = 0; d < draws_.size(); ++d) {
                    const double weight = weights_[static_cast<Eigen::Index>(d)];
                    if (weight == 0) continue;
                    const CurvePoint one = point_of(draws_[d][cell], spend);
                    sum.value += weight * one.value;
                    sum.slope += weight * one.slope;
                }
                return sum;
            }

        private:
            const std::vector<std::vector<Shape>>& draws_;
            Vec weights_;
        };
        return std::make_unique<Average>(draws_, weights);
    }

private:
    std::vector<std::vector<Shape>> draws_;
};

inline Region region_of(const Vec& lower, const Vec& upper) {
    Region region;
    region.lower = lower;
    region.upper = upper;
    for (Eigen::Index i = 0; i < lower.size(); ++i) region.cells.push_back("c" + std::to_string(i));
    return region;
}

inline Region with_budget(Region region, double budget) {
    region.rows.insert(region.rows.begin(), {"budget", Vec::Ones(region.lower.size()), budget, budget});
    return region;
}

// The best of two or three cells whose first row is a budget: a grid over all but one, which takes the rest, made ever
// finer around the best point; each cell takes the rest once, so that every corner lies on a grid.
inline Vec brute_force(const std::function<double(const Vec&)>& objective, const Region& region) {
    const Eigen::Index n = region.lower.size();
    const double budget = region.rows.front().least;
    Vec overall;
    for (Eigen::Index rest = 0; rest < n; ++rest) {
        Vec low = region.lower, high = region.upper, best, x(n);
        double best_value = -INFINITY;
        for (int round = 0; round < 16; ++round) {
            const int points = n == 2 ? 2000 : round == 0 ? 300 : 40;
            const std::function<void(Eigen::Index)> scan = [&](Eigen::Index i) {
                if (i == rest) return scan(i + 1);
                if (i >= n) {
                    x[rest] = 0;
                    x[rest] = budget - x.sum();
                    if (violation(region, x) > 1e-12) return;
                    const double value = objective(x);
                    if (value > best_value) best_value = value, best = x;
                    return;
                }
                for (int k = 0; k <= points; ++k) {
                    x[i] = low[i] + (high[i] - low[i]) * k / points;
                    scan(i + 1);
                }
            };
            scan(0);
            if (best.size() == 0) break;
            for (Eigen::Index i = 0; i < n; ++i) {
                const double reach = (n == 2 ? 3 : 9) * (high[i] - low[i]) / points;
                low[i] = std::max(region.lower[i], best[i] - reach);
                high[i] = std::min(region.upper[i], best[i] + reach);
            }
        }
        if (best.size() > 0 && (overall.size() == 0 || objective(best) > objective(overall))) overall = best;
    }
    return overall;
}

inline RandomStream random_of(std::uint32_t problem) {
    return {1, 0, problem, 77};
}

}  // namespace mmm::test
