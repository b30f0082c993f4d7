// What a fitted model says a plan brings, one posterior draw at a time.
//
// A plan multiplies the spend of a cell (a channel, or a channel in a geo) over the window by one factor k: flighting
// and the price of exposure stay as they were. The outcome of a cell is a sum of terms
//
//   I(k) = sum_i c_i (s(o_i + k a_i) - s(o_i))
//
// With adstock first (linear), a_i is the adstocked exposure of the window, o_i that of all other periods, c_i the
// coefficient (times the value of the KPI); with saturation first, a_i is the exposure itself and c_i collects the
// adstock weights. Terms are made once a draw, so that any k costs one saturation of them.
//
// carryover steady: the level k is taken to hold before the window as well, and what falls into the window counts:
// exactly
//   the contribution that mmm_channels() reports for the window at k = 1.
// carryover after: only the window's own spend changes, and its effect counts for as long as it lasts (to the end of
// the
//   data), before which nothing is counted.
// I(1) is the same for a window that is all of the data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/model/fitted_model.hpp"
#include "core/planner/plan_options.hpp"
#include "core/summary/contributions.hpp"

namespace mmm {

// Rows first .. first + count - 1 of one medium: all of them, or those of one geo.
struct PlanCell {
    std::size_t medium;
    std::optional<std::string> geo;
    Eigen::Index first, count;
    double spend;  // in the window
};

// The window as a mask over rows (1 inside). Throws Error(invalid_argument) when it is empty.
Vec plan_window(const FittedModel& model, const PlanOptions& options);

// The cells of paid media, in the order of the specification.
std::vector<PlanCell> plan_cells(const FittedModel& model, const Vec& window, bool by_geo);

struct PlanOutcome {
    double kpi, revenue;  // revenue: kpi times revenue_per_kpi
};

// The terms of one cell in one draw; the first `count` elements of each array.
struct PlanTerms {
    Vec kpi, revenue;  // c_i
    Vec base, slope;   // o_i, a_i
    Eigen::Index count = 0;
    double first = 0, second = 0;  // parameters of the saturation
    PlanOutcome at_zero{0, 0};
};

class ModelResponses {
public:
    ModelResponses(const FittedModel& model, std::vector<PlanCell> cells, Vec window, Carryover carryover);

    void load(std::size_t draw);
    const std::vector<PlanTerms>& terms() const { return terms_; }  // of the draw loaded, one a cell

    PlanOutcome at(std::size_t cell, double multiplier) { return at(cell, terms_[cell], multiplier); }
    PlanOutcome at(std::size_t cell, const PlanTerms& terms, double multiplier);

    const std::vector<PlanCell>& cells() const { return cells_; }

private:
    void load_medium(std::size_t medium, ConstVecRef effect);
    void split(ConstVecRef exposure, bool saturation_first);
    void carry(ConstVecRef x, VecRef out) const;
    void carry_back(Vec& x);
    void collect(std::size_t cell, PlanTerms& terms);
    PlanOutcome saturated(std::size_t cell, const PlanTerms& terms, double multiplier);

    const FittedModel& model_;
    std::vector<PlanCell> cells_;
    Vec window_;
    Carryover carryover_;
    Contributions contributions_;
    Mat parts_;
    Eigen::Index rows_per_geo_;
    Vec weights_;  // of the adstock
    Mat weight_derivatives_;
    std::vector<PlanTerms> terms_;
    Vec kpi_, revenue_, base_, slope_, x_;  // of one medium, a row each
};

}  // namespace mmm
