#include "core/model/regression.hpp"

#include <algorithm>
#include <cmath>

#include "core/model/constrain.hpp"
#include "core/model/media_coefficients.hpp"

namespace mmm {

namespace {

constexpr double least_scale = 1e-8;

class RegressionBuilder {
public:
    RegressionBuilder(const PosteriorData& data, const StopFlag& stop) : data_(data), stop_(stop) {}

    Regression build() {
        std::vector<int> linear = data_.whitened;
        linear.insert(linear.end(), data_.marginal.parameter.begin(), data_.marginal.parameter.end());
        const auto is_linear = linear_parameters(data_.layout);
        for (const auto* list : {&data_.transformed, &data_.hierarchical})
            for (const int index : *list)
                if (is_linear[static_cast<std::size_t>(index)]) linear.push_back(index);
        const std::vector<int> means = means_of(linear);
        const std::size_t most = linear.size() + means.size() + data_.spec.media.size() +
                                 static_cast<std::size_t>(deviation_columns(data_.spec, data_.design.n_geos));
        r_.x = Mat::Zero(data_.design.rows(), static_cast<Eigen::Index>(most));
        r_.unit = r_.prior_pull = Vec::Zero(static_cast<Eigen::Index>(most));
        r_.prior_precision = Mat::Zero(r_.x.cols(), r_.x.cols());
        r_.x.leftCols(static_cast<Eigen::Index>(linear.size())) = dense_columns(data_.design, linear, stop_);
        for (const int index : linear) add(index, 1);
        for (const int index : means) add(index, 1);
        for (std::size_t m = 0; m < data_.spec.media.size(); ++m) {
            if (deviates(m)) add_deviating(m);
            else add_medium(m);
        }
        const auto n = static_cast<Eigen::Index>(r_.parameter.size());
        r_.x.conservativeResize(Eigen::NoChange, n);
        for (Vec* v : {&r_.unit, &r_.prior_pull}) v->conservativeResize(n);
        r_.prior_precision.conservativeResize(n, n);
        return std::move(r_);
    }

private:
    // Means that are parameters of their own, with normal priors.
    std::vector<int> means_of(const std::vector<int>& linear) const {
        std::vector<int> means;
        for (const int index : linear) {
            const Parameter& child = data_.layout.at(index);
            const int mean = child.prior.family == PriorFamily::normal ? child.argument[0] : -1;
            if (mean < 0 || !data_.layout.at(mean).sampled() || !is_whole_line(data_.layout.at(mean).support)) continue;
            if (std::find(means.begin(), means.end(), mean) == means.end()) means.push_back(mean);
        }
        return means;
    }

    // The column itself is in place.
    void add(int index, double unit) {
        const Parameter& parameter = data_.layout.at(index);
        const auto k = static_cast<Eigen::Index>(r_.parameter.size());
        const double scale = std::max(prior_scale(parameter.prior), least_scale) / std::fabs(unit);
        r_.parameter.push_back(index);
        r_.unit[k] = unit;
        r_.prior_precision(k, k) = 1 / (scale * scale);
        r_.prior_pull[k] = r_.prior_precision(k, k) * middle_of(parameter) / unit;
    }

    // The regression coefficient is the sum of responses c for a coefficient, and likewise for an ROI.
    void add_medium(std::size_t m) {
        const auto& position = data_.layout.media[m];
        const Medium& medium = data_.spec.media[m];
        const Design& design = data_.design;
        if (position.effect.by_geo || !data_.layout.at(position.effect.first).sampled()) return;
        if (medium.effect == EffectKind::contribution || has_alternative(medium)) return;
        const Vec response = reference_response(data_, m, Scenario::actual, stop_), stretch = stretch_of_geos(data_, m);
        const double sum = response.sum();
        if (!std::isfinite(sum) || !(sum > 0)) return;
        const double outcome = response.dot(design.revenue), spend = design.spend_total[static_cast<Eigen::Index>(m)];
        add_column(response.cwiseProduct(stretch).cwiseProduct(design.weight) / sum, position.effect.first,
                   medium.effect == EffectKind::coefficient ? 1 / sum : outcome / (sum * spend));
    }

    // Geos deviate from a common coefficient by normal amounts, so that the mean is linear in them.
    bool deviates(std::size_t m) const {
        const auto& position = data_.layout.media[m];
        return deviation_columns(data_.spec, data_.design.n_geos) > 0 && data_.spec.media[m].geo_effect == GeoEffect::normal &&
               !position.effect.by_geo && data_.layout.at(position.geo_deviation).hierarchical();
    }

