// The data in the model's own units: what is computed once, before the first gradient.
#pragma once

#include <vector>

#include "core/eigen.hpp"
#include "core/model/dataset.hpp"
#include "core/model/lift_test.hpp"
#include "core/model/parameters.hpp"
#include "core/model/specification.hpp"

namespace mmm {

// Linear columns that are alike: rows of `columns` are periods (the same in every geo) or rows of the panel (by_row), the
// coefficients common or by geo.
struct LinearBlock {
    bool by_row = false;
    bool by_geo = false;
    Mat columns;
    std::vector<int> term;       // of each column, in Layout::terms
    std::vector<int> parameter;  // of each column: the coefficient, of the first geo where they are by geo
};

struct Design {
    Eigen::Index n_periods = 0, n_geos = 1;
    double kpi_offset = 0;  // kpi = population * (offset + scale * y)
    double kpi_scale = 1;
    Vec y;             // under link log: of the logarithm of the KPI
    Vec outcome;       // KPI in units of row_scale
    Vec weight;        // 1 where the row is fitted, 0 where it is held out
    std::vector<LinearBlock> blocks;
    Mat media;         // rows x media: what adstock and saturation work on
    Mat reach;         // rows x media, or no columns: multiplies the saturated frequency
    Mat alternative;   // rows x media, or no columns: the medium under the other scenario of its prior (see has_alternative)
    Vec media_scale;   // media = exposure (per head) / media_scale; of reach and frequency, the scale of reach
    Vec media_offset;  // of treatments: media = (exposure - offset) / scale
    Vec media_baseline;  // of treatments: the value that counts as none, in the model's scale
    Vec row_scale;     // KPI of one model unit in each row: kpi_scale * population
    Vec revenue;       // revenue (or KPI) of one model unit of outcome in each row: row_scale * revenue_per_kpi
    Vec fitted_revenue;  // the same, 0 where the row is held out
    Vec spend_total;   // per medium: all of it, or that inside the calibration period
    double outcome_total = 0;  // sum of kpi * revenue_per_kpi over the fitted rows

    // What one unit of a medium's effect counts: an ROI all that its spend brings, a share of the outcome only what falls
    // into the fitted rows, as the outcome of the others is not to be known.
    const Vec& revenue_of(EffectKind kind) const { return kind == EffectKind::contribution ? fitted_revenue : revenue; }

    std::vector<VariationBasis> variations;  // in the order of the layout

    std::vector<LiftScenario> lifts;  // of the specification's lift tests, where the data is the history itself

    Eigen::Index rows() const { return y.size(); }
};

constexpr double marginal_step = 0.01;  // mROI is about the next 1 % of exposure

// Whether a prior compares two scenarios of the medium: without its calibration period, or with 1 % more.
bool has_alternative(const Medium& medium);

Design make_design(const Specification& spec, const Dataset& data, const Layout& layout);

// In the units of `history`: its scales, baselines of treatments and scale of time, for rows that go on from it. Geos are the
// same, and no row of `data` that `history` lacks is fitted.
Design make_design(const Specification& spec, const Dataset& data, const Layout& layout, const Dataset& history);

// What a standardised control is scaled by.
struct ColumnScale {
    double mean = 0, sd = 1;
};
ColumnScale control_scale(const Specification& spec, const Dataset& history, std::size_t control);

// Replaces priors that depend on the data (total_paid_share) by what they stand for.
void resolve_priors(const Specification& spec, const Dataset& data, Layout& layout);

}  // namespace mmm
