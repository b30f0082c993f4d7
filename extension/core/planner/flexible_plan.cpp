#include "core/planner/flexible_plan.hpp"

#include <cmath>

#include "core/error.hpp"
#include "core/format.hpp"
#include "core/planner/maximise.hpp"

namespace mmm {

namespace {

// f - cost x
class NetCurves : public Curves {
public:
    NetCurves(const Curves& curves, double cost) : curves_(curves), cost_(cost) {}
    CurvePoint at(std::size_t cell, double spend) const override {
        const CurvePoint point = curves_.at(cell, spend);
        return {point.value - cost_ * spend, point.slope - cost_};
    }

private:
    const Curves& curves_;
    double cost_;
};

// What a plan brings beyond the target.
double surplus(const Curves& curves, const Vec& spend, double target) {
    return total_value(curves, spend) - target * spend.sum();
}

// The best ROI there is: x* = argmax f - r x, r = f(x*) / sum x* until r stays (Dinkelbach 1967, Management Science
// 13(7)).
double best_roi(const Curves& curves, const Region& region, Vec spend, const Poll& poll) {
    double roi = total_value(curves, spend) / spend.sum();
    for (int round = 0; round < 50; ++round) {
        spend = maximise(NetCurves(curves, roi), region, poll);
        const double next = total_value(curves, spend) / spend.sum();
        if (!(next > roi * (1 + 1e-12))) break;
        roi = next;
    }
    return roi;
}

// The furthest plan from `good` towards `rich` that still reaches the target; the surplus is concave along the line.
Vec furthest(const Curves& curves, const Vec& good, const Vec& rich, double target) {
    double reached = 0, missed = 1;
    for (int i = 0; i < 60; ++i) {
        const double middle = (reached + missed) / 2;
        (surplus(curves, good + middle * (rich - good), target) >= 0 ? reached : missed) = middle;
    }
    return good + reached * (rich - good);
}

}  // namespace

Vec plan_for_marginal_roi(const Curves& curves, const Region& region, double target, const Poll& poll) {
    return maximise(NetCurves(curves, target), region, poll);
}

Vec plan_for_roi(const Curves& curves, const Region& region, double target, const Poll& poll) {
    Vec rich = maximise(curves, region, poll);
    if (surplus(curves, rich, target) >= 0) return rich;
    Vec good = plan_for_marginal_roi(curves, region, target, poll);
    // Spending nothing misses no target, but is no plan either.
    const bool nothing = !(good.sum() > 0);
    if (nothing || surplus(curves, good, target) < 0)
        throw Error(ErrorKind::invalid_argument,
                    "target_roi = " + format_number(target) + " cannot be reached: the best within the bounds is " +
                        format_number(std::floor(best_roi(curves, region, nothing ? rich : good, poll) * 1e6) / 1e6),
                    {}, nothing ? "Lower target_roi." : "Lower target_roi, or the lower bounds.");
    double low = 0, high = target;
    for (int i = 0; i < 50 && high - low > 1e-12 * target; ++i) {
        const double cost = (low + high) / 2;
        Vec plan = maximise(NetCurves(curves, cost), region, poll);
        const bool reaches = surplus(curves, plan, target) >= 0;
        (reaches ? high : low) = cost;
        (reaches ? good : rich) = std::move(plan);
    }
    return furthest(curves, good, rich, target);
}

}  // namespace mmm
