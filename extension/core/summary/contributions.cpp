#include "core/summary/contributions.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "core/format.hpp"
#include "core/summary/quantiles.hpp"

namespace mmm {

namespace {

Vec reach_column(const FittedModel& model, std::size_t m) {
    return model.spec.media[m].has_frequency() ? Vec(model.design.reach.col(static_cast<Eigen::Index>(m))) : Vec();
}

}  // namespace

Contributions::Contributions(const FittedModel& model) : model_(model) {
    const Design& design = model.design;
    for (std::size_t c = 0; c < model.layout.components.size(); ++c) {
        names_.push_back({model.layout.components[c].name, model.layout.components[c].kind});
        linear_.emplace_back(design, [&](int term) { return model.layout.terms[static_cast<std::size_t>(term)].component == static_cast<int>(c); });
    }
    if (logarithmic()) names_.push_back({"interaction", "interaction"});
    for (std::size_t m = 0; m < model.spec.media.size(); ++m) {
        const Medium& medium = model.spec.media[m];
        names_.push_back({medium.name, medium.kind == MediumKind::treatment ? "treatment" : "media"});
        responses_.emplace_back(medium, model.layout.media[m], design.n_geos, design.n_periods, nullptr, Gradient::unwanted);
        others_.emplace_back(medium, model.layout.media[m], has_alternative(medium) ? design.n_geos : 0, design.n_periods, nullptr,
                             Gradient::unwanted);
        coefficients_.emplace_back(model.spec, model.layout, design, m);
    }
    for (std::size_t i = 0; i < model.layout.variations.size(); ++i)
        variations_.emplace_back(model.layout.variations[i], design.variations[i]);
    parameters_.resize(model.layout.size());
    scaled_.resize(design.rows());
    if (logarithmic()) terms_ = Mat::Zero(design.rows(), static_cast<Eigen::Index>(names_.size()));
}

const Vec& Contributions::variation_of(std::size_t m) const {
    static const Vec none;
    const int which = model_.layout.media_variation[m];
    return which < 0 ? none : variations_[static_cast<std::size_t>(which)].value();
}

// The response times how the medium varies over time.
void Contributions::vary(std::size_t m, ConstVecRef response, Vec& out) const {
    out = response;
    const Vec& v = variation_of(m);
    if (v.size() == 0) return;
    for (Eigen::Index g = 0; g < model_.design.n_geos; ++g) {
        auto rows = out.segment(g * v.size(), v.size());
        rows = rows.cwiseProduct(v);
    }
}

void Contributions::load(std::size_t draw) {
    model_.copy_draw(draw, parameters_);
    const Design& design = model_.design;
    for (auto& variation : variations_) variation.forward(parameters_);
    Vec response, other;
    for (std::size_t m = 0; m < responses_.size(); ++m) {
        const auto k = static_cast<Eigen::Index>(m);
        const Medium& medium = model_.spec.media[m];
        const Vec reach = reach_column(model_, m);
        responses_[m].forward(design.media.col(k), reach, parameters_);
        vary(m, responses_[m].value(), response);
        other.resize(0);
        if (has_alternative(medium)) {
            if (medium.has_frequency()) others_[m].forward(design.media.col(k), design.alternative.col(k), parameters_);
            else others_[m].forward(design.alternative.col(k), reach, parameters_);
            vary(m, others_[m].value(), other);
        }
        coefficients_[m].forward(response, other, parameters_);
    }
    if (logarithmic()) find_mean();
}

// out = coefficient * KPI of a model unit * (response - baseline of a treatment), under link log without the KPI of a unit
void Contributions::scale(std::size_t m, ConstVecRef response, Vec& out) const {
    const Design& design = model_.design;
    const double none = design.media_baseline[static_cast<Eigen::Index>(m)];
    vary(m, response, out);
    for (Eigen::Index g = 0; g < design.n_geos; ++g) {
        auto rows = out.segment(g * design.n_periods, design.n_periods);
        rows = coefficients_[m].by_geo()[g] * (rows.array() - none);
    }
    if (!logarithmic()) out = out.cwiseProduct(design.row_scale);
}

void Contributions::medium(std::size_t m, double multiplier, Vec& out) {
    const auto k = static_cast<Eigen::Index>(m);
    const Vec reach = multiplier * reach_column(model_, m);
    if (reach.size() > 0) return medium_at(m, model_.design.media.col(k), reach, out);
    scaled_ = multiplier * model_.design.media.col(k);
    medium_at(m, scaled_, reach, out);
}

void Contributions::medium_at(std::size_t m, ConstVecRef x, ConstVecRef reach, Vec& out) {
    responses_[m].forward(x, reach, parameters_);
    scale(m, responses_[m].value(), out);
    if (!logarithmic()) return;
    // Over the mean without the medium.
    const auto actual = terms_.col(terms_.cols() - static_cast<Eigen::Index>(responses_.size() - m));
    out = mean_.array() * (-actual.array()).exp() * (out.array().exp() - 1);
}

double Contributions::mean_without(std::size_t m) const {
    const auto actual = terms_.col(terms_.cols() - static_cast<Eigen::Index>(responses_.size() - m));
    return (mean_.array() * (-actual.array()).exp()).mean();
}

double Contributions::sigma(Eigen::Index row) const {
    return parameters_[model_.layout.sigma.at(row / model_.design.n_periods)] * model_.design.row_scale[row];
}

// What a multiplied intercept gives beyond its level is the trend's; so is an added process.
void Contributions::add_trend_variation(VecRef trend) const {
    const Vec& v = variations_[static_cast<std::size_t>(model_.layout.trend_variation)].value();
    const Slot level = model_.layout.terms.front().coefficient;
    for (Eigen::Index g = 0; g < model_.design.n_geos; ++g)
        trend.segment(g * v.size(), v.size()) +=
            model_.layout.intercept_varies() ? Vec(parameters_[level.at(g)] * (v.array() - 1)) : v;
}

double Contributions::trend_variation_total(ConstVecRef weights) const {
    if (model_.layout.trend_variation < 0) return 0;
    Vec rows = Vec::Zero(weights.size());
    add_trend_variation(rows);
    return weights.dot(rows);
}

// What each component adds to the mean (link log: to its logarithm), in the model's units; the loaded draw's.
void Contributions::fill_terms(Mat& out) {
    const Design& design = model_.design;
    const auto n_linear = static_cast<Eigen::Index>(linear_.size());
    const Eigen::Index first_medium = static_cast<Eigen::Index>(names_.size() - responses_.size());
    out.setZero(design.rows(), static_cast<Eigen::Index>(names_.size()));
    for (Eigen::Index c = 0; c < n_linear; ++c) linear_[static_cast<std::size_t>(c)].forward(parameters_, out.col(c));
    out.col(0).array() += design.kpi_offset / design.kpi_scale;
    for (Eigen::Index c = 0; c < n_linear; ++c)
        if (model_.layout.trend_variation >= 0 && names_[static_cast<std::size_t>(c)].kind == "trend") add_trend_variation(out.col(c));
    for (std::size_t m = 0; m < responses_.size(); ++m) {
        const Eigen::Index column = first_medium + static_cast<Eigen::Index>(m);
        vary(m, responses_[m].value(), scaled_);
        const double none = design.media_baseline[static_cast<Eigen::Index>(m)];
        for (Eigen::Index g = 0; g < design.n_geos; ++g) {
            const double b = coefficients_[m].by_geo()[g];
            const Eigen::Index begin = g * design.n_periods, n = design.n_periods;
            out.col(column).segment(begin, n) = b * (scaled_.segment(begin, n).array() - none);
            out.col(0).segment(begin, n).array() += none * b;
        }
    }
}

// The mean of a KPI whose logarithm is the sum of terms.
void Contributions::find_mean() {
    const Design& design = model_.design;
    fill_terms(terms_);
    logarithm_ = terms_.rowwise().sum();
    mean_ = design.row_scale.array() * logarithm_.array().exp();
    if (model_.spec.likelihood != Likelihood::lognormal) return;
    for (Eigen::Index g = 0; g < design.n_geos; ++g) {
        const double sigma = parameters_[model_.layout.sigma.at(g)];
        mean_.segment(g * design.n_periods, design.n_periods) *= std::exp(0.5 * sigma * sigma);
    }
}

void Contributions::evaluate(std::size_t draw, Mat& out) {
    load(draw);
    const Design& design = model_.design;
    if (!logarithmic()) {
        fill_terms(out);
        out.array().colwise() *= design.row_scale.array();
        return;
    }
    out.resize(terms_.rows(), terms_.cols());
    const Eigen::Index interaction = static_cast<Eigen::Index>(linear_.size());
    for (Eigen::Index c = 0; c < terms_.cols(); ++c)
        out.col(c) = mean_.array() * (1 - (-terms_.col(c).array()).exp());
    out.col(0) = mean_.array() * (terms_.col(0).array() - logarithm_.array()).exp();
    out.col(interaction).setZero();
    out.col(interaction) = mean_ - out.rowwise().sum();
}

void Contributions::mean(std::size_t draw, Vec& out) {
    if (logarithmic()) {
        load(draw);
        out = mean_;
        return;
    }
    evaluate(draw, scratch_);
    out = scratch_.rowwise().sum();
}

Bounds interval(const std::vector<double>& values, double level) {
    // One draw (MAP) says nothing of uncertainty.
    if (values.size() < 2) return {std::nan(""), std::nan("")};
    // Not-a-number has no place in an order, and sorting it would be undefined.
    if (std::any_of(values.begin(), values.end(), [](double value) { return std::isnan(value); }))
        return {std::nan(""), std::nan("")};
    thread_local Quantiles quantiles;
    const auto [lower, upper] = quantiles(values, std::array{(1 - level) / 2, (1 + level) / 2});
    return {lower, upper};
}

double mean_of(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

void check_level(double level) {
    if (level > 0 && level < 1) return;
    throw Error(ErrorKind::invalid_argument, "level = " + format_number(level) + " is outside its range", {},
                "Use a level between 0 and 1, such as 0.9 for a 90 % credible interval.");
}

}  // namespace mmm
