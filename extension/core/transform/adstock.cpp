#include "core/transform/adstock.hpp"

#include <cmath>
#include <string>

#include "core/error.hpp"
#include "core/format.hpp"
#include "core/kernel/kernels.hpp"

namespace mmm {

namespace {

void geometric(const double* p, VecRef w, MatRef dw) {
    // Powers by multiplication, so that alpha = 0 gives the weights (1, 0, 0, ...) and finite derivatives.
    double power = 1, below = 0;  // alpha^l and alpha^(l-1)
    for (Eigen::Index l = 0; l < w.size(); ++l) {
        w[l] = power;
        dw(l, 0) = static_cast<double>(l) * below;
        below = power;
        power *= p[0];
    }
}

void delayed(const double* p, VecRef w, MatRef dw) {
    const double log_alpha = std::log(p[0]);
    for (Eigen::Index l = 0; l < w.size(); ++l) {
        const double distance = static_cast<double>(l) - p[1];
        w[l] = std::exp(distance * distance * log_alpha);
        dw(l, 0) = w[l] * distance * distance / p[0];
        dw(l, 1) = -2 * w[l] * distance * log_alpha;
    }
}

void binomial(const double* p, VecRef w, MatRef dw) {
    const double exponent = 1 / p[0] - 1;
    const auto n = static_cast<double>(w.size());
    for (Eigen::Index l = 0; l < w.size(); ++l) {
        const double log_base = std::log1p(-static_cast<double>(l) / n);
        w[l] = std::exp(exponent * log_base);
        dw(l, 0) = -w[l] * log_base / (p[0] * p[0]);
    }
}

void weibull_cdf(const double* p, VecRef w, MatRef dw) {
    // ln w_l = -sum_{j<=l} (j / scale)^shape: the survival function multiplied up, cumulated in logs.
    double log_w = 0, d_shape = 0, d_scale = 0;
    for (Eigen::Index l = 0; l < w.size(); ++l) {
        if (l > 0) {
            const double ratio = static_cast<double>(l) / p[1];
            const double power = std::pow(ratio, p[0]);
            log_w -= power;
            d_shape -= power * std::log(ratio);
            d_scale += power * p[0] / p[1];
        }
        w[l] = std::exp(log_w);
        dw(l, 0) = w[l] > 0 ? w[l] * d_shape : 0;
        dw(l, 1) = w[l] > 0 ? w[l] * d_scale : 0;
    }
}

void weibull_pdf(const double* p, VecRef w, MatRef dw) {
    for (Eigen::Index l = 0; l < w.size(); ++l) {
        const double ratio = static_cast<double>(l + 1) / p[1];
        const double log_ratio = std::log(ratio);
        const double power = std::pow(ratio, p[0]);
        const double density = std::exp(std::log(p[0] / p[1]) + (p[0] - 1) * log_ratio - power);
        w[l] = density;
        dw(l, 0) = density > 0 ? density * (1 / p[0] + log_ratio - power * log_ratio) : 0;
        dw(l, 1) = density > 0 ? density * (power - 1) * p[0] / p[1] : 0;
    }
}

// w_l / S has derivative (dw_l - (w_l / S) sum_k dw_k) / S.
void normalise(int n_parameters, VecRef w, MatRef dw) {
    const double sum = w.sum();
    if (!(sum > 0)) return;
    w /= sum;
    for (int p = 0; p < n_parameters; ++p) {
        const double total = dw.col(p).sum();
        dw.col(p) = (dw.col(p) - w * total) / sum;
    }
}

void require(bool inside, const char* name, double value, const char* range) {
    if (inside) return;
    throw Error(ErrorKind::invalid_argument,
                std::string("adstock parameter ") + name + " = " + format_number(value) + " is outside its range",
                {}, std::string("Use a value of ") + name + " " + range + ".");
}

}  // namespace

int adstock_parameter_count(AdstockFamily family) {
    switch (family) {
        case AdstockFamily::none: return 0;
        case AdstockFamily::geometric:
        case AdstockFamily::binomial: return 1;
        default: return 2;
    }
}

void check_adstock_parameters(AdstockFamily family, const double* p) {
    switch (family) {
        case AdstockFamily::none: return;
        case AdstockFamily::geometric: return require(p[0] >= 0 && p[0] < 1, "alpha", p[0], "from 0 to below 1");
        case AdstockFamily::binomial: return require(p[0] > 0 && p[0] <= 1, "alpha", p[0], "above 0, up to 1");
        case AdstockFamily::delayed:
            require(p[0] > 0 && p[0] < 1, "alpha", p[0], "between 0 and 1");
            return require(p[1] >= 0 && std::isfinite(p[1]), "theta", p[1], "of 0 or more");
        case AdstockFamily::weibull_cdf:
        case AdstockFamily::weibull_pdf:
            require(p[0] > 0 && std::isfinite(p[0]), "shape", p[0], "above 0");
            return require(p[1] > 0 && std::isfinite(p[1]), "scale", p[1], "above 0");
    }
}

void adstock_weights(const AdstockForm& form, const double* parameters, VecRef weights, MatRef derivatives) {
    switch (form.family) {
        case AdstockFamily::none:
            weights.setZero();
            weights[0] = 1;
            return;
        case AdstockFamily::geometric: geometric(parameters, weights, derivatives); break;
        case AdstockFamily::delayed: delayed(parameters, weights, derivatives); break;
        case AdstockFamily::binomial: binomial(parameters, weights, derivatives); break;
        case AdstockFamily::weibull_cdf: weibull_cdf(parameters, weights, derivatives); break;
        case AdstockFamily::weibull_pdf: weibull_pdf(parameters, weights, derivatives); break;
    }
    if (form.normalize) normalise(adstock_parameter_count(form.family), weights, derivatives);
}

void adstock_forward(ConstVecRef x, ConstVecRef weights, VecRef out) {
    eigen_assert(out.size() == x.size());
    kernels().carry_over(x.data(), x.size(), weights.data(), weights.size(), 1, out.data(), x.size());
}

void adstock_reverse_input(ConstVecRef weights, ConstVecRef d_out, VecRef d_x) {
    eigen_assert(d_x.size() == d_out.size());
    kernels().carry_back(d_out.data(), d_out.size(), weights.data(), weights.size(), d_x.data());
}

}  // namespace mmm
