#include "core/planner/flighting.hpp"

#include "core/error.hpp"
#include "core/planner/model_responses.hpp"

namespace mmm {

namespace {

constexpr Eigen::Index most_blocks = 400;

// Of the rows of a block, over all geos.
template <typename Each>
void each_row(const FittedModel& model, Eigen::Index begin, Eigen::Index length, Each&& each) {
    for (Eigen::Index g = 0; g < model.data.n_geos(); ++g)
        for (Eigen::Index t = begin; t < begin + length; ++t) each(g, g * model.data.periods() + t);
}

// Exposure that a unit of money buys in each geo, on average over the window.
Vec mean_units(const FittedModel& model, const Vec& exposure, const PlanBlocks& blocks, double spend) {
    Vec units = Vec::Zero(model.data.n_geos());
    each_row(model, blocks.first, blocks.periods, [&](auto g, auto row) { units[g] += exposure[row] / spend; });
    return units;
}

Vec filled_frequency(const Vec& frequency, const Vec& reach) {
    const double people = reach.sum();
    const double mean = people > 0 ? frequency.dot(reach) / people : 1;
    return (frequency.array() > 0).select(frequency, mean);
}

}  // namespace

PlanBlocks plan_blocks(const FittedModel& model, const PlanOptions& options) {
    const Vec window = plan_window(model, options).head(model.data.periods());
    PlanBlocks blocks;
    while (window[blocks.first] == 0) ++blocks.first;
    blocks.periods = static_cast<Eigen::Index>(window.sum());
    blocks.every = std::min<Eigen::Index>(options.every, blocks.periods);
    blocks.count = (blocks.periods + blocks.every - 1) / blocks.every;
    if (blocks.count > most_blocks)
        throw Error(ErrorKind::invalid_argument,
                    "by: the window has " + std::to_string(blocks.count) + " blocks of periods, more than " +
                        std::to_string(most_blocks),
                    {}, "Plan several periods at a time with every, or a shorter window with from and to.");
    return blocks;
}

Flight flight_of(const FittedModel& model, std::size_t medium, const PlanBlocks& blocks) {
    const auto m = static_cast<Eigen::Index>(medium);
    const bool frequency = model.spec.media[medium].has_frequency();
    const Vec exposure = frequency ? model.design.reach.col(m) : model.design.media.col(m);
    Flight flight{medium, Vec::Zero(blocks.count), exposure, Vec::Zero(exposure.size()), {}};
    if (frequency) flight.frequency = filled_frequency(model.design.media.col(m), exposure);
    for (Eigen::Index b = 0; b < blocks.count; ++b)
        each_row(model, blocks.begin(b), blocks.length(b),
                 [&](auto, auto row) { flight.current[b] += model.data.spend(row, m); });
    const double total = flight.current.sum();
    if (!(total > 0)) return flight;
    const Vec mean = mean_units(model, exposure, blocks, total);
    for (Eigen::Index b = 0; b < blocks.count; ++b) {
        const double spend = flight.current[b], share = 1 / static_cast<double>(blocks.length(b));
        each_row(model, blocks.begin(b), blocks.length(b), [&](auto g, auto row) {
            flight.unit[row] = spend > 0 ? exposure[row] / spend : mean[g] * share;
            if (spend > 0) flight.base[row] = 0;
        });
    }
    return flight;
}

}  // namespace mmm
