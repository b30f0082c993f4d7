// One medium over the panel in one posterior draw, split into what a plan multiplies and what it does not. With spend
// times k, the rows of geo g bring
//
//   coefficient(g) * sum_i unit_i * s(base_i + k slope_i)
//
// unit holds how the medium varies over time, where it does.
// Adstock first: slope is the adstocked exposure of the window (Carryover::after) or of all periods (steady), base that
// of the other periods; unit is the KPI of a model unit in each row that counts. Saturation first: slope and base are
// the exposure itself and unit collects the adstock weights. A response that is linear in spend (no saturation; reach
// and frequency, where spend buys reach) has s(x) = x, base 0 and its whole response in slope.
#pragma once

#include <memory>
#include <optional>

#include "core/model/fitted_model.hpp"
#include "core/model/media_coefficients.hpp"
#include "core/model/time_variation.hpp"
#include "core/planner/plan_options.hpp"

namespace mmm {

// What media share: the question, and the rows of the medium loaded last.
struct MediumSpace {
    Vec kpi;      // what a unit of outcome counts in each row, in KPI
    Vec revenue;  // the same in money; no elements where it is in proportion to `kpi`
    Vec window;   // 1 in the rows whose spend is planned, 0 elsewhere
    Carryover carryover;
    Vec carried, saturated, response, other, planned, slope, base, kpi_back, revenue_back, kpi_varied, revenue_varied;
};

class MediumRows {
public:
    MediumRows(const FittedModel& model, std::size_t medium, std::shared_ptr<MediumSpace> space);

    void load(ConstVecRef parameters);

    bool linear() const { return linear_; }
    SaturationFamily family() const { return linear_ ? SaturationFamily::none : medium_->saturation.family; }
    // 1, or the number of geos where adstock or saturation are by geo.
    Eigen::Index groups() const { return weights_.cols(); }
    double saturation(int parameter, Eigen::Index group) const { return saturation_(parameter, group); }
    const Mat& saturations() const { return saturation_; }  // a column for each group
    const Mat& weights() const { return weights_; }         // of the adstock, likewise
    double coefficient(Eigen::Index geo) const { return coefficients_.by_geo()[geo]; }
    const Vec& coefficients() const { return coefficients_.by_geo(); }

    // Until another medium is loaded:
    const Vec& unit_kpi() const { return carries_back() ? space_->kpi_back : kpi(); }
    const Vec& unit_revenue() const { return carries_back() ? space_->revenue_back : revenue(); }
    bool same_units() const { return !variation_ && !carries_back(); }  // in every draw
    const Vec& slope() const { return space_->slope; }
    const Vec& base() const { return space_->base; }  // with Carryover::after, unless linear

    // A factor for each period; no elements where the medium does not vary over time.
    const Vec& variation() const;

    // Rows that can have both a unit and a slope, whatever the parameters.
    std::vector<bool> moved_rows() const;

private:
    bool carries_back() const { return medium_->saturation_first && !linear_; }
    bool steady() const { return space_->carryover == Carryover::steady; }
    auto exposure() const { return design_->media.col(column_); }
    Eigen::Map<const Vec> reach() const;  // no elements without frequency
    const Vec& kpi() const { return variation_ ? space_->kpi_varied : space_->kpi; }
    const Vec& revenue() const { return variation_ ? space_->revenue_varied : space_->revenue; }
    void vary(Vec& rows) const;
    void read_parameters(ConstVecRef parameters);
    Eigen::Index group_of(Eigen::Index geo) const { return weights_.cols() == 1 ? 0 : geo; }
    void carry(ConstVecRef x, Vec& out) const;
    void carry_back(const Vec& d_out, Vec& d_x) const;
    void saturate_rows(const Vec& x, Vec& out) const;  // out may be x
    void respond(ConstVecRef x, ConstVecRef reach, Vec& out) const;
    void respond_otherwise() const;
    bool sums_alone() const;
    void sum_response();
    void split();

    const Medium* medium_;
    const Design* design_;
    Eigen::Index column_;
    MediumPosition position_;
    bool linear_;
    MediaCoefficients coefficients_;
    std::optional<TimeVariation> variation_;
    std::shared_ptr<MediumSpace> space_;
    Mat weights_, saturation_;  // a column for each group
    Mat weight_derivatives_;
    Vec outcome_;  // of each geo: the sum that its coefficient is derived from
};

}  // namespace mmm
