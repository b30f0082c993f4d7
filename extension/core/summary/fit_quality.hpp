// How well the posterior mean of the fitted values describes the KPI.
#pragma once

#include "core/eigen.hpp"
#include "core/host.hpp"
#include "core/model/fitted_model.hpp"

namespace mmm {

struct FitQuality {
    double r2 = 0;             // 1 - var(actual - fitted) / var(actual)
    double mape = 0;           // mean |actual - fitted| / |actual| over periods with actual != 0
    double wmape = 0;          // sum |actual - fitted| / sum |actual|
    double durbin_watson = 0;  // sum (e_t - e_{t-1})^2 / sum e_t^2 over consecutive periods (Durbin & Watson 1950)
    Eigen::Index periods = 0;
};

// Over the fitted periods, or over the held-out ones.
FitQuality fit_quality(const Dataset& data, ConstVecRef fitted, bool holdout);

}  // namespace mmm
