// Plans whose cells work together: what money of one week brings depends on the weeks before it, as exposure carries
// over. The outcome is a sum over groups of cells (the channels), each a smooth function of all cells of the group.
//
// The best plan is found by Newton's method in a trust region (Conn, Gould & Toint 2000, Trust-Region Methods, ch. 6):
// the outcome is replaced by its tangent and the concave part of its curvature, whose best plan in region and box is a
// quadratic program (interior_point.hpp); it is taken where it is better, else the box shrinks. Every plan lies in the
// region. For a concave outcome this is the best plan there is; for others the best of climbs from several starts.
#pragma once

#include <vector>

#include "core/planner/objective.hpp"
#include "core/planner/problem.hpp"

namespace mmm {

// At one plan, of the weighted mean over draws.
struct JointSlopes {
    double value = 0;
    Vec gradient;                // may be huge, but is finite
    std::vector<Mat> curvature;  // of each group, minus the second derivatives, made positive semi-definite
};

class JointOutcome {
public:
    virtual ~JointOutcome() = default;
    virtual Eigen::Index draws() const = 0;
    // Cells of each group; groups follow each other.
    virtual const std::vector<Eigen::Index>& groups() const = 0;
    virtual bool concave() const = 0;
    // The outcome of each draw.
    virtual Vec totals(const Vec& spend, const Poll& poll) = 0;
    virtual JointSlopes slopes(const Vec& spend, const Vec& weights, const Poll& poll) = 0;
};

// The best plan for the weighted mean over draws minus `price` for each unit of money; `start` lies in the region.
Vec climb_jointly(JointOutcome& outcome, const Vec& weights, double price, const Region& region, Vec start,
                  const Poll& poll);

// From `current` (which need not lie in the region) and, where the outcome is not concave, other starts. Throws
// check_feasible()'s errors when the region is empty.
Vec maximise_jointly(JointOutcome& outcome, const Objective& objective, const Region& region, const Vec& current,
                     const Poll& poll);

}  // namespace mmm
