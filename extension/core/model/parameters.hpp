// The parameters of a model in the order in which they are reported, and where each stands.
//
// A parameter by geo is named `media.tv.adstock.alpha[north]`; its hyperparameters, `media.tv.adstock.alpha.sigma`.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "core/model/specification.hpp"
#include "core/model/time_variation.hpp"

namespace mmm {

struct Parameter {
    std::string name;
    Prior prior;
    Interval support;  // the parameter's own range and the prior's together
    std::array<int, 4> argument{-1, -1, -1, -1};  // the parameter that is this argument of the prior, -1: a number

    bool sampled() const { return !prior.is_fixed(); }
    bool hierarchical() const { return !prior.hyper.empty(); }
};

// One parameter, or one for each geo.
struct Slot {
    int first = -1;
    bool by_geo = false;

    int at(Eigen::Index geo) const { return first + (by_geo ? static_cast<int>(geo) : 0); }
};

// A linear column of the mean: its values are the same in every geo (one a period) or of each row; so is its coefficient.
struct LinearTerm {
    bool by_row = false;
    int component = 0;
    Slot coefficient;
};

// What linear columns belong to when contributions are asked for.
struct Component {
    std::string name;
    std::string kind;  // baseline | trend | seasonality | event | control
};

struct MediumPosition {
    std::array<Slot, max_adstock_parameters> adstock;
    std::array<Slot, max_saturation_parameters> saturation;
    Slot effect;
    int geo_scale = -1;
    int geo_deviation = -1;  // the first of one for each geo

    bool transforms_by_geo() const;
};

struct Layout {
    std::vector<Parameter> parameters;
    std::vector<Component> components;
    std::vector<LinearTerm> terms;  // in the order of components; make_design() has a column for each
    std::vector<MediumPosition> media;
    std::vector<VariationPosition> variations;  // of the trend first, then of media
    int trend_variation = -1;                   // in variations; -1: none
    std::vector<int> media_variation;           // of each medium
    Slot sigma;
    int nu = -1;  // student_t only
    int geos = 1;

    int size() const { return static_cast<int>(parameters.size()); }
    int sampled() const;
    // Those that need rows of their own: not under a hyperprior, and not a process's coordinates, which share what they know.
    int independent() const;
    // Whether a process multiplies the intercept, which is the first term.
    bool intercept_varies() const {
        return trend_variation >= 0 && variations[static_cast<std::size_t>(trend_variation)].form == VariationForm::multiplier;
    }
    const Parameter& at(int index) const { return parameters[static_cast<std::size_t>(index)]; }
};

// Of each parameter, whether it is the coefficient of a linear term.
std::vector<bool> linear_parameters(const Layout& layout);

// `geos`: names, empty for a national model. `baseline_geo`: index of the geo whose intercept deviation is 0. Knots must have
// been placed (place_knots) where the trend has them.
Layout make_layout(const Specification& spec, const std::vector<std::string>& geos = {}, int baseline_geo = 0);

}  // namespace mmm
