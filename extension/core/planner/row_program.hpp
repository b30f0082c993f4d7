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

// Takes what rounding has left in the rows from the variables that have most room.
void meet_rows(const RowProgram& rows, Vec& z);

// The best plan for concave curves; the region must not be empty.
Vec maximise_with_rows(const Curves& curves, const Region& region, const Poll& poll);

}  // namespace mmm
