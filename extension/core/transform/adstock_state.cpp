#include "core/transform/adstock_state.hpp"

#include <algorithm>
#include <cmath>
#include <new>
#include <string>

#include "core/error.hpp"
#include "core/transform/adstock.hpp"

namespace mmm {

namespace {

std::size_t slots(int max_lag) {
    return max_lag == unlimited_lag ? 0 : static_cast<std::size_t>(max_lag) + 1;
}

}  // namespace

std::size_t AdstockState::bytes(int max_lag) {
    return sizeof(AdstockState) + 3 * slots(max_lag) * sizeof(double);
}

double* AdstockState::weights() { return reinterpret_cast<double*>(this + 1); }
double* AdstockState::ring() { return weights() + slots(max_lag); }
const double* AdstockState::weights() const { return reinterpret_cast<const double*>(this + 1); }
const double* AdstockState::ring() const { return weights() + slots(max_lag); }

AdstockState* AdstockState::create(void* memory, AdstockFamily family, double p1, double p2, int max_lag,
                                   bool normalize) {
    if (max_lag != unlimited_lag && (max_lag < 0 || max_lag > max_adstock_lag))
        throw Error(ErrorKind::invalid_argument, "max_lag = " + std::to_string(max_lag) + " is outside its range", {},
                    "Use a max_lag from 0 to " + std::to_string(max_adstock_lag) + ".");
    const double parameters[2] = {p1, p2};
    check_adstock_parameters(family, parameters);
    auto* state = new (memory) AdstockState{};
    state->max_lag = max_lag;
    state->parameters[0] = p1;
    state->parameters[1] = p2;
    state->family = static_cast<int>(family);
    state->normalize = normalize ? 1 : 0;
    const auto n = static_cast<Eigen::Index>(slots(max_lag));
    if (n > 0) {
        Mat derivatives(n, max_adstock_parameters);
        Eigen::Map<Vec> weights(state->weights(), n);
        adstock_weights({family, max_lag, normalize}, parameters, weights, derivatives);
        weights.reverseInPlace();
        std::fill_n(state->ring(), 2 * n, 0.0);
    }
    return state;
}

bool AdstockState::same(AdstockFamily other, double p1, double p2, int lag, bool normalise) const {
    return family == static_cast<int>(other) && parameters[0] == p1 && (parameters[1] == p2) && max_lag == lag &&
           (normalize != 0) == normalise;
}

void AdstockState::push(double x) {
    if (max_lag == unlimited_lag) {
        carried = x + parameters[0] * carried;
        return;
    }
    position = position == max_lag ? 0 : position + 1;
    ring()[position] = ring()[position + max_lag + 1] = x;
}

double AdstockState::value() const {
    if (max_lag == unlimited_lag) return normalize != 0 ? (1 - parameters[0]) * carried : carried;
    const double* w = weights();
    const double* x = ring() + position + 1;
    // Four sums, as one would wait for each addition.
    double a = 0, b = 0, c = 0, d = 0;
    int lag = 0;
    for (; lag + 4 <= max_lag + 1; lag += 4) {
        a += w[lag] * x[lag];
        b += w[lag + 1] * x[lag + 1];
        c += w[lag + 2] * x[lag + 2];
        d += w[lag + 3] * x[lag + 3];
    }
    for (; lag <= max_lag; ++lag) a += w[lag] * x[lag];
    return (a + b) + (c + d);
}

}  // namespace mmm
