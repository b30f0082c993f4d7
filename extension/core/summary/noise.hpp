// The noise of the KPI around its mean, in the user's units: its density, and random numbers from it.
//   normal: Normal(mean, s)    student_t: mean + s times a Student-t with nu degrees of freedom    s = sigma * kpi_scale
//   others: model/noise_law.hpp
#pragma once

#include "core/model/fitted_model.hpp"
#include "core/random.hpp"
#include "core/summary/contributions.hpp"

namespace mmm {

class Noise {
public:
    // `scale`: s, or for laws whose sigma has no unit, sigma itself.
    Noise(Likelihood likelihood, double scale, double nu);

    // The KPI itself.
    double draw(double mean, RandomStream& random) const;
    // ln of the density of the KPI at `kpi`; a density of the KPI itself, not of its scaled form.
    double log_density(double kpi, double mean) const;

private:
    Likelihood likelihood_;
    double scale_, nu_;
    double log_constant_;  // of the density
};

// Of a row of the model's data, under the draw that `contributions` evaluated last.
Noise noise_of(const FittedModel& model, const Contributions& contributions, Eigen::Index row);

}  // namespace mmm
