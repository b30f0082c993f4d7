// How good forecasts were, once the KPI is known.
#pragma once

#include <string>
#include <vector>

#include "core/host.hpp"
#include "core/summary/forecast.hpp"

namespace mmm {

struct Score {
    std::string metric;
    double value;
};

// Continuous ranked probability score of a sample (Gneiting & Raftery 2007, JASA 102(477), eq. 21), exact for its
// empirical distribution: mean |x_i - y| - 1/2 mean |x_i - x_j|. Reorders `sample`.
double crps(std::vector<double>& sample, double actual);

// Of the rows of a forecast (periods, of every geo), with y the KPI and m the posterior mean of its mean:
//   mape      mean |y - m| / |y| over rows with y != 0, NaN where there is none     wmape  sum |y - m| / sum |y|
//   rmse      sqrt(mean (y - m)^2)             crps   mean over rows, of the posterior predictive draws
//   coverage  share of rows inside the equal-tailed posterior predictive interval at `level`
//   elpd      sum of ln mean_s p(y | theta_s), the density of the KPI
// Interval, mean and draws are those of predict(); coverage is NaN where there is one draw.
std::vector<Score> forecast_scores(Forecast& forecast, std::size_t draws, ConstVecRef actual, double level,
                                   const Poll& poll);

}  // namespace mmm
