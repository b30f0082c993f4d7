#include "core/planner/path_outcome.hpp"

#include <algorithm>

#include "core/transform/saturation.hpp"

namespace mmm {

MediumPath::MediumPath(const FittedModel& model, const PlanBlocks& blocks, Flight flight)
    : model_(model), medium_(model.spec.media[flight.medium]), blocks_(blocks), flight_(std::move(flight)) {
    const Eigen::Index lag = medium_.adstock.form.family == AdstockFamily::none ? 0 : medium_.adstock.form.max_lag;
    const Eigen::Index last = blocks.first + blocks.periods;
    before_ = std::min(lag, blocks.first);
    after_ = std::min(lag, model.data.periods() - last);
    const Eigen::Index n = before_ + blocks.periods + after_;
    for (Vec* v : {&carried_, &z_, &worth_, &back_}) v->setZero(n);
    at_blocks_.setZero(blocks.count);
    for (Eigen::Index t = 0; t < blocks.periods; ++t) block_of_.push_back(t / blocks.every);
    shape_.resize(n);
    shape_of_nothing_.resize(n);
}

PathSums MediumPath::zeros() const {
    const Eigen::Index n = blocks_.count;
    return {0, Vec::Zero(n), Mat::Zero(n, n), Vec::Zero(n)};
}

bool MediumPath::linear() const {
    return medium_.has_frequency() || medium_.saturation.family == SaturationFamily::none;
}

bool MediumPath::carries() const {
    return !linear() && !medium_.saturation_first;
}

bool MediumPath::concave(const PathParameters& p) const {
    if (linear()) return true;
    const bool s_shaped = medium_.saturation.family == SaturationFamily::hill && p.saturation.row(1).maxCoeff() > 1;
    return !s_shaped && p.coefficient.minCoeff() >= 0;
}

Vec MediumPath::exposure(const Vec& spend) const {
    Vec x = flight_.base;
    for (Eigen::Index g = 0; g < model_.data.n_geos(); ++g)
        for (Eigen::Index b = 0; b < blocks_.count; ++b) {
            const Eigen::Index row = g * model_.data.periods() + blocks_.begin(b), n = blocks_.length(b);
            x.segment(row, n) += spend[b] * flight_.unit.segment(row, n);
        }
    return x;
}

void MediumPath::bend(const PathParameters& p, Eigen::Index geo, ConstVecRef z, SaturationShape& shape) const {
    const Eigen::Index group = p.weights.cols() == 1 ? 0 : geo;
    saturation_shape(family(), p.saturation(0, group), p.saturation(1, group), z, shape);
}

void MediumPath::respond(const PathParameters& p, Eigen::Index geo, const Vec& x, const Vec& unit) {
    const Eigen::Index group = p.weights.cols() == 1 ? 0 : geo, n = blocks_.periods + after_;
    const Eigen::Index row = geo * model_.data.periods() + blocks_.first;
    units_ = unit.segment(row, n);
    if (p.variation.size() > 0) units_ = units_.cwiseProduct(p.variation.segment(blocks_.first, n));
    if (carries()) {
        carried_.resize(before_ + n);
        adstock_forward(x.segment(row - before_, before_ + n), p.weights.col(group), carried_);
        z_ = carried_.tail(n);
        worth_ = p.coefficient[geo] * units_;
        return;
    }
    z_ = x.segment(row, blocks_.periods);
    back_.resize(n);
    adstock_reverse_input(p.weights.col(group), units_, back_);
    worth_ = p.coefficient[geo] * back_.head(blocks_.periods);
    if (!medium_.has_frequency()) return;
    carried_ = flight_.frequency.segment(row, blocks_.periods);
    saturate(medium_.saturation.family, p.saturation(0, group), p.saturation(1, group), carried_);
    worth_ = worth_.cwiseProduct(carried_);
}

void MediumPath::carry_back(const PathParameters& p, Eigen::Index geo, const Vec& worth) {
    if (!carries()) {
        back_ = worth;
        return;
    }
    back_.resize(worth.size());
    adstock_reverse_input(p.weights.col(p.weights.cols() == 1 ? 0 : geo), worth, back_);
}

void MediumPath::add(const PathParameters& p, const Vec& spend, const Vec& unit, double weight, PathQuestion question,
                     PathSums& sums) {
    const Vec x = exposure(spend);
    double value = 0;
    for (Eigen::Index g = 0; g < model_.data.n_geos(); ++g) {
        respond(p, g, x, unit);
        const Eigen::Index n = z_.size(), row = g * model_.data.periods() + blocks_.first;
        if (question == PathQuestion::value) {
            const Eigen::Index group = p.weights.cols() == 1 ? 0 : g;
            saturate(family(), p.saturation(0, group), p.saturation(1, group), z_);
            value += worth_.dot(z_);
            continue;
        }
        bend(p, g, z_, shape_);
        value += worth_.dot(shape_.value.head(n));
        if (question == PathQuestion::parts) {
            add_parts(p, g, spend, unit, sums.parts);
            continue;
        }
        const Vec bent = (-worth_.cwiseProduct(shape_.curvature.head(n))).cwiseMax(0);
        carry_back(p, g, worth_.cwiseProduct(shape_.slope.head(n)));
        for (Eigen::Index t = 0; t < blocks_.periods; ++t)
            sums.gradient[block(t)] += weight * back_[t] * flight_.unit[row + t];
        if (question == PathQuestion::slopes && !linear()) add_curvature(p, g, bent, weight, sums.curvature);
    }
    sums.value += weight * (value - p.at_nothing);
}

// After bend() of the plan.
void MediumPath::add_parts(const PathParameters& p, Eigen::Index geo, const Vec& spend, const Vec& unit, Vec& parts) {
    const Vec z = z_;
    const Eigen::Index n = z.size(), row = geo * model_.data.periods() + blocks_.first;
    respond(p, geo, flight_.base, unit);
    bend(p, geo, z_, shape_of_nothing_);
    Vec each = Vec::Zero(n);
    for (Eigen::Index i = 0; i < n; ++i)
        if (z[i] > z_[i]) each[i] = worth_[i] * (shape_.value[i] - shape_of_nothing_.value[i]) / (z[i] - z_[i]);
    carry_back(p, geo, each);
    for (Eigen::Index t = 0; t < blocks_.periods; ++t)
        parts[block(t)] += back_[t] * flight_.unit[row + t] * spend[block(t)];
}

void MediumPath::add_curvature(const PathParameters& p, Eigen::Index geo, const Vec& bent, double weight,
                               Mat& curvature) {
    const Eigen::Index row = geo * model_.data.periods() + blocks_.first;
    if (!carries()) {
        for (Eigen::Index t = 0; t < blocks_.periods; ++t)
            curvature(block(t), block(t)) += weight * bent[t] * flight_.unit[row + t] * flight_.unit[row + t];
        return;
    }
    const auto weights = p.weights.col(p.weights.cols() == 1 ? 0 : geo);
    const Eigen::Index lag = weights.size() - 1;
    for (Eigen::Index t = 0; t < bent.size(); ++t) {
        // The blocks that reach this period, and what a unit of their money puts into its adstocked exposure.
        const Eigen::Index oldest = std::max<Eigen::Index>(0, t - lag), newest = std::min(t, blocks_.periods - 1);
        if (bent[t] == 0 || oldest > newest) continue;
        const Eigen::Index from = block(oldest), count = block(newest) - from + 1;
        at_blocks_.head(count).setZero();
        for (Eigen::Index s = oldest; s <= newest; ++s)
            at_blocks_[block(s) - from] += weights[t - s] * flight_.unit[row + s];
        for (Eigen::Index b = 0; b < count; ++b) {
            const double factor = weight * bent[t] * at_blocks_[b];
            double* column = &curvature(from + b, from + b);
            for (Eigen::Index k = 0; k < count - b; ++k) column[k] += factor * at_blocks_[b + k];
        }
    }
}

void MediumPath::settle(PathParameters& p, const Vec& unit) {
    p.at_nothing = 0;
    PathSums sums;
    add(p, Vec::Zero(blocks_.count), unit, 1, PathQuestion::value, sums);
    p.at_nothing = sums.value;
}

}  // namespace mmm
