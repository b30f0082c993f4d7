// make_posterior: the coordinates in which a model is sampled, from one ridge regression at the middle of the priors.
// Nothing here changes the posterior, only how fast it is explored.
#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/limits.hpp"
#include "core/model/constrain.hpp"
#include "core/model/posterior.hpp"

namespace mmm {

namespace {

constexpr double least_scale = 1e-8;

const Parameter& parameter_at(const PosteriorData& data, int index) {
    return data.layout.parameters[static_cast<std::size_t>(index)];
}

double middle_of(const Parameter& parameter) {
    const double center = prior_center(parameter.prior);
    const bool inside = center > parameter.support.lower && center < parameter.support.upper;
    return inside || !parameter.sampled() ? center : constrain(parameter.support, 0).value;
}

bool one_sided(const Interval& support) { return std::isinf(support.lower) != std::isinf(support.upper); }

// Every effect that is linear in the mean, as one regression: whitened coefficients, coefficients with a sign, media.
struct Regression {
    std::vector<int> parameter;  // of each column
    Mat x;
    Vec unit;                    // parameter = unit * regression coefficient
    Vec precision, prior_mean;   // rough priors of the regression coefficients
};

class RegressionBuilder {
public:
    explicit RegressionBuilder(const PosteriorData& data) : data_(data) {
        const auto most = static_cast<Eigen::Index>(data.whitened.size() + data.transformed.size());
        r_.x.resize(data.design.periods(), most);
        r_.unit.resize(most);
        r_.precision.resize(most);
        r_.prior_mean.resize(most);
    }

    Regression build() {
        for (const int index : data_.whitened) add(index, data_.design.linear.col(index), 1);
        for (const int index : data_.transformed)
            if (index < data_.layout.linear) add(index, data_.design.linear.col(index), 1);
        for (std::size_t m = 0; m < data_.spec.media.size(); ++m) add_medium(m);
        const auto n = static_cast<Eigen::Index>(r_.parameter.size());
        r_.x.conservativeResize(Eigen::NoChange, n);
        r_.unit.conservativeResize(n);
        r_.precision.conservativeResize(n);
        r_.prior_mean.conservativeResize(n);
        return std::move(r_);
    }

private:
    void add(int index, ConstVecRef column, double unit) {
        const Parameter& parameter = parameter_at(data_, index);
        const auto k = static_cast<Eigen::Index>(r_.parameter.size());
        const double scale = std::max(prior_scale(parameter.prior), least_scale) / unit;
        r_.parameter.push_back(index);
        r_.x.col(k) = column.cwiseProduct(data_.design.weight);
        r_.unit[k] = unit;
        r_.precision[k] = 1 / (scale * scale);
        r_.prior_mean[k] = middle_of(parameter) / unit;
    }

    // The regression coefficient is the sum of responses c for a coefficient, and likewise for an ROI.
    void add_medium(std::size_t m) {
        const auto& position = data_.layout.media[m];
        const Parameter& effect = parameter_at(data_, position.effect);
        const EffectKind kind = data_.spec.media[m].effect;
        if (!effect.sampled() || kind == EffectKind::contribution) return;
        Vec middle(data_.layout.size());
        for (int p = 0; p < data_.layout.size(); ++p) middle[p] = middle_of(parameter_at(data_, p));
        MediumTape tape(data_.spec.media[m], data_.design.periods());
        const auto k = static_cast<Eigen::Index>(m);
        media_forward(data_.spec.media[m], data_.design.media.col(k), middle.data() + position.adstock,
                      middle.data() + position.saturation, tape);
        const double sum = tape.response.sum();
        if (!std::isfinite(sum) || !(sum > 0)) return;
        const double outcome = tape.response.dot(data_.design.revenue);
        add(position.effect, tape.response / sum,
            kind == EffectKind::coefficient ? 1 / sum : outcome / (sum * data_.design.spend_total[k]));
    }

