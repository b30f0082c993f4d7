// The parameters of a model in the order in which they are reported, and where each stands.
// Linear coefficients come first, in the order of the design's columns: intercept, trend, seasonality, events, controls.
#pragma once

#include <string>
#include <vector>

#include "core/model/specification.hpp"

namespace mmm {

struct Parameter {
    std::string name;
    Prior prior;
    Interval support;  // the parameter's own range and the prior's together

    bool sampled() const { return !prior.is_fixed(); }
};

// What a linear column belongs to when contributions are asked for.
struct Component {
    std::string name;
    std::string kind;  // baseline | trend | seasonality | event | control
    int first;         // column
    int count;
};

struct MediumPosition {
    int adstock;     // first of its parameters
    int saturation;
    int effect;
};

struct Layout {
    std::vector<Parameter> parameters;
    std::vector<Component> components;
    std::vector<MediumPosition> media;
    int linear = 0;  // number of linear coefficients
    int sigma = 0;
    int nu = -1;     // student_t only

    int size() const { return static_cast<int>(parameters.size()); }
    int sampled() const;
};

Layout make_layout(const Specification& spec);
int count_sampled_parameters(const Specification& spec);

}  // namespace mmm
