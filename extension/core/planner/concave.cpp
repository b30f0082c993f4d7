#include "core/planner/concave.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <boost/math/tools/toms748_solve.hpp>

#include "core/planner/presolve.hpp"
#include "core/planner/row_program.hpp"

namespace mmm {

namespace {

constexpr double steepest = 1e100;  // stands for an infinite slope where arithmetic is done with it

class WaterFilling {
public:
    WaterFilling(const Curves& curves, const Region& region, const Poll& poll)
        : curves_(curves), region_(region), poll_(poll), low_(region.lower.size()), high_(low_.size()) {
        for (std::size_t i = 0; i < region.size(); ++i) {
            const auto k = static_cast<Eigen::Index>(i);
            low_[k] = std::min(curves.at(i, region.lower[k]).slope, steepest);
            high_[k] = curves.at(i, region.upper[k]).slope;
        }
    }

    Vec solve() const {
        Vec spend = fill(0);
        if (region_.rows.empty()) return spend;
        const PlanRow& row = region_.rows.front();
        const double used = row.weights.dot(spend);
        if (used > row.most) return meet(row.most, 1, spend);
        if (used < row.least) return meet(row.least, -1, spend);
        return spend;
    }

private:
    // Where the slope of a cell falls to `price`.
    double level(std::size_t cell, double price) const {
        const auto k = static_cast<Eigen::Index>(cell);
        const double lower = region_.lower[k], upper = region_.upper[k];
        if (!(lower < upper) || low_[k] <= price) return lower;
        if (high_[k] >= price) return upper;
        std::uintmax_t iterations = 200;
        const auto excess = [&](double x) { return std::min(curves_.at(cell, x).slope, steepest) - price; };
        const auto bracket = boost::math::tools::toms748_solve(
            excess, lower, upper, low_[k] - price, high_[k] - price,
            [&](double a, double b) { return b - a <= 4e-16 * (std::fabs(a) + std::fabs(b)); }, iterations);
        return (bracket.first + bracket.second) / 2;
    }

    Vec fill(double price) const {
        poll_();
        Vec spend(region_.lower.size());
        for (std::size_t i = 0; i < region_.size(); ++i) {
            const auto k = static_cast<Eigen::Index>(i);
            spend[k] = level(i, region_.rows.empty() ? 0 : price * region_.rows.front().weights[k]);
        }
        return spend;
    }

    double typical_price() const {
        double price = 0;
        for (std::size_t i = 0; i < region_.size(); ++i) {
            const auto k = static_cast<Eigen::Index>(i);
            const double slope = curves_.at(i, (region_.lower[k] + region_.upper[k]) / 2).slope;
            const double weight = std::fabs(region_.rows.front().weights[k]);
            if (weight > 0 && std::isfinite(slope)) price = std::max(price, std::fabs(slope) / weight);
        }
        return price > 0 ? price : 1;
    }

    // The row's use falls as the price rises: from `free`, the plan at price 0, towards `target`.
    Vec meet(double target, double sign, const Vec& free) const {
        const Vec& weights = region_.rows.front().weights;
        const auto excess = [&](double price) { return weights.dot(fill(price)) - target; };
        double inner = 0, outer = sign * typical_price();
        double at_inner = weights.dot(free) - target, at_outer = excess(outer);
        while (at_outer * sign > 0 && std::fabs(outer) < steepest) {
            inner = outer;
            at_inner = at_outer;
            outer *= 4;
            at_outer = excess(outer);
        }
        if (at_outer == 0) return fill(outer);
        // Curves that are infinitely steep at a bound come to it at no finite price.
        if (at_outer * sign > 0) return between(fill(outer), corner(sign), target);
        std::uintmax_t iterations = 200;
        const bool rising = inner < outer;
        const auto bracket = boost::math::tools::toms748_solve(
            excess, rising ? inner : outer, rising ? outer : inner, rising ? at_inner : at_outer,
            rising ? at_outer : at_inner,
            [](double a, double b) { return std::fabs(b - a) <= 4e-16 * (std::fabs(a) + std::fabs(b)); }, iterations);
        return between(fill(bracket.first), fill(bracket.second), target);
    }

    // The plan that uses least of the row (sign 1), or most.
    Vec corner(double sign) const {
        const Vec uses = sign * region_.rows.front().weights;
        return (uses.array() > 0).select(region_.lower, region_.upper);
    }

    // Where a curve is straight its spend jumps at one price: any plan between the two sides is as good.
    Vec between(const Vec& a, const Vec& b, double target) const {
        const Vec& weights = region_.rows.front().weights;
        const double at_a = weights.dot(a), at_b = weights.dot(b);
        const double share = at_a == at_b ? 0 : std::clamp((target - at_a) / (at_b - at_a), 0.0, 1.0);
        return a + share * (b - a);
    }

    const Curves& curves_;
    const Region& region_;
    const Poll& poll_;
    Vec low_, high_;
};

// sum_i slope_i x_i
class Straight : public Curves {
public:
    explicit Straight(Vec slopes) : slopes_(std::move(slopes)) {}
    CurvePoint at(std::size_t cell, double spend) const override {
        const double slope = slopes_[static_cast<Eigen::Index>(cell)];
        return {slope * spend, slope};
    }

private:
    Vec slopes_;
};

// -1/2 ((x - centre) / width)^2
class Nearness : public Curves {
public:
    Nearness(const Region& region, ConstVecRef centre) : centre_(centre), width_(region.upper - region.lower) {
        width_ = (width_.array() > 0).select(width_, 1);
    }
    CurvePoint at(std::size_t cell, double spend) const override {
        const auto k = static_cast<Eigen::Index>(cell);
        const double distance = (spend - centre_[k]) / width_[k];
        return {-distance * distance / 2, -distance / width_[k]};
    }

private:
    Vec centre_, width_;
};

}  // namespace

double total_value(const Curves& curves, ConstVecRef spend) {
    double sum = 0;
    for (Eigen::Index i = 0; i < spend.size(); ++i) sum += curves.at(static_cast<std::size_t>(i), spend[i]).value;
    return sum;
}

Vec maximise_concave(const Curves& curves, const Region& region, const Poll& poll) {
    if (region.rows.size() <= 1) return WaterFilling(curves, region, poll).solve();
    const Region simple = presolved(region);
    if (simple.rows.size() > 1) return maximise_with_rows(curves, simple, poll);
    return WaterFilling(curves, simple, poll).solve();
}

Vec nearest_feasible(const Region& region, ConstVecRef spend, const Poll& poll) {
    if (violation(region, spend) == 0) return spend;
    return maximise_concave(Nearness(region, spend), region, poll);
}

double optimality_gap(const Curves& curves, const Region& region, ConstVecRef spend, const Poll& poll) {
    Vec slopes(spend.size());
    for (Eigen::Index i = 0; i < spend.size(); ++i)
        slopes[i] = std::min(curves.at(static_cast<std::size_t>(i), spend[i]).slope, steepest);
    const Vec best = maximise_concave(Straight(slopes), region, poll);
    return std::max(0.0, slopes.dot(best - spend));
}

}  // namespace mmm
