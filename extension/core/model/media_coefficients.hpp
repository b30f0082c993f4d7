// The coefficient of a medium in each geo, from what is sampled: a coefficient, an ROI, an mROI or a share of the outcome.
//
// With response s, revenue w of a model unit and deviations d_g, and c_g = sum_t w_gt (s_gt - s0_gt) what a coefficient of 1
// brings over the scenario without the medium (s0 = 0, or the medium outside its calibration period; for mROI the difference
// that 1 % more makes):
//   coefficient   b given
//   otherwise     the incremental outcome I is given: roi * spend, mroi * 1 % of spend, contribution * total outcome
//   common        b_g = b                b = I / sum_g c_g
//   normal        b_g = b + d_g          b = (I - sum_g c_g d_g) / sum_g c_g
//   log_normal    b_g = b exp(d_g)       b = I / sum_g c_g exp(d_g)
// The sampled parameter is I's own, so no Jacobian enters (Meridian, model/equations.py).
#pragma once

#include "core/kernel/kernels.hpp"
#include "core/model/design.hpp"
#include "core/model/media_response.hpp"

namespace mmm {

class MediaCoefficients {
public:
    MediaCoefficients(const Specification& spec, const Layout& layout, const Design& design, std::size_t medium);

    // `response`: of the medium as it is; `other`: under the alternative scenario, no elements where there is none.
    void forward(ConstVecRef response, ConstVecRef other, ConstVecRef parameters);

    // The same given sum_t w_gt s_gt of every geo (of s alone where the coefficient is given); without an alternative scenario.
    void forward_summed(ConstVecRef outcome, ConstVecRef parameters);

    // Given d f / d b_g in `d_by_geo`, adds the gradient of effect and deviations. Then d_incremental() is d f / d c_g.
    void reverse(ConstVecRef d_by_geo, VecRef d_parameters);

    const Vec& by_geo() const { return by_geo_; }
    const Vec& d_incremental() const { return d_incremental_; }
    bool derived() const { return kind_ != EffectKind::coefficient; }

private:
    double unit() const;  // I = effect * unit
    void sum_up(ConstVecRef response, ConstVecRef other);
    void set(ConstVecRef parameters);
    void set_common(ConstVecRef parameters);
    void reverse_given(ConstVecRef d_by_geo, VecRef d_parameters);
    void reverse_derived(ConstVecRef d_by_geo, VecRef d_parameters);

    const Design* design_;
    const Kernels* kernels_;
    MediumPosition position_;
    std::size_t medium_;
    EffectKind kind_;
    GeoEffect geo_effect_;
    double treatment_baseline_;
    double common_ = 0;     // b
    double denominator_ = 0;
    Vec by_geo_, incremental_, stretch_, d_incremental_;  // b_g, c_g, exp(d_g)
    Vec revenue_sums_;  // sum_t w_gt, for treatments whose baseline is not 0
};

}  // namespace mmm
