#include "core/model/hierarchical_priors.hpp"

#include <cmath>

namespace mmm {

std::vector<HierarchicalPriors::Child> HierarchicalPriors::children(const Layout& layout, const std::vector<int>& parameters) {
    std::vector<Child> found;
    for (const int index : parameters) {
        const Parameter& parameter = layout.at(index);
        Child child;
        child.index = index;
        child.family = parameter.prior.family;
        child.argument = parameter.argument;
        for (std::size_t i = 0; i < child.number.size(); ++i) child.number[i] = parameter.prior.p[i];
        const LocationScale at = location_scale(child.family, child.number.data());
        if (at.mu_position >= 0) child.mu = child.argument[static_cast<std::size_t>(at.mu_position)];
        child.sigma = child.argument[static_cast<std::size_t>(at.sigma_position)];
        child.as_before = !found.empty() && found.back().argument == child.argument && found.back().number == child.number;
        found.push_back(child);
    }
    return found;
}

HierarchicalPriors::HierarchicalPriors(const Layout& layout, const std::vector<int>& coordinates, const Vec& centring,
                                       const std::vector<int>& others, bool smooth)
    : coordinates_(children(layout, coordinates)),
      others_(children(layout, others)),
      centring_(&centring),
      smooth_(smooth),
      values_(coordinates.size()) {
    u_ = Vec::Zero(static_cast<Eigen::Index>(coordinates.size()));
    find_runs();
}

void HierarchicalPriors::find_runs() {
    const auto lambda = [&](std::size_t j) { return (*centring_)[static_cast<Eigen::Index>(j)]; };
    const auto sibling_of_last = [&](std::size_t j) {
        const Child &child = coordinates_[j], &last = coordinates_[j - 1];
        return child.as_before && child.family == last.family && child.index == last.index + 1 && lambda(j) == lambda(j - 1);
    };
    for (std::size_t j = 0; j < coordinates_.size(); ++j) {
        const bool normal = coordinates_[j].family == PriorFamily::normal;
        const bool goes_on = !runs_.empty() && runs_.back().siblings == normal && (!normal || sibling_of_last(j));
        if (!goes_on) runs_.push_back({j, j, normal});
        runs_.back().end = j + 1;
    }
}

// theta = mu + sigma^(1 - lambda) x
double HierarchicalPriors::siblings_to_parameters(Run& run, ConstVecRef u, VecRef parameters) {
    const Child& first = coordinates_[run.begin];
    const auto begin = static_cast<Eigen::Index>(run.begin), n = static_cast<Eigen::Index>(run.end - run.begin);
    for (std::size_t i = 0; i < arguments_.size(); ++i)
        arguments_[i] = first.argument[i] >= 0 ? parameters[first.argument[i]] : first.number[i];
    const LocationScale at = location_scale(first.family, arguments_.data());
    const double lambda = (*centring_)[begin];
    run.mu = at.mu;
    run.sigma = at.sigma;
    run.log_sigma = std::log(at.sigma);
    run.stretch = lambda == 0 ? at.sigma : lambda == 1 ? 1 : std::exp((1 - lambda) * run.log_sigma);
    u_.segment(begin, n) = u.segment(begin, n);
    parameters.segment(first.index, n) = (run.stretch * u.segment(begin, n)).array() + run.mu;
    return static_cast<double>(n) * (1 - lambda) * run.log_sigma;
}

// ln f = -ln sigma - z^2 / 2, z = (theta - mu) / sigma = sigma^-lambda x
double HierarchicalPriors::add_siblings(const Run& run, VecRef d_parameters) const {
    const Child& first = coordinates_[run.begin];
    const auto begin = static_cast<Eigen::Index>(run.begin), n = static_cast<Eigen::Index>(run.end - run.begin);
    const auto x = u_.segment(begin, n);
    const double z_of_x = run.stretch / run.sigma, squares = z_of_x * z_of_x * x.squaredNorm(), count = static_cast<double>(n);
    d_parameters.segment(first.index, n) -= (z_of_x / run.sigma) * x;
    if (first.mu >= 0) d_parameters[first.mu] += z_of_x / run.sigma * x.sum();
    if (first.sigma >= 0) d_parameters[first.sigma] += (squares - count) / run.sigma;
    return -count * run.log_sigma - 0.5 * squares;
}

void HierarchicalPriors::siblings_to_gradient(const Run& run, VecRef d_parameters, VecRef gradient) const {
    const Child& first = coordinates_[run.begin];
    const auto begin = static_cast<Eigen::Index>(run.begin), n = static_cast<Eigen::Index>(run.end - run.begin);
    const double lambda = (*centring_)[begin];
    const auto d = d_parameters.segment(first.index, n);
    gradient.segment(begin, n) = run.stretch * d;
    const double d_mu = d.sum(), d_stretch = d.dot(u_.segment(begin, n));
    if (first.mu >= 0) d_parameters[first.mu] += d_mu;
    if (first.sigma >= 0) d_parameters[first.sigma] += (1 - lambda) / run.sigma * (run.stretch * d_stretch + static_cast<double>(n));
}

// `follows`: on the child before it in the list, whose arguments are there.
void HierarchicalPriors::read_arguments(const Child& child, bool follows, ConstVecRef parameters) {
    if (follows && child.as_before) return;
    for (std::size_t i = 0; i < arguments_.size(); ++i)
        arguments_[i] = child.argument[i] >= 0 ? parameters[child.argument[i]] : child.number[i];
}

double HierarchicalPriors::to_parameters(ConstVecRef u, VecRef parameters) {
    double log_jacobian = 0;
    for (Run& run : runs_) {
        if (run.siblings) {
            log_jacobian += siblings_to_parameters(run, u, parameters);
            continue;
        }
        for (std::size_t j = run.begin; j < run.end; ++j) {
            const Child& child = coordinates_[j];
            const auto k = static_cast<Eigen::Index>(j);
            read_arguments(child, j > run.begin, parameters);
            const double lambda = (*centring_)[k];
            const bool smooth = smooth_ && child.family == PriorFamily::laplace && lambda == 0;
            const HierarchicalValue& v = values_[j] = smooth ? smooth_laplace_value(arguments_.data(), u[k])
                                                             : hierarchical_value(child.family, arguments_.data(), lambda, u[k]);
            parameters[child.index] = v.value;
            log_jacobian += v.log_jacobian;
        }
    }
    return log_jacobian;
}

double HierarchicalPriors::add_densities(ConstVecRef parameters, VecRef d_parameters) {
    double sum = add_densities(others_, 0, others_.size(), parameters, d_parameters);
    for (const Run& run : runs_)
        sum += run.siblings ? add_siblings(run, d_parameters) : add_densities(coordinates_, run.begin, run.end, parameters, d_parameters);
    return sum;
}

double HierarchicalPriors::add_densities(const std::vector<Child>& children, std::size_t begin, std::size_t end, ConstVecRef parameters,
                                         VecRef d_parameters) {
    double sum = 0;
    for (std::size_t j = begin; j < end; ++j) {
        const Child& child = children[j];
        read_arguments(child, j > begin, parameters);
        const HierarchicalDensity d = hierarchical_log_density(child.family, arguments_.data(), parameters[child.index]);
        d_parameters[child.index] += d.d_x;
        if (child.mu >= 0) d_parameters[child.mu] += d.d_mu;
        if (child.sigma >= 0) d_parameters[child.sigma] += d.d_sigma;
        sum += d.value;
    }
    return sum;
}

void HierarchicalPriors::to_gradient(VecRef d_parameters, VecRef gradient) const {
    for (const Run& run : runs_) {
        if (run.siblings) {
            siblings_to_gradient(run, d_parameters, gradient);
            continue;
        }
        for (std::size_t j = run.begin; j < run.end; ++j) {
            const Child& child = coordinates_[j];
            const HierarchicalValue& v = values_[j];
            const double d = d_parameters[child.index];
            gradient[static_cast<Eigen::Index>(j)] = d * v.d_x + v.j_x;
            if (child.mu >= 0) d_parameters[child.mu] += d * v.d_mu + v.j_mu;
            if (child.sigma >= 0) d_parameters[child.sigma] += d * v.d_sigma + v.j_sigma;
        }
    }
}

}  // namespace mmm
