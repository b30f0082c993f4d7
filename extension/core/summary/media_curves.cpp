// What the engine makes of media: adstock weights by lag, and incremental KPI by steady exposure.
//
//   adstock     w_l as it enters A_t = sum_l w_l x_{t-l}: divided by their sum where the specification normalises
//   saturation  beta s(W x) with W = sum_l w_l, the adstocked exposure of a steady x (saturation first: beta W s(x));
//               beta in KPI a unit of response. x goes from 0 to 1.5 times the largest exposure, after an adstock with
//               weights of sum 1 where the saturation comes second, at its posterior mean
#include <algorithm>
#include <cmath>

#include "core/api.hpp"
#include "core/format.hpp"
#include "core/model/fitted_model.hpp"
#include "core/model/media_effect.hpp"
#include "core/summary/contributions.hpp"
#include "core/summary/draw_summary.hpp"

namespace mmm {

namespace {

constexpr double beyond_history = 1.5;
constexpr int most_points = 10'000;

// One medium under the parameters of one draw.
class MediumOfDraw {
public:
    MediumOfDraw(const FittedModel& model, std::size_t m)
        : model_(model),
          medium_(model.spec.media[m]),
          position_(model.layout.media[m]),
          column_(static_cast<Eigen::Index>(m)),
          parameters_(model.layout.size()),
          tape_(medium_, model.design.media.rows()) {}

    void load_weights(std::size_t draw) {
        model_.copy_draw(draw, parameters_);
        adstock_weights(medium_.adstock.form, parameters_.data() + position_.adstock, tape_.weights,
                        tape_.weight_derivatives);
    }
    void load(std::size_t draw) {
        model_.copy_draw(draw, parameters_);
        media_forward(medium_, model_.design.media.col(column_), parameters_.data() + position_.adstock,
                      parameters_.data() + position_.saturation, tape_);
    }

    const Vec& weights() const { return tape_.weights; }
    double response() const { return tape_.response.sum(); }

    // Of the largest exposure that the saturation sees, in units of the user's exposure.
    double largest() const {
        const double most = medium_.saturation_first ? model_.design.media.col(column_).maxCoeff()
                                                     : tape_.carried.maxCoeff() / tape_.weights.sum();
        return most * model_.design.media_scale[column_];
    }

    // Response of a period at steady exposures in the user's units.
    void steady(ConstVecRef exposure, SaturationTape& tape, VecRef out) const {
        const int n = saturation_parameter_count(medium_.saturation.family);
        const double* p = parameters_.data() + position_.saturation;
        const double total = tape_.weights.sum(), scale = model_.design.media_scale[column_];
        const Vec x = exposure * ((medium_.saturation_first ? 1 : total) / scale);
        saturation_forward(medium_.saturation.family, x, n > 0 ? p[0] : 0, n > 1 ? p[1] : 0, tape);
        out = (medium_.saturation_first ? total : 1) * tape.value;
    }

private:
    const FittedModel& model_;
    const Medium& medium_;
    MediumPosition position_;
    Eigen::Index column_;
    Vec parameters_;
    MediumTape tape_;
};

Vec exposure_grid(MediumOfDraw& medium, std::size_t draws, int points, const Poll& poll) {
    double most = 0;
    for (std::size_t draw = 0; draw < draws; ++draw) {
        poll();
        medium.load(draw);
        most += medium.largest() / static_cast<double>(draws);
    }
    return Vec::LinSpaced(points, 0, beyond_history * most);
}

}  // namespace

std::vector<AdstockRow> adstock_curve(const FittedModel& model, double level, const Poll& poll) {
    check_level(level);
    std::vector<AdstockRow> rows;
    for (std::size_t m = 0; m < model.spec.media.size(); ++m) {
        MediumOfDraw medium(model, m);
        const auto fill = [&](std::size_t draw, std::size_t first, VecRef values) {
            medium.load_weights(draw);
            values = medium.weights().segment(static_cast<Eigen::Index>(first), values.size());
        };
        const bool carries = model.spec.media[m].adstock.form.family != AdstockFamily::none;
        const std::size_t lags = carries ? static_cast<std::size_t>(medium.weights().size()) : 1;
        int lag = 0;
        for (const DrawSummary& w : summarise_draws(lags, model.total_draws(), level, fill, poll))
            rows.push_back({model.spec.media[m].name, lag++, w.mean, w.lower, w.upper});
    }
    return rows;
}

std::vector<SaturationRow> saturation_curve(const FittedModel& model, int points, double level, const Poll& poll) {
    check_level(level);
    if (points < 2 || points > most_points)
        throw Error(ErrorKind::invalid_argument, "points = " + std::to_string(points) + " is outside its range", {},
                    "Use 2 to " + std::to_string(most_points) + " points.");
    std::vector<SaturationRow> rows;
    Contributions contributions(model);
    SaturationTape tape;
    tape.resize(points);
    Vec outcome, curve(points);
    for (std::size_t m = 0; m < model.spec.media.size(); ++m) {
        MediumOfDraw medium(model, m);
        const Vec grid = exposure_grid(medium, model.total_draws(), points, poll);
        const auto fill = [&](std::size_t draw, std::size_t first, VecRef values) {
            medium.load(draw);
            contributions.load(draw);
            contributions.medium(m, 1, outcome);
            const double response = medium.response();
            medium.steady(grid, tape, curve);
            // KPI a unit of response, whatever the kind of the prior.
            values = (response > 0 ? outcome.sum() / response : 0.0) *
                     curve.segment(static_cast<Eigen::Index>(first), values.size());
        };
        Eigen::Index i = 0;
        for (const DrawSummary& s :
             summarise_draws(static_cast<std::size_t>(points), model.total_draws(), level, fill, poll))
            rows.push_back({model.spec.media[m].name, grid[i++], s.mean, s.lower, s.upper});
    }
    return rows;
}

}  // namespace mmm
