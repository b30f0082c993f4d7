// What a simulation is asked for: the "simulate" object of a specification.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/model/parameters.hpp"
#include "core/transform/calendar.hpp"

namespace mmm {

struct MediumPlan {
    double mean = 10'000;
    double variation = 0.5;  // sd of log spend
    double active = 1;       // probability that a period has any
    double cpm = 10;         // price of 1,000 exposures where exposure is a column of its own
};

struct ControlPlan {
    double mean = 0;
    double sd = 1;
};

struct SimulationPlan {
    int periods = 156;
    Timestamp start = 0;
    TimeStep step;
    double kpi_scale = 100'000;
    double revenue_per_kpi = 1;
    int geos = 1;
    double population = 1'000'000;  // of a typical geo
    double geo_variation = 0.5;     // sd of log population and of log media between geos
    std::vector<MediumPlan> media;
    std::vector<ControlPlan> controls;
    std::vector<std::pair<std::string, double>> truth;
};

// The geos' names, in alphabetical order: geo_01, geo_02, ... None for a national model.
std::vector<std::string> simulated_geos(const Specification& spec, const SimulationPlan& plan);

// `document` is the whole specification. The truth is read by read_simulated_truth, once the geos are known.
SimulationPlan read_simulation_plan(const Json& document, const Specification& spec);
void read_simulated_truth(const Json& document, const Layout& layout, SimulationPlan& plan);

}  // namespace mmm
