// What a fitted model says a plan brings, one posterior draw at a time.
//
// A plan multiplies the spend of a cell (a channel, or a channel in a geo) over the window by one factor k: flighting
// and the price of exposure stay as they were; of reach and frequency it is reach that is bought. The outcome of a cell
// is a sum of terms (medium_rows.hpp says what they are)
//
//   I(k) = sum_i c_i (s(o_i + k a_i) - s(o_i))
//
// Terms are made once a draw, so that any k costs one saturation of them. A linear response has one term for each geo.
//
// carryover steady: the level k is taken to hold before the window as well, and what falls into the window counts:
//   exactly the contribution that mmm_channels() reports for the window at k = 1.
// carryover after: only the window's own spend changes, and its effect counts for as long as it lasts (to the end of
// the
//   data), before which nothing is counted.
// I(1) is the same for a window that is all of the data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/host.hpp"
#include "core/model/fitted_model.hpp"
#include "core/planner/medium_rows.hpp"
#include "core/planner/plan_options.hpp"

namespace mmm {

// One medium in all geos, or in one of them.
struct PlanCell {
    std::size_t medium;
    std::optional<std::string> geo;  // its name
    Eigen::Index first_geo, geos;
    Eigen::Index terms;  // no more than this in a draw
    double spend;        // in the window
};

// The window as a mask over rows (1 inside). Throws Error(invalid_argument) when it is empty.
Vec plan_window(const FittedModel& model, const PlanOptions& options);

// The cells of paid media, in the order of the specification; of each medium, geos in the order of the model.
std::vector<PlanCell> plan_cells(const FittedModel& model, const Vec& window, bool by_geo);

struct PlanOutcome {
    double kpi, revenue;  // revenue: kpi times revenue_per_kpi
};

// The terms of one cell in one draw; the first `count` elements of each array.
struct PlanTerms {
    // Terms of one geo, as many as follow the last ones: its coefficient and the parameters of its saturation.
    struct Part {
        Eigen::Index count;
        double coefficient, first, second;
    };
    Vec kpi, revenue;  // c_i but for the coefficient; revenue has no elements where it is in proportion to KPI
    Vec base, slope;   // o_i, a_i
    Eigen::Index count = 0;
    std::vector<Part> parts;
    bool same_units = false;  // kpi and revenue are those of every draw
    PlanOutcome at_zero{0, 0};
};

class ModelResponses {
public:
    ModelResponses(const FittedModel& model, std::vector<PlanCell> cells, const Vec& window, Carryover carryover);

    // `poll` is called between media; it throws to stop.
    void load(
        std::size_t draw, const Poll& poll = [] {});
    const std::vector<PlanTerms>& terms() const { return terms_; }  // of the draw loaded, one a cell

    PlanOutcome at(std::size_t cell, double multiplier) const { return at(cell, terms_[cell], multiplier); }
    PlanOutcome at(std::size_t cell, const PlanTerms& terms, double multiplier) const;

    const std::vector<PlanCell>& cells() const { return cells_; }

private:
    // Rows of one geo that follow each other.
    struct Run {
        Eigen::Index geo, begin, length;
    };

    void find_runs(std::size_t cell, const std::vector<bool>& moved);
    const MediumRows& medium_of(std::size_t cell) const { return media_[rows_of_cell_[cell]]; }
    void collect(std::size_t cell);
    void collect_linear(const MediumRows& medium, const Run& run, PlanTerms& terms) const;
    void collect_rows(const MediumRows& medium, const Run& run, PlanTerms& terms) const;
    PlanOutcome saturated(std::size_t cell, const PlanTerms& terms, double multiplier) const;

    const FittedModel& model_;
    std::vector<PlanCell> cells_;
    std::optional<double> price_;  // revenue of a unit of KPI, where it is the same in every row
    std::vector<MediumRows> media_;
    std::vector<std::size_t> rows_of_cell_;  // each cell's element of media_
    std::vector<std::vector<Run>> runs_;     // of each cell
    std::vector<PlanTerms> terms_;
    Vec parameters_;
};

}  // namespace mmm
