// Experiments as part of the likelihood: what a lift test found about a medium, and what the model says of the same change.
//
// In periods `from` .. `to` and some geos, spend of a channel was spend_before + spend_delta where it would have been
// spend_before; the KPI differed by `lift`, give or take `standard_error`. The model's own counterfactual is
//
//   lift_model = sum_{g in geos} sum_{t = from .. measured_to} KPI unit_g b_g v_t (s_gt(after) - s_gt(before))
//   lift ~ normal(lift_model, standard_error)
//
// with s the response of the channel to its history, which both scenarios share, and to the window's exposure. That follows
// the window's own: the exposure in the data times spend_before (or spend_before + spend_delta) over the spend in the data.
// Where the window has no spend (a channel gone dark), the same spend is spread evenly over its periods, and over geos by
// their population, at the exposure that the channel's money buys elsewhere. Carry-over from before the window counts by
// the curvature it gives, carry-over behind it as far as `measured_to` reaches.
//
// A normal law for the difference, as negative and near-zero results are information too; PyMC-Marketing's gamma law of
// absolute values has a singularity there.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/eigen.hpp"
#include "core/model/column_checks.hpp"
#include "core/model/json.hpp"
#include "core/model/media_response.hpp"
#include "core/model/parameters.hpp"
#include "core/model/specification.hpp"

namespace mmm {

struct Dataset;
struct Design;

// Reads "calibration". Throws for a channel that is no paid medium of `media`, and for values that contradict each other.
std::vector<LiftTest> read_lift_tests(const Json* list, const std::vector<Medium>& media, bool panel);
Json lift_test_json(const LiftTest& test);

// A window, channel or geo that the data does not hold is an error that says so.
void check_lift_tests(const Specification& spec, const Dataset& data, ColumnChecks& checks);

// One geo of an experiment, from `max_lag` periods before the window to the last period measured. Of reach and frequency,
// `before` and `after` are the reach and `frequency` is common to both.
struct LiftGeo {
    Eigen::Index geo;
    Vec before, after, frequency;
};

// An experiment in the model's units.
struct LiftScenario {
    std::size_t medium;
    Eigen::Index lead = 0;   // periods before the window, which are not counted
    Eigen::Index begin = 0;  // the first period of all
    std::vector<LiftGeo> geos;
    std::vector<double> kpi_unit;  // of each geo: KPI of one model unit
    double lift, standard_error;
};

// Once media are scaled and `design.row_scale` is known.
std::vector<LiftScenario> make_lift_scenarios(const Specification& spec, const Dataset& data, const Design& design);

// ln normal(lift | lift_model, standard_error) without its constant, and its gradient. One per thread.
class LiftLikelihood {
public:
    LiftLikelihood(const LiftScenario& scenario, const Specification& spec, const Layout& layout, const StopFlag* stop);

    std::size_t medium() const { return scenario_->medium; }
    // What the model says of the experiment, under coefficients by geo; `variation`: v of every period, or no elements.
    double lift(ConstVecRef parameters, ConstVecRef by_geo, ConstVecRef variation);
    double evaluate(ConstVecRef parameters, ConstVecRef by_geo, ConstVecRef variation);
    // After evaluate() with the same arguments: adds d / d by_geo, d / d v, d / d parameters of adstock and saturation.
    void reverse(ConstVecRef by_geo, ConstVecRef variation, VecRef d_by_geo, VecRef d_variation, VecRef d_parameters);

private:
    struct Pair {
        MediaResponse before, after;
        double difference = 0;  // sum over the periods counted, times v
    };

    const LiftScenario* scenario_;
    bool has_frequency_;
    std::vector<Pair> pairs_;
    Vec d_response_;
    double d_lift_ = 0;
};

}  // namespace mmm
