#include "core/planner/medium_rows.hpp"

#include <array>

#include "core/transform/saturation_values.hpp"

namespace mmm {

MediumRows::MediumRows(const FittedModel& model, std::size_t medium, const Vec& kpi, const Vec& revenue,
                       const Vec& window, Carryover carryover)
    : medium_(&model.spec.media[medium]),
      position_(model.layout.media[medium]),
      carryover_(carryover),
      periods_(model.design.n_periods),
      geos_(model.design.n_geos),
      linear_(medium_->has_frequency() || medium_->saturation.family == SaturationFamily::none),
      coefficients_(model.spec, model.layout, model.design, medium),
      kpi_(kpi),
      revenue_(revenue),
      window_(window),
      exposure_(model.design.media.col(static_cast<Eigen::Index>(medium))) {
    const auto column = static_cast<Eigen::Index>(medium);
    if (medium_->has_frequency()) reach_ = model.design.reach.col(column);
    planned_exposure_ = medium_->has_frequency() ? exposure_ : planned(exposure_);
    if (medium_->has_frequency()) planned_reach_ = planned(reach_);
    if (has_alternative(*medium_)) {
        const Vec other = model.design.alternative.col(column);
        other_exposure_ = medium_->has_frequency() ? exposure_ : other;
        if (medium_->has_frequency()) other_reach_ = other;
    }
    const Eigen::Index groups = position_.transforms_by_geo() ? geos_ : 1;
    weights_ = Mat::Zero(medium_->adstock.form.max_lag + 1, groups);
    saturation_ = Mat::Zero(max_saturation_parameters, groups);
    weight_derivatives_ = Mat::Zero(weights_.rows(), max_adstock_parameters);
    carried_ = response_ = other_response_ = saturated_ = slope_ = Vec::Zero(exposure_.size());
    if (carries_back()) {
        kpi_back_ = Vec::Zero(exposure_.size());
        if (revenue_.size() > 0) revenue_back_ = kpi_back_;
        slope_ = planned_exposure_;
    }
    if (carryover_ == Carryover::after && !linear_) base_ = exposure_ - slope_;
}

void MediumRows::read_parameters(ConstVecRef parameters) {
    std::array<double, max_adstock_parameters> adstock{};
    const auto n_adstock = static_cast<std::size_t>(adstock_parameter_count(medium_->adstock.form.family));
    const auto n_saturation = static_cast<std::size_t>(saturation_parameter_count(medium_->saturation.family));
    for (Eigen::Index g = 0; g < groups(); ++g) {
        for (std::size_t p = 0; p < n_adstock; ++p) adstock[p] = parameters[position_.adstock[p].at(g)];
        for (std::size_t p = 0; p < n_saturation; ++p)
            saturation_(static_cast<Eigen::Index>(p), g) = parameters[position_.saturation[p].at(g)];
        adstock_weights(medium_->adstock.form, adstock.data(), weights_.col(g), weight_derivatives_);
    }
}

// Nothing carries over from one geo into the next.
void MediumRows::carry(const Vec& x, Vec& out) const {
    for (Eigen::Index g = 0; g < geos_; ++g)
        adstock_forward(x.segment(g * periods_, periods_), weights_.col(group_of(g)),
                        out.segment(g * periods_, periods_));
}

void MediumRows::carry_back(const Vec& d_out, Vec& d_x) const {
    for (Eigen::Index g = 0; g < geos_; ++g)
        adstock_reverse_input(weights_.col(group_of(g)), d_out.segment(g * periods_, periods_),
                              d_x.segment(g * periods_, periods_));
}

void MediumRows::saturate_rows(Vec& x) const {
    const SaturationFamily family = medium_->saturation.family;
    if (groups() == 1) return saturate(family, saturation_(0, 0), saturation_(1, 0), x);
    for (Eigen::Index g = 0; g < geos_; ++g)
        saturate(family, saturation_(0, g), saturation_(1, g), x.segment(g * periods_, periods_));
}

// With adstock first, leaves the adstocked exposure in carried_.
void MediumRows::respond(const Vec& x, const Vec& reach, Vec& out) {
    if (!medium_->saturation_first) {
        carry(x, carried_);
        out = carried_;
        return saturate_rows(out);
    }
    saturated_ = x;
    saturate_rows(saturated_);
    if (reach.size() > 0) saturated_ = saturated_.cwiseProduct(reach);
    carry(saturated_, out);
}

void MediumRows::load(ConstVecRef parameters) {
    read_parameters(parameters);
    if (coefficients_.derived()) {
        if (other_exposure_.size() > 0) respond(other_exposure_, other_reach_, other_response_);
        respond(exposure_, reach_, response_);
    } else if (!medium_->saturation_first) {
        carry(exposure_, carried_);
    }
    coefficients_.forward(response_, other_exposure_.size() > 0 ? other_response_ : Vec(), parameters);
    split();
}

void MediumRows::split() {
    if (linear_) {
        respond(planned_exposure_, planned_reach_, slope_);
    } else if (carries_back()) {
        carry_back(kpi_, kpi_back_);
        if (revenue_.size() > 0) carry_back(revenue_, revenue_back_);
    } else if (carryover_ == Carryover::steady) {
        slope_ = carried_;
    } else {
        carry(planned_exposure_, slope_);
        // Rounding must not leave a saturation to be taken of a negative exposure.
        base_ = (carried_ - slope_).cwiseMax(0);
    }
}

std::vector<bool> MediumRows::moved_rows() const {
    const Vec counts = (kpi_.array() != 0).cast<double>();
    const Vec spent = ((medium_->has_frequency() ? planned_reach_ : planned_exposure_).array() != 0).cast<double>();
    const Vec every_lag = Vec::Ones(weights_.rows());
    Vec counted = counts, moved = spent;
    for (Eigen::Index begin = 0; begin < counts.size(); begin += periods_) {
        if (carries_back())
            adstock_reverse_input(every_lag, counts.segment(begin, periods_), counted.segment(begin, periods_));
        else
            adstock_forward(spent.segment(begin, periods_), every_lag, moved.segment(begin, periods_));
    }
    std::vector<bool> rows;
    for (Eigen::Index row = 0; row < counts.size(); ++row) rows.push_back(counted[row] != 0 && moved[row] != 0);
    return rows;
}

}  // namespace mmm
