// Regions with several rows as box programs: every cell on the scale of its bounds, every row on that of its largest
// term, with a slack variable where it is an inequality.
#pragma once

#include "core/planner/interior_point.hpp"
#include "core/planner/problem.hpp"

namespace mmm {

struct RowProgram {
    std::vector<Eigen::Index> cells;  // those whose bounds differ, in the order of the variables
    std::vector<std::size_t> rows;    // those that depend on them
    Vec row_scale;                    // of each such row
    BoxProgram program;               // cells, then slacks; derivatives are left to the user

    explicit RowProgram(const Region& region);
    double spend(const Region& region, ConstVecRef z, std::size_t variable) const;
};

// min sum_r |rows_r z - rhs_r| over the bounds: variables, then elastic ones p, q >= 0 with rows z + p - q = rhs.
BoxSolution least_miss(const RowProgram& rows, const Poll& poll);

// The program's solution, with what rounding has left in the rows taken from the variables that have most room. Where
// the way from the middle is blocked, it starts again from a point that meets the rows.
Vec solve_rows(RowProgram& rows, const Poll& poll);

// The best plan for concave curves; the region must not be empty.
Vec maximise_with_rows(const Curves& curves, const Region& region, const Poll& poll);

}  // namespace mmm
