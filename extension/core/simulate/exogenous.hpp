// The columns of a simulation that the model does not make itself: media, controls, populations.
#pragma once

#include <cstdint>

#include "core/model/dataset.hpp"
#include "core/simulate/plan.hpp"

namespace mmm {

// The KPI is a constant until the model is run.
Dataset simulate_exogenous(const Specification& spec, const SimulationPlan& plan, std::uint64_t seed);

}  // namespace mmm