    // Given the response, the coefficients of geos are linear in effect and deviations and 0 at 0 (media_coefficients.hpp).
    void add_deviating(std::size_t m) {
        const auto& position = data_.layout.media[m];
        const Vec response = reference_response(data_, m, Scenario::actual, stop_);
        const Vec other = has_alternative(data_.spec.media[m]) ? reference_response(data_, m, Scenario::alternative, stop_) : Vec();
        if (!response.allFinite() || (other.size() > 0 && !other.allFinite())) return;
        MediaCoefficients coefficients(data_.spec, data_.layout, data_.design, m);
        Vec parameters = Vec::Zero(data_.layout.size());
        const auto column_of = [&](int index) {
            stop_if_asked(stop_);
            parameters[index] = 1;
            coefficients.forward(response, other, parameters);
            parameters[index] = 0;
            Vec column = response.cwiseProduct(data_.design.weight);
            const Eigen::Index periods = data_.design.n_periods;
            for (Eigen::Index g = 0; g < data_.design.n_geos; ++g)
                column.segment(g * periods, periods) *= coefficients.by_geo()[g];
            return column;
        };
        const int effect = position.effect.first;
        if (const Vec column = column_of(effect); data_.layout.at(effect).sampled() && column.allFinite()) {
            const double sum = column.sum();
            const double unit = sum > 0 && !is_whole_line(data_.layout.at(effect).support) ? 1 / sum : 1;
            add_column(column * unit, effect, unit);
        }
        for (int g = 0; g < static_cast<int>(data_.design.n_geos); ++g) {
            const Vec column = column_of(position.geo_deviation + g);
            if (column.allFinite()) add_column(column, position.geo_deviation + g, 1);
        }
    }

    void add_column(const Vec& column, int index, double unit) {
        r_.x.col(static_cast<Eigen::Index>(r_.parameter.size())) = column;
        add(index, unit);
    }

