#include "core/model/media_effect.hpp"

namespace mmm {

namespace {

// Calls `each(begin, length)` for the rows of each geo.
template <typename Each>
void for_each_geo(const MediumTape& tape, Each&& each) {
    for (Eigen::Index begin = 0; begin < tape.response.size(); begin += tape.periods) each(begin, tape.periods);
}

void carry_over(ConstVecRef x, MediumTape& tape, Vec& out) {
    for_each_geo(tape, [&](Eigen::Index begin, Eigen::Index n) {
        adstock_forward(x.segment(begin, n), tape.weights, out.segment(begin, n), tape.stop);
    });
}

// tape.d_weights: summed over geos.
void reverse_weights(ConstVecRef x, ConstVecRef d_out, MediumTape& tape) {
    tape.d_weights.setZero();
    for_each_geo(tape, [&](Eigen::Index begin, Eigen::Index n) {
        adstock_reverse_weights(x.segment(begin, n), d_out.segment(begin, n), tape.d_geo_weights, tape.stop);
        tape.d_weights += tape.d_geo_weights;
    });
}

}  // namespace

MediumTape::MediumTape(const Medium& medium, Eigen::Index rows, Eigen::Index periods_of_a_geo)
    : weights(Vec::Zero(medium.adstock.form.max_lag + 1)),
      d_weights(weights),
      d_geo_weights(weights),
      weight_derivatives(Mat::Zero(weights.size(), max_adstock_parameters)),
      carried(Vec::Zero(rows)),
      d_carried(carried),
      response(carried),
      periods(periods_of_a_geo) {
    saturation.resize(rows);
    saturation.wants_second = !medium.saturation.priors[1].is_fixed();
}

void media_forward(const Medium& medium, ConstVecRef x, ConstVecRef reach, const double* adstock, const double* saturation,
                   MediumTape& tape) {
    const int n_saturation = saturation_parameter_count(medium.saturation.family);
    const double p1 = n_saturation > 0 ? saturation[0] : 0, p2 = n_saturation > 1 ? saturation[1] : 0;
    adstock_weights(medium.adstock.form, adstock, tape.weights, tape.weight_derivatives);
    if (medium.saturation_first) {
        saturation_forward(medium.saturation.family, x, p1, p2, tape.saturation);
        tape.carried = tape.saturation.value;
        if (reach.size() > 0) tape.carried = tape.carried.cwiseProduct(reach);
        carry_over(tape.carried, tape, tape.response);
    } else {
        carry_over(x, tape, tape.carried);
        saturation_forward(medium.saturation.family, tape.carried, p1, p2, tape.saturation);
        tape.response = tape.saturation.value;
    }
}

void media_reverse(const Medium& medium, ConstVecRef x, ConstVecRef reach, ConstVecRef d_response, MediumTape& tape,
                   double* d_adstock, double* d_saturation) {
    const int n_adstock = adstock_parameter_count(medium.adstock.form.family);
    const int n_saturation = saturation_parameter_count(medium.saturation.family);
    // Gradient at the output of the saturation.
    if (medium.saturation_first) {
        if (n_saturation > 0) {
            for_each_geo(tape, [&](Eigen::Index begin, Eigen::Index n) {
                adstock_reverse_input(tape.weights, d_response.segment(begin, n), tape.d_carried.segment(begin, n), tape.stop);
            });
            if (reach.size() > 0) tape.d_carried = tape.d_carried.cwiseProduct(reach);
        }
        if (n_adstock > 0) reverse_weights(tape.carried, d_response, tape);
    } else {
        tape.d_carried = d_response;
    }
    if (n_saturation > 0) d_saturation[0] += tape.d_carried.dot(tape.saturation.d_first);
    if (n_saturation > 1 && tape.saturation.wants_second) d_saturation[1] += tape.d_carried.dot(tape.saturation.d_second);
    if (!medium.saturation_first && n_adstock > 0) {
        tape.d_carried = tape.d_carried.cwiseProduct(tape.saturation.d_input);
        reverse_weights(x, tape.d_carried, tape);
    }
    for (int p = 0; p < n_adstock; ++p) d_adstock[p] += tape.d_weights.dot(tape.weight_derivatives.col(p));
}

}  // namespace mmm
