// Every effect that is linear in the mean as one ridge regression, with media as they are at the
// reference parameters (without their variation over time). It says in which coordinates a model is sampled and around
// what chains start; it is no part of the posterior.
#pragma once

#include <vector>

#include "core/model/posterior.hpp"

namespace mmm {

struct Regression {
    std::vector<int> parameter;   // of each column
    Mat x;                        // rows x columns, 0 where held out
    Vec unit;                     // parameter = unit * regression coefficient
    Mat prior_precision;
    Vec prior_pull;               // prior precision times prior mean

    // The column of a parameter, -1 where it has none.
    Eigen::Index column_of(int index) const;
};

struct RegressionSolution {
    Mat precision;        // X' X / variance + prior precision
    Vec mean, sd;         // no elements where the matrix cannot be factorised
    Mat covariance_root;  // R with R' R = the inverse of the precision; as many columns as coefficients
    double variance = 1;  // of the residuals

    bool found() const { return mean.size() > 0; }
};

// Columns: whitened, integrated-out and other linear coefficients, means of those that vary by geo, media and their normal
// deviations by geo.
Regression make_regression(const PosteriorData& data, const StopFlag& stop);

// A few rounds, the variance from the residuals of the one before. `y` is 0 where held out.
RegressionSolution solve(const Regression& regression, ConstVecRef y, double fitted_rows, const StopFlag& stop);

// Coefficients that vary by geo around a mean with a scale, all under one prior.
struct GeoFamily {
    std::vector<int> children;
    int mean = -1, scale = -1;
    int effect = -1;    // of the medium from whose common coefficient they deviate, if it is on the whole line
    double spread = 0;  // what the data say of the scale: sqrt(variance of the estimates - mean squared error), by moments
    double error = 0;   // root mean squared error of the estimates less what all have in common
};

// Families whose coefficients have a column. Sets the prior precision in `regression` by the spread.
std::vector<GeoFamily> find_families(const PosteriorData& data, const RegressionSolution& solution, Regression& regression);

// The response of a medium in every row at the reference parameters; the alternative is that of its prior (has_alternative).
enum class Scenario { actual, alternative };
Vec reference_response(const PosteriorData& data, std::size_t medium, Scenario scenario, const StopFlag& stop);

// Of normal deviations of media by geo, each a column; none where they are so many that the regression would cost more than it saves:
// they are then sampled non-centred.
Eigen::Index deviation_columns(const Specification& spec, Eigen::Index geos);

// exp(deviation) of a log-normal geo effect in every row, at the reference parameters; ones for other effects.
Vec stretch_of_geos(const PosteriorData& data, std::size_t medium);

// The middle of a parameter's prior, inside its support.
double middle_of(const Parameter& parameter);

}  // namespace mmm
