// The coordinates in which a model is sampled, from one ridge regression at the middle of the priors or at the mode.
// Nothing here changes the posterior, only how fast it is explored.
#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/limits.hpp"
#include "core/model/centring.hpp"
#include "core/model/constrain.hpp"
#include "core/model/posterior.hpp"
#include "core/model/process_coordinates.hpp"
#include "core/model/regression.hpp"
#include "core/random.hpp"
#include "core/sampler/lbfgs_path.hpp"

namespace mmm {

namespace {

bool one_sided(const Interval& support) { return std::isinf(support.lower) != std::isinf(support.upper); }

// Integrating out is exact for normal noise of one scale; the mode of a posterior is not that of its margin.
bool integrates_out(const Specification& spec) {
    return spec.is_panel() && spec.is_gaussian() && !spec.sigma.by_geo && spec.sampler.method != Method::map;
}

void classify(PosteriorData& data) {
    for (auto* list : {&data.whitened, &data.transformed, &data.hierarchical}) list->clear();
    const Layout& layout = data.layout;
    const auto linear = linear_parameters(layout);
    std::vector<bool> gone(linear.size(), false);
    for (const int index : data.marginal.parameter) gone[static_cast<std::size_t>(index)] = true;
    for (int i = 0; i < layout.size(); ++i) {
        const Parameter& parameter = layout.at(i);
        const auto at = static_cast<std::size_t>(i);
        if (!parameter.sampled() || gone[at]) continue;
        if (parameter.hierarchical()) data.hierarchical.push_back(i);
        else if (linear[at] && is_whole_line(parameter.support)) data.whitened.push_back(i);
        else data.transformed.push_back(i);
    }
}

// Coefficients by geo that the data tell apart by more than their errors are known as well as any other linear coefficient:
// they are whitened with them, and so is their mean. The others stay non-centred (see hierarchy.hpp).
void whiten_families(const std::vector<GeoFamily>& families, PosteriorData& data) {
    const auto take = [](std::vector<int>& from, int index) {
        const auto found = std::find(from.begin(), from.end(), index);
        if (found == from.end()) return false;
        from.erase(found);
        return true;
    };
    for (const auto& family : families) {
        if (!(family.spread > family.error) || data.spec.sampler.method == Method::map) continue;
        for (const int child : family.children)
            if (take(data.hierarchical, child)) data.whitened.push_back(child);
        for (const int common : {family.mean, family.effect})
            if (common >= 0 && take(data.transformed, common)) data.whitened.push_back(common);
    }
}

std::vector<Eigen::Index> columns_of(const Regression& regression, const std::vector<int>& parameters) {
    std::vector<Eigen::Index> columns;
    for (const int index : parameters) columns.push_back(regression.column_of(index));
    return columns;
}

// C and center of the whitened block. With coefficients integrated out, what is left of the precision of the others
// (Schur complement).
void whiten(const Regression& regression, const RegressionSolution& solution, PosteriorData& data) {
    const auto n = static_cast<Eigen::Index>(data.whitened.size());
    data.factor = Mat::Identity(n, n);
    data.center = Vec::Zero(n);
    if (!solution.found() || n == 0) return;  // unwhitened is slower, never wrong
    const auto kept = columns_of(regression, data.whitened), gone = columns_of(regression, data.marginal.parameter);
    Mat precision = solution.precision(kept, kept);
    if (!gone.empty()) {
        const Mat across = solution.precision(gone, kept);
        precision -= across.transpose() * Mat(solution.precision(gone, gone)).llt().solve(across);
    }
    const Eigen::LLT<Mat> block(precision);
    if (block.info() != Eigen::Success) return;
    data.center = solution.mean(kept);
    data.factor = block.matrixU().solve(Mat::Identity(n, n));
}

void soften(const Regression& r, const RegressionSolution& solution, PosteriorData& data) {
    data.softness = Vec::Zero(static_cast<Eigen::Index>(data.transformed.size()));
    data.contribution_coordinate.assign(data.spec.media.size(), -1);
    if (!solution.found()) return;
    for (std::size_t j = 0; j < data.transformed.size(); ++j) {
        const int index = data.transformed[j];
        const Interval& support = data.layout.at(index).support;
        const Eigen::Index c = r.column_of(index);
        if (!one_sided(support) || c < 0) continue;
        const auto k = static_cast<Eigen::Index>(j);
        data.softness[k] = solution.sd[c] * r.unit[c];
        for (std::size_t m = 0; m < data.spec.media.size(); ++m) {
            const bool coefficient = data.layout.media[m].effect.first == index && data.spec.media[m].effect == EffectKind::coefficient;
            if (!coefficient || support.lower != 0) continue;
            data.contribution_coordinate[m] = static_cast<int>(j);
            data.softness[k] = solution.sd[c];  // of c itself
        }
    }
}

// Where chains start around: the regression's answer for effects, the middle of the prior for the rest.
void find_middle(const Regression& r, const RegressionSolution& solution, PosteriorData& data) {
    data.starts_from_prior.clear();
    data.middle.resize(static_cast<Eigen::Index>(data.transformed.size()));
    for (std::size_t j = 0; j < data.transformed.size(); ++j) {
        const auto k = static_cast<Eigen::Index>(j);
        const Parameter& parameter = data.layout.at(data.transformed[j]);
        data.starts_from_prior.push_back(parameter.name.find(".adstock.") != std::string::npos ||
                                         parameter.name.find(".saturation.") != std::string::npos);
        if (!(data.softness[k] > 0)) {
            data.middle[k] = unconstrain(parameter.support, middle_of(parameter));
            continue;
        }
        const Eigen::Index c = r.column_of(data.transformed[j]);
        // In units of the softness: not below a tenth, where the map is nearly flat.
        const double in_units = solution.mean[c] / solution.sd[c] * (std::isinf(parameter.support.lower) ? -1 : 1);
        data.middle[k] = unconstrain_softly({0, infinity}, 1, std::max(in_units, 0.1));
    }
}

// Everything but the marginal block and centring of media, at data.reference. Returns the variance of the residuals, NaN where there is
// no regression. `families`: whether coefficients by geo may be whitened.
double choose_coordinates(PosteriorData& data, bool families, const StopFlag& stop) {
    const Design& design = data.design;
    data.processes.clear();
    classify(data);
    Regression regression = make_regression(data, stop);
    const Vec y = design.y.cwiseProduct(design.weight);
    const double fitted_rows = std::max(design.weight.sum(), 1.0);
    RegressionSolution solution = solve(regression, y, fitted_rows, stop);
    if (solution.found() && families && !data.hierarchical.empty()) {
        whiten_families(find_families(data, solution, regression), data);
        solution = solve(regression, y, fitted_rows, stop);
    }
    whiten(regression, solution, data);
    soften(regression, solution, data);
    find_middle(regression, solution, data);
    choose_process_coordinates(regression, solution, data, stop);
    data.centring = Vec::Zero(static_cast<Eigen::Index>(data.hierarchical.size()));
    data.hierarchical_start = Vec::Ones(data.centring.size()) * Eigen::RowVector2d(0, 0.5);
    // A mode is that of non-centred coordinates: the density of centred ones has none where a scale goes to 0.
    if (solution.found() && data.spec.sampler.method != Method::map) centre_coefficients(regression, solution, data);
    return solution.found() ? solution.variance : std::nan("");
}

bool has_deviations(const PosteriorData& data) {
    return std::any_of(data.layout.media.begin(), data.layout.media.end(), [&](const MediumPosition& position) {
        return position.geo_deviation >= 0 && data.layout.at(position.geo_deviation).hierarchical();
    });
}

}  // namespace

PosteriorData make_posterior(const Specification& spec, const Layout& layout, const Design& design, const StopFlag& stop) {
    PosteriorData data;
    data.spec = spec;
    data.layout = layout;
    data.design = design;
    if (integrates_out(spec)) data.marginal = make_marginal_block(layout, design, stop);
    data.abreast = make_abreast_panel(spec, layout, design);
    data.reference.resize(layout.size());
    for (int p = 0; p < layout.size(); ++p) data.reference[p] = middle_of(layout.at(p));
    choose_coordinates(data, true, stop);
    return data;
}

// A density of centred deviations has no mode: it grows without bound as their scale goes to 0. So the search is non-centred.
PosteriorData choose_coordinates_at_mode(PosteriorData data, const StopFlag& stop) {
    constexpr int iterations = 3000;
    constexpr double precision = 1e-6;
    if (!has_deviations(data)) return data;
    PosteriorData search = data;
    choose_coordinates(search, false, stop);
    search.centring.setZero();
    const Density density = make_density(search, Jacobian::include, &stop);
    Vec start = Vec::Zero(search.dimension()), gradient(search.dimension());
    start.segment(static_cast<Eigen::Index>(search.whitened.size()), search.middle.size()) = search.middle;
    if (!std::isfinite(density.evaluate(start, gradient))) return data;
    const LbfgsPath path = lbfgs_path(density, start, iterations, precision, stop);
    RandomStream random(0, 0, 0, stream::marginal);
    Vec mode(data.layout.size());
    Posterior(search, Jacobian::include, &stop).constrain(path.position.back(), random, mode);
    if (!mode.allFinite()) return data;
    search.reference = mode;
    const double variance = choose_coordinates(search, true, stop);
    if (!std::isfinite(variance)) return data;
    choose_centring(search, variance, stop);
    // Otherwise nothing is won, and the start of chains is better spread around the middle of the priors.
    const bool others = search.whitened != data.whitened || search.centring != data.centring;
    return others ? search : data;
}

}  // namespace mmm
