#include "core/planner/model_responses.hpp"

#include "core/error.hpp"
#include "core/transform/calendar.hpp"
#include "core/transform/saturation.hpp"

namespace mmm {

Vec plan_window(const FittedModel& model, const PlanOptions& options) {
    Vec periods(model.data.periods());
    for (Eigen::Index t = 0; t < periods.size(); ++t) {
        const Timestamp time = model.data.time[static_cast<std::size_t>(t)];
        periods[t] = (!options.from || time >= *options.from) && (!options.to || time <= *options.to) ? 1 : 0;
    }
    if (periods.sum() == 0)
        throw Error(ErrorKind::invalid_argument, "no period of the model lies between from and to", {},
                    "The model runs from " + format_timestamp(model.data.time.front()) + " to " +
                        format_timestamp(model.data.time.back()) + ".");
    return periods.replicate(model.data.n_geos(), 1);
}

std::vector<PlanCell> plan_cells(const FittedModel& model, const Vec& window, bool by_geo) {
    if (by_geo && model.data.geos.empty())
        throw Error(ErrorKind::invalid_argument, "by: a plan by geo was asked for, but the model is national", {},
                    "Leave by out, or fit a model with geos.");
    std::vector<PlanCell> cells;
    const Eigen::Index geos = by_geo ? 1 : model.data.n_geos(), rows = geos * model.data.periods();
    for (std::size_t m = 0; m < model.spec.media.size(); ++m) {
        if (!model.spec.media[m].paid()) continue;
        const Vec spend = window.cwiseProduct(model.data.spend.col(static_cast<Eigen::Index>(m)));
        for (Eigen::Index g = 0; g < model.data.n_geos(); g += geos) {
            PlanCell cell{m, std::nullopt, g, geos, rows, spend.segment(g * model.data.periods(), rows).sum()};
            if (by_geo) cell.geo = model.data.geos[static_cast<std::size_t>(g)];
            cells.push_back(std::move(cell));
        }
    }
    return cells;
}

ModelResponses::ModelResponses(const FittedModel& model, std::vector<PlanCell> cells, const Vec& window,
                               Carryover carryover)
    : model_(model), cells_(std::move(cells)), runs_(cells_.size()), terms_(cells_.size()) {
    const Vec& prices = model.data.revenue_per_kpi;
    auto space = std::make_shared<MediumSpace>();
    space->carryover = carryover;
    space->window = window;
    space->kpi = model.design.row_scale;
    if (carryover == Carryover::steady) space->kpi = space->kpi.cwiseProduct(window);
    if ((prices.array() == prices[0]).all())
        price_ = prices[0];
    else
        space->revenue = space->kpi.cwiseProduct(prices);
    std::vector<bool> moved;
    for (std::size_t c = 0; c < cells_.size(); ++c) {
        if (c == 0 || cells_[c].medium != cells_[c - 1].medium) {
            media_.emplace_back(model, cells_[c].medium, space);
            moved = media_.back().moved_rows();
        }
        rows_of_cell_.push_back(media_.size() - 1);
        find_runs(c, moved);
        for (Vec* v : {&terms_[c].kpi, &terms_[c].slope}) v->setZero(cells_[c].terms);
        if (!price_) terms_[c].revenue.setZero(cells_[c].terms);
        if (carryover == Carryover::after) terms_[c].base.setZero(cells_[c].terms);
    }
    parameters_.resize(model.layout.size());
}

// Rows that a plan does not move, or whose effect does not count, are left out.
void ModelResponses::find_runs(std::size_t number, const std::vector<bool>& moved) {
    PlanCell& cell = cells_[number];
    const Eigen::Index periods = model_.data.periods();
    const bool linear = medium_of(number).linear();
    cell.terms = linear ? cell.geos : 0;
    for (Eigen::Index g = cell.first_geo; g < cell.first_geo + cell.geos; ++g) {
        const Eigen::Index end = (g + 1) * periods;
        if (linear) runs_[number].push_back({g, g * periods, periods});
        for (Eigen::Index row = g * periods; row < end && !linear;) {
            const Eigen::Index begin = row;
            while (row < end && moved[static_cast<std::size_t>(row)]) ++row;
            if (row > begin) runs_[number].push_back({g, begin, row - begin});
            cell.terms += row - begin;
            if (row == begin) ++row;
        }
    }
}

void ModelResponses::load(std::size_t draw, const Poll& poll) {
    model_.copy_draw(draw, parameters_);
    for (std::size_t c = 0; c < cells_.size(); ++c) {
        if (c == 0 || rows_of_cell_[c] != rows_of_cell_[c - 1]) {
            poll();
            media_[rows_of_cell_[c]].load(parameters_);
        }
        collect(c);
    }
}

void ModelResponses::collect(std::size_t number) {
    PlanTerms& terms = terms_[number];
    const MediumRows& medium = medium_of(number);
    terms.count = 0;
    terms.parts.clear();
    for (const Run& run : runs_[number]) {
        const Eigen::Index own = medium.groups() == 1 ? 0 : run.geo, before = terms.count;
        if (medium.linear())
            collect_linear(medium, run, terms);
        else
            collect_rows(medium, run, terms);
        terms.parts.push_back({terms.count - before, medium.coefficient(run.geo), medium.saturation(0, own), medium.saturation(1, own)});
    }
    terms.same_units = !medium.linear() && medium.same_units();
    terms.at_zero = {0, 0};
    if (terms.base.size() > 0) terms.at_zero = saturated(number, terms, 0);
}

void ModelResponses::collect_linear(const MediumRows& medium, const Run& run, PlanTerms& terms) const {
    const auto response = medium.slope().segment(run.begin, run.length);
    terms.slope[terms.count] = 1;
    terms.kpi[terms.count] = medium.unit_kpi().segment(run.begin, run.length).dot(response);
    if (!price_)
        terms.revenue[terms.count] = medium.unit_revenue().segment(run.begin, run.length).dot(response);
    ++terms.count;
}

void ModelResponses::collect_rows(const MediumRows& medium, const Run& run, PlanTerms& terms) const {
    const auto own = [&](Vec& values) { return values.segment(terms.count, run.length); };
    if (!terms.same_units) {
        own(terms.kpi) = medium.unit_kpi().segment(run.begin, run.length);
        if (!price_) own(terms.revenue) = medium.unit_revenue().segment(run.begin, run.length);
    }
    own(terms.slope) = medium.slope().segment(run.begin, run.length);
    if (terms.base.size() > 0) own(terms.base) = medium.base().segment(run.begin, run.length);
    terms.count += run.length;
}

PlanOutcome ModelResponses::saturated(std::size_t cell, const PlanTerms& terms, double multiplier) const {
    const Kernels& kernel = kernels();
    PlanOutcome sum{0, 0};
    Eigen::Index begin = 0;
    const auto at = [&](const Vec& values) { return values.size() > 0 ? values.data() + begin : nullptr; };
    for (const auto& part : terms.parts) {
        const SaturationCurve curve = saturation_curve(medium_of(cell).family(), part.first, part.second, true, kernel);
        double sums[2];
        curve.kernel->sum(at(terms.slope), at(terms.base), part.count, multiplier, curve.a, curve.b, at(terms.kpi), at(terms.revenue), sums);
        sum.kpi += part.coefficient * sums[0];
        sum.revenue += part.coefficient * sums[1];
        begin += part.count;
    }
    if (price_) sum.revenue = *price_ * sum.kpi;
    return sum;
}

PlanOutcome ModelResponses::at(std::size_t cell, const PlanTerms& terms, double multiplier) const {
    const PlanOutcome outcome = saturated(cell, terms, multiplier);
    return {outcome.kpi - terms.at_zero.kpi, outcome.revenue - terms.at_zero.revenue};
}

}  // namespace mmm
