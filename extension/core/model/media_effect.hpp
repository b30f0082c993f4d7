// From one medium's exposure to its response s_t = saturation(adstock(x))_t, and back. A column may hold several geos one
// after the other: nothing is carried from one into the next. With reach and frequency, s = adstock(reach * saturation(x)).
#pragma once

#include "core/eigen.hpp"
#include "core/model/specification.hpp"

namespace mmm {

// Working space of one medium, allocated once.
struct MediumTape {
    Vec weights, d_weights, d_geo_weights;
    Mat weight_derivatives;
    Vec carried;            // adstocked exposure; with saturation first, the saturated exposure
    Vec d_carried;
    SaturationTape saturation;
    Vec response;
    const StopFlag* stop = nullptr;  // looked at between the lags of an adstock, where set

    Eigen::Index periods = 0;        // of one geo

    MediumTape() = default;
    MediumTape(const Medium& medium, Eigen::Index rows, Eigen::Index periods_of_a_geo);
};

// Fills tape.response for exposure `x` (in the model's scale); `reach` has no elements except for reach and frequency.
void media_forward(const Medium& medium, ConstVecRef x, ConstVecRef reach, const double* adstock, const double* saturation,
                   MediumTape& tape);

// After media_forward with the same x: adds d f / d parameter, given d_response = d f / d response.
void media_reverse(const Medium& medium, ConstVecRef x, ConstVecRef reach, ConstVecRef d_response, MediumTape& tape,
                   double* d_adstock, double* d_saturation);

}  // namespace mmm
