#include "core/planner/medium_rows.hpp"

#include <array>

#include "core/transform/saturation.hpp"

namespace mmm {

MediumRows::MediumRows(const FittedModel& model, std::size_t medium, std::shared_ptr<MediumSpace> space)
    : medium_(&model.spec.media[medium]),
      design_(&model.design),
      column_(static_cast<Eigen::Index>(medium)),
      position_(model.layout.media[medium]),
      linear_(medium_->has_frequency() || medium_->saturation.family == SaturationFamily::none),
      coefficients_(model.spec, model.layout, model.design, medium),
      space_(std::move(space)) {
    const int which = model.layout.media_variation[medium];
    if (which >= 0)
        variation_.emplace(model.layout.variations[static_cast<std::size_t>(which)],
                           model.design.variations[static_cast<std::size_t>(which)]);
    const Eigen::Index groups = position_.transforms_by_geo() ? design_->n_geos : 1;
    weights_ = Mat::Zero(medium_->adstock.form.max_lag + 1, groups);
    saturation_ = Mat::Zero(max_saturation_parameters, groups);
    weight_derivatives_ = Mat::Zero(weights_.rows(), max_adstock_parameters);
    for (Vec* v : {&space_->carried, &space_->response, &space_->other, &space_->slope, &space_->kpi_back})
        v->setZero(design_->rows());
    space_->revenue_back.setZero(space_->revenue.size());
    outcome_ = Vec::Zero(design_->n_geos);
}

Eigen::Map<const Vec> MediumRows::reach() const {
    if (!medium_->has_frequency()) return {nullptr, 0};
    return {design_->reach.col(column_).data(), design_->rows()};
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
void MediumRows::carry(ConstVecRef x, Vec& out) const {
    const Eigen::Index periods = design_->n_periods;
    for (Eigen::Index g = 0; g < design_->n_geos; ++g)
        adstock_forward(x.segment(g * periods, periods), weights_.col(group_of(g)), out.segment(g * periods, periods));
}

void MediumRows::carry_back(const Vec& d_out, Vec& d_x) const {
    const Eigen::Index periods = design_->n_periods;
    for (Eigen::Index g = 0; g < design_->n_geos; ++g)
        adstock_reverse_input(weights_.col(group_of(g)), d_out.segment(g * periods, periods),
                              d_x.segment(g * periods, periods));
}

void MediumRows::saturate_rows(const Vec& x, Vec& out) const {
    const Eigen::Index rows = groups() == 1 ? x.size() : design_->n_periods;
    out.resize(x.size());
    for (Eigen::Index g = 0; g < groups(); ++g) {
        const SaturationCurve curve = saturation_curve(medium_->saturation.family, saturation_(0, g), saturation_(1, g), true, kernels());
        curve.kernel->value(x.data() + g * rows, rows, curve.a, curve.b, out.data() + g * rows);
    }
}

// With adstock first, leaves the adstocked exposure in `carried`.
void MediumRows::respond(ConstVecRef x, ConstVecRef reach, Vec& out) const {
    if (!medium_->saturation_first) {
        carry(x, space_->carried);
        return saturate_rows(space_->carried, out);
    }
    Vec& saturated = space_->saturated;
    saturated = x;
    saturate_rows(saturated, saturated);
    if (reach.size() > 0) saturated = saturated.cwiseProduct(reach);
    carry(saturated, out);
}

// Under the other scenario of the medium's prior.
void MediumRows::respond_otherwise() const {
    const auto other = design_->alternative.col(column_);
    if (medium_->has_frequency())
        respond(exposure(), other, space_->other);
    else
        respond(other, reach(), space_->other);
}

const Vec& MediumRows::variation() const {
    static const Vec none;
    return variation_ ? variation_->value() : none;
}

void MediumRows::vary(Vec& rows) const {
    const Vec& v = variation();
    for (Eigen::Index begin = 0; v.size() > 0 && begin < rows.size(); begin += v.size())
        rows.segment(begin, v.size()) = rows.segment(begin, v.size()).cwiseProduct(v);
}

void MediumRows::load(ConstVecRef parameters) {
    static const Vec none;
    read_parameters(parameters);
    if (variation_) {
        variation_->forward(parameters);
        space_->kpi_varied = space_->kpi;
        space_->revenue_varied = space_->revenue;
        vary(space_->kpi_varied);
        vary(space_->revenue_varied);
    }
    const bool compares = has_alternative(*medium_);
    if (sums_alone()) {
        carry(exposure(), space_->carried);
        sum_response();
        coefficients_.forward_summed(outcome_, parameters);
        return split();
    }
    if (coefficients_.derived()) {
        if (compares) {
            respond_otherwise();
            vary(space_->other);
        }
        respond(exposure(), reach(), space_->response);
        vary(space_->response);
    } else if (!medium_->saturation_first) {
        carry(exposure(), space_->carried);
    }
    coefficients_.forward(space_->response, compares ? space_->other : none, parameters);
    split();
}

// Whether coefficients follow from sums of the response, which then need not be written down.
bool MediumRows::sums_alone() const {
    return coefficients_.derived() && !medium_->saturation_first && !has_alternative(*medium_) && !variation_;
}

void MediumRows::sum_response() {
    const Vec& revenue = design_->revenue_of(medium_->effect);
    const Eigen::Index periods = design_->n_periods;
    for (Eigen::Index g = 0; g < design_->n_geos; ++g) {
        const Eigen::Index own = group_of(g);
        const SaturationCurve curve = saturation_curve(medium_->saturation.family, saturation_(0, own), saturation_(1, own), true, kernels());
        double sums[2];
        curve.kernel->sum(space_->carried.data() + g * periods, nullptr, periods, 1, curve.a, curve.b, revenue.data() + g * periods, nullptr, sums);
        outcome_[g] = sums[0];
    }
}

void MediumRows::split() {
    MediumSpace& s = *space_;
    if (medium_->has_frequency()) {
        if (steady()) return respond(exposure(), reach(), s.slope);
        s.planned = reach().cwiseProduct(s.window);
        return respond(exposure(), s.planned, s.slope);
    }
    // The adstocked exposure is there; nothing else reads it.
    if (steady() && !linear_ && !carries_back()) return s.slope.swap(s.carried);
    s.planned = exposure();
    if (!steady()) s.planned = s.planned.cwiseProduct(s.window);
    if (linear_) return respond(s.planned, reach(), s.slope);
    if (carries_back()) {
        s.slope = s.planned;
        if (!steady()) s.base = exposure() - s.planned;
        carry_back(kpi(), s.kpi_back);
        if (s.revenue.size() > 0) carry_back(revenue(), s.revenue_back);
    } else {
        carry(s.planned, s.slope);
        // Rounding must not leave a saturation to be taken of a negative exposure.
        s.base = (s.carried - s.slope).cwiseMax(0);
    }
}

std::vector<bool> MediumRows::moved_rows() const {
    Vec spent = medium_->has_frequency() ? Vec(reach()) : Vec(exposure());
    if (!steady()) spent = spent.cwiseProduct(space_->window);
    spent = (spent.array() != 0).cast<double>();
    const Vec counts = (space_->kpi.array() != 0).cast<double>(), every_lag = Vec::Ones(weights_.rows());
    Vec counted = counts, moved = spent;
    const Eigen::Index periods = design_->n_periods;
    for (Eigen::Index begin = 0; begin < counts.size(); begin += periods) {
        if (carries_back())
            adstock_reverse_input(every_lag, counts.segment(begin, periods), counted.segment(begin, periods));
        else
            adstock_forward(spent.segment(begin, periods), every_lag, moved.segment(begin, periods));
    }
    std::vector<bool> rows;
    for (Eigen::Index row = 0; row < counts.size(); ++row) rows.push_back(counted[row] != 0 && moved[row] != 0);
    return rows;
}

}  // namespace mmm
