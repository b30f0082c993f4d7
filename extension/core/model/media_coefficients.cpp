#include "core/model/media_coefficients.hpp"

#include <cmath>

namespace mmm {

MediaCoefficients::MediaCoefficients(const Specification& spec, const Layout& layout, const Design& design, std::size_t medium)
    : design_(&design),
      kernels_(&kernels()),
      position_(layout.media[medium]),
      medium_(medium),
      kind_(spec.media[medium].effect),
      geo_effect_(spec.media[medium].geo_effect),
      treatment_baseline_(design.media_baseline[static_cast<Eigen::Index>(medium)]),
      by_geo_(Vec::Zero(design.n_geos)),
      incremental_(by_geo_),
      stretch_(Vec::Ones(design.n_geos)),
      d_incremental_(by_geo_),
      revenue_sums_(by_geo_) {
    if (treatment_baseline_ == 0) return;
    for (Eigen::Index g = 0; g < design.n_geos; ++g)
        revenue_sums_[g] = design.revenue_of(kind_).segment(g * design.n_periods, design.n_periods).sum();
}

double MediaCoefficients::unit() const {
    const double spend = design_->spend_total[static_cast<Eigen::Index>(medium_)];
    switch (kind_) {
        case EffectKind::roi: return spend;
        case EffectKind::mroi: return marginal_step * spend;
        case EffectKind::contribution: return design_->outcome_total;
        case EffectKind::coefficient: break;
    }
    return 1;
}

// c_g
void MediaCoefficients::sum_up(ConstVecRef response, ConstVecRef other) {
    const Eigen::Index periods = design_->n_periods;
    const Vec& revenue = design_->revenue_of(kind_);
    // mROI: what the alternative brings more; calibration: what it lacks.
    const double sign = kind_ == EffectKind::mroi ? -1 : 1;
    for (Eigen::Index g = 0; g < by_geo_.size(); ++g) {
        const double* w = revenue.data() + g * periods;
        incremental_[g] = kernels_->dot(w, response.data() + g * periods, periods);
        if (other.size() > 0) incremental_[g] = sign * (incremental_[g] - kernels_->dot(w, other.data() + g * periods, periods));
    }
}

// b, from the effect that it is derived from.
void MediaCoefficients::set_common(ConstVecRef parameters) {
    if (treatment_baseline_ != 0) incremental_ -= treatment_baseline_ * revenue_sums_;
    const double outcome = parameters[position_.effect.first] * unit();
    if (geo_effect_ == GeoEffect::log_normal) {
        denominator_ = incremental_.dot(stretch_);
        common_ = outcome / denominator_;
        return;
    }
    denominator_ = incremental_.sum();
    common_ = outcome;
    if (geo_effect_ == GeoEffect::normal) common_ -= incremental_.dot(parameters.segment(position_.geo_deviation, by_geo_.size()));
    common_ /= denominator_;
}

void MediaCoefficients::set(ConstVecRef parameters) {
    const auto deviations = [&](Eigen::Index g) { return parameters[position_.geo_deviation + g]; };
    if (geo_effect_ == GeoEffect::log_normal)
        for (Eigen::Index g = 0; g < by_geo_.size(); ++g) stretch_[g] = std::exp(deviations(g));
    if (derived()) set_common(parameters);
    for (Eigen::Index g = 0; g < by_geo_.size(); ++g) {
        const double b = derived() ? common_ : parameters[position_.effect.at(g)];
        by_geo_[g] = geo_effect_ == GeoEffect::log_normal ? b * stretch_[g]
                     : geo_effect_ == GeoEffect::normal   ? b + deviations(g)
                                                          : b;
    }
}

void MediaCoefficients::forward(ConstVecRef response, ConstVecRef other, ConstVecRef parameters) {
    if (derived()) sum_up(response, other);
    set(parameters);
}

void MediaCoefficients::forward_summed(ConstVecRef outcome, ConstVecRef parameters) {
    incremental_ = outcome;
    set(parameters);
}

void MediaCoefficients::reverse(ConstVecRef d_by_geo, VecRef d_parameters) {
    d_incremental_.setZero();
    if (derived()) reverse_derived(d_by_geo, d_parameters);
    else reverse_given(d_by_geo, d_parameters);
}

void MediaCoefficients::reverse_given(ConstVecRef d_by_geo, VecRef d_parameters) {
    for (Eigen::Index g = 0; g < by_geo_.size(); ++g) {
        const bool stretched = geo_effect_ == GeoEffect::log_normal;
        d_parameters[position_.effect.at(g)] += d_by_geo[g] * (stretched ? stretch_[g] : 1);
        if (geo_effect_ != GeoEffect::common)
            d_parameters[position_.geo_deviation + g] += d_by_geo[g] * (stretched ? by_geo_[g] : 1);
    }
}

void MediaCoefficients::reverse_derived(ConstVecRef d_by_geo, VecRef d_parameters) {
    if (geo_effect_ == GeoEffect::log_normal) {
        const double d_common = d_by_geo.dot(stretch_), d_denominator = -common_ * d_common / denominator_;
        d_parameters[position_.effect.first] += d_common * unit() / denominator_;
        for (Eigen::Index g = 0; g < by_geo_.size(); ++g) {
            d_parameters[position_.geo_deviation + g] += stretch_[g] * (d_by_geo[g] * common_ + d_denominator * incremental_[g]);
            d_incremental_[g] = d_denominator * stretch_[g];
        }
        return;
    }
    const double d_common = d_by_geo.sum();
    d_parameters[position_.effect.first] += d_common * unit() / denominator_;
    for (Eigen::Index g = 0; g < by_geo_.size(); ++g) {
        double deviation = 0;
        if (geo_effect_ == GeoEffect::normal) {
            deviation = by_geo_[g] - common_;
            d_parameters[position_.geo_deviation + g] += d_by_geo[g] - d_common * incremental_[g] / denominator_;
        }
        d_incremental_[g] = -d_common / denominator_ * (deviation + common_);
    }
}

}  // namespace mmm
