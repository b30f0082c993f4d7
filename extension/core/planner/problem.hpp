// A budget plan as an abstract problem: cells that can be given money, curves that say what the money brings, and the
// region in which the plan must lie. Nothing here knows what a model is.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "core/eigen.hpp"
#include "core/host.hpp"

namespace mmm {

// What a cell (a channel, or a channel in a geo) brings for a spend: a continuous function and its derivative. The
// derivative may be infinite at a spend of 0.
struct CurvePoint {
    double value, slope;
};
class Curves {
public:
    virtual ~Curves() = default;
    virtual CurvePoint at(std::size_t cell, double spend) const = 0;
};

// The same, draw by draw of a posterior.
class DrawCurves {
public:
    virtual ~DrawCurves() = default;
    virtual Eigen::Index draws() const = 0;
    // Adds what the cell brings in each draw to `total`.
    virtual void add_outcome(std::size_t cell, double spend, VecRef total) const = 0;
    // The curves of the weighted sum over draws (one weight a draw). Lives no longer than this.
    virtual std::unique_ptr<Curves> weighted(ConstVecRef weights) const = 0;
};

// least <= weights . spend <= most; equal for an equation, infinite where there is no such end.
struct PlanRow {
    std::string name;  // as the user knows it: "budget", "constraints[0]"
    Vec weights;
    double least, most;
};

// lower <= spend <= upper, and every row.
struct Region {
    std::vector<std::string> cells;  // names, for messages
    Vec lower, upper;
    std::vector<PlanRow> rows;

    std::size_t size() const { return static_cast<std::size_t>(lower.size()); }
};

// The largest violation of a bound or row, relative to the magnitudes that enter it.
double violation(const Region& region, ConstVecRef spend);

// Throws Error(invalid_argument) that names the conflicting rows, with numbers, when the region is empty.
void check_feasible(const Region& region, const Poll& poll);

double total_value(const Curves& curves, ConstVecRef spend);

}  // namespace mmm
