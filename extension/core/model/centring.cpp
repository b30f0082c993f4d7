#include "core/model/centring.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/model/hierarchy.hpp"
#include "core/model/media_coefficients.hpp"

namespace mmm {

namespace {

// Errors of ln b_g above this say that b_g is hardly known to be positive: its logarithm has no normal error then.
constexpr double largest_error = 1.0 / 3;
// An error of a coefficient that is centred, in spreads. Nearer to 1 either coordinate bends, the centred one worse.
constexpr double well_known = 0.25;

struct MediumByGeo {
    int first_deviation = 0;
    Mat effect;                  // periods x geos: d mean / d ln b_g, 0 where held out
    Vec log_coefficient, error;  // of each geo
};

bool stretches(const PosteriorData& data, std::size_t m) {
    const auto& position = data.layout.media[m];
    return data.spec.media[m].geo_effect == GeoEffect::log_normal && !position.effect.by_geo &&
           data.layout.at(position.geo_deviation).hierarchical();
}

MediumByGeo medium_by_geo(const PosteriorData& data, std::size_t m, const StopFlag& stop) {
    const Design& design = data.design;
    const Vec response = reference_response(data, m, Scenario::actual, stop);
    const Vec other = has_alternative(data.spec.media[m]) ? reference_response(data, m, Scenario::alternative, stop) : Vec();
    MediaCoefficients coefficients(data.spec, data.layout, design, m);
    coefficients.forward(response, other, data.reference);
    const Vec seen = response.cwiseProduct(design.weight);
    MediumByGeo medium;
    medium.first_deviation = data.layout.media[m].geo_deviation;
    medium.effect = seen.reshaped(design.n_periods, design.n_geos) * coefficients.by_geo().asDiagonal();
    medium.log_coefficient = coefficients.by_geo().array().log();
    medium.error = Vec::Constant(design.n_geos, INFINITY);
    return medium;
}

// The noise of a geo; of the others, by what the regression leaves.
double variance_of(const PosteriorData& data, Eigen::Index geo, double otherwise) {
    if (!data.spec.is_gaussian()) return otherwise;
    const double sigma = data.reference[data.layout.sigma.at(geo)];
    return sigma * sigma;
}

// Around the geo's own intercept, with ln b_g ~ normal(., 1).
void find_errors(const PosteriorData& data, Eigen::Index geo, double variance, std::vector<MediumByGeo>& media) {
    const auto weight = data.design.weight.segment(geo * data.design.n_periods, data.design.n_periods);
    const double rows = std::max(weight.sum(), 1.0);
    Mat x(weight.size(), static_cast<Eigen::Index>(media.size()));
    for (Eigen::Index k = 0; k < x.cols(); ++k) {
        const auto effect = media[static_cast<std::size_t>(k)].effect.col(geo);
        x.col(k) = effect - weight * (effect.sum() / rows);
    }
    const Mat information = x.transpose() * x / std::max(variance, 1e-300) + Mat::Identity(x.cols(), x.cols());
    const Eigen::LLT<Mat> factorised(information);
    if (factorised.info() != Eigen::Success || !information.allFinite()) return;
    const Mat covariance = factorised.solve(Mat::Identity(x.cols(), x.cols()));
    for (Eigen::Index k = 0; k < x.cols(); ++k)
        media[static_cast<std::size_t>(k)].error[geo] = std::sqrt(covariance(k, k));
}

// Of the ln b_g that are known, by moments; 0 where it is not plain beside their errors or where most are not known: a few
// centred among many that are not mix worse than none.
double plain_spread(const MediumByGeo& medium) {
    double n = 0, sum = 0, squares = 0, errors = 0;
    for (Eigen::Index g = 0; g < medium.error.size(); ++g) {
        const double value = medium.log_coefficient[g], error = medium.error[g];
        if (!(error < largest_error) || !std::isfinite(value)) continue;
        n += 1;
        sum += value;
        squares += value * value;
        errors += error * error;
    }
    if (n < 3 || 2 * n <= static_cast<double>(medium.error.size())) return 0;
    const double variance = (squares - sum * sum / n) / (n - 1), error = errors / n;
    return variance > 2 * error ? std::sqrt(variance - error) : 0;
}

// What the data say of the spread of coefficients that share a scale, by moments.
struct Moments {
    double n = 0, squares = 0, errors = 0;

    void add(double estimate, double error) {
        n += 1;
        squares += estimate * estimate;
        errors += error * error;
    }
    double spread() const { return std::sqrt(std::max(squares - errors, 0.0) / n); }
};

}  // namespace

void centre_coefficients(const Regression& regression, const RegressionSolution& solution, PosteriorData& data) {
    constexpr double off_the_kink = 4;  // errors
    const auto each = [&](auto&& use) {
        for (std::size_t j = 0; j < data.hierarchical.size(); ++j) {
            const Parameter& child = data.layout.at(data.hierarchical[j]);
            const Eigen::Index c = regression.column_of(data.hierarchical[j]);
            const LocationScale at = location_scale(child.prior.family, child.prior.p.data());
            const int middle = child.argument[static_cast<std::size_t>(at.mu_position < 0 ? 0 : at.mu_position)];
            if (c < 0 || child.prior.family != PriorFamily::laplace || middle >= 0) continue;
            use(static_cast<Eigen::Index>(j), child.argument[static_cast<std::size_t>(at.sigma_position)],
                regression.unit[c] * solution.mean[c] - at.mu, std::fabs(regression.unit[c]) * solution.sd[c]);
        }
    };
    std::map<int, Moments> of_scale;
    each([&](Eigen::Index, int scale, double estimate, double error) { of_scale[scale].add(estimate, error); });
    each([&](Eigen::Index j, int scale, double estimate, double error) {
        const bool known = error < well_known * of_scale[scale].spread();
        if (!known || std::fabs(estimate) <= off_the_kink * error) return;
        data.centring[j] = 1;
        data.hierarchical_start.row(j) << estimate, error;
    });
}

void choose_centring(PosteriorData& data, double variance, const StopFlag& stop) {
    std::vector<MediumByGeo> media;
    for (std::size_t m = 0; m < data.spec.media.size(); ++m)
        if (stretches(data, m)) media.push_back(medium_by_geo(data, m, stop));
    if (media.empty()) return;
    for (Eigen::Index g = 0; g < data.design.n_geos; ++g) {
        stop_if_asked(stop);
        find_errors(data, g, variance_of(data, g, variance), media);
    }
    for (const auto& medium : media) {
        const double limit = std::min(well_known * plain_spread(medium), largest_error);
        for (std::size_t j = 0; j < data.hierarchical.size(); ++j) {
            const int geo = data.hierarchical[j] - medium.first_deviation;
            if (geo < 0 || geo >= static_cast<int>(data.design.n_geos)) continue;
            if (medium.error[geo] < limit) data.centring[static_cast<Eigen::Index>(j)] = 1;
        }
    }
}

}  // namespace mmm
