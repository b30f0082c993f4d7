// The data in the model's own units: what is computed once, before the first gradient.
#pragma once

#include <vector>

#include "core/eigen.hpp"
#include "core/model/dataset.hpp"
#include "core/model/parameters.hpp"
#include "core/model/specification.hpp"

namespace mmm {

struct Design {
    double kpi_offset = 0;  // kpi = offset + scale * y
    double kpi_scale = 1;
    Vec y;
    Vec weight;        // 1 where the period is fitted, 0 where it is held out
    Mat linear;        // periods x linear coefficients
    Mat media;         // periods x media: exposure / media_scale
    Vec media_scale;
    Vec revenue;       // revenue (or KPI) of one model unit of outcome in each period: kpi_scale * revenue_per_kpi
    Vec fitted_revenue;  // the same, 0 where the period is held out
    Vec spend_total;   // per medium
    double outcome_total = 0;  // sum of kpi * revenue_per_kpi over the fitted periods

    // What one unit of a medium's effect counts: an ROI all that its spend brings, a share of the outcome only what falls
    // into the fitted periods, as the outcome of the others is not to be known.
    const Vec& revenue_of(EffectKind kind) const { return kind == EffectKind::contribution ? fitted_revenue : revenue; }

    Eigen::Index periods() const { return y.size(); }
};

Design make_design(const Specification& spec, const Dataset& data);

// Replaces priors that depend on the data (total_paid_share) by what they stand for.
void resolve_priors(const Specification& spec, const Dataset& data, Layout& layout);

}  // namespace mmm
