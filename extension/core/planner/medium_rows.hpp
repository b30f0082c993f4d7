// One medium over the panel in one posterior draw, split into what a plan multiplies and what it does not. With spend
// times k, the rows of geo g bring
//
//   coefficient(g) * sum_i unit_i * s(base_i + k slope_i)
//
// Adstock first: slope is the adstocked exposure of the window (Carryover::after) or of all periods (steady), base that
// of the other periods; unit is the KPI of a model unit in each row that counts. Saturation first: slope and base are
// the exposure itself and unit collects the adstock weights. A response that is linear in spend (no saturation; reach
// and frequency, where spend buys reach) has s(x) = x, base 0 and its whole response in slope.
#pragma once

#include "core/model/fitted_model.hpp"
#include "core/model/media_coefficients.hpp"
#include "core/planner/plan_options.hpp"

namespace mmm {

class MediumRows {
public:
    // `kpi`: what a unit of outcome counts in each row, in KPI. `revenue`: the same in money; no elements where it is
    // in proportion to `kpi`. `window`: 1 in the rows whose spend is planned, 0 elsewhere.
    MediumRows(const FittedModel& model, std::size_t medium, const Vec& kpi, const Vec& revenue, const Vec& window,
               Carryover carryover);

    void load(ConstVecRef parameters);

    bool linear() const { return linear_; }
    SaturationFamily family() const { return linear_ ? SaturationFamily::none : medium_->saturation.family; }
    // 1, or the number of geos where adstock or saturation are by geo.
    Eigen::Index groups() const { return weights_.cols(); }
    double saturation(int parameter, Eigen::Index group) const { return saturation_(parameter, group); }

    double coefficient(Eigen::Index geo) const { return coefficients_.by_geo()[geo]; }
    const Vec& unit_kpi() const { return carries_back() ? kpi_back_ : kpi_; }
    const Vec& unit_revenue() const { return carries_back() ? revenue_back_ : revenue_; }
    const Vec& slope() const { return slope_; }
    const Vec& base() const { return base_; }  // no elements where it is 0

    // Rows that can have both a unit and a slope, whatever the parameters.
    std::vector<bool> moved_rows() const;

private:
    bool carries_back() const { return medium_->saturation_first && !linear_; }
    Vec planned(const Vec& x) const { return carryover_ == Carryover::after ? Vec(x.cwiseProduct(window_)) : x; }
    void read_parameters(ConstVecRef parameters);
    Eigen::Index group_of(Eigen::Index geo) const { return weights_.cols() == 1 ? 0 : geo; }
    void carry(const Vec& x, Vec& out) const;
    void carry_back(const Vec& d_out, Vec& d_x) const;
    void saturate_rows(Vec& x) const;
    void respond(const Vec& x, const Vec& reach, Vec& out);
    void split();

    const Medium* medium_;
    MediumPosition position_;
    Carryover carryover_;
    Eigen::Index periods_, geos_;
    bool linear_;
    MediaCoefficients coefficients_;
    Vec kpi_, revenue_, window_;
    Vec exposure_, reach_, planned_exposure_, planned_reach_;
    Vec other_exposure_, other_reach_;  // under the other scenario of the medium's prior
    Mat weights_, saturation_;          // a column for each group
    Mat weight_derivatives_;
    Vec carried_, response_, other_response_, saturated_;
    Vec kpi_back_, revenue_back_, slope_, base_;
};

}  // namespace mmm
