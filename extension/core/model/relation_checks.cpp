#include "core/model/relation_checks.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/format.hpp"
#include "core/model/design.hpp"

namespace mmm {

namespace {

constexpr double copy_correlation = 0.999;

std::string rounded(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", value);
    return text;
}

// Columns of unit length around their means, the KPI last; constants become zeros.
Mat unit_columns(const Dataset& data) {
    Mat columns(data.fitted_rows(), data.exposure.cols() + data.controls.cols() + 1);
    Eigen::Index next = 0;
    const auto add = [&](ConstVecRef column) {
        Vec values = fitted_values(data, column);
        values.array() -= values.mean();
        const double norm = values.norm();
        columns.col(next++) = norm > 0 && std::isfinite(norm) ? Vec(values / norm) : Vec(Vec::Zero(values.size()));
    };
    for (Eigen::Index m = 0; m < data.exposure.cols(); ++m) add(data.media_units(m));
    for (Eigen::Index c = 0; c < data.controls.cols(); ++c) add(data.controls.col(c));
    add(data.kpi);
    return columns;
}

void report_copy(const std::string& path, double r, ColumnChecks& checks) {
    if (!(std::fabs(r) > copy_correlation)) return;
    checks.add("error", "copy_of_kpi", path, "has correlation " + rounded(r) + " with the KPI, so it would explain all of it",
               "Remove it: it is the KPI itself, or a result of it.");
}

// How far a value is from what a prior expects, in the prior's own scale.
void report_scale(const std::string& field, double distance, const std::string& what, ColumnChecks& checks) {
    constexpr double doubtful = 10;
    if (!(distance > doubtful)) return;
    checks.add("warning", "prior_scale", field,
               what + ", " + format_number(std::round(distance)) + " times what its prior expects",
               "Priors speak of scaled data: let \"scaling\" scale them, or state the prior in the units you use.");
}

}  // namespace

void check_copies(const Specification& spec, const Dataset& data, ColumnChecks& checks, const Poll& poll) {
    std::vector<std::string> paths;
    for (const auto& medium : spec.media) paths.push_back(medium_path(medium));
    for (const auto& control : spec.controls) paths.push_back("controls." + control.name);
    const Mat columns = unit_columns(data);
    for (std::size_t a = 0; a < paths.size(); ++a) {
        poll();
        report_copy(paths[a], columns.col(static_cast<Eigen::Index>(a)).dot(columns.col(columns.cols() - 1)), checks);
    }
}

void check_prior_scale(const Specification& spec, const Dataset& data, ColumnChecks& checks) {
    Specification placed = spec;
    placed.trend.positions = {0};  // the knots themselves do not matter here
    const Design design = make_design(placed, data, make_layout(placed, data.geos, data.baseline_geo(spec)));
    const Vec y = fitted_values(data, design.y);
    const double mean = y.mean(), sd = std::sqrt((y.array() - mean).square().mean());
    if (!spec.sigma.is_fixed())
        report_scale("sigma", sd / prior_scale(spec.sigma), "the scaled KPI has a standard deviation of " + format_number(sd), checks);
    if (!spec.intercept.is_fixed() && spec.intercept.hyper.empty())
        report_scale("intercept", std::fabs(mean - prior_center(spec.intercept)) / prior_scale(spec.intercept),
                     "the scaled KPI has a mean of " + format_number(mean), checks);
    for (std::size_t m = 0; m < spec.media.size(); ++m) {
        const auto& saturation = spec.media[m].saturation;
        if (saturation_parameter_count(saturation.family) == 0 || saturation.family == SaturationFamily::root) continue;
        const double largest = design.media.col(static_cast<Eigen::Index>(m)).maxCoeff();
        // A prior centred on 0 or below is cut to the positive side, where its scale is what it expects.
        const Prior& prior = saturation.priors[0];
        const double center = prior_center(prior) > 0 ? prior_center(prior) : prior_scale(prior);
        // Exposure in units of half saturation, or of 1 / rate.
        const double reach = saturation.family == SaturationFamily::logistic ? largest * center : largest / center;
        report_scale(medium_path(spec.media[m]) + ".saturation", reach, "the largest scaled exposure is " + format_number(largest), checks);
    }
}

}  // namespace mmm
