// What the engine makes of media: adstock weights by lag, and incremental KPI by steady exposure.
//
//   adstock     w_l as it enters A_t = sum_l w_l x_{t-l}: divided by their sum where the specification normalises
//   saturation  beta s(W x) with W = sum_l w_l, the adstocked exposure of a steady x (saturation first: beta W s(x));
//               beta in KPI a unit of response. x goes from 0 to 1.5 times the largest exposure, after an adstock with
//               weights of sum 1 where the saturation comes second, at its posterior mean
// Reach and frequency: beta W r s(x) with x the frequency and r the mean reach.
// Of a panel, both are the mean over geos, each counting the same. Exposure and KPI are those of a geo of mean
// population where the model scales by population. Treatments have no curve.
#include <algorithm>

#include "core/api.hpp"
#include "core/format.hpp"
#include "core/model/fitted_model.hpp"
#include "core/summary/contributions.hpp"
#include "core/summary/draw_summary.hpp"

namespace mmm {

namespace {

constexpr double beyond_history = 1.5;
constexpr int most_points = 10'000;

std::vector<std::size_t> media_with_curves(const FittedModel& model) {
    std::vector<std::size_t> media;
    for (std::size_t m = 0; m < model.spec.media.size(); ++m)
        if (model.spec.media[m].kind != MediumKind::treatment) media.push_back(m);
    return media;
}

// Adstock weights of one medium, one draw at a time.
class MeanWeights {
public:
    MeanWeights(const FittedModel& model, std::size_t m)
        : model_(model),
          form_(model.spec.media[m].adstock.form),
          slots_(model.layout.media[m].adstock),
          parameters_(model.layout.size()),
          weights_(Vec::Zero(form_.max_lag + 1)),
          mean_(weights_),
          derivatives_(Mat::Zero(weights_.size(), max_adstock_parameters)) {}

    Eigen::Index lags() const { return form_.family == AdstockFamily::none ? 1 : weights_.size(); }

    const Vec& load(std::size_t draw) {
        model_.copy_draw(draw, parameters_);
        const int count = adstock_parameter_count(form_.family);
        const bool by_geo = std::any_of(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.by_geo; });
        const Eigen::Index geos = by_geo ? model_.data.n_geos() : 1;
        std::array<double, max_adstock_parameters> values{};
        mean_.setZero();
        for (Eigen::Index g = 0; g < geos; ++g) {
            for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) values[i] = parameters_[slots_[i].at(g)];
            adstock_weights(form_, values.data(), weights_, derivatives_);
            mean_ += weights_ / static_cast<double>(geos);
        }
        return mean_;
    }

private:
    const FittedModel& model_;
    AdstockForm form_;
    std::array<Slot, max_adstock_parameters> slots_;
    Vec parameters_, weights_, mean_;
    Mat derivatives_;
};

// One medium at steady exposures in the user's units, under the draw that `contributions` loaded last.
class SteadyMedium {
public:
    SteadyMedium(const FittedModel& model, const Contributions& contributions, std::size_t m)
        : contributions_(contributions),
          design_(model.design),
          medium_(model.spec.media[m]),
          position_(model.layout.media[m]),
          m_(m),
          logarithmic_(model.spec.link == Link::log),
          kpi_(model.design.row_scale.mean()) {
        const auto k = static_cast<Eigen::Index>(m);
        const double heads = kpi_ / design_.kpi_scale;  // mean population, 1 where the model does not scale by it
        if (medium_.has_frequency())
            reach_ = design_.reach.col(k).mean();
        else
            unit_ = design_.media_scale[k] * (medium_.per_capita ? heads : 1);
    }

    // The largest exposure that the saturation sees in any geo.
    double largest() const {
        double most = 0;
        if (medium_.saturation_first)
            most = design_.media.col(static_cast<Eigen::Index>(m_)).maxCoeff();
        else
            for (Eigen::Index g = 0; g < transforms(); ++g) {
                const MediumTape& tape = contributions_.response(m_).tape(g);
                most = std::max(most, tape.carried.col(0).maxCoeff() / tape.weights.col(0).sum());
            }
        return most * unit_;
    }

