// Whether a plan lies in its region, and whether there is any plan at all.
#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/format.hpp"
#include "core/limits.hpp"
#include "core/planner/row_program.hpp"

namespace mmm {

namespace {

constexpr double feasibility_tolerance = 1e-9;

// The least and the most that a row can come to within the bounds, and the size of the terms that enter it.
struct Reach {
    double least, most, size;
};

Reach reach_of(const Region& region, const PlanRow& row) {
    Reach reach{0, 0, 0};
    for (Eigen::Index i = 0; i < row.weights.size(); ++i) {
        const double a = row.weights[i] * region.lower[i], b = row.weights[i] * region.upper[i];
        reach.least += std::min(a, b);
        reach.most += std::max(a, b);
        reach.size += std::max(std::fabs(a), std::fabs(b));
    }
    return reach;
}

// Money to six digits: enough to act on.
std::string figure(double value) {
    if (value == 0 || !std::isfinite(value)) return format_number(value == 0 ? 0 : value);
    const double unit = std::pow(10, std::floor(std::log10(std::fabs(value))) - 5);
    return format_number(unit >= 1 ? std::round(value / unit) * unit : std::round(value / unit) / std::round(1 / unit));
}

std::string demand_of(const PlanRow& row) {
    if (row.least == row.most) return "exactly " + figure(row.least);
    if (!std::isfinite(row.most)) return "at least " + figure(row.least);
    if (!std::isfinite(row.least)) return "at most " + figure(row.most);
    return figure(row.least) + " to " + figure(row.most);
}

std::string list_bounds(const Region& region, const Vec& weights) {
    std::string text;
    for (std::size_t i = 0; i < region.size(); ++i) {
        const auto k = static_cast<Eigen::Index>(i);
        if (weights[k] == 0) continue;
        if (text.size() > 600) return text + ", ...";
        text += (text.empty() ? "" : ", ") + region.cells[i] + " " + figure(region.lower[k]) + " to " +
                figure(region.upper[k]);
    }
    return text;
}

const char* const remedy = "Widen the bounds, unlock channels, or change what is asked for.";

void check_row_alone(const Region& region, const PlanRow& row) {
    const Reach reach = reach_of(region, row);
    const double slack = feasibility_tolerance *
                         std::max({reach.size, std::fabs(row.least == -infinity ? 0 : row.least), least_positive});
    const bool too_much = row.least > reach.most + slack, too_little = row.most < reach.least - slack;
    if (!too_much && !too_little) return;
    throw Error(ErrorKind::invalid_argument,
                row.name + " asks for " + demand_of(row) + ", but the bounds allow " +
                    (too_much ? "no more than " + figure(reach.most) : "no less than " + figure(reach.least)),
                "Bounds in spend: " + list_bounds(region, row.weights) + ".", remedy);
}

[[noreturn]] void report_conflict(const Region& region, const RowProgram& rows, const Vec& multipliers,
                                  const Vec& misses) {
    std::vector<std::string> names;
    std::string demands;
    Vec involved = Vec::Zero(region.lower.size());
    double miss = 0;
    for (std::size_t r = 0; r < rows.rows.size(); ++r) {
        const auto k = static_cast<Eigen::Index>(r);
        miss = std::max(miss, misses[k] * rows.row_scale[k]);
        if (std::fabs(multipliers[k]) < 1e-4) continue;
        const PlanRow& row = region.rows[rows.rows[r]];
        const Reach reach = reach_of(region, row);
        names.push_back(row.name);
        demands += row.name + " asks for " + demand_of(row) + " (the bounds alone allow " + figure(reach.least) +
                   " to " + figure(reach.most) + "). ";
        involved += row.weights.cwiseAbs();
    }
    std::string together;
    for (std::size_t i = 0; i < names.size(); ++i)
        together += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
    throw Error(ErrorKind::invalid_argument,
                together + " cannot hold together within the bounds: they are " + figure(miss) + " apart",
                demands + "Bounds in spend: " + list_bounds(region, involved) + ".", remedy);
}

}  // namespace

double violation(const Region& region, ConstVecRef spend) {
    double worst = 0;
    for (Eigen::Index i = 0; i < spend.size(); ++i) {
        const double size = std::max({std::fabs(region.lower[i]), std::fabs(region.upper[i]), least_positive});
        worst = std::max({worst, (region.lower[i] - spend[i]) / size, (spend[i] - region.upper[i]) / size});
    }
    for (const auto& row : region.rows) {
        const double used = row.weights.dot(spend), size = std::max(reach_of(region, row).size, least_positive);
        worst = std::max({worst, (row.least - used) / size, (used - row.most) / size});
    }
    return worst;
}

void check_feasible(const Region& region, const Poll& poll) {
    for (const auto& row : region.rows) check_row_alone(region, row);
    if (region.rows.size() < 2) return;
    const RowProgram rows(region);
    if (rows.rows.size() < 2 || rows.cells.empty()) return;
    const BoxSolution solution = least_miss(rows, poll);
    const Eigen::Index n = rows.program.lower.size(), m = rows.program.rows.rows();
    const Vec misses = solution.z.segment(n, m) + solution.z.tail(m);
    if (misses.maxCoeff() > feasibility_tolerance) report_conflict(region, rows, solution.multipliers, misses);
}

}  // namespace mmm
