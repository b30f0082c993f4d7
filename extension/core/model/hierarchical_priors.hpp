// All parameters of a model whose priors have parameters as arguments: their coordinates, their densities, and what flows from
// them to their hyperparameters (hierarchy.hpp has the formulas of one).
#pragma once

#include <array>
#include <vector>

#include "core/eigen.hpp"
#include "core/model/hierarchy.hpp"
#include "core/model/parameters.hpp"

namespace mmm {

// One per thread: it keeps the values of the last to_parameters().
class HierarchicalPriors {
public:
    // `coordinates`: parameters sampled through hierarchy.hpp's x, in the order of u; `centring`: lambda of each. `others`: those
    // sampled in some other way, whose densities alone are asked for. `smooth`: coordinates of Laplace laws that are not centred
    // are those of smooth_laplace_value().
    HierarchicalPriors(const Layout& layout, const std::vector<int>& coordinates, const Vec& centring, const std::vector<int>& others,
                       bool smooth);

    // Writes the parameters at u; their hyperparameters are there. Returns ln |d theta / d u|.
    double to_parameters(ConstVecRef u, VecRef parameters);
    // Adds the gradients of ln f of coordinates and others; returns the sum of ln f.
    double add_densities(ConstVecRef parameters, VecRef d_parameters);
    // After everything else has been added to d_parameters: d / d u, and what hyperparameters get through their children.
    void to_gradient(VecRef d_parameters, VecRef gradient) const;

private:
    // What is read of a parameter, close together: a Parameter itself is mostly its name.
    struct Child {
        int index = 0, mu = -1, sigma = -1;  // the parameters that are its location and scale, -1: numbers
        PriorFamily family = PriorFamily::normal;
        bool as_before = false;              // its arguments are those of the child before it
        std::array<int, 4> argument{};
        std::array<double, 4> number{};
    };

    // Neighbours among the coordinates. Siblings: normal, with the same arguments, the same lambda and neighbouring parameters, so
    // that what depends on their scale is computed once and the rest by column.
    struct Run {
        std::size_t begin = 0, end = 0;
        bool siblings = false;
        double mu = 0, sigma = 1, log_sigma = 0, stretch = 1;  // of siblings, at the last to_parameters()
    };

    static std::vector<Child> children(const Layout& layout, const std::vector<int>& parameters);
    void read_arguments(const Child& child, bool follows, ConstVecRef parameters);
    void find_runs();
    double siblings_to_parameters(Run& run, ConstVecRef u, VecRef parameters);
    double add_siblings(const Run& run, VecRef d_parameters) const;
    void siblings_to_gradient(const Run& run, VecRef d_parameters, VecRef gradient) const;
    double add_densities(const std::vector<Child>& children, std::size_t begin, std::size_t end, ConstVecRef parameters, VecRef d_parameters);

    std::vector<Child> coordinates_, others_;
    std::vector<Run> runs_;
    Vec u_;  // of siblings
    const Vec* centring_;
    bool smooth_;
    std::vector<HierarchicalValue> values_;
    std::array<double, 4> arguments_{};
};

}  // namespace mmm
