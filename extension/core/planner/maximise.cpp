#include "core/planner/maximise.hpp"

#include <algorithm>
#include <cmath>

#include "core/planner/concave.hpp"
#include "core/planner/grid_plan.hpp"

namespace mmm {

namespace {

constexpr int shape_points = 32;          // a cell's curve is looked at in so many steps
constexpr double slope_tolerance = 1e-5;  // a slope that rises by less is rounding
constexpr std::size_t scattered_starts = 12, most_scattered_cells = 40;

// Whether the slope never rises between two spends, by more than rounding of the slope or of the average one.
bool falls(const Curves& curves, std::size_t cell, double from, double to, int steps) {
    const double rise = curves.at(cell, to).value - curves.at(cell, from).value;
    const double average = to > from ? std::fabs(rise) / (to - from) : 0;
    double before = curves.at(cell, from).slope;
    for (int i = 1; i <= steps; ++i) {
        const double slope = curves.at(cell, from + (to - from) * i / steps).slope;
        const double rounding = std::max({std::fabs(slope), std::fabs(before), 10 * average});
        if (slope > before + slope_tolerance * rounding) return false;
        before = slope;
    }
    return true;
}

// The curves in a trust region around a plan.
class LocalModel : public Curves {
public:
    LocalModel(const Curves& curves, const Region& box, ConstVecRef centre)
        : curves_(curves), centre_(centre), straight_(box.size()), slope_(centre.size()) {
        for (std::size_t i = 0; i < box.size(); ++i) {
            const auto k = static_cast<Eigen::Index>(i);
            straight_[i] = !falls(curves, i, box.lower[k], box.upper[k], 8);
            if (straight_[i]) slope_[k] = std::min(curves.at(i, centre[k]).slope, 1e100);
        }
    }
    CurvePoint at(std::size_t cell, double spend) const override {
        if (!straight_[cell]) return curves_.at(cell, spend);
        const auto k = static_cast<Eigen::Index>(cell);
        return {slope_[k] * (spend - centre_[k]), slope_[k]};
    }

private:
    const Curves& curves_;
    Vec centre_;
    std::vector<bool> straight_;
    Vec slope_;
};

Vec climb(const Curves& curves, const Region& region, Vec spend, const Poll& poll) {
    double value = total_value(curves, spend);
    const Vec width = region.upper - region.lower;
    Region box = region;
    for (double radius = 1; radius > 1e-9;) {
        poll();
        box.lower = region.lower.cwiseMax(spend - radius * width);
        box.upper = region.upper.cwiseMin(spend + radius * width);
        const Vec next = maximise_concave(LocalModel(curves, box, spend), box, poll);
        const double at_next = total_value(curves, next);
        if (at_next > value + 1e-13 * std::fabs(value) && violation(region, next) < 1e-10) {
            spend = next;
            value = at_next;
            radius = std::min(1.0, 2 * radius);
        } else {
            radius /= 4;
        }
    }
    return spend;
}

std::vector<Vec> starts_for(const Curves& curves, const Region& region, const Poll& poll) {
    std::vector<Vec> starts = {nearest_feasible(region, grid_plan(curves, region, poll), poll),
                               maximise_concave(curves, region, poll)};
    const std::size_t scattered = region.size() > most_scattered_cells ? 2 : scattered_starts;
    for (std::size_t i = 0; i < scattered; ++i)
        starts.push_back(nearest_feasible(region, halton_point(region, i), poll));
    return starts;
}

}  // namespace

Vec halton_point(const Region& region, std::size_t index) {
    static constexpr std::size_t primes[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53};
    Vec point(region.lower.size());
    for (Eigen::Index i = 0; i < point.size(); ++i) {
        const auto cell = static_cast<std::size_t>(i);
        const std::size_t base = primes[cell % std::size(primes)];
        // Cells that share a prime are told apart by an offset into the sequence.
        double share = 0, digit = 1 / static_cast<double>(base);
        for (std::size_t n = index + 1 + 7 * (cell / std::size(primes)); n > 0;
             n /= base, digit /= static_cast<double>(base))
            share += digit * static_cast<double>(n % base);
        point[i] = region.lower[i] + share * (region.upper[i] - region.lower[i]);
    }
    return point;
}

bool is_concave(const Curves& curves, const Region& region) {
    for (std::size_t i = 0; i < region.size(); ++i) {
        const auto k = static_cast<Eigen::Index>(i);
        if (region.lower[k] < region.upper[k] && !falls(curves, i, region.lower[k], region.upper[k], shape_points))
            return false;
    }
    return true;
}

Vec maximise(const Curves& curves, const Region& region, const Poll& poll) {
    check_feasible(region, poll);
    if (is_concave(curves, region)) return maximise_concave(curves, region, poll);
    Vec best;
    double best_value = 0;
    for (Vec& start : starts_for(curves, region, poll)) {
        Vec plan = climb(curves, region, std::move(start), poll);
        const double value = total_value(curves, plan);
        if (best.size() > 0 && !(value > best_value)) continue;
        best = std::move(plan);
        best_value = value;
    }
    return best;
}

}  // namespace mmm
