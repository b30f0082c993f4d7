// Response curves kept as polynomials, so that a plan asks for a curve's value thousands of times at the cost of a few
// multiplications: between breaks, degree 8 through Chebyshev points of the second kind, by the barycentric formula
// (Berrut & Trefethen 2004, SIAM Review 46(3)). Values and weighted means over draws alike are linear in the nodes.
#pragma once

#include <array>
#include <functional>

#include "core/planner/problem.hpp"

namespace mmm {

constexpr Eigen::Index panel_degree = 8;

// Breaks from `lower` to `upper` between which `curve` is met to `tolerance` (relative to its size).
std::vector<double> find_breaks(const std::function<double(double)>& curve, double lower, double upper,
                                double tolerance);

// panel_degree * (breaks - 1) + 1 spends, increasing; a single one where the curve has no width.
Vec table_nodes(const std::vector<double>& breaks);

class ResponseTable : public DrawCurves {
public:
    // Nodes of each cell as table_nodes() gives them; values are to be filled in.
    ResponseTable(std::vector<Vec> nodes, Eigen::Index draws);

    const Vec& nodes(std::size_t cell) const { return nodes_[cell]; }
    Mat& values(std::size_t cell) { return values_[cell]; }  // draws x nodes

    Eigen::Index draws() const override { return draws_; }
    void add_outcome(std::size_t cell, double spend, VecRef total) const override;
    std::unique_ptr<Curves> weighted(ConstVecRef weights) const override;

private:
    std::vector<Vec> nodes_;
    std::vector<Mat> values_;
    Eigen::Index draws_;
};

}  // namespace mmm
