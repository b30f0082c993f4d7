// From one medium's exposure to its response s_t = saturation(adstock(x))_t, and back. A column may hold several geos one
// after the other: nothing is carried from one into the next. With reach and frequency, s = adstock(reach * saturation(x)).
//
// The derivatives of the carried-over values by the parameters of adstock are carried over along with them, as every value that
// is read serves all of them. The way back is then sums of products.
#pragma once

#include <vector>

#include "core/eigen.hpp"
#include "core/model/specification.hpp"
#include "core/stop.hpp"

namespace mmm {

// Whether the way back will be asked for.
enum class Gradient { wanted, unwanted };

// Working space of one medium, allocated once.
struct MediumTape {
    std::vector<int> moving;  // the parameters of adstock that derivatives are taken by: those that are not known
    bool known_saturation = false, known_slope = false;
    Mat weights;              // w, then its derivative by each moving parameter
    Mat weight_derivatives;   // by every parameter
    Mat carried;              // what is carried over, then its derivative by each moving parameter
    Vec saturated, exposed;   // with saturation first: the saturated exposure, and it times reach
    Vec d_carried;
    Vec response;
    SaturationCurve curve;
    const Kernels* kernels = nullptr;
    const StopFlag* stop = nullptr;  // looked at from geo to geo, where set
    Eigen::Index periods = 0;        // of one geo

    MediumTape() = default;
    MediumTape(const Medium& medium, Eigen::Index rows, Eigen::Index periods_of_a_geo, Gradient gradient);
};

// Fills tape.response for exposure `x` (in the model's scale); `reach` has no elements except for reach and frequency.
void media_forward(const Medium& medium, ConstVecRef x, ConstVecRef reach, const double* adstock, const double* saturation,
                   MediumTape& tape);

// After media_forward with the same x: adds d f / d parameter, given d_response = d f / d response. Parameters that are known
// get none.
void media_reverse(const Medium& medium, ConstVecRef x, ConstVecRef reach, ConstVecRef d_response, MediumTape& tape,
                   double* d_adstock, double* d_saturation);

}  // namespace mmm
