#include "core/model/media_effect.hpp"

namespace mmm {

MediumTape::MediumTape(const Medium& medium, Eigen::Index periods)
    : weights(Vec::Zero(medium.adstock.form.max_lag + 1)),
      d_weights(weights),
      weight_derivatives(Mat::Zero(weights.size(), max_adstock_parameters)),
      carried(Vec::Zero(periods)),
      d_carried(carried),
      response(carried) {
    saturation.resize(periods);
}

void media_forward(const Medium& medium, ConstVecRef x, const double* adstock, const double* saturation,
                   MediumTape& tape) {
    const int n_saturation = saturation_parameter_count(medium.saturation.family);
    const double p1 = n_saturation > 0 ? saturation[0] : 0, p2 = n_saturation > 1 ? saturation[1] : 0;
    adstock_weights(medium.adstock.form, adstock, tape.weights, tape.weight_derivatives);
    if (medium.saturation_first) {
        saturation_forward(medium.saturation.family, x, p1, p2, tape.saturation);
        tape.carried = tape.saturation.value;
        adstock_forward(tape.carried, tape.weights, tape.response, tape.stop);
    } else {
        adstock_forward(x, tape.weights, tape.carried, tape.stop);
        saturation_forward(medium.saturation.family, tape.carried, p1, p2, tape.saturation);
        tape.response = tape.saturation.value;
    }
}

void media_reverse(const Medium& medium, ConstVecRef x, ConstVecRef d_response, MediumTape& tape, double* d_adstock,
                   double* d_saturation) {
    const int n_adstock = adstock_parameter_count(medium.adstock.form.family);
    const int n_saturation = saturation_parameter_count(medium.saturation.family);
    // Gradient at the output of the saturation.
    if (medium.saturation_first) {
        if (n_saturation > 0) adstock_reverse_input(tape.weights, d_response, tape.d_carried, tape.stop);
        if (n_adstock > 0) adstock_reverse_weights(tape.carried, d_response, tape.d_weights, tape.stop);
    } else {
        tape.d_carried = d_response;
    }
    if (n_saturation > 0) d_saturation[0] += tape.d_carried.dot(tape.saturation.d_first);
    if (n_saturation > 1) d_saturation[1] += tape.d_carried.dot(tape.saturation.d_second);
    if (!medium.saturation_first && n_adstock > 0) {
        tape.d_carried = tape.d_carried.cwiseProduct(tape.saturation.d_input);
        adstock_reverse_weights(x, tape.d_carried, tape.d_weights, tape.stop);
    }
    for (int p = 0; p < n_adstock; ++p) d_adstock[p] += tape.d_weights.dot(tape.weight_derivatives.col(p));
}

}  // namespace mmm
