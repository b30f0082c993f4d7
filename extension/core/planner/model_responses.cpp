#include "core/planner/model_responses.hpp"

#include <array>

#include "core/error.hpp"
#include "core/transform/calendar.hpp"
#include "core/transform/saturation_values.hpp"

namespace mmm {

Vec plan_window(const FittedModel& model, const PlanOptions& options) {
    Vec window(model.data.periods());
    for (Eigen::Index row = 0; row < window.size(); ++row) {
        const Timestamp time = model.data.time[static_cast<std::size_t>(row)];
        window[row] = (!options.from || time >= *options.from) && (!options.to || time <= *options.to) ? 1 : 0;
    }
    if (window.sum() == 0)
        throw Error(ErrorKind::invalid_argument, "no period of the model lies between from and to", {},
                    "The model runs from " + format_timestamp(model.data.time.front()) + " to " +
                        format_timestamp(model.data.time.back()) + ".");
    return window;
}

std::vector<PlanCell> plan_cells(const FittedModel& model, const Vec& window, bool by_geo) {
    if (by_geo)
        throw Error(ErrorKind::invalid_argument, "by: a plan by geo was asked for, but the model is national", {},
                    "Leave by out, or fit a model with geos.");
    std::vector<PlanCell> cells;
    for (std::size_t m = 0; m < model.spec.media.size(); ++m)
        if (model.spec.media[m].paid)
            cells.push_back(
                {m, std::nullopt, 0, window.size(), window.dot(model.data.spend.col(static_cast<Eigen::Index>(m)))});
    return cells;
}

ModelResponses::ModelResponses(const FittedModel& model, std::vector<PlanCell> cells, Vec window, Carryover carryover)
    : model_(model),
      cells_(std::move(cells)),
      window_(std::move(window)),
      carryover_(carryover),
      contributions_(model),
      rows_per_geo_(model.data.periods()),
      terms_(cells_.size()) {
    const Eigen::Index rows = window_.size();
    for (std::size_t c = 0; c < cells_.size(); ++c)
        for (Vec* v : {&terms_[c].kpi, &terms_[c].revenue, &terms_[c].base, &terms_[c].slope})
            v->setZero(cells_[c].count);
    for (Vec* v : {&kpi_, &revenue_, &base_, &slope_, &x_}) v->setZero(rows);
}

void ModelResponses::load(std::size_t draw) {
    contributions_.evaluate(draw, parts_);
    const auto n_media = static_cast<Eigen::Index>(model_.spec.media.size());
    std::size_t loaded = model_.spec.media.size();
    for (std::size_t c = 0; c < cells_.size(); ++c) {
        const std::size_t medium = cells_[c].medium;
        if (medium != loaded)
            load_medium(medium, parts_.col(parts_.cols() - n_media + static_cast<Eigen::Index>(medium)));
        loaded = medium;
        collect(c, terms_[c]);
    }
}

namespace {

template <std::size_t n>
std::array<double, n> parameters_of(const Contributions& draw, int first, int count) {
    std::array<double, n> values{};
    for (int p = 0; p < count; ++p) values[static_cast<std::size_t>(p)] = draw.parameter(first + p);
    return values;
}

}  // namespace

// Rows of one geo follow each other, and nothing carries over from one geo to the next.
void ModelResponses::carry(ConstVecRef x, VecRef out) const {
    for (Eigen::Index first = 0; first < x.size(); first += rows_per_geo_)
        adstock_forward(x.segment(first, rows_per_geo_), weights_, out.segment(first, rows_per_geo_));
}

void ModelResponses::carry_back(Vec& x) {
    for (Eigen::Index first = 0; first < x.size(); first += rows_per_geo_)
        adstock_reverse_input(weights_, x.segment(first, rows_per_geo_), x_.segment(first, rows_per_geo_));
    x = x_;
}

void ModelResponses::load_medium(std::size_t m, ConstVecRef effect) {
    const Medium& medium = model_.spec.media[m];
    const MediumPosition& position = model_.layout.media[m];
    const AdstockForm& form = medium.adstock.form;
    const SaturationFamily family = medium.saturation.family;
    const auto adstock =
        parameters_of<max_adstock_parameters>(contributions_, position.adstock, adstock_parameter_count(form.family));
    const auto saturation = parameters_of<max_saturation_parameters>(contributions_, position.saturation,
                                                                     saturation_parameter_count(family));
    for (std::size_t c = 0; c < cells_.size(); ++c)
        if (cells_[c].medium == m) terms_[c].first = saturation[0], terms_[c].second = saturation[1];
    weights_.resize(form.max_lag + 1);
    weight_derivatives_.resize(form.max_lag + 1, max_adstock_parameters);
    adstock_weights(form, adstock.data(), weights_, weight_derivatives_);

    const auto exposure = model_.design.media.col(static_cast<Eigen::Index>(m));
    x_ = exposure;
    if (medium.saturation_first) saturate(family, saturation[0], saturation[1], x_);
    carry(x_, slope_);
    kpi_ = slope_;
    if (!medium.saturation_first) saturate(family, saturation[0], saturation[1], kpi_);
    // The coefficient of each row, whatever it is made of. Without a response there is nothing it could multiply.
    kpi_ = (kpi_.array() != 0).select(effect.cwiseQuotient(kpi_), 0);
    if (carryover_ == Carryover::steady) kpi_ = kpi_.cwiseProduct(window_);
    revenue_ = kpi_.cwiseProduct(model_.data.revenue_per_kpi);
    if (medium.saturation_first) {
        carry_back(kpi_);
        carry_back(revenue_);
    }
    split(exposure, medium.saturation_first);
}

// What the plan multiplies and what it does not: exposure where saturation comes first, else adstocked exposure, which
// slope_ holds already where the plan multiplies all of it.
void ModelResponses::split(ConstVecRef exposure, bool saturation_first) {
    const bool steady = carryover_ == Carryover::steady;
    if (saturation_first) {
        slope_ = steady ? Vec(exposure) : Vec(exposure.cwiseProduct(window_));
        base_ = exposure - slope_;
    } else if (!steady) {
        base_ = slope_;
        x_ = exposure.cwiseProduct(window_);
        carry(x_, slope_);
        // Rounding must not leave a saturation to be taken of a negative exposure.
        base_ = (base_ - slope_).cwiseMax(0);
    }
}

// Rows that a plan does not move, or whose effect does not count, are left out.
void ModelResponses::collect(std::size_t number, PlanTerms& terms) {
    const PlanCell& cell = cells_[number];
    Eigen::Index n = 0;
    for (Eigen::Index row = cell.first; row < cell.first + cell.count; ++row) {
        if (slope_[row] == 0 || kpi_[row] == 0) continue;
        terms.kpi[n] = kpi_[row];
        terms.revenue[n] = revenue_[row];
        if (carryover_ == Carryover::after) terms.base[n] = base_[row];
        terms.slope[n] = slope_[row];
        ++n;
    }
    terms.count = n;
    terms.at_zero = {0, 0};
    if (carryover_ == Carryover::after) terms.at_zero = saturated(number, terms, 0);
}

PlanOutcome ModelResponses::saturated(std::size_t cell, const PlanTerms& terms, double multiplier) {
    const Eigen::Index n = terms.count;
    if (n == 0) return {0, 0};
    auto x = x_.head(n);
    x = multiplier * terms.slope.head(n);
    if (carryover_ == Carryover::after) x += terms.base.head(n);
    saturate(model_.spec.media[cells_[cell].medium].saturation.family, terms.first, terms.second, x);
    return {terms.kpi.head(n).dot(x), terms.revenue.head(n).dot(x)};
}

PlanOutcome ModelResponses::at(std::size_t cell, const PlanTerms& terms, double multiplier) {
    const PlanOutcome outcome = saturated(cell, terms, multiplier);
    return {outcome.kpi - terms.at_zero.kpi, outcome.revenue - terms.at_zero.revenue};
}

}  // namespace mmm
