#include "core/transform/saturation.hpp"

#include <cmath>
#include <string>

#include "core/error.hpp"
#include "core/format.hpp"

namespace mmm {

namespace {

const double log_3 = std::log(3.0);

}  // namespace

int saturation_parameter_count(SaturationFamily family) {
    switch (family) {
        case SaturationFamily::none:
        case SaturationFamily::log: return 0;
        case SaturationFamily::hill: return 2;
        default: return 1;
    }
}

SaturationCurve saturation_curve(SaturationFamily family, double p1, double p2, bool known_slope, const Kernels& kernels) {
    switch (family) {
        case SaturationFamily::none: break;
        case SaturationFamily::hill:
            // A division instead of a logarithm and an exponential.
            if (p2 == 1 && known_slope) return {&kernels.michaelis, p1, 0, 1};
            return {&kernels.hill, p1, p2, 1};
        case SaturationFamily::logistic: return {&kernels.hyperbolic, p1 / 2, 0, 0.5};
        case SaturationFamily::inverse_scaled_logistic:
            return {&kernels.hyperbolic, log_3 / (2 * p1), 0, -log_3 / (2 * p1 * p1)};
        case SaturationFamily::tanh: return {&kernels.hyperbolic, 1 / p1, 0, -1 / (p1 * p1)};
        case SaturationFamily::michaelis_menten: return {&kernels.michaelis, p1, 0, 1};
        case SaturationFamily::root: return {&kernels.root, p1, 0, 1};
        case SaturationFamily::log: return {&kernels.logarithm, 0, 0, 1};
    }
    return {&kernels.identity, 0, 0, 1};
}

void saturate(SaturationFamily family, double p1, double p2, VecRef x) {
    if (family == SaturationFamily::none) return;
    const SaturationCurve curve = saturation_curve(family, p1, p2, true, kernels());
    curve.kernel->value(x.data(), x.size(), curve.a, curve.b, x.data());
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
    // Not the kernels: SQL promises the same value on every processor.
    switch (family) {
        case SaturationFamily::none: return x;
        case SaturationFamily::log: return std::log1p(x);
        case SaturationFamily::hill:
            require_positive("half", p1);
            require_positive("slope", p2);
            return x > 0 ? 1 / (1 + std::exp(-p2 * std::log(x / p1))) : 0;
        case SaturationFamily::inverse_scaled_logistic:
            require_positive("half", p1);
            return std::tanh(log_3 / (2 * p1) * x);
        case SaturationFamily::michaelis_menten: require_positive("half", p1); return x / (x + p1);
        case SaturationFamily::logistic: require_positive("rate", p1); return std::tanh(p1 / 2 * x);
        case SaturationFamily::tanh: require_positive("scale", p1); return std::tanh(x / p1);
        case SaturationFamily::root: require_positive("power", p1); return x > 0 ? std::pow(x, p1) : 0;
    }
    return x;
}

}  // namespace mmm
