#include "core/model/design.hpp"

#include <algorithm>
#include <cmath>

#include "core/model/knots.hpp"
#include "core/model/model_units.hpp"
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

// The population of each row, ones where the model does not scale by it.
Vec heads(const Specification& spec, const Dataset& data) {
    Vec heads = Vec::Ones(data.rows());
    if (!spec.by_population) return heads;
    for (Eigen::Index g = 0; g < data.n_geos(); ++g) heads.segment(g * data.periods(), data.periods()).setConstant(data.population[g]);
    return heads;
}

// Counts of 0 have no logarithm: half a count stands for them where regressions prepare the sampler; the likelihood itself
// reads the counts. Rows that are not fitted may hold anything.
void take_logarithm(const Specification& spec, Design& design) {
    for (Eigen::Index i = 0; i < design.y.size(); ++i) {
        const double least = spec.likelihood == Likelihood::negative_binomial ? 0.5 / design.row_scale[i] : 1e-12;
        design.y[i] = std::log(std::max(design.outcome[i], least));
    }
}

// Only fitted rows count, so that held-out outcomes reach the model by no path.
void scale_kpi(const Specification& spec, const Dataset& data, const Dataset& history, Design& design) {
    const Vec population = heads(spec, data);
    const Vec fitted = fitted_values(history, history.kpi.cwiseQuotient(heads(spec, history)));
    switch (spec.kpi_scaling) {
        case KpiScaling::none: break;
        case KpiScaling::max: design.kpi_scale = fitted.maxCoeff(); break;
        case KpiScaling::mean: design.kpi_scale = fitted.mean(); break;
        case KpiScaling::factor: design.kpi_scale = spec.kpi_factor; break;
        case KpiScaling::standardize:
            design.kpi_offset = fitted.mean();
            design.kpi_scale = population_sd(fitted);
    }
    if (spec.units) {
        design.kpi_offset = spec.units->kpi_offset;
        design.kpi_scale = spec.units->kpi_scale;
    }
    // A constant or non-positive KPI is refused earlier; this keeps a simulation of one finite.
    if (!(design.kpi_scale > 0)) design.kpi_scale = 1;
    design.row_scale = design.kpi_scale * population;
    design.outcome = data.kpi.cwiseQuotient(design.row_scale);
    design.y = design.outcome.array() - design.kpi_offset / design.kpi_scale;
    if (spec.link == Link::log) take_logarithm(spec, design);
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

// Where scaled time is 0 and 1: the first and last of these.
const std::vector<Timestamp>& time_span(const Specification& spec, const Dataset& history) {
    return spec.units ? spec.units->time : history.time;
}

Vec scaled_times(const Specification& spec, const Dataset& data, const Dataset& history) {
    Vec scaled(data.periods());
    for (Eigen::Index t = 0; t < scaled.size(); ++t)
        scaled[t] = scaled_time(time_span(spec, history), data.time[static_cast<std::size_t>(t)]);
    return scaled;
}

Vec control_values(const Specification& spec, const Dataset& data, std::size_t c) {
    const Vec column = data.controls.col(static_cast<Eigen::Index>(c));
    return spec.controls[c].per_capita ? Vec(column.cwiseQuotient(heads(spec, data))) : column;
}

// Columns of terms in the order of the layout, one after the other.
class LinearColumns {
public:
    LinearColumns(const Layout& layout, Design& design) : layout_(layout), design_(design) {}

    void add(ConstVecRef column) {
        const LinearTerm& term = layout_.terms.at(next_);
        auto block = std::find_if(design_.blocks.begin(), design_.blocks.end(), [&](const LinearBlock& b) {
            return b.by_row == term.by_row && b.by_geo == term.coefficient.by_geo;
        });
        if (block == design_.blocks.end()) {
            design_.blocks.push_back({term.by_row, term.coefficient.by_geo, Mat(column.size(), 0), {}, {}});
            block = design_.blocks.end() - 1;
        }
        block->columns.conservativeResize(Eigen::NoChange, block->columns.cols() + 1);
        block->columns.col(block->columns.cols() - 1) = column;
        block->term.push_back(static_cast<int>(next_));
        block->parameter.push_back(term.coefficient.first);
        ++next_;
    }

    void add_all(ConstMatRef columns) {
        for (Eigen::Index c = 0; c < columns.cols(); ++c) add(columns.col(c));
    }

private:
    const Layout& layout_;
    Design& design_;
    std::size_t next_ = 0;
};

void fill_blocks(const Specification& spec, const Dataset& data, const Layout& layout, const Dataset& history, Design& design) {
    LinearColumns columns(layout, design);
    if (spec.trend.family != TrendFamily::knots) columns.add(Vec::Ones(data.periods()));
    else columns.add_all(knot_columns(spec.trend.positions, data.periods()));
    if (spec.geo_intercept) columns.add(Vec::Ones(data.periods()));
    if (spec.trend.family == TrendFamily::linear || spec.trend.family == TrendFamily::piecewise)
        columns.add_all(trend_columns(scaled_times(spec, data, history), changepoints(spec.trend, time_span(spec, history))));
    for (const auto& season : spec.seasonality) columns.add_all(cycle_columns(season.cycle, data.time));
    for (const auto& event : spec.events) columns.add(event_column(event.shape, event.dates, data.time, data.step));
    for (std::size_t c = 0; c < spec.controls.size(); ++c) {
        Vec column = control_values(spec, data, c);
        if (const FixedUnit* unit = fixed_unit(spec, spec.controls[c])) column = (column.array() - unit->offset) / unit->scale;
        else if (spec.control_scaling == ControlScaling::standardize) {
            const ColumnScale scale = control_scale(spec, history, c);
            column = (column.array() - scale.mean) / scale.sd;
        }
        columns.add(column);
    }
}

void scale_treatment(const Specification& spec, const Medium& medium, Eigen::Index m, const Vec& x, const Vec& past, Design& design) {
    if (spec.control_scaling == ControlScaling::standardize) {
        const double sd = population_sd(past);
        design.media_offset[m] = past.mean();
        design.media_scale[m] = sd > 0 ? sd : 1;
    }
    const FixedUnit* unit = fixed_unit(spec, medium);
    if (unit != nullptr) {
        design.media_offset[m] = unit->offset;
        design.media_scale[m] = unit->scale;
    }
    design.media.col(m) = (x.array() - design.media_offset[m]) / design.media_scale[m];
    const double none = medium.baseline == BaselineKind::min   ? past.minCoeff()
                        : medium.baseline == BaselineKind::max ? past.maxCoeff()
                                                               : medium.baseline_value;
    design.media_baseline[m] = unit != nullptr ? unit->baseline : (none - design.media_offset[m]) / design.media_scale[m];
}

// The medium as the other scenario of its prior has it.
Vec other_scenario(const Medium& medium, const Dataset& data, ConstVecRef x) {
    if (medium.effect == EffectKind::mroi) return (1 + marginal_step) * x;
    Vec without = x;
    for (Eigen::Index i = 0; i < x.size(); ++i) {
        const Timestamp time = data.time[static_cast<std::size_t>(i % data.periods())];
        if (time >= medium.calibration_period->from && time <= medium.calibration_period->to) without[i] = 0;
    }
    return without;
}

// What the model scales: exposure, or the reach of reach and frequency, per head where the medium asks for it.
Vec unscaled_medium(const Specification& spec, const Dataset& data, Eigen::Index m) {
    const auto& medium = spec.media[static_cast<std::size_t>(m)];
    const Vec x = medium.has_frequency() ? data.reach.col(m) : data.exposure.col(m);
    return medium.per_capita ? Vec(x.cwiseQuotient(heads(spec, data))) : x;
}

void scale_media(const Specification& spec, const Dataset& data, const Dataset& history, Design& design) {
    const Eigen::Index n = data.rows(), media = data.exposure.cols();
    design.media.resize(n, media);
    design.reach = Mat::Zero(n, data.reach.cols());
    const bool any = std::any_of(spec.media.begin(), spec.media.end(), has_alternative);
    design.alternative = Mat::Zero(n, any ? media : 0);
    design.media_scale = Vec::Ones(media);
    design.media_offset = design.media_baseline = Vec::Zero(media);
    design.spend_total = data.spend.colwise().sum().transpose();
    for (Eigen::Index m = 0; m < media; ++m) {
        const auto& medium = spec.media[static_cast<std::size_t>(m)];
        Vec x = unscaled_medium(spec, data, m);
        const Vec past = unscaled_medium(spec, history, m);
        if (medium.kind == MediumKind::treatment) {
            scale_treatment(spec, medium, m, x, past, design);
            continue;
        }
        const FixedUnit* unit = fixed_unit(spec, medium);
        design.media_scale[m] = unit != nullptr ? unit->scale : media_scale(spec.media_scaling, past);
        x /= design.media_scale[m];
        if (medium.has_frequency()) {
            design.reach.col(m) = x;
            design.media.col(m) = data.exposure.col(m);
        } else {
            design.media.col(m) = x;
        }
        if (!has_alternative(medium)) continue;
        design.alternative.col(m) = other_scenario(medium, data, x);
        if (medium.calibration_period)
            design.spend_total[m] -= other_scenario(medium, data, data.spend.col(m)).sum();
    }
}

}  // namespace

