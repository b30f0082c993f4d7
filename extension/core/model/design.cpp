#include "core/model/design.hpp"

#include <algorithm>
#include <cmath>

#include "core/transform/waves.hpp"

namespace mmm {

namespace {

double population_sd(ConstVecRef x) {
    return std::sqrt((x.array() - x.mean()).square().mean());
}

double fitted_sum(const Dataset& data, ConstVecRef x) {
    double sum = 0;
    for (Eigen::Index t = 0; t < x.size(); ++t)
        if (!data.holdout[static_cast<std::size_t>(t)]) sum += x[t];
    return sum;
}

double fitted_outcome(const Dataset& data) { return fitted_sum(data, data.kpi.cwiseProduct(data.revenue_per_kpi)); }

// Only fitted periods count, so that held-out outcomes reach the model by no path.
void scale_kpi(const Specification& spec, const Dataset& data, Design& design) {
    Vec fitted(data.fitted_periods());
    Eigen::Index n = 0;
    for (Eigen::Index t = 0; t < data.periods(); ++t)
        if (!data.holdout[static_cast<std::size_t>(t)]) fitted[n++] = data.kpi[t];
    switch (spec.kpi_scaling) {
        case KpiScaling::none: break;
        case KpiScaling::max: design.kpi_scale = fitted.maxCoeff(); break;
        case KpiScaling::mean: design.kpi_scale = fitted.mean(); break;
        case KpiScaling::factor: design.kpi_scale = spec.kpi_factor; break;
        case KpiScaling::standardize:
            design.kpi_offset = fitted.mean();
            design.kpi_scale = population_sd(fitted);
    }
    // A constant or non-positive KPI is refused earlier; this keeps a simulation of one finite.
    if (!(design.kpi_scale > 0)) design.kpi_scale = 1;
    design.y = (data.kpi.array() - design.kpi_offset) / design.kpi_scale;
}

double media_scale(MediaScaling scaling, ConstVecRef x) {
    switch (scaling) {
        case MediaScaling::none: return 1;
        case MediaScaling::max: return x.maxCoeff();
        case MediaScaling::mean: return x.mean();
        case MediaScaling::median_nonzero: break;
    }
    std::vector<double> nonzero;
    for (const double value : x)
        if (value != 0) nonzero.push_back(value);
    if (nonzero.empty()) return 1;
    std::sort(nonzero.begin(), nonzero.end());
    const std::size_t half = nonzero.size() / 2;
    return nonzero.size() % 2 == 1 ? nonzero[half] : 0.5 * (nonzero[half - 1] + nonzero[half]);
}

// On the scale of scaled_time: at the dates given, or evenly spaced.
std::vector<double> changepoints(const Trend& trend, const std::vector<Timestamp>& times) {
    std::vector<double> points;
    if (trend.family != TrendFamily::piecewise) return points;
    for (const Timestamp date : trend.dates) points.push_back(scaled_time(times, date));
    if (points.empty())
        for (int j = 1; j <= trend.changepoints; ++j) points.push_back(j / (trend.changepoints + 1.0));
    return points;
}

Mat linear_columns(const Specification& spec, const Dataset& data, int count) {
    Mat columns(data.periods(), count);
    Eigen::Index next = 0;
    const auto append = [&](ConstMatRef block) {
        columns.middleCols(next, block.cols()) = block;
        next += block.cols();
    };
    append(Vec::Ones(data.periods()));
    if (spec.trend.family != TrendFamily::none) append(trend_columns(data.time, changepoints(spec.trend, data.time)));
    for (const auto& season : spec.seasonality) append(cycle_columns(season.cycle, data.time));
    for (const auto& event : spec.events) append(event_column(event.shape, event.dates, data.time, data.step));
    for (Eigen::Index c = 0; c < data.controls.cols(); ++c) {
        Vec column = data.controls.col(c);
        if (spec.control_scaling == ControlScaling::standardize)
            column = ((column.array() - column.mean()) / population_sd(column)).matrix();
        append(column);
    }
    return columns;
}

}  // namespace

Design make_design(const Specification& spec, const Dataset& data) {
    Design design;
    scale_kpi(spec, data, design);
    const Eigen::Index n = data.periods();
    design.weight.resize(n);
    for (Eigen::Index t = 0; t < n; ++t) design.weight[t] = data.holdout[static_cast<std::size_t>(t)] ? 0 : 1;
    design.linear = linear_columns(spec, data, make_layout(spec).linear);
    design.media.resize(n, data.exposure.cols());
    design.media_scale.resize(data.exposure.cols());
    for (Eigen::Index m = 0; m < data.exposure.cols(); ++m) {
        design.media_scale[m] = media_scale(spec.media_scaling, data.exposure.col(m));
        design.media.col(m) = data.exposure.col(m) / design.media_scale[m];
    }
    design.revenue = design.kpi_scale * data.revenue_per_kpi;
    design.fitted_revenue = design.revenue.cwiseProduct(design.weight);
    design.spend_total = data.spend.colwise().sum().transpose();
    design.outcome_total = fitted_outcome(data);
    return design;
}

void resolve_priors(const Specification& spec, const Dataset& data, Layout& layout) {
    // Share of the KPI that media bring = sum_m roi_m spend_m / KPI: its mean and sd fix those of the common ROI.
    double spend = 0, squares = 0;
    for (std::size_t m = 0; m < spec.media.size(); ++m) {
        const double total = fitted_sum(data, data.spend.col(static_cast<Eigen::Index>(m)));
        spend += total;
        squares += total * total;
    }
    const double outcome = fitted_outcome(data);
    for (auto& parameter : layout.parameters) {
        if (parameter.prior.family != PriorFamily::total_paid_share) continue;
        const double mean = parameter.prior.p[0] * outcome / spend, sd = parameter.prior.p[1] * outcome / std::sqrt(squares);
        const double variance = std::log1p((sd / mean) * (sd / mean));
        parameter.prior = make_prior(PriorFamily::log_normal, std::log(mean) - variance / 2, std::sqrt(variance));
    }
}

}  // namespace mmm