    const PosteriorData& data_;
    Regression r_;
};

struct Solution {
    Mat precision;  // X' X / sigma0^2 + prior precision
    Vec mean, sd;
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

// A few rounds: sigma0 from the residuals of the one before. Empty where the matrix cannot be factorised.
Solution solve(const Regression& r, const Vec& y, double fitted, const StopFlag& stop) {
    Solution solution;
    const Mat product = cross_product(r.x, stop);
    const Vec xy = r.x.transpose() * y;
    double variance = std::max(y.squaredNorm() / fitted, 1e-12);
    Eigen::LLT<Mat> factorised;
    for (int round = 0; round < 3; ++round) {
        stop_if_asked(stop);
        solution.precision = product / variance;
        solution.precision.diagonal() += r.precision;
        factorised.compute(solution.precision);
        if (factorised.info() != Eigen::Success) return {};
        solution.mean = factorised.solve(xy / variance + r.precision.cwiseProduct(r.prior_mean));
        variance = std::max((y - r.x * solution.mean).squaredNorm() / fitted, 1e-12);
    }
    stop_if_asked(stop);
    // The diagonal of (L L')^-1: squared norms of the columns of L^-1.
    Mat inverse = Mat::Identity(r.x.cols(), r.x.cols());
    factorised.matrixL().solveInPlace(inverse);
    solution.sd = inverse.colwise().norm().transpose();
    return solution;
}

// C and center of the whitened block, which stands first in the regression.
void whiten(const Solution& solution, PosteriorData& data) {
    const auto n = static_cast<Eigen::Index>(data.whitened.size());
    data.factor = Mat::Identity(n, n);
    data.center = Vec::Zero(n);
    if (solution.mean.size() == 0 || n == 0) return;  // unwhitened is slower, never wrong
    const Eigen::LLT<Mat> block(Mat(solution.precision.topLeftCorner(n, n)));
    if (block.info() != Eigen::Success) return;
    data.center = solution.mean.head(n);
    data.factor = block.matrixU().solve(Mat::Identity(n, n));
}

void soften(const Regression& r, const Solution& solution, PosteriorData& data) {
    data.softness = Vec::Zero(static_cast<Eigen::Index>(data.transformed.size()));
    data.contribution_coordinate.assign(data.spec.media.size(), -1);
    if (solution.mean.size() == 0) return;
    for (std::size_t column = data.whitened.size(); column < r.parameter.size(); ++column) {
        const int index = r.parameter[column];
        const Interval& support = parameter_at(data, index).support;
        if (!one_sided(support)) continue;
        const auto found = std::find(data.transformed.begin(), data.transformed.end(), index);
        const auto k = static_cast<Eigen::Index>(found - data.transformed.begin());
        const auto c = static_cast<Eigen::Index>(column);
        data.softness[k] = solution.sd[c] * r.unit[c];
        for (std::size_t m = 0; m < data.spec.media.size(); ++m) {
            const bool coefficient = data.layout.media[m].effect == index && data.spec.media[m].effect == EffectKind::coefficient;
            if (!coefficient) continue;
            if (support.lower == 0) {
                data.contribution_coordinate[m] = static_cast<int>(k);
                data.softness[k] = solution.sd[c];  // of c itself
            }
        }
    }
}

// Where chains start around: the regression's answer for effects, the middle of the prior for the rest.
void find_middle(const Regression& r, const Solution& solution, PosteriorData& data) {
    data.middle.resize(static_cast<Eigen::Index>(data.transformed.size()));
    for (const int index : data.transformed) {
        const auto in_response = [index](const MediumPosition& m) { return index >= m.adstock && index < m.effect; };
        data.starts_from_prior.push_back(std::any_of(data.layout.media.begin(), data.layout.media.end(), in_response));
    }
    for (std::size_t j = 0; j < data.transformed.size(); ++j) {
        const auto k = static_cast<Eigen::Index>(j);
        const Parameter& parameter = parameter_at(data, data.transformed[j]);
        const double value = middle_of(parameter);
        if (!(data.softness[k] > 0)) {
            data.middle[k] = unconstrain(parameter.support, value);
            continue;
        }
        const auto found = std::find(r.parameter.begin(), r.parameter.end(), data.transformed[j]);
        const auto c = static_cast<Eigen::Index>(found - r.parameter.begin());
        // In units of the softness: not below a tenth, where the map is nearly flat.
        const double in_units = solution.mean[c] / solution.sd[c] * (std::isinf(parameter.support.lower) ? -1 : 1);
        data.middle[k] = unconstrain_softly({0, infinity}, 1, std::max(in_units, 0.1));
    }
}

}  // namespace

PosteriorData make_posterior(const Specification& spec, const Layout& layout, const Design& design, const StopFlag& stop) {
    PosteriorData data;
    data.spec = spec;
    data.layout = layout;
    data.design = design;
    for (int i = 0; i < layout.size(); ++i) {
        const auto& parameter = layout.parameters[static_cast<std::size_t>(i)];
        if (!parameter.sampled()) continue;
        const bool linear = i < layout.linear && is_whole_line(parameter.support);
        (linear ? data.whitened : data.transformed).push_back(i);
    }
    const Regression regression = RegressionBuilder(data).build();
    const Solution solution =
        solve(regression, design.y.cwiseProduct(design.weight), std::max(design.weight.sum(), 1.0), stop);
    whiten(solution, data);
    soften(regression, solution, data);
    find_middle(regression, solution, data);
    return data;
}

}  // namespace mmm
