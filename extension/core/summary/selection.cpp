#include "core/summary/selection.hpp"

#include <algorithm>

#include "core/format.hpp"

namespace mmm {

namespace {

std::vector<bool> selected_geos(const FittedModel& model, const TimeRange& range) {
    const auto& geos = model.data.geos;
    std::vector<bool> chosen(static_cast<std::size_t>(model.data.n_geos()), !range.geos);
    if (!range.geos) return chosen;
    if (geos.empty())
        throw Error(ErrorKind::invalid_argument, "geos were given, but the model is national", {}, "Leave geos out.");
    if (range.geos->empty())
        throw Error(ErrorKind::invalid_argument, "geos is an empty array", {}, "Name geos, or leave geos out for all of them.");
    for (const auto& name : *range.geos) {
        const auto found = std::find(geos.begin(), geos.end(), name);
        if (found == geos.end())
            throw Error(ErrorKind::invalid_argument, "the model has no geo \"" + name + "\"" + did_you_mean(name, geos),
                        {}, "mmm_decomposition() lists the geos.");
        chosen[static_cast<std::size_t>(found - geos.begin())] = true;
    }
    return chosen;
}

}  // namespace

Vec selected_rows(const FittedModel& model, const TimeRange& range) {
    const auto geos = selected_geos(model, range);
    Vec mask(model.data.rows());
    for (Eigen::Index i = 0; i < mask.size(); ++i) {
        const Timestamp time = model.data.time[static_cast<std::size_t>(i % model.data.periods())];
        const bool in_time = (!range.from || time >= *range.from) && (!range.to || time <= *range.to);
        mask[i] = in_time && geos[static_cast<std::size_t>(i / model.data.periods())] ? 1 : 0;
    }
    if (mask.sum() == 0)
        throw Error(ErrorKind::invalid_argument, "no period of the model lies in the range asked for", {},
                    "The model runs from " + format_timestamp(model.data.time.front()) + " to " +
                        format_timestamp(model.data.time.back()) + ".");
    return mask;
}

}  // namespace mmm
