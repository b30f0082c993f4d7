// Refreshing a model: the posterior of the last fit is the prior of the next, on rows that the last one has not seen
// (docs/decisions/0009-refresh.md).
//
//   p(theta | old, new) is proportional to p(new | theta, history) p(theta | old)
//
// Rows up to the last fitted period of the old model carry over (adstock) but are not in the likelihood. Units (scales of KPI,
// media and controls, the time of the trend) stay those of the old model, so a parameter means what it meant. p(theta | old) is
// taken as independent laws matched to the draws of each parameter (prior_match.hpp). Coefficients of paid media, which trade
// off with adstock and saturation, go over as the ROI that they give in the new model's rows, which hardly does.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api.hpp"
#include "core/model/fitted_model.hpp"

namespace mmm {

struct RefreshOptions {
    double widen = 1;                                    // factor on the prior's sd, 1 or more
    bool overlap = false;                                // all rows are in the likelihood: those of the old model count twice
    std::optional<std::vector<std::string>> parameters;  // whose priors are replaced; * stands for anything
    std::string spec = "{}", sampler = "{}";             // merged into the specification
};

RefreshOptions read_refresh_options(std::string_view json);

// Whether `name` is one of the patterns.
bool matches_pattern(const std::vector<std::string>& patterns, const std::string& name);

// What one draw of a model's parameters brings in the rows of a data set.
struct DrawReturns {
    Mat roi;          // draws x media of the model: revenue (KPI) per spend; not-a-number without spend
    Mat coefficient;  // of the first geo, in the model's units
};

// `spec`: what `data` was read for; media are matched by name, geos must be the same. Link identity, no effects that vary over time.
DrawReturns returns_on(const FittedModel& model, const Specification& spec, const Dataset& data, const Poll& poll);

// The units of a model, for another that goes on from it.
ModelUnits units_of(const FittedModel& model);

}  // namespace mmm