    // KPI of a period, mean over geos.
    void outcome(const Vec& exposure, Vec& x, Vec& out) const {
        const int n = saturation_parameter_count(medium_.saturation.family);
        const auto parameter = [&](int i, Eigen::Index g) {
            return i < n ? contributions_.parameter(position_.saturation[static_cast<std::size_t>(i)].at(g)) : 0;
        };
        const Vec& coefficient = contributions_.coefficient_by_geo(m_);
        const Eigen::Index geos = transforms();
        out.setZero(exposure.size());
        const double base = logarithmic_ ? contributions_.mean_without(m_) : 0;
        for (Eigen::Index g = 0; g < geos; ++g) {
            const double total = contributions_.response(m_).tape(g).weights.col(0).sum();
            x = exposure * ((medium_.saturation_first ? 1 : total) / unit_);
            saturate(medium_.saturation.family, parameter(0, g), parameter(1, g), x);
            const double beta = geos == 1 ? coefficient.mean() : coefficient[g] / static_cast<double>(geos);
            const double most = beta * (medium_.saturation_first ? total * reach_ : 1);
            if (logarithmic_) out.array() += base * ((most * static_cast<double>(geos) * x.array()).exp() - 1) / static_cast<double>(geos);
            else out += most * kpi_ * x;
        }
    }

private:
    // How many geos differ in adstock or saturation.
    Eigen::Index transforms() const { return position_.transforms_by_geo() ? design_.n_geos : 1; }

    const Contributions& contributions_;
    const Design& design_;
    const Medium& medium_;
    const MediumPosition& position_;
    std::size_t m_;
    bool logarithmic_;
    double kpi_;  // of a model unit, in a geo of mean population
    double unit_ = 1, reach_ = 1;
};

// One grid a medium.
std::vector<Vec> exposure_grids(const FittedModel& model, Contributions& contributions,
                                const std::vector<SteadyMedium>& media, int points, const Poll& poll) {
    Vec most = Vec::Zero(static_cast<Eigen::Index>(media.size()));
    for (std::size_t draw = 0; draw < model.total_draws(); ++draw) {
        poll();
        contributions.load(draw);
        for (Eigen::Index i = 0; i < most.size(); ++i)
            most[i] += media[static_cast<std::size_t>(i)].largest() / static_cast<double>(model.total_draws());
    }
    std::vector<Vec> grids;
    for (const double largest : most) grids.push_back(Vec::LinSpaced(points, 0, beyond_history * largest));
    return grids;
}

}  // namespace

std::vector<AdstockRow> adstock_curve(const FittedModel& model, double level, const Poll& poll) {
    check_level(level);
    std::vector<AdstockRow> rows;
    for (const std::size_t m : media_with_curves(model)) {
        MeanWeights weights(model, m);
        const auto fill = [&](std::size_t draw, std::size_t first, VecRef values) {
            values = weights.load(draw).segment(static_cast<Eigen::Index>(first), values.size());
        };
        int lag = 0;
        for (const DrawSummary& w :
             summarise_draws(static_cast<std::size_t>(weights.lags()), model.total_draws(), level, fill, poll))
            rows.push_back({model.spec.media[m].name, lag++, w.mean, w.lower, w.upper});
    }
    return rows;
}

std::vector<SaturationRow> saturation_curve(const FittedModel& model, int points, double level, const Poll& poll) {
    check_level(level);
    if (points < 2 || points > most_points)
        throw Error(ErrorKind::invalid_argument, "points = " + std::to_string(points) + " is outside its range", {},
                    "Use 2 to " + std::to_string(most_points) + " points.");
    Contributions contributions(model);
    std::vector<SteadyMedium> media;
    const auto chosen = media_with_curves(model);
    for (const std::size_t m : chosen) media.emplace_back(model, contributions, m);
    const auto grids = exposure_grids(model, contributions, media, points, poll);
    Vec x, curve;
    // Medium by medium, point by point.
    const auto fill = [&](std::size_t draw, std::size_t first, VecRef values) {
        contributions.load(draw);
        std::size_t evaluated = media.size();
        for (Eigen::Index i = 0; i < values.size(); ++i) {
            const std::size_t at = first + static_cast<std::size_t>(i), m = at / static_cast<std::size_t>(points);
            if (m != evaluated) media[m].outcome(grids[m], x, curve);
            evaluated = m;
            values[i] = curve[static_cast<Eigen::Index>(at % static_cast<std::size_t>(points))];
        }
    };
    std::vector<SaturationRow> rows;
    const std::size_t count = chosen.size() * static_cast<std::size_t>(points);
    for (const DrawSummary& s : summarise_draws(count, model.total_draws(), level, fill, poll)) {
        const std::size_t m = rows.size() / static_cast<std::size_t>(points);
        const auto i = static_cast<Eigen::Index>(rows.size() % static_cast<std::size_t>(points));
        rows.push_back({model.spec.media[chosen[m]].name, grids[m][i], s.mean, s.lower, s.upper});
    }
    return rows;
}

}  // namespace mmm
