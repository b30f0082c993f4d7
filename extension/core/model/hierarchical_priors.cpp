#include "core/model/hierarchical_priors.hpp"

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
      values_(coordinates.size()) {}

void HierarchicalPriors::read_arguments(const Child& child, ConstVecRef parameters) {
    if (child.as_before) return;
    for (std::size_t i = 0; i < arguments_.size(); ++i)
        arguments_[i] = child.argument[i] >= 0 ? parameters[child.argument[i]] : child.number[i];
}

double HierarchicalPriors::to_parameters(ConstVecRef u, VecRef parameters) {
    double log_jacobian = 0;
    for (std::size_t j = 0; j < coordinates_.size(); ++j) {
        const Child& child = coordinates_[j];
        const auto k = static_cast<Eigen::Index>(j);
        read_arguments(child, parameters);
        const double lambda = (*centring_)[k];
        const bool smooth = smooth_ && child.family == PriorFamily::laplace && lambda == 0;
        const HierarchicalValue& v = values_[j] = smooth ? smooth_laplace_value(arguments_.data(), u[k])
                                                         : hierarchical_value(child.family, arguments_.data(), lambda, u[k]);
        parameters[child.index] = v.value;
        log_jacobian += v.log_jacobian;
    }
    return log_jacobian;
}

double HierarchicalPriors::add_densities(ConstVecRef parameters, VecRef d_parameters) {
    return add_densities(others_, parameters, d_parameters) + add_densities(coordinates_, parameters, d_parameters);
}

double HierarchicalPriors::add_densities(const std::vector<Child>& children, ConstVecRef parameters, VecRef d_parameters) {
    double sum = 0;
    for (const Child& child : children) {
        read_arguments(child, parameters);
        const HierarchicalDensity d = hierarchical_log_density(child.family, arguments_.data(), parameters[child.index]);
        d_parameters[child.index] += d.d_x;
        if (child.mu >= 0) d_parameters[child.mu] += d.d_mu;
        if (child.sigma >= 0) d_parameters[child.sigma] += d.d_sigma;
        sum += d.value;
    }
    return sum;
}

void HierarchicalPriors::to_gradient(VecRef d_parameters, VecRef gradient) const {
    for (std::size_t j = 0; j < coordinates_.size(); ++j) {
        const Child& child = coordinates_[j];
        const HierarchicalValue& v = values_[j];
        const double d = d_parameters[child.index];
        gradient[static_cast<Eigen::Index>(j)] = d * v.d_x + v.j_x;
        if (child.mu >= 0) d_parameters[child.mu] += d * v.d_mu + v.j_mu;
        if (child.sigma >= 0) d_parameters[child.sigma] += d * v.d_sigma + v.j_sigma;
    }
}

}  // namespace mmm
