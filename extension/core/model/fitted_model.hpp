// A fitted model: everything that later questions need, and nothing that depends on how or where it was fitted, so that
// the same rows, specification and seed give the same bytes.
#pragma once

#include <string>
#include <vector>

#include "core/model/dataset.hpp"
#include "core/model/design.hpp"
#include "core/model/parameters.hpp"
#include "core/model/specification.hpp"
#include "core/sampler/convergence.hpp"

namespace mmm {

// The sampler's own record, kept whole chains at a time.
struct SamplerReport {
    std::int64_t gradients = 0;
    std::int64_t divergences = 0;
    std::int64_t max_depth_hits = 0;
    double mean_accept = 0;
    double mean_depth = 0;
    std::vector<double> e_bfmi;      // per chain; empty unless sampled by NUTS
    std::vector<double> step_size;
};

class FittedModel {
public:
    Specification spec;
    Dataset data;
    int chains = 0;
    int draws = 0;                       // per chain
    std::vector<float> values;           // parameter by parameter, chain by chain, draw by draw
    std::vector<Convergence> convergence;  // per parameter
    SamplerReport sampler;
    std::vector<double> totals;          // what media brought in each draw (summary/channel_totals.hpp), or none

    // Rebuilt from spec and data when a model is made or read.
    Layout layout;
    Design design;

    std::size_t total_draws() const { return static_cast<std::size_t>(chains) * static_cast<std::size_t>(draws); }
    const float* parameter_draws(int parameter) const {
        return values.data() + static_cast<std::size_t>(parameter) * total_draws();
    }
    // All parameters of one draw (0 .. total_draws - 1).
    void copy_draw(std::size_t draw, VecRef parameters) const {
        for (int p = 0; p < layout.size(); ++p) parameters[p] = static_cast<double>(parameter_draws(p)[draw]);
    }
    // Fills layout and design. Knots must have been placed.
    void rebuild();
};

}  // namespace mmm
