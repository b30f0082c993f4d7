#include "core/model/process_coordinates.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/model/constrain.hpp"

namespace mmm {

namespace {

// How much the mean of each row moves with f: what the process multiplies, by the regression, times
// d (softplus / mean softplus) / d f at 0; ones where it is added.
Vec sensitivity(const Regression& r, const RegressionSolution& solution, const PosteriorData& data, int which) {
    const Layout& layout = data.layout;
    if (layout.variations[static_cast<std::size_t>(which)].form == VariationForm::additive) return data.design.weight;
    const double slope = 0.5 / std::numbers::ln2;
    Vec moved = Vec::Zero(data.design.rows());
    const auto add = [&](int parameter) {
        if (const Eigen::Index c = r.column_of(parameter); c >= 0) moved += slope * solution.mean[c] * r.x.col(c);
    };
    if (which == layout.trend_variation) {
        const Slot intercept = layout.terms.front().coefficient;
        for (int g = 0; g < (intercept.by_geo ? layout.geos : 1); ++g) add(intercept.first + g);
    }
    for (std::size_t m = 0; m < layout.media.size(); ++m)
        if (layout.media_variation[m] == which) add(layout.media[m].effect.first);
    return moved;
}

// What rows say of a linearised process whose columns are X.
struct ProcessRows {
    Mat product;  // X' X
    Vec xy;       // X' residual
    double yy = 0;
};

// In stretches, as rows may be many. X is centred over the history, as the multiplier's mean is fixed.
ProcessRows process_rows(const VariationBasis& basis, const Vec& moved, const Vec& residual, const Design& design, const StopFlag& stop) {
    constexpr Eigen::Index stretch = 64;
    const Mat centred = basis.phi.rowwise() - basis.phi.topRows(basis.history).colwise().mean();
    const Eigen::Index n = centred.cols();
    ProcessRows rows{Mat::Zero(n, n), Vec::Zero(n), residual.squaredNorm()};
    for (Eigen::Index begin = 0; begin < design.rows(); begin += stretch) {
        stop_if_asked(stop);
        const Eigen::Index length = std::min(stretch, design.rows() - begin);
        Mat x(length, n);
        for (Eigen::Index i = 0; i < length; ++i) x.row(i) = moved[begin + i] * centred.row((begin + i) % design.n_periods);
        rows.product.selfadjointView<Eigen::Lower>().rankUpdate(x.transpose());
        rows.xy.noalias() += x.transpose() * residual.segment(begin, length);
    }
    rows.product.triangularView<Eigen::StrictlyUpper>() = rows.product.transpose();
    return rows;
}

struct LinearisedProcess {
    Mat precision;      // of v given the rows; no elements where it cannot be had
    Vec information;    // of each v_j in the rows alone, times its prior variance
};

LinearisedProcess linearised(const ProcessRows& data, const Vec& prior_sd, double rows, double variance, const StopFlag& stop) {
    Mat precision;
    for (int round = 0; round < 4; ++round) {
        stop_if_asked(stop);
        precision = data.product / variance;
        precision.diagonal() += prior_sd.cwiseAbs2().cwiseInverse();
        const Eigen::LLT<Mat> factorised(precision);
        if (factorised.info() != Eigen::Success) return {};
        const Vec v = factorised.solve(data.xy / variance);
        const double squares = data.yy - 2 * v.dot(data.xy) + v.dot(data.product * v);
        variance = std::max(squares / std::max(rows, 1.0), 1e-12);
    }
    return {precision, data.product.diagonal().cwiseProduct(prior_sd.cwiseAbs2()) / variance};
}

// Those that the rows know better than the prior does, and an upper factor of their covariance. Inside the history neighbouring
// functions are nearly dependent, so that they count each for itself here and together in the factor. A z that a prior by name
// keeps on one side of 0 cannot be mixed with others.
ProcessCoordinates choose(const LinearisedProcess& process, int first, const Layout& layout) {
    constexpr double informed = 20;  // docs/decisions/0010 has what lower and higher bounds gave
    ProcessCoordinates chosen;
    for (Eigen::Index j = 0; j < process.information.size(); ++j)
        if (process.information[j] > informed && is_whole_line(layout.at(first + static_cast<int>(j)).support))
            chosen.chosen.push_back(static_cast<int>(j));
    if (chosen.chosen.empty()) return {};
    const Eigen::LLT<Mat> factorised(Mat(process.precision(chosen.chosen, chosen.chosen)));
    if (factorised.info() != Eigen::Success) return {};
    const auto n = static_cast<Eigen::Index>(chosen.chosen.size());
    chosen.factor = factorised.matrixU().solve(Mat::Identity(n, n));
    chosen.log_determinant = chosen.factor.diagonal().array().log().sum();
    return chosen;
}

}  // namespace

void choose_process_coordinates(const Regression& regression, const RegressionSolution& solution, PosteriorData& data,
                                const StopFlag& stop) {
    const Design& design = data.design;
    for (std::size_t i = 0; i < data.layout.variations.size(); ++i) {
        data.processes.emplace_back();
        if (!solution.found()) continue;
        stop_if_asked(stop);
        const VariationPosition& position = data.layout.variations[i];
        TimeVariation process(position, design.variations[i]);
        Vec middle(data.layout.size());
        for (int p = 0; p < data.layout.size(); ++p) middle[p] = middle_of(data.layout.at(p));
        process.load(middle);
        const Vec prior_sd = process.root_density().cwiseMax(1e-100);
        const Vec residual = design.y.cwiseProduct(design.weight) - regression.x * solution.mean;
        const Vec moved = sensitivity(regression, solution, data, static_cast<int>(i));
        const ProcessRows rows = process_rows(design.variations[i], moved, residual, design, stop);
        data.processes.back() = choose(linearised(rows, prior_sd, design.weight.sum(), solution.variance, stop), position.first,
                                       data.layout);
    }
}

}  // namespace mmm
