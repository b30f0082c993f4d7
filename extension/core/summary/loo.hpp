// Leave-one-out cross-validation without refitting (Vehtari, Gelman, Gabry 2017, Statistics and Computing 27,
// 1413-1432).
//
//   elpd_loo   sum_i ln p(y_i | y_-i), with p(y_i | y_-i) estimated by sum_s w_is p(y_i | theta_s), the weights w_is
//              those of 1 / p(y_i | theta_s), smoothed (see psis.hpp)
//   se         sqrt(N var_i(elpd_i))
//   p_loo      sum_i ln mean_s p(y_i | theta_s) - elpd_loo: the effective number of parameters
//
// y_i is the KPI of a fitted row in the user's units, so models with different scalings are comparable.
#pragma once

#include <vector>

#include "core/host.hpp"
#include "core/model/fitted_model.hpp"

namespace mmm {

struct LooPoint {
    Eigen::Index row;  // of the model's data
    double elpd;       // ln p(y_i | y_-i)
    double lpd;        // ln p(y_i | y)
    double pareto_k;
};

// ln p(y_i | theta_s) of some rows: draws x rows.
Mat log_densities(const FittedModel& model, const std::vector<Eigen::Index>& rows, const Poll& poll);

// Of one row, from ln p(y_i | theta_s) of every draw.
LooPoint loo_point(const FittedModel& model, Eigen::Index row, ConstVecRef log_density);

// One point for each fitted row. Error(invalid_argument) where the model has too few draws (MAP has one).
std::vector<LooPoint> loo_points(const FittedModel& model, const Poll& poll);

// Weights of models that maximise the leave-one-out score of their mixture, sum_i ln sum_k w_k exp(elpd_ik): stacking
// of predictive distributions (Yao, Vehtari, Simpson, Gelman 2018, Bayesian Analysis 13(3), eq. 4). elpd: points x
// models.
Vec stacking_weights(ConstMatRef elpd, const Poll& poll);

}  // namespace mmm
