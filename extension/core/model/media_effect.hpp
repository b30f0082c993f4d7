// From one medium's exposure to its response s_t = saturation(adstock(x))_t, and back.
#pragma once

#include "core/eigen.hpp"
#include "core/model/specification.hpp"

namespace mmm {

// Working space of one medium, allocated once.
struct MediumTape {
    Vec weights, d_weights;
    Mat weight_derivatives;
    Vec carried;            // adstocked exposure; with saturation first, the saturated exposure
    Vec d_carried;
    SaturationTape saturation;
    Vec response;
    const StopFlag* stop = nullptr;  // looked at between the lags of an adstock, where set

    MediumTape() = default;
    MediumTape(const Medium& medium, Eigen::Index periods);
};

// Fills tape.response for exposure `x` (in the model's scale).
void media_forward(const Medium& medium, ConstVecRef x, const double* adstock, const double* saturation,
                   MediumTape& tape);

// After media_forward with the same x: adds d f / d parameter, given d_response = d f / d response.
void media_reverse(const Medium& medium, ConstVecRef x, ConstVecRef d_response, MediumTape& tape, double* d_adstock,
                   double* d_saturation);

}  // namespace mmm
