#include "core/model/noise_law.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/negative_binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/log1p.hpp>

#include "core/limits.hpp"

namespace mmm {

namespace {

const double log_root_two_pi = 0.5 * std::log(2 * std::numbers::pi);

// ln Phi(z) and its derivative phi(z) / Phi(z), by the asymptotic series where erfc underflows (Abramowitz & Stegun 26.2.12).
struct LogPhi {
    double value, slope;
};
LogPhi log_phi(double z) {
    if (z > -30) {
        const double p = 0.5 * std::erfc(-z / std::numbers::sqrt2);
        return {std::log(p), std::exp(-0.5 * z * z - log_root_two_pi) / p};
    }
    const double q = 1 / (z * z);
    const double series = 1 - q * (1 - q * (3 - 15 * q));
    return {-0.5 * z * z - log_root_two_pi - std::log(-z) + std::log(series), -z / series};
}

NoiseDensity truncated_normal_density(double k, double m, double s) {
    const double z = (k - m) / s;
    const LogPhi inside = log_phi(m / s);
    return {-log_root_two_pi - std::log(s) - 0.5 * z * z - inside.value, (z - inside.slope) / s,
            (z * z - 1 + inside.slope * m / s) / s};
}

NoiseDensity lognormal_density(double k, double m, double s) {
    const double distance = std::log(k / m), z = distance / s + 0.5 * s;
    return {-log_root_two_pi - std::log(k * s) - 0.5 * z * z, z / (s * m), -1 / s - z * (0.5 - distance / (s * s))};
}

NoiseDensity gamma_density(double k, double m, double s) {
    const double shape = 1 / (s * s), ratio = k / m;
    const double d_shape = std::log(shape * ratio) + 1 - ratio - boost::math::digamma(shape);
    return {shape * std::log(shape * ratio) - std::log(k) - shape * ratio - std::lgamma(shape), shape * (ratio - 1) / m,
            -2 * shape / s * d_shape};
}

// Where 1 / s^2 is large its gamma functions are larger still, and their difference is rounding: a chain would settle on the
// noise near s = 0, where the law is Poisson's. Stirling's series (Abramowitz & Stegun 6.1.41, 6.3.18) takes them out.
NoiseDensity nearly_poisson_density(double n, double m, double s) {
    const double size = 1 / (s * s), both = size + m, x = (n - m) / both;
    const double value = (size - 0.5) * std::log1p(n / size) - size * std::log1p(m / size) + (n > 0 ? n * (x > -1 ? std::log1p(x) : std::log((n + size) / both)) : 0) - n +
                         n * std::log(m) - std::lgamma(n + 1) - n / (12 * size * (size + n));
    const double inverse = n / (size * (size + n));  // 1 / size - 1 / (size + n)
    // Of a mean so large that x rounds to -1 the law is 0 to any digit; boost would throw there.
    const double bent = x > -1 ? boost::math::log1pmx(x) : std::log((n + size) / both) + 1;
    const double d_size = bent + 0.5 * inverse + inverse * (1 / size + 1 / (size + n)) / 12;
    return {value, n / m - (n + size) / both, -2 * size / s * d_size};
}

NoiseDensity negative_binomial_density(double n, double m, double s) {
    constexpr double nearly_poisson = 0.01;  // both forms are exact to 1e-10 there
    if (s < nearly_poisson) return nearly_poisson_density(n, m, s);
    const double size = 1 / (s * s), both = size + m;
    const double d_size =
        boost::math::digamma(n + size) - boost::math::digamma(size) - std::log1p(m / size) + 1 - (n + size) / both;
    return {std::lgamma(n + size) - std::lgamma(size) - std::lgamma(n + 1) - size * std::log1p(m / size) +
                (n > 0 ? n * std::log(m / both) : 0),
            n / m - (n + size) / both, -2 * size / s * d_size};
}

// By inversion: one random number a draw, whatever its value.
double inside_unit(RandomStream& random) { return std::clamp(random.uniform(), 1e-12, 1 - 1e-12); }

double truncated_normal_draw(double m, double s, RandomStream& random) {
    const boost::math::normal law;
    // From the upper tail, which does not round to 1 where the mean lies far below 0.
    const double above = boost::math::cdf(law, m / s);
    if (!(above > 1e-300)) return 0;
    return std::max(0.0, m + s * boost::math::quantile(boost::math::complement(law, above * inside_unit(random))));
}

double gamma_draw(double m, double s, RandomStream& random) {
    constexpr double nearly_normal = 1e-5;  // skewness 2 s; the incomplete gamma function does not converge where 1 / s^2 is huge
    if (s < nearly_normal) return m * (1 + s * random.normal());
    return boost::math::quantile(boost::math::gamma_distribution<>(1 / (s * s), s * s * m), inside_unit(random));
}

double negative_binomial_draw(double m, double s, RandomStream& random) {
    using namespace boost::math::policies;
    using Law = boost::math::negative_binomial_distribution<double, policy<discrete_quantile<integer_round_up>>>;
    constexpr double large = 1e12;  // where the count's own noise, Poisson's, is a millionth of it, and sums of its law take long
    const double size = 1 / (s * s);
    if (m > large) return std::round(gamma_draw(m, s, random));
    return boost::math::quantile(Law(size, size / (size + m)), inside_unit(random));
}

}  // namespace

NoiseDensity noise_density(Likelihood likelihood, double k, double m, double s, double count) {
    if (likelihood == Likelihood::truncated_normal) return truncated_normal_density(k, m, s);
    // Far out, where 1 / s^2 is no number, there is nothing to be found.
    if (!(m > 0) || !std::isfinite(m) || !std::isnormal(1 / (s * s))) return {-infinity, 0, 0};
    if (likelihood == Likelihood::lognormal) return lognormal_density(k, m, s);
    if (likelihood == Likelihood::gamma) return gamma_density(k, m, s);
    if (k < 0 || !std::isfinite(m * count)) return {-infinity, 0, 0};
    NoiseDensity density = negative_binomial_density(k * count, m * count, s);
    density.d_mean *= count;
    return density;
}

double noise_draw(Likelihood likelihood, double m, double s, RandomStream& random, double count) {
    if (likelihood == Likelihood::truncated_normal) return truncated_normal_draw(m, s, random);
    if (!(m > 0) || !std::isfinite(m * count)) return std::nan("");
    if (likelihood == Likelihood::lognormal) return m * std::exp(s * random.normal() - 0.5 * s * s);
    if (!std::isnormal(1 / (s * s))) return m;
    if (likelihood == Likelihood::gamma) return gamma_draw(m, s, random);
    return negative_binomial_draw(m * count, s, random) / count;
}

const std::vector<std::string>& likelihood_names() {
    static const std::vector<std::string> names = {"normal", "student_t", "truncated_normal", "lognormal", "gamma", "negative_binomial"};
    return names;
}

}  // namespace mmm
