#include "core/model/media_effect.hpp"

namespace mmm {

namespace {

// Calls `each(first row)` for each geo.
template <typename Each>
void for_each_geo(const MediumTape& tape, Each&& each) {
    for (Eigen::Index begin = 0; begin < tape.response.size(); begin += tape.periods) {
        stop_if_asked(tape.stop);
        each(begin);
    }
}

void carry_over(const double* x, Eigen::Index begin, MediumTape& tape) {
    tape.kernels->carry_over(x + begin, tape.periods, tape.weights.data(), tape.weights.rows(), static_cast<int>(tape.weights.cols()),
                             tape.carried.data() + begin, tape.carried.rows());
}

void set_weights(const Medium& medium, const double* adstock, MediumTape& tape) {
    adstock_weights(medium.adstock.form, adstock, tape.weights.col(0), tape.weight_derivatives);
    for (std::size_t i = 0; i < tape.moving.size(); ++i)
        tape.weights.col(static_cast<Eigen::Index>(i) + 1) = tape.weight_derivatives.col(tape.moving[i]);
}

std::vector<int> moving_parameters(const Medium& medium, Gradient gradient) {
    std::vector<int> moving;
    if (gradient == Gradient::unwanted) return moving;
    for (int p = 0; p < adstock_parameter_count(medium.adstock.form.family); ++p)
        if (!medium.adstock.priors[static_cast<std::size_t>(p)].is_fixed()) moving.push_back(p);
    return moving;
}

}  // namespace

MediumTape::MediumTape(const Medium& medium, Eigen::Index rows, Eigen::Index periods_of_a_geo, Gradient gradient)
    : moving(moving_parameters(medium, gradient)),
      known_slope(gradient == Gradient::unwanted || medium.saturation.priors[1].is_fixed()),
      kernels(&mmm::kernels()),
      periods(periods_of_a_geo) {
    const int n_saturation = saturation_parameter_count(medium.saturation.family);
    known_saturation = gradient == Gradient::unwanted || n_saturation == 0 ||
                       (medium.saturation.priors[0].is_fixed() && (n_saturation == 1 || known_slope));
    const auto columns = static_cast<Eigen::Index>(moving.size()) + 1;
    weights = Mat::Zero(medium.adstock.form.max_lag + 1, columns);
    weight_derivatives = Mat::Zero(weights.rows(), max_adstock_parameters);
    carried = Mat::Zero(rows, columns);
    response = Vec::Zero(rows);
    if (!medium.saturation_first) return;
    saturated = response;
    if (medium.has_frequency()) exposed = response;
    if (!known_saturation) d_carried = response;
}

void media_forward(const Medium& medium, ConstVecRef x, ConstVecRef reach, const double* adstock, const double* saturation,
                   MediumTape& tape) {
    const int n_saturation = saturation_parameter_count(medium.saturation.family);
    const double p1 = n_saturation > 0 ? saturation[0] : 0, p2 = n_saturation > 1 ? saturation[1] : 0;
    set_weights(medium, adstock, tape);
    tape.curve = saturation_curve(medium.saturation.family, p1, p2, tape.known_slope, *tape.kernels);
    const SaturationCurve& curve = tape.curve;
    if (!medium.saturation_first) {
        // Geo by geo, so that values are still at hand.
        for_each_geo(tape, [&](Eigen::Index begin) {
            carry_over(x.data(), begin, tape);
            curve.kernel->value(tape.carried.data() + begin, tape.periods, curve.a, curve.b, tape.response.data() + begin);
        });
        return;
    }
    curve.kernel->value(x.data(), x.size(), curve.a, curve.b, tape.saturated.data());
    if (reach.size() > 0) tape.exposed = tape.saturated.cwiseProduct(reach);
    const double* input = reach.size() > 0 ? tape.exposed.data() : tape.saturated.data();
    for_each_geo(tape, [&](Eigen::Index begin) { carry_over(input, begin, tape); });
    tape.response = tape.carried.col(0);
}

namespace {

void reverse_saturation(const double* x, const double* h, const double* d, MediumTape& tape, int columns, double* sums) {
    const SaturationCurve& curve = tape.curve;
    curve.kernel->reverse(x, h, d, tape.response.size(), curve.a, curve.b, !tape.known_slope, tape.carried.data() + tape.carried.rows(),
                          tape.carried.rows(), columns, sums);
}

void reverse_saturation_first(ConstVecRef x, ConstVecRef reach, ConstVecRef d_response, MediumTape& tape, double* sums) {
    for (std::size_t i = 0; i < tape.moving.size(); ++i)
        sums[2 + i] = tape.kernels->dot(d_response.data(), tape.carried.col(static_cast<Eigen::Index>(i) + 1).data(), d_response.size());
    if (tape.known_saturation) return;
    for_each_geo(tape, [&](Eigen::Index begin) {
        tape.kernels->carry_back(d_response.data() + begin, tape.periods, tape.weights.data(), tape.weights.rows(),
                                 tape.d_carried.data() + begin);
    });
    if (reach.size() > 0) tape.d_carried = tape.d_carried.cwiseProduct(reach);
    reverse_saturation(x.data(), tape.saturated.data(), tape.d_carried.data(), tape, 0, sums);
}

}  // namespace

void media_reverse(const Medium& medium, ConstVecRef x, ConstVecRef reach, ConstVecRef d_response, MediumTape& tape,
                   double* d_adstock, double* d_saturation) {
    std::array<double, 2 + max_adstock_parameters> sums{};
    if (medium.saturation_first) reverse_saturation_first(x, reach, d_response, tape, sums.data());
    else
        reverse_saturation(tape.carried.data(), tape.response.data(), d_response.data(), tape, static_cast<int>(tape.moving.size()),
                           sums.data());
    const int n_saturation = saturation_parameter_count(medium.saturation.family);
    if (n_saturation > 0) d_saturation[0] += sums[0] * tape.curve.a_by_first;
    if (n_saturation > 1) d_saturation[1] += sums[1];
    for (std::size_t i = 0; i < tape.moving.size(); ++i) d_adstock[tape.moving[i]] += sums[2 + i];
}

}  // namespace mmm
