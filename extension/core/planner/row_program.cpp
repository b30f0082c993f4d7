#include "core/planner/row_program.hpp"

#include <algorithm>
#include <cmath>

#include "core/limits.hpp"

namespace mmm {

RowProgram::RowProgram(const Region& region) {
    const Vec width = region.upper - region.lower;
    for (Eigen::Index i = 0; i < width.size(); ++i)
        if (width[i] > 0) cells.push_back(i);
    std::size_t slacks = 0;
    std::vector<double> scales;
    for (std::size_t r = 0; r < region.rows.size(); ++r) {
        const double scale = region.rows[r].weights.cwiseAbs().dot(width);
        if (!(scale > 0)) continue;
        rows.push_back(r);
        scales.push_back(scale);
        if (region.rows[r].least < region.rows[r].most) ++slacks;
    }
    const auto n = static_cast<Eigen::Index>(cells.size() + slacks), m = static_cast<Eigen::Index>(rows.size());
    row_scale = Eigen::Map<const Vec>(scales.data(), m);
    program.rows = Mat::Zero(m, n);
    program.rhs = Vec::Zero(m);
    program.lower = Vec::Zero(n);
    program.upper = Vec::Ones(n);
    auto slack = static_cast<Eigen::Index>(cells.size());
    for (Eigen::Index r = 0; r < m; ++r) {
        const PlanRow& row = region.rows[rows[static_cast<std::size_t>(r)]];
        for (std::size_t c = 0; c < cells.size(); ++c)
            program.rows(r, static_cast<Eigen::Index>(c)) = row.weights[cells[c]] * width[cells[c]] / row_scale[r];
        const double fixed = row.weights.dot(region.lower);
        if (row.least == row.most) {
            program.rhs[r] = (row.least - fixed) / row_scale[r];
            continue;
        }
        program.rows(r, slack) = -1;
        program.lower[slack] = (row.least - fixed) / row_scale[r];
        program.upper[slack] = (row.most - fixed) / row_scale[r];
        ++slack;
    }
}

double RowProgram::spend(const Region& region, ConstVecRef z, std::size_t variable) const {
    const Eigen::Index i = cells[variable];
    const double share = std::clamp(z[static_cast<Eigen::Index>(variable)], 0.0, 1.0);
    return region.lower[i] + share * (region.upper[i] - region.lower[i]);
}

namespace {

// Derivatives of the curves by the share of each cell's width, over the curves' own magnitude.
class ShareDerivatives {
public:
    ShareDerivatives(const Curves& curves, const Region& region, const RowProgram& rows)
        : curves_(curves), region_(region), rows_(rows) {
        for (std::size_t c = 0; c < rows.cells.size(); ++c) {
            const auto cell = static_cast<std::size_t>(rows.cells[c]);
            const double rise =
                curves.at(cell, region.upper[rows.cells[c]]).value - curves.at(cell, region.lower[rows.cells[c]]).value;
            scale_ = std::max({scale_, std::fabs(rise), 1e-3 * std::fabs(slope(c, 0.5))});
        }
        if (!(scale_ > 0)) scale_ = 1;
    }

    void operator()(const Vec& z, Vec& gradient, Vec& hessian) const {
        gradient.setZero();
        hessian.setZero();
        for (std::size_t c = 0; c < rows_.cells.size(); ++c) {
            const auto k = static_cast<Eigen::Index>(c);
            const double h = std::min({1e-5, z[k] / 2, (1 - z[k]) / 2});
            gradient[k] = -slope(c, z[k]) / scale_;
            hessian[k] = h > 0 ? std::max(0.0, (slope(c, z[k] - h) - slope(c, z[k] + h)) / (2 * h * scale_)) : 0;
        }
    }

private:
    double slope(std::size_t variable, double share) const {
        const Eigen::Index i = rows_.cells[variable];
        const double width = region_.upper[i] - region_.lower[i];
        return width * curves_.at(static_cast<std::size_t>(i), region_.lower[i] + share * width).slope;
    }

    const Curves& curves_;
    const Region& region_;
    const RowProgram& rows_;
    double scale_ = 0;
};

void meet_rows(const RowProgram& rows, Vec& z) {
    for (int round = 0; round < 3; ++round) {
        Vec miss = rows.program.rhs - rows.program.rows * z;
        if (miss.size() == 0 || miss.cwiseAbs().maxCoeff() < 1e-15) break;
        Vec room = Vec::Zero(z.size());
        for (Eigen::Index i = 0; i < z.size(); ++i) {
            const double distance = std::min({z[i] - rows.program.lower[i], rows.program.upper[i] - z[i], 1.0});
            room[i] = std::max(0.0, distance) * std::max(0.0, distance);
        }
        const Mat normal = rows.program.rows * room.asDiagonal() * rows.program.rows.transpose();
        z += room.cwiseProduct(rows.program.rows.transpose() * normal.completeOrthogonalDecomposition().solve(miss));
        z = z.cwiseMax(rows.program.lower).cwiseMin(rows.program.upper);
    }
}

}  // namespace

BoxSolution least_miss(const RowProgram& rows, const Poll& poll) {
    const Eigen::Index n = rows.program.lower.size(), m = rows.program.rows.rows();
    BoxProgram elastic;
    elastic.rows.resize(m, n + 2 * m);
    elastic.rows << rows.program.rows, Mat::Identity(m, m), -Mat::Identity(m, m);
    elastic.rhs = rows.program.rhs;
    elastic.lower.resize(n + 2 * m);
    elastic.lower << rows.program.lower, Vec::Zero(2 * m);
    elastic.upper.resize(n + 2 * m);
    elastic.upper << rows.program.upper, Vec::Constant(2 * m, infinity);
    elastic.derivatives = [n](const Vec&, Vec& gradient, Vec& hessian) {
        gradient.setOnes();
        gradient.head(n).setZero();
        hessian.setZero();
    };
    return solve_box_program(elastic, poll);
}

Vec solve_rows(RowProgram& rows, const Poll& poll) {
    Vec z = solve_box_program(rows.program, poll).z;
    meet_rows(rows, z);
    const auto miss = [&] {
        return rows.program.rows.rows() == 0 ? 0.0 : (rows.program.rows * z - rows.program.rhs).cwiseAbs().maxCoeff();
    };
    if (miss() < 1e-10) return z;
    rows.program.start = least_miss(rows, poll).z.head(z.size());
    z = solve_box_program(rows.program, poll).z;
    meet_rows(rows, z);
    if (miss() < 1e-10) return z;
    z = rows.program.start;
    meet_rows(rows, z);
    return z;
}

Vec maximise_with_rows(const Curves& curves, const Region& region, const Poll& poll) {
    RowProgram rows(region);
    Vec spend = region.lower;
    if (rows.cells.empty()) return spend;
    rows.program.derivatives = ShareDerivatives(curves, region, rows);
    const Vec z = solve_rows(rows, poll);
    for (std::size_t c = 0; c < rows.cells.size(); ++c) spend[rows.cells[c]] = rows.spend(region, z, c);
    return spend;
}

}  // namespace mmm