ColumnScale control_scale(const Specification& spec, const Dataset& history, std::size_t control) {
    const Vec values = control_values(spec, history, control);
    const double sd = population_sd(values);
    return {values.mean(), sd > 0 ? sd : 1};
}

bool has_alternative(const Medium& medium) { return medium.effect == EffectKind::mroi || medium.calibration_period.has_value(); }

Design make_design(const Specification& spec, const Dataset& data, const Layout& layout) {
    Design design = make_design(spec, data, layout, data);
    design.lifts = make_lift_scenarios(spec, data, design);
    return design;
}

Design make_design(const Specification& spec, const Dataset& data, const Layout& layout, const Dataset& history) {
    Design design;
    design.n_periods = data.periods();
    design.n_geos = data.n_geos();
    scale_kpi(spec, data, history, design);
    const Eigen::Index n = data.rows();
    design.weight.resize(n);
    for (Eigen::Index t = 0; t < n; ++t) design.weight[t] = data.holdout[static_cast<std::size_t>(t)] ? 0 : 1;
    fill_blocks(spec, data, layout, history, design);
    scale_media(spec, data, history, design);
    for (const auto& variation : layout.variations)
        design.variations.push_back(make_variation_basis(variation.basis, history.periods(), data.periods()));
    design.revenue = design.row_scale.cwiseProduct(data.revenue_per_kpi);
    design.fitted_revenue = design.revenue.cwiseProduct(design.weight);
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
