#include "core/planner/joint_plan.hpp"

#include <algorithm>
#include <cmath>

#include "core/planner/concave.hpp"
#include "core/planner/maximise.hpp"
#include "core/planner/presolve.hpp"
#include "core/planner/risk_plan.hpp"
#include "core/planner/row_program.hpp"

namespace mmm {

namespace {

constexpr int most_steps = 200;
constexpr double gain_of_rounding = 1e-14;  // of the outcome
constexpr std::size_t joint_starts = 6;
constexpr int joint_rounds = 4;

// The parts of each group's curvature that belong to the variables of a program, in shares of the cells' widths.
std::vector<Mat> coupling_of(const JointOutcome& outcome, const std::vector<Mat>& curvature, const RowProgram& rows,
                             const Vec& width, double scale) {
    std::vector<Mat> blocks;
    std::size_t next = 0;
    Eigen::Index begin = 0;
    for (std::size_t g = 0; g < curvature.size(); ++g) {
        std::vector<Eigen::Index> own;
        const Eigen::Index end = begin + outcome.groups()[g];
        for (; next < rows.cells.size() && rows.cells[next] < end; ++next) own.push_back(rows.cells[next] - begin);
        const auto n = static_cast<Eigen::Index>(own.size());
        Mat block(n, n);
        for (Eigen::Index j = 0; j < n; ++j)
            for (Eigen::Index i = 0; i < n; ++i) {
                const Eigen::Index a = own[static_cast<std::size_t>(i)], b = own[static_cast<std::size_t>(j)];
                block(i, j) = curvature[g](a, b) * width[begin + a] * width[begin + b] / scale;
            }
        if (n > 0) blocks.push_back(std::move(block));
        begin = end;
    }
    return blocks;
}

// The plan in `box` that is best for tangent and curvature at `spend`, which lies in it.
Vec newton_plan(const JointOutcome& outcome, const JointSlopes& slopes, const Region& box, const Vec& spend,
                const Poll& poll) {
    const Region simple = presolved(box);
    RowProgram rows(simple);
    Vec plan = simple.lower;
    if (rows.cells.empty()) return plan;
    const Vec width = simple.upper - simple.lower;
    const double scale = std::max(slopes.gradient.cwiseProduct(width).cwiseAbs().maxCoeff(), 1e-300);
    rows.program.coupling = coupling_of(outcome, slopes.curvature, rows, width, scale);
    const auto n = static_cast<Eigen::Index>(rows.cells.size());
    // Of the quadratic around `spend`, the slope where every share is 0.
    Vec linear(n);
    Vec curved = Vec::Zero(spend.size());
    Eigen::Index begin = 0;
    for (const Mat& block : slopes.curvature) {
        curved.segment(begin, block.rows()) = block * (simple.lower - spend).segment(begin, block.rows());
        begin += block.rows();
    }
    for (Eigen::Index c = 0; c < n; ++c) {
        const Eigen::Index i = rows.cells[static_cast<std::size_t>(c)];
        linear[c] = (curved[i] - slopes.gradient[i]) * width[i] / scale;
    }
    rows.program.derivatives = [&linear, n](const Vec&, Vec& gradient, Vec& hessian) {
        gradient.setZero();
        hessian.setZero();
        gradient.head(n) = linear;
    };
    const Vec z = solve_rows(rows, poll);
    for (std::size_t c = 0; c < rows.cells.size(); ++c) plan[rows.cells[c]] = rows.spend(simple, z, c);
    return plan;
}

double promised(const JointSlopes& slopes, const Vec& step) {
    double gain = slopes.gradient.dot(step);
    Eigen::Index begin = 0;
    for (const Mat& block : slopes.curvature) {
        const auto own = step.segment(begin, block.rows());
        gain -= own.dot(block * own) / 2;
        begin += block.rows();
    }
    return gain;
}

class JointClimb {
public:
    JointClimb(JointOutcome& outcome, const Vec& weights, double price, const Region& region, const Poll& poll)
        : outcome_(outcome), weights_(weights), price_(price), region_(region), poll_(poll) {}

    Vec from(Vec spend) {
        const Vec width = region_.upper - region_.lower;
        Region box = region_;
        JointSlopes at = slopes(spend);
        double radius = 1;
        for (int step = 0; step < most_steps && radius > 1e-9; ++step) {
            box.lower = region_.lower.cwiseMax(spend - radius * width);
            box.upper = region_.upper.cwiseMin(spend + radius * width);
            const Vec next = newton_plan(outcome_, at, box, spend, poll_);
            const double promise = promised(at, next - spend), size = std::fabs(at.value);
            if (!(promise > gain_of_rounding * size) || violation(region_, next) > 1e-10) break;
            JointSlopes there = slopes(next);
            const double gain = there.value - at.value;
            // So near the top the value itself is rounding: Newton's step is the better judge.
            const bool tiny = promise < 1e-11 * size && gain > -1e-12 * size;
            if (gain > 0.75 * promise) radius = std::min(1.0, 2 * radius);
            if (gain < 0.1 * promise && !tiny)
                radius =
                    std::min(radius, ((next - spend).cwiseAbs().cwiseQuotient(width.cwiseMax(1e-300))).maxCoeff()) / 4;
            if (!(gain > 0) && !tiny) continue;
            spend = next;
            at = std::move(there);
            if (tiny) break;
        }
        return spend;
    }

private:
    JointSlopes slopes(const Vec& spend) const {
        JointSlopes s = outcome_.slopes(spend, weights_, poll_);
        s.value -= price_ * spend.sum();
        s.gradient.array() -= price_;
        return s;
    }

    JointOutcome& outcome_;
    const Vec& weights_;
    double price_;
    const Region& region_;
    const Poll& poll_;
};

}  // namespace

Vec climb_jointly(JointOutcome& outcome, const Vec& weights, double price, const Region& region, Vec start,
                  const Poll& poll) {
    return JointClimb(outcome, weights, price, region, poll).from(std::move(start));
}

Vec maximise_jointly(JointOutcome& outcome, const Objective& objective, const Region& region, const Vec& current,
                     const Poll& poll) {
    check_feasible(region, poll);
    const Vec clipped = current.cwiseMax(region.lower).cwiseMin(region.upper);
    std::vector<Vec> starts = {nearest_feasible(region, clipped, poll)};
    for (std::size_t i = 0; i < joint_starts && !outcome.concave(); ++i)
        starts.push_back(nearest_feasible(region, halton_point(region, i), poll));
    const auto best_for = [&](const Vec& weights) {
        Vec best;
        double best_value = 0;
        for (const Vec& start : starts) {
            Vec plan = climb_jointly(outcome, weights, 0, region, start, poll);
            const double value = outcome.totals(plan, poll).dot(weights);
            if (best.size() > 0 && !(value > best_value)) continue;
            best = std::move(plan);
            best_value = value;
        }
        return best;
    };
    if (objective.kind == ObjectiveKind::mean)
        return best_for(Vec::Constant(outcome.draws(), 1.0 / static_cast<double>(outcome.draws())));
    const auto follow = [&](const Vec& weights) {
        Vec plan = best_for(weights);
        starts.front() = plan;
        return plan;
    };
    return search_risk(
        {outcome.draws(), [&](const Vec& spend) { return outcome.totals(spend, poll); }, follow, joint_rounds, false},
        region, objective, poll);
}

}  // namespace mmm
