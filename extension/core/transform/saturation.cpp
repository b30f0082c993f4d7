#include "core/transform/saturation.hpp"

#include <cmath>
#include <string>

#include "core/error.hpp"
#include "core/format.hpp"

namespace mmm {

namespace {

const double log_3 = std::log(3.0);

void hill_slope_one(ConstVecRef x, double half, SaturationTape& t) {
    t.d_second = (x.array() + half).inverse().matrix();  // scratch: 1 / (x + k)
    t.value = x.cwiseProduct(t.d_second);
    t.d_input = half * t.d_second.array().square();
    t.d_first = -t.value.cwiseProduct(t.d_second);
    // Nearly half of a whole gradient where the slope is fixed and nobody reads this.
    if (!t.wants_second) return;
    // dh/ds = h (1 - h) ln(x / k)
    for (Eigen::Index i = 0; i < x.size(); ++i)
        t.d_second[i] = x[i] > 0 ? t.value[i] * (1 - t.value[i]) * std::log(x[i] / half) : 0;
}

void hill(ConstVecRef x, double half, double slope, SaturationTape& t) {
    if (slope == 1) return hill_slope_one(x, half, t);
    for (Eigen::Index i = 0; i < x.size(); ++i) {
        if (!(x[i] > 0)) {
            t.value[i] = t.d_input[i] = t.d_first[i] = t.d_second[i] = 0;
            continue;
        }
        const double log_ratio = std::log(x[i] / half);
        const double h = 1 / (1 + std::exp(-slope * log_ratio));
        const double q = h * (1 - h);
        t.value[i] = h;
        t.d_input[i] = slope * q / x[i];
        t.d_first[i] = -slope * q / half;
        t.d_second[i] = q * log_ratio;
    }
}

// tanh(c x), its derivative by x, and x (1 - h^2): Eigen's exp is vectorised for doubles, its tanh is not.
void hyperbolic(ConstVecRef x, double c, SaturationTape& t) {
    t.d_first = (-2 * c * x.array()).exp().matrix();
    t.value = (1 - t.d_first.array()) / (1 + t.d_first.array());
    t.d_first = 1 - t.value.array().square();
    t.d_input = c * t.d_first;
    t.d_first = t.d_first.cwiseProduct(x);
}

void logistic(ConstVecRef x, double rate, SaturationTape& t) {
    hyperbolic(x, rate / 2, t);
    t.d_first *= 0.5;
}

void inverse_scaled(ConstVecRef x, double half, SaturationTape& t) {
    hyperbolic(x, log_3 / (2 * half), t);
    t.d_first *= -log_3 / (2 * half * half);
}

void tanh_scale(ConstVecRef x, double scale, SaturationTape& t) {
    hyperbolic(x, 1 / scale, t);
    t.d_first *= -1 / (scale * scale);
}

void michaelis_menten(ConstVecRef x, double half, SaturationTape& t) {
    t.d_first = (x.array() + half).inverse().matrix();
    t.value = x.cwiseProduct(t.d_first);
    t.d_input = half * t.d_first.array().square();
    t.d_first = -t.value.cwiseProduct(t.d_first);
}

void root(ConstVecRef x, double power, SaturationTape& t) {
    for (Eigen::Index i = 0; i < x.size(); ++i) {
        const bool positive = x[i] > 0;
        const double log_x = positive ? std::log(x[i]) : 0;
        t.value[i] = positive ? std::exp(power * log_x) : 0;
        t.d_input[i] = positive ? power * t.value[i] / x[i] : 0;
        t.d_first[i] = t.value[i] * log_x;
    }
}

}  // namespace

int saturation_parameter_count(SaturationFamily family) {
    switch (family) {
        case SaturationFamily::none:
        case SaturationFamily::log: return 0;
        case SaturationFamily::hill: return 2;
        default: return 1;
    }
}

void SaturationTape::resize(Eigen::Index n) {
    for (Vec* v : {&value, &d_input, &d_first, &d_second}) v->setZero(n);
}

void saturation_forward(SaturationFamily family, ConstVecRef x, double p1, double p2, SaturationTape& tape) {
    switch (family) {
        case SaturationFamily::none:
            tape.value = x;
            tape.d_input.setOnes();
            return;
        case SaturationFamily::hill: return hill(x, p1, p2, tape);
        case SaturationFamily::logistic: return logistic(x, p1, tape);
        case SaturationFamily::inverse_scaled_logistic: return inverse_scaled(x, p1, tape);
        case SaturationFamily::tanh: return tanh_scale(x, p1, tape);
        case SaturationFamily::michaelis_menten: return michaelis_menten(x, p1, tape);
        case SaturationFamily::root: return root(x, p1, tape);
        case SaturationFamily::log:
            for (Eigen::Index i = 0; i < x.size(); ++i) tape.value[i] = std::log1p(x[i]);
            tape.d_input = (1 + x.array()).inverse().matrix();
            return;
    }
}

namespace {

void require_positive(const char* name, double value) {
    if (value > 0 && std::isfinite(value)) return;
    throw Error(ErrorKind::invalid_argument,
                std::string("saturation parameter ") + name + " = " + format_number(value) + " is outside its range", {},
                std::string("Use a finite ") + name + " above 0.");
}

}  // namespace

double saturation_value(SaturationFamily family, double x, double p1, double p2) {
    if (!(x >= 0) || !std::isfinite(x))
        throw Error(ErrorKind::invalid_argument, "x = " + format_number(x) + " is outside its range", {},
                    "Saturation is defined for a finite exposure x of 0 or more.");
    switch (family) {
        case SaturationFamily::none: return x;
        case SaturationFamily::log: return std::log1p(x);
        case SaturationFamily::hill:
            require_positive("half", p1);
            require_positive("slope", p2);
            break;
        case SaturationFamily::inverse_scaled_logistic:
        case SaturationFamily::michaelis_menten: require_positive("half", p1); break;
        case SaturationFamily::logistic: require_positive("rate", p1); break;
        case SaturationFamily::tanh: require_positive("scale", p1); break;
        case SaturationFamily::root: require_positive("power", p1); break;
    }
    // The engine's own kernel on one element, so that SQL and fits never differ.
    thread_local SaturationTape tape;
    thread_local Vec input(1);
    if (tape.value.size() != 1) tape.resize(1);
    input[0] = x;
    saturation_forward(family, input, p1, p2, tape);
    return tape.value[0];
}

}  // namespace mmm
