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
      terms_(cells_.size()) {
    const Eigen::Index rows = window_.size();
    for (const auto& medium : model.spec.media) tapes_.emplace_back(medium, rows);
    for (std::size_t c = 0; c < cells_.size(); ++c)
        for (Vec* v : {&terms_[c].kpi, &terms_[c].revenue, &terms_[c].base, &terms_[c].slope})
            v->setZero(cells_[c].count);
    for (Vec* v : {&kpi_, &revenue_, &base_, &slope_, &inside_, &outside_, &x_}) v->setZero(rows);
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

void ModelResponses::load_medium(std::size_t m, ConstVecRef effect) {
    const Medium& medium = model_.spec.media[m];
    const MediumPosition& position = model_.layout.media[m];
    MediumTape& tape = tapes_[m];
    std::array<double, max_adstock_parameters> adstock{};
    for (int p = 0; p < adstock_parameter_count(medium.adstock.form.family); ++p)
        adstock[static_cast<std::size_t>(p)] = contributions_.parameter(position.adstock + p);
    std::array<double, max_saturation_parameters> saturation{};
    for (int p = 0; p < saturation_parameter_count(medium.saturation.family); ++p)
        saturation[static_cast<std::size_t>(p)] = contributions_.parameter(position.saturation + p);
    const auto x = model_.design.media.col(static_cast<Eigen::Index>(m));
    media_forward(medium, x, adstock.data(), saturation.data(), tape);
    for (std::size_t c = 0; c < cells_.size(); ++c)
        if (cells_[c].medium == m) terms_[c].first = saturation[0], terms_[c].second = saturation[1];

    // The coefficient of each row, whatever it is made of. Without a response there is nothing it could multiply.
    kpi_ = (tape.response.array() != 0).select(effect.cwiseQuotient(tape.response), 0);
    const bool steady = carryover_ == Carryover::steady;
    if (steady) kpi_ = kpi_.cwiseProduct(window_);
    revenue_ = kpi_.cwiseProduct(model_.data.revenue_per_kpi);
    inside_ = x;
    outside_.setZero();
    if (!steady) {
        inside_ = x.cwiseProduct(window_);
        outside_ = x - inside_;
    }
    if (medium.saturation_first) {
        slope_ = inside_;
        base_ = outside_;
        adstock_reverse_input(tape.weights, kpi_, x_);
        kpi_ = x_;
        adstock_reverse_input(tape.weights, revenue_, x_);
        revenue_ = x_;
        return;
    }
    adstock_forward(inside_, tape.weights, slope_);
    if (steady)
        base_.setZero();
    else
        adstock_forward(outside_, tape.weights, base_);
}

// Rows that a plan does not move, or whose effect does not count, are left out.
void ModelResponses::collect(std::size_t number, PlanTerms& terms) {
    const PlanCell& cell = cells_[number];
    Eigen::Index n = 0;
    for (Eigen::Index row = cell.first; row < cell.first + cell.count; ++row) {
        if (slope_[row] == 0 || kpi_[row] == 0) continue;
        terms.kpi[n] = kpi_[row];
        terms.revenue[n] = revenue_[row];
        terms.base[n] = base_[row];
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
