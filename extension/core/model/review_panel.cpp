// What only a panel can show: drivers that are functions of time or of the geo alone, and the part that size plays.
#include <cmath>

#include "core/format.hpp"
#include "core/model/column_statistics.hpp"
#include "core/model/data_review.hpp"

namespace mmm {

namespace {

constexpr double nearly_all = 0.99;
constexpr double strong_rank_correlation = 0.8;
constexpr Eigen::Index least_geos = 5;  // ranks of fewer say little

bool knot_each_period(const Specification& spec, const Dataset& data) {
    if (spec.trend.family != TrendFamily::knots) return false;
    return spec.trend.placement == KnotPlacement::each ||
           (spec.trend.placement == KnotPlacement::count && spec.trend.knots >= data.periods());
}

void report_function_of(const Specification& spec, const Dataset& data, const ReviewedData& reviewed,
                        const ReviewedColumn& column, ColumnChecks& checks) {
    const double time = group_r2(column.values, reviewed.period), geo = group_r2(column.values, reviewed.geo);
    if (time > nearly_all) {
        const bool confounded = knot_each_period(spec, data);
        checks.add(confounded ? "warning" : "info", "same_in_every_geo", column.path,
                   column.noun + " is a function of time: adjusted R2 " + figure(time) + " on periods, above " +
                       format_number(nearly_all) +
                       (confounded ? ", and a knot in each period can say the same"
                                   : ", so geos add nothing to what is known of it"),
                   confounded ? R"(Use fewer knots than periods, such as "knots": "auto"; or data of it by geo.)"
                              : "Use data of it by geo if there are any.");
    }
    if (geo > nearly_all) {
        const bool confounded = spec.geo_intercept || spec.intercept.by_geo;
        checks.add(confounded ? "warning" : "info", "same_in_every_period", column.path,
                   column.noun + " is a function of the geo: adjusted R2 " + figure(geo) + " on geos, above " +
                       format_number(nearly_all) +
                       (confounded ? ", and the geos' intercepts can say the same"
                                   : ", so only differences between geos tell of it"),
                   "Remove it: what never changes in a geo belongs to its intercept.");
    }
}

void report_idle_geos(const Dataset& data, const ReviewedData& reviewed, const ReviewedColumn& column,
                      ColumnChecks& checks) {
    std::vector<double> least(static_cast<std::size_t>(data.n_geos()), INFINITY), most(least.size(), -INFINITY);
    for (std::size_t i = 0; i < reviewed.geo.size(); ++i) {
        const auto g = static_cast<std::size_t>(reviewed.geo[i]);
        const double value = column.values[static_cast<Eigen::Index>(i)];
        least[g] = std::min(least[g], value);
        most[g] = std::max(most[g], value);
    }
    std::vector<std::string> idle;
    for (std::size_t g = 0; g < least.size(); ++g)
        if (most[g] <= least[g]) idle.push_back(data.geos[g]);
    if (idle.empty() || idle.size() == least.size()) return;
    checks.add("info", "idle_geos", column.path,
               column.noun + " never changes in " + std::to_string(idle.size()) + " of " +
                   std::to_string(least.size()) + " geos: " + listed(idle, 3),
               "These geos tell nothing of its effect; what is reported of them there is what the other geos say.");
}

void report_size(const Dataset& data, const ReviewedData& reviewed, const ReviewedColumn& column,
                 ColumnChecks& checks) {
    Vec sum = Vec::Zero(data.n_geos()), count = sum;
    for (std::size_t i = 0; i < reviewed.geo.size(); ++i) {
        sum[reviewed.geo[i]] += column.values[static_cast<Eigen::Index>(i)];
        count[reviewed.geo[i]] += 1;
    }
    const double rho = rank_correlation(data.population, sum.cwiseQuotient(count.cwiseMax(1)));
    const std::string rank = "rank correlation " + figure(rho) + " of its mean with the population of geos, beyond ";
    if (!column.per_head && !column.medium && rho > strong_rank_correlation)
        checks.add("info", "grows_with_population", column.path,
                   column.noun + " grows with population: " + rank + format_number(strong_rank_correlation),
                   R"(If it counts people or things, write "per_capita": true, as the KPI is per head.)");
    if (column.per_head && rho < -strong_rank_correlation)
        checks.add(
            "warning", "scaled_twice", column.path,
            column.noun + " per head falls with population: " + rank + format_number(-strong_rank_correlation),
            "The column may be per head already, or the same amount in every geo: give it in total units of the geo.");
}

// Two or three deviations say next to nothing of their scale: the sampler meets the funnel of the prior (Gelman 2006, Bayesian
// Analysis 1(3), sec. 2 and 5: at least three groups, better five).
void report_few_geos(const Specification& spec, const Dataset& data, ColumnChecks& checks) {
    if (data.n_geos() < 2 || data.n_geos() >= least_geos) return;
    for (const auto& medium : spec.media) {
        if (medium.geo_effect == GeoEffect::common || medium.geo_scale.is_fixed()) continue;
        checks.add("warning", "few_geos", medium_path(medium),
                   "its effect varies over " + std::to_string(data.n_geos()) + " geos, fewer than " + std::to_string(least_geos) +
                       ": too few to learn by how much it varies",
                   R"(Use "media_geo_effect": "common", priors "by": "geo" as preset "pymc" has them, or a tight "geo_scale".)");
        return;
    }
}

}  // namespace

void review_panel(const Specification& spec, const Dataset& data, const ReviewedData& reviewed, ColumnChecks& checks,
                  const Poll& poll) {
    report_few_geos(spec, data, checks);
    for (const auto& column : reviewed.columns) {
        poll();
        if (data.n_geos() > 1) report_function_of(spec, data, reviewed, column, checks);
        report_idle_geos(data, reviewed, column, checks);
        if (spec.by_population && data.n_geos() >= least_geos) report_size(data, reviewed, column, checks);
    }
}

}  // namespace mmm
