// What a plan by period brings, with carry-over from each period into the next, draw by draw.
//
//   adstock first      I(S) = sum_i c_i (s(A_i(S)) - s(A_i(0))),  A(S) = adstock(base + S unit)
//   saturation first   I(S) = sum_i K_i (s(x_i(S)) - s(x_i(0))),  K = what one unit of response brings in all rows it
//                      carries over to; of reach and frequency, and without saturation, s is a straight line
// over the window and the periods after it that adstock reaches, to the end of the data. Gradients go through the
// adstock in reverse; the curvature couples blocks no further apart than the longest lag.
// What block b brings is its part of each term, in proportion to its adstocked exposure: its share of the integral of
// the gradient along the way from no spend to the plan (Aumann & Shapley 1974), so that blocks add up to the channel.
#pragma once

#include <memory>

#include "core/planner/flighting.hpp"
#include "core/planner/joint_plan.hpp"
#include "core/planner/medium_rows.hpp"
#include "core/transform/saturation_derivatives.hpp"

namespace mmm {

// One medium's parameters in one draw.
struct PathParameters {
    Mat weights, saturation;  // a column for each group of geos that share them
    Vec coefficient;          // of each geo
    Vec variation;            // a factor for each period; no elements where the medium does not vary over time
    double at_nothing = 0;    // sum_i c_i s(A_i(0))
};

struct PathSums {
    double value = 0;  // less at_nothing
    Vec gradient;      // by block
    Mat curvature;     // blocks x blocks, lower half: minus the second derivatives where they are negative
    Vec parts;         // by block: value taken apart
};

// What to sum.
enum class PathQuestion { value, gradient, slopes, parts };

// One medium over the periods of a plan; scratch space is allocated once.
class MediumPath {
public:
    MediumPath(const FittedModel& model, const PlanBlocks& blocks, Flight flight);

    const Flight& flight() const { return flight_; }
    // Adds to `sums` what `spend` (by block) brings, times `weight`; `unit`: the value of KPI of a model unit in each
    // row.
    void add(const PathParameters& parameters, const Vec& spend, const Vec& unit, double weight, PathQuestion question,
             PathSums& sums);
    // Fills at_nothing.
    void settle(PathParameters& parameters, const Vec& unit);
    bool concave(const PathParameters& parameters) const;
    PathSums zeros() const;

private:
    Eigen::Index block(Eigen::Index period_of_window) const {
        return block_of_[static_cast<std::size_t>(period_of_window)];
    }
    bool linear() const;
    bool carries() const;  // adstock comes first, and bends
    Vec exposure(const Vec& spend) const;
    SaturationFamily family() const { return linear() ? SaturationFamily::none : medium_.saturation.family; }
    void bend(const PathParameters& p, Eigen::Index geo, ConstVecRef z, SaturationShape& shape) const;
    // Of one geo: leaves what saturation is taken of in z_ and what a unit of response is worth in worth_.
    void respond(const PathParameters& p, Eigen::Index geo, const Vec& x, const Vec& unit);
    void add_parts(const PathParameters& p, Eigen::Index geo, const Vec& spend, const Vec& unit, Vec& parts);
    // Carries what an exposure of each row is worth back to the rows of the window: the first of back_.
    void carry_back(const PathParameters& p, Eigen::Index geo, const Vec& worth);
    void add_curvature(const PathParameters& p, Eigen::Index geo, const Vec& bent, double weight, Mat& curvature);

    const FittedModel& model_;
    const Medium& medium_;
    PlanBlocks blocks_;
    Flight flight_;
    std::vector<Eigen::Index> block_of_;  // of each period of the window
    Eigen::Index before_, after_;         // periods that carry over into the window, and that it carries over to
    Vec carried_, z_, worth_, back_, at_blocks_, units_;
    SaturationShape shape_, shape_of_nothing_;
};

// Cells in the order of the media: a cell for each block, or one for all where a pattern is given.
class PathOutcome : public JointOutcome {
public:
    // `shares`: of each flight, blocks x cells: what one unit of a cell's money puts into each block.
    PathOutcome(const FittedModel& model, const PlanBlocks& blocks, const std::vector<Flight>& flights,
                std::vector<Mat> shares);

    // Keeps the draws that plans are made for.
    void load(const std::vector<std::size_t>& draws, const Poll& poll);
    // One draw of the model, which need not be kept; of each medium.
    std::vector<PathParameters> parameters_of(std::size_t draw, const Poll& poll);

    std::vector<MediumPath>& paths() { return paths_; }
    // Money by block of one medium's part of a plan.
    Vec by_block(std::size_t path, const Vec& spend) const;

    Eigen::Index draws() const override { return static_cast<Eigen::Index>(kept_.size()); }
    const std::vector<Eigen::Index>& groups() const override { return groups_; }
    bool concave() const override;
    Vec totals(const Vec& spend, const Poll& poll) override;
    JointSlopes slopes(const Vec& spend, const Vec& weights, const Poll& poll) override;

private:
    const FittedModel& model_;
    std::vector<MediumPath> paths_;
    std::vector<Mat> shares_;
    std::vector<Eigen::Index> groups_;
    std::vector<MediumRows> rows_;
    std::vector<std::vector<PathParameters>> kept_;  // of each draw, of each medium
};

}  // namespace mmm
