#include "core/summary/contributions.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "core/format.hpp"

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
    for (std::size_t m = 0; m < model.spec.media.size(); ++m) {
        const Medium& medium = model.spec.media[m];
        names_.push_back({medium.name, medium.kind == MediumKind::treatment ? "treatment" : "media"});
        responses_.emplace_back(medium, model.layout.media[m], design.n_geos, design.n_periods);
        others_.emplace_back(medium, model.layout.media[m], has_alternative(medium) ? design.n_geos : 0, design.n_periods);
        coefficients_.emplace_back(model.spec, model.layout, design, m);
    }
    parameters_.resize(model.layout.size());
    scaled_.resize(design.rows());
}

void Contributions::load(std::size_t draw) {
    model_.copy_draw(draw, parameters_);
    const Design& design = model_.design;
    for (std::size_t m = 0; m < responses_.size(); ++m) {
        const auto k = static_cast<Eigen::Index>(m);
        const Medium& medium = model_.spec.media[m];
        const Vec reach = reach_column(model_, m);
        responses_[m].forward(design.media.col(k), reach, parameters_);
        if (!has_alternative(medium)) {
            coefficients_[m].forward(responses_[m].value(), Vec(), parameters_);
            continue;
        }
        if (medium.has_frequency()) others_[m].forward(design.media.col(k), design.alternative.col(k), parameters_);
        else others_[m].forward(design.alternative.col(k), reach, parameters_);
        coefficients_[m].forward(responses_[m].value(), others_[m].value(), parameters_);
    }
}

// out = coefficient * KPI of a model unit * (response - baseline of a treatment)
void Contributions::scale(std::size_t m, ConstVecRef response, Vec& out) const {
    const Design& design = model_.design;
    const double none = design.media_baseline[static_cast<Eigen::Index>(m)];
    out.resize(design.rows());
    for (Eigen::Index g = 0; g < design.n_geos; ++g) {
        const Eigen::Index begin = g * design.n_periods;
        out.segment(begin, design.n_periods) =
            coefficients_[m].by_geo()[g] * ((response.segment(begin, design.n_periods).array() - none) *
                                            design.row_scale.segment(begin, design.n_periods).array());
    }
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
}

double Contributions::sigma(Eigen::Index row) const {
    return parameters_[model_.layout.sigma.at(row / model_.design.n_periods)] * model_.design.row_scale[row];
}

void Contributions::evaluate(std::size_t draw, Mat& out) {
    load(draw);
    const Design& design = model_.design;
    const auto n_linear = static_cast<Eigen::Index>(linear_.size());
    out.resize(design.rows(), static_cast<Eigen::Index>(names_.size()));
    out.leftCols(n_linear).setZero();
    for (Eigen::Index c = 0; c < n_linear; ++c) {
        linear_[static_cast<std::size_t>(c)].forward(parameters_, out.col(c));
        out.col(c) = out.col(c).cwiseProduct(design.row_scale);
        if (names_[static_cast<std::size_t>(c)].kind == "baseline") out.col(c) += (design.kpi_offset / design.kpi_scale) * design.row_scale;
    }
    for (std::size_t m = 0; m < responses_.size(); ++m) {
        const auto k = static_cast<Eigen::Index>(m);
        scale(m, responses_[m].value(), scaled_);
        out.col(n_linear + k) = scaled_;
        const double none = design.media_baseline[k];
        if (none == 0) continue;
        for (Eigen::Index g = 0; g < design.n_geos; ++g)
            out.col(0).segment(g * design.n_periods, design.n_periods) +=
                (none * coefficients_[m].by_geo()[g]) * design.row_scale.segment(g * design.n_periods, design.n_periods);
    }
}

void Contributions::mean(std::size_t draw, Vec& out) {
    evaluate(draw, scratch_);
    out = scratch_.rowwise().sum();
}

Bounds interval(std::vector<double>& values, double level) {
    // One draw (MAP) says nothing of uncertainty.
    if (values.size() < 2) return {std::nan(""), std::nan("")};
    // Not-a-number has no place in an order, and sorting it would be undefined.
    if (std::any_of(values.begin(), values.end(), [](double value) { return std::isnan(value); }))
        return {std::nan(""), std::nan("")};
    std::sort(values.begin(), values.end());
    return {quantile_sorted(values.data(), values.size(), (1 - level) / 2),
            quantile_sorted(values.data(), values.size(), (1 + level) / 2)};
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
