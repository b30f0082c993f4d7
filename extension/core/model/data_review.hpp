// What a careful analyst asks of the data before fitting: nothing here stands in the way of a fit, and fits do not run
// it. Checks and thresholds are those of Meridian's exploratory data analysis (model/eda) but where said otherwise:
//
//   correlation   |r| of two drivers > 0.9 (0.999 is Meridian's error)
//   collinear     VIF > 10 (O'Brien 2007, Quality & Quantity 41(5); 1000 is Meridian's error)
//                 both: of a panel over all rows, within geos (less each geo's mean), and between geos (their means)
//   spread        standard deviation < 1e-4 of the largest value: drivers and KPI
//   cost          spend per unit of exposure outside 1.5 interquartile ranges (3: a warning); spend without exposure
//   time and geo  adjusted R2 > 0.99 of a driver on periods, or on geos; geos in which it never changes
//   population    Spearman's rho of population with a driver's mean by geo: > 0.8 for what is not per head, < -0.8 for
//                 what is (no threshold in Meridian)
//   rows          fewer than 10 for each column (Robyn's rule); 4 or fewer for each effect (Meridian's guide)
//
// Drivers are media, organic media, treatments and controls, per head where the model has them so; rows are the fitted
// ones.
#pragma once

#include "core/host.hpp"
#include "core/model/column_checks.hpp"
#include "core/model/dataset.hpp"

namespace mmm {

// A driver in the fitted rows.
struct ReviewedColumn {
    std::string path;  // media.tv
    std::string noun;  // exposure | the treatment | the control
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
void review_collinearity(const Specification& spec, const Dataset& data, const ReviewedData& reviewed,
                         ColumnChecks& checks, const Poll& poll);
void review_costs(const Specification& spec, const Dataset& data, ColumnChecks& checks, const Poll& poll);
void review_panel(const Specification& spec, const Dataset& data, const ReviewedData& reviewed, ColumnChecks& checks,
                  const Poll& poll);

// "12.35": four digits at most, for messages.
std::string figure(double value);

// "a, b and 3 more"
std::string listed(const std::vector<std::string>& names, std::size_t most);

}  // namespace mmm
