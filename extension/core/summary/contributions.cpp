#include "core/summary/contributions.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "core/format.hpp"
#include "core/model/posterior.hpp"

namespace mmm {

Contributions::Contributions(const FittedModel& model) : model_(model) {
    for (const auto& component : model.layout.components) names_.push_back({component.name, component.kind});
    for (const auto& medium : model.spec.media) {
        names_.push_back({medium.name, "media"});
        tapes_.emplace_back(medium, model.data.periods());
    }
    parameters_.resize(model.layout.size());
    coefficients_.resize(static_cast<Eigen::Index>(tapes_.size()));
    scaled_.resize(model.data.periods());
}

double Contributions::coefficient(std::size_t m) {
    const auto& medium = model_.spec.media[m];
    const double outcome =
        medium.effect == EffectKind::coefficient ? 1 : tapes_[m].response.dot(model_.design.revenue_of(medium.effect));
    const auto k = static_cast<Eigen::Index>(m);
    return media_coefficient(medium.effect, parameters_[model_.layout.media[m].effect], outcome,
                             model_.design.spend_total[k], model_.design.outcome_total);
}

void Contributions::load(std::size_t draw) {
    model_.copy_draw(draw, parameters_);
    for (std::size_t m = 0; m < tapes_.size(); ++m) {
        const auto& position = model_.layout.media[m];
        const auto k = static_cast<Eigen::Index>(m);
        media_forward(model_.spec.media[m], model_.design.media.col(k), parameters_.data() + position.adstock,
                      parameters_.data() + position.saturation, tapes_[m]);
        coefficients_[k] = coefficient(m);
    }
}

void Contributions::medium(std::size_t m, double multiplier, Vec& out) {
    const auto k = static_cast<Eigen::Index>(m);
    const auto& position = model_.layout.media[m];
    scaled_ = multiplier * model_.design.media.col(k);
    media_forward(model_.spec.media[m], scaled_, parameters_.data() + position.adstock,
                  parameters_.data() + position.saturation, tapes_[m]);
    out = (model_.design.kpi_scale * coefficients_[k]) * tapes_[m].response;
}

void Contributions::evaluate(std::size_t draw, Mat& out) {
    load(draw);
    const Eigen::Index n = model_.data.periods();
    out.resize(n, static_cast<Eigen::Index>(names_.size()));
    Eigen::Index column = 0;
    for (const auto& component : model_.layout.components) {
        out.col(column).noalias() = model_.design.kpi_scale * (model_.design.linear.middleCols(component.first, component.count) *
                                                               parameters_.segment(component.first, component.count));
        if (component.kind == "baseline") out.col(column).array() += model_.design.kpi_offset;
        ++column;
    }
    for (std::size_t m = 0; m < tapes_.size(); ++m) {
        const auto k = static_cast<Eigen::Index>(m);
        out.col(column++) = (model_.design.kpi_scale * coefficients_[k]) * tapes_[m].response;
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