    const PosteriorData& data_;
    const StopFlag& stop_;
    Regression r_;
};

// X' X in blocks of columns, so that a stop is seen between them.
Mat cross_product(const Mat& x, const StopFlag& stop) {
    constexpr Eigen::Index block = 64;
    Mat product(x.cols(), x.cols());
    for (Eigen::Index first = 0; first < x.cols(); first += block) {
        stop_if_asked(stop);
        const Eigen::Index n = std::min(block, x.cols() - first);
        product.middleCols(first, n).noalias() = x.transpose() * x.middleCols(first, n);
    }
    return product;
}

// By moments: E sum (estimate_g - their mean)^2 / (n - 1) = spread^2 + error^2. Errors that all have in common, as where
// nothing but the prior tells a common coefficient from deviations, do not enter.
void measure(const Regression& regression, const RegressionSolution& solution, GeoFamily& family) {
    const auto n = static_cast<Eigen::Index>(family.children.size());
    if (n < 2) return;
    Vec estimate(n), mean_root = Vec::Zero(solution.mean.size());
    for (Eigen::Index g = 0; g < n; ++g) {
        const Eigen::Index c = regression.column_of(family.children[static_cast<std::size_t>(g)]);
        estimate[g] = solution.mean[c];
        mean_root += solution.covariance_root.col(c) / static_cast<double>(n);
    }
    double errors = 0;
    for (const int child : family.children)
        errors += (solution.covariance_root.col(regression.column_of(child)) - mean_root).squaredNorm();
    const double variance = (estimate.array() - estimate.mean()).square().sum() / static_cast<double>(n - 1);
    family.error = std::sqrt(errors / static_cast<double>(n - 1));
    family.spread = std::sqrt(std::max(variance - family.error * family.error, 0.0));
}

// gamma_g ~ normal(gamma, spread)
void couple(const GeoFamily& family, Regression& regression) {
    const double spread = std::max(family.spread, std::max(family.error, least_scale)), precision = 1 / (spread * spread);
    const Eigen::Index mean = family.mean < 0 ? -1 : regression.column_of(family.mean);
    for (const int child : family.children) {
        const Eigen::Index c = regression.column_of(child);
        regression.prior_precision(c, c) = precision;
        if (mean < 0) continue;
        regression.prior_pull[c] = 0;
        regression.prior_precision(c, mean) = regression.prior_precision(mean, c) = -precision;
        regression.prior_precision(mean, mean) += precision;
    }
}

// The effect that a deviation belongs to, where it is on the whole line; -1 otherwise.
int effect_of(const Layout& layout, int deviation) {
    for (const auto& position : layout.media) {
        if (position.geo_deviation < 0 || deviation < position.geo_deviation || deviation >= position.geo_deviation + layout.geos) continue;
        const Parameter& effect = layout.at(position.effect.first);
        return effect.sampled() && is_whole_line(effect.support) ? position.effect.first : -1;
    }
    return -1;
}

}  // namespace

double middle_of(const Parameter& parameter) {
    const double center = prior_center(parameter.prior);
    const bool inside = center > parameter.support.lower && center < parameter.support.upper;
    return inside || !parameter.sampled() ? center : constrain(parameter.support, 0).value;
}

Vec reference_response(const PosteriorData& data, std::size_t m, Scenario scenario, const StopFlag& stop) {
    stop_if_asked(stop);
    const Medium& medium = data.spec.media[m];
    const Design& design = data.design;
    const auto k = static_cast<Eigen::Index>(m);
    // The alternative is one of reach where there is frequency.
    const bool other = scenario == Scenario::alternative;
    const Vec reach = !medium.has_frequency() ? Vec() : other ? design.alternative.col(k) : design.reach.col(k);
    MediaResponse response(medium, data.layout.media[m], design.n_geos, design.n_periods, &stop, Gradient::unwanted);
    response.forward(other && !medium.has_frequency() ? design.alternative.col(k) : design.media.col(k), reach, data.reference);
    return response.value();
}

Vec stretch_of_geos(const PosteriorData& data, std::size_t m) {
    Vec stretch = Vec::Ones(data.design.rows());
    if (data.spec.media[m].geo_effect != GeoEffect::log_normal) return stretch;
    const Eigen::Index periods = data.design.n_periods, first = data.layout.media[m].geo_deviation;
    for (Eigen::Index g = 0; g < data.design.n_geos; ++g)
        stretch.segment(g * periods, periods).setConstant(std::exp(data.reference[first + g]));
    return stretch;
}

Eigen::Index deviation_columns(const Specification& spec, Eigen::Index geos) {
    constexpr Eigen::Index most = 500;
    const auto media = std::count_if(spec.media.begin(), spec.media.end(), [](const Medium& m) { return m.geo_effect == GeoEffect::normal; });
    const Eigen::Index columns = spec.is_panel() ? static_cast<Eigen::Index>(media) * geos : 0;
    return columns <= most ? columns : 0;
}

Eigen::Index Regression::column_of(int index) const {
    const auto found = std::find(parameter.begin(), parameter.end(), index);
    return found == parameter.end() ? -1 : static_cast<Eigen::Index>(found - parameter.begin());
}

Regression make_regression(const PosteriorData& data, const StopFlag& stop) { return RegressionBuilder(data, stop).build(); }

RegressionSolution solve(const Regression& r, ConstVecRef y, double fitted_rows, const StopFlag& stop) {
    RegressionSolution solution;
    const Mat product = cross_product(r.x, stop);
    const Vec xy = r.x.transpose() * y;
    double variance = std::max(y.squaredNorm() / fitted_rows, 1e-12);
    Eigen::LLT<Mat> factorised;
    Vec mean;
    for (int round = 0; round < 3; ++round) {
        stop_if_asked(stop);
        solution.precision = product / variance + r.prior_precision;
        factorised.compute(solution.precision);
        if (factorised.info() != Eigen::Success) return solution;
        mean = factorised.solve(xy / variance + r.prior_pull);
        variance = std::max((y - r.x * mean).squaredNorm() / fitted_rows, 1e-12);
    }
    stop_if_asked(stop);
    solution.covariance_root = Mat::Identity(r.x.cols(), r.x.cols());
    factorised.matrixL().solveInPlace(solution.covariance_root);
    solution.sd = solution.covariance_root.colwise().norm().transpose();
    solution.mean = mean;
    solution.variance = variance;
    return solution;
}

std::vector<GeoFamily> find_families(const PosteriorData& data, const RegressionSolution& solution, Regression& regression) {
    std::vector<GeoFamily> families;
    for (const int index : data.hierarchical) {
        const Parameter& child = data.layout.at(index);
        if (child.prior.family != PriorFamily::normal || regression.column_of(index) < 0) continue;
        const int mean = child.argument[0], scale = child.argument[1];
        auto family = std::find_if(families.begin(), families.end(), [&](const GeoFamily& f) { return f.mean == mean && f.scale == scale; });
        if (family == families.end()) {
            families.push_back({{}, mean, scale, effect_of(data.layout, index)});
            family = families.end() - 1;
        }
        family->children.push_back(index);
    }
    for (auto& family : families) {
        if (family.mean >= 0 && regression.column_of(family.mean) < 0) family.mean = -1;
        if (family.effect >= 0 && regression.column_of(family.effect) < 0) family.effect = -1;
        measure(regression, solution, family);
        couple(family, regression);
    }
    return families;
}

}  // namespace mmm
