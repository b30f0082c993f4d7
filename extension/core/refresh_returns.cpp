// What old draws bring in new rows.
#include <algorithm>
#include <cmath>

#include "core/model/media_coefficients.hpp"
#include "core/model/media_response.hpp"
#include "core/model/model_units.hpp"
#include "core/refresh.hpp"

namespace mmm {

namespace {

// The media of `model` in the rows of `data`, in the model's order.
Dataset media_of(const FittedModel& model, const Specification& spec, const Dataset& data) {
    Dataset own = data;
    const auto media = static_cast<Eigen::Index>(model.spec.media.size());
    own.spend = own.exposure = Mat::Zero(data.rows(), media);
    own.reach = Mat::Zero(data.rows(), model.data.reach.cols());
    for (std::size_t m = 0; m < model.spec.media.size(); ++m) {
        const auto found = std::find_if(spec.media.begin(), spec.media.end(), [&](const Medium& other) { return other.name == model.spec.media[m].name; });
        if (found == spec.media.end()) continue;
        const auto from = static_cast<Eigen::Index>(found - spec.media.begin()), to = static_cast<Eigen::Index>(m);
        own.spend.col(to) = data.spend.col(from);
        own.exposure.col(to) = data.exposure.col(from);
        if (own.reach.cols() > 0 && data.reach.cols() > 0) own.reach.col(to) = data.reach.col(from);
    }
    own.controls.resize(data.rows(), 0);
    return own;
}

// The model without anything but media.
Specification media_only(const FittedModel& model) {
    Specification spec = model.spec;
    spec.trend = {};
    spec.seasonality.clear();
    spec.events.clear();
    spec.controls.clear();
    spec.geo_intercept.reset();
    spec.lift_tests.clear();
    spec.priors.clear();
    return spec;
}

class MediaInRows {
public:
    MediaInRows(const FittedModel& model, const Dataset& rows)
        : model_(model), design_(make_design(media_only(model), rows, make_layout(media_only(model), model.data.geos), model.data)) {
        for (std::size_t m = 0; m < model.spec.media.size(); ++m) {
            const Medium& medium = model.spec.media[m];
            const auto& position = model.layout.media[m];
            own_.emplace_back(medium, position, model.design.n_geos, model.design.n_periods, nullptr, Gradient::unwanted);
            other_.emplace_back(medium, position, has_alternative(medium) ? model.design.n_geos : 0, model.design.n_periods, nullptr,
                                Gradient::unwanted);
            coefficients_.emplace_back(model.spec, model.layout, model.design, m);
            there_.emplace_back(medium, position, design_.n_geos, design_.n_periods, nullptr, Gradient::unwanted);
        }
        parameters_.resize(model.layout.size());
    }

    void draw(std::size_t draw) { model_.copy_draw(draw, parameters_); }

    const Vec& coefficients(std::size_t m) {
        const Design& design = model_.design;
        const auto k = static_cast<Eigen::Index>(m);
        const Medium& medium = model_.spec.media[m];
        const Vec reach = reach_in(design, m);
        own_[m].forward(design.media.col(k), reach, parameters_);
        if (has_alternative(medium) && medium.has_frequency()) other_[m].forward(design.media.col(k), design.alternative.col(k), parameters_);
        else if (has_alternative(medium)) other_[m].forward(design.alternative.col(k), reach, parameters_);
        coefficients_[m].forward(own_[m].value(), has_alternative(medium) ? other_[m].value() : no_rows_, parameters_);
        return coefficients_[m].by_geo();
    }

    double outcome(std::size_t m, const Vec& by_geo) {
        there_[m].forward(design_.media.col(static_cast<Eigen::Index>(m)), reach_in(design_, m), parameters_);
        double sum = 0;
        for (Eigen::Index g = 0; g < design_.n_geos; ++g) {
            const Eigen::Index begin = g * design_.n_periods, n = design_.n_periods;
            sum += by_geo[g] * there_[m].value().segment(begin, n).dot(design_.revenue.segment(begin, n));
        }
        return sum;
    }

private:
    Vec reach_in(const Design& design, std::size_t m) const {
        return model_.spec.media[m].has_frequency() ? Vec(design.reach.col(static_cast<Eigen::Index>(m))) : Vec();
    }

    const FittedModel& model_;
    Design design_;
    std::vector<MediaResponse> own_, other_, there_;
    std::vector<MediaCoefficients> coefficients_;
    Vec parameters_, no_rows_;
};

}  // namespace

DrawReturns returns_on(const FittedModel& model, const Specification& spec, const Dataset& data, const Poll& poll) {
    const Dataset rows = media_of(model, spec, data);
    MediaInRows media(model, rows);
    const auto draws = static_cast<Eigen::Index>(model.total_draws()), n = rows.spend.cols();
    DrawReturns returns{Mat(draws, n), Mat(draws, n)};
    for (Eigen::Index draw = 0; draw < draws; ++draw) {
        poll();
        media.draw(static_cast<std::size_t>(draw));
        for (Eigen::Index m = 0; m < n; ++m) {
            const double spend = rows.spend.col(m).sum();
            const Vec& by_geo = media.coefficients(static_cast<std::size_t>(m));
            returns.coefficient(draw, m) = by_geo[0];
            returns.roi(draw, m) = spend > 0 ? media.outcome(static_cast<std::size_t>(m), by_geo) / spend : std::nan("");
        }
    }
    return returns;
}

ModelUnits units_of(const FittedModel& model) {
    ModelUnits units;
    const Design& design = model.design;
    units.kpi_offset = design.kpi_offset;
    units.kpi_scale = design.kpi_scale;
    for (std::size_t m = 0; m < model.spec.media.size(); ++m) {
        const auto k = static_cast<Eigen::Index>(m);
        units.media.push_back({model.spec.media[m].name, design.media_offset[k], design.media_scale[k], design.media_baseline[k]});
    }
    for (std::size_t c = 0; c < model.spec.controls.size(); ++c) {
        const Control& control = model.spec.controls[c];
        units.controls.push_back({control.name, 0, 1, 0});
        if (const FixedUnit* fixed = fixed_unit(model.spec, control)) {
            units.controls.back() = *fixed;
        } else if (model.spec.control_scaling == ControlScaling::standardize) {
            const ColumnScale scale = control_scale(model.spec, model.data, c);
            units.controls.back() = {control.name, scale.mean, scale.sd, 0};
        }
    }
    units.time = model.spec.units ? model.spec.units->time : std::vector<Timestamp>{model.data.time.front(), model.data.time.back()};
    return units;
}

}  // namespace mmm
