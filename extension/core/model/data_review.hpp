// What a careful analyst asks of the data before fitting: nothing here stands in the way of a fit, and fits do not run it.
// Checks and thresholds are those of Meridian's exploratory data analysis (model/eda) but where said otherwise:
//
//   correlation   |r| of two drivers > 0.9 a warning (0.999 is Meridian's error); of a panel over all rows and within geos
//   collinear     VIF > 10 a warning (O'Brien 2007, Quality & Quantity 41; Meridian's error is 1000), in the same two ways,
//                 and of the means of geos where there are three geos or more to a driver
//   spread        standard deviation < 1e-4 of the largest value: drivers and KPI; geos in which a driver never changes
//   cost          spend per unit of exposure outside 1.5 interquartile ranges (3: a warning); spend without exposure
//   time and geo  adjusted R2 > 0.99 of a driver on periods, or on geos
//   population    Spearman's rho of a geo's population with a driver's mean: above 0.8 for what is not per head, below -0.8
//                 for what is (no threshold in Meridian)
//   rows          fewer than 10 for each column (Robyn's rule); 4 or fewer for each effect (Meridian's guide to data sizes)
//
// Drivers are media, organic media, treatments and controls, per head where the model has them so; rows are the fitted ones.
#pragma once

#include "core/host.hpp"
#include "core/model/column_checks.hpp"
#include "core/model/dataset.hpp"

namespace mmm {

// A driver in the fitted rows.
struct ReviewedColumn {
    std::string path;     // media.tv
    std::string noun;     // exposure | the treatment | the control
    Vec values;
    bool medium = false;  // with adstock and saturation
    bool per_head = false;
};

struct ReviewedData {
    std::vector<ReviewedColumn> columns;
    std::vector<Eigen::Index> geo, period;  // of each fitted row
};

ReviewedData reviewed_data(const Specification& spec, const Dataset& data);

// For data without errors; `findings` holds what other checks found.
void review_data(const Specification& spec, const Dataset& data, const Table& table, std::vector<Finding>& findings,
                 const Poll& poll);

// Its parts.
void review_collinearity(const Specification& spec, const Dataset& data, const ReviewedData& reviewed, ColumnChecks& checks,
                         const Poll& poll);
void review_costs(const Specification& spec, const Dataset& data, ColumnChecks& checks, const Poll& poll);
void review_panel(const Specification& spec, const Dataset& data, const ReviewedData& reviewed, ColumnChecks& checks,
                  const Poll& poll);

// "12.35": four digits at most, for messages.
std::string figure(double value);

// "a, b and 3 more"
std::string listed(const std::vector<std::string>& names, std::size_t most);

}  // namespace mmm
