// Response curves: the incremental outcome of a channel whose whole exposure is multiplied.
//
//   contribution(k)  sum over periods and geos of the incremental KPI at k times the exposure, coefficients held
//   mroi(k)          (I(k + 0.01) - I(k)) / (0.01 spend), I in revenue: at k = 1 the mroi of mmm_channels()
// Adstock and saturation are evaluated at the multiplied exposure, so carry-over and flighting stay as they were. Of
// reach and frequency, reach is multiplied. Treatments are no media: more or less exposure means nothing to a price.
#include <cmath>

#include "core/api.hpp"
#include "core/format.hpp"
#include "core/model/fitted_model.hpp"
#include "core/summary/contributions.hpp"
#include "core/summary/draw_summary.hpp"
#include "core/summary/selection.hpp"

namespace mmm {

namespace {

constexpr std::size_t most_multipliers = 10'000;

std::vector<double> default_multipliers() {
    std::vector<double> all;
    for (int i = 0; i <= 20; ++i) all.push_back(i / 10.0);
    return all;
}

void check_multipliers(const std::vector<double>& multipliers) {
    for (const double multiplier : multipliers)
        if (!(multiplier >= 0) || !std::isfinite(multiplier))
            throw Error(ErrorKind::invalid_argument,
                        "multiplier " + format_number(multiplier) + " is outside its range", {},
                        "Give multiples of the exposure of 0 or more, such as 0.5 for half of it.");
    if (multipliers.empty() || multipliers.size() > most_multipliers)
        throw Error(ErrorKind::invalid_argument,
                    "multipliers has " + std::to_string(multipliers.size()) + " elements, expected 1 to " +
                        std::to_string(most_multipliers),
                    {}, "Leave it out for 0 to 2 in steps of 0.1.");
}

struct ResponsePoint {
    std::size_t medium;
    double multiplier;
};

std::vector<ResponsePoint> curve_points(const FittedModel& model, const std::optional<std::string>& channel,
                                        const std::vector<double>& multipliers) {
    std::vector<ResponsePoint> points;
    std::vector<std::string> known;
    for (std::size_t m = 0; m < model.spec.media.size(); ++m) {
        const Medium& medium = model.spec.media[m];
        if (medium.kind == MediumKind::treatment) {
            if (channel && *channel == medium.name)
                throw Error(ErrorKind::invalid_argument,
                            "\"" + *channel + "\" is a treatment, which has no response curve", {},
                            "mmm_channels() reports what it brought.");
            continue;
        }
        known.push_back(medium.name);
        if (channel && known.back() != *channel) continue;
        for (const double multiplier : multipliers) points.push_back({m, multiplier});
    }
    if (points.empty() && channel)
        throw Error(ErrorKind::invalid_argument,
                    "the model has no channel \"" + *channel + "\"" + did_you_mean(*channel, known), {},
                    "mmm_channels() lists the channels.");
    return points;
}

}  // namespace

std::vector<ResponseRow> response_curve(const FittedModel& model, const std::optional<std::string>& channel,
                                        const std::optional<std::vector<double>>& multipliers, double level,
                                        const std::optional<std::vector<std::string>>& geos, const Poll& poll) {
    check_level(level);
    const std::vector<double> wanted = multipliers.value_or(default_multipliers());
    check_multipliers(wanted);
    const auto points = curve_points(model, channel, wanted);
    const Vec mask = selected_rows(model, {std::nullopt, std::nullopt, geos});
    const Vec value = mask.cwiseProduct(model.data.revenue_per_kpi);
    Contributions contributions(model);
    std::vector<double> marginal(points.size(), 0.0);  // sums over the draws
    Vec base, more;
    const auto fill = [&](std::size_t draw, std::size_t first, VecRef values) {
        contributions.load(draw);
        for (Eigen::Index i = 0; i < values.size(); ++i) {
            if (i % 16 == 0) poll();
            const std::size_t point = first + static_cast<std::size_t>(i);
            contributions.medium(points[point].medium, points[point].multiplier, base);
            contributions.medium(points[point].medium, points[point].multiplier + marginal_step, more);
            values[i] = mask.dot(base);
            marginal[point] += value.dot(more) - value.dot(base);
        }
    };
    const auto summaries = summarise_draws(points.size(), model.total_draws(), level, fill, poll);
    std::vector<ResponseRow> rows;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const Medium& medium = model.spec.media[points[i].medium];
        ResponseRow row{medium.name,        points[i].multiplier, std::nullopt, summaries[i].mean,
                        summaries[i].lower, summaries[i].upper,   std::nullopt};
        if (medium.paid()) {
            const double spend = mask.dot(model.data.spend.col(static_cast<Eigen::Index>(points[i].medium)));
            row.spend = points[i].multiplier * spend;
            if (spend > 0) row.mroi = marginal[i] / static_cast<double>(model.total_draws()) / (marginal_step * spend);
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace mmm
