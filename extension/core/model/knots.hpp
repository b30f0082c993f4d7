// Knots of a time-varying baseline: where they stand, and the straight lines between them.
#pragma once

#include <vector>

#include "core/eigen.hpp"
#include "core/model/column_checks.hpp"
#include "core/model/dataset.hpp"
#include "core/model/specification.hpp"
#include "core/stop.hpp"

namespace mmm {

// periods x knots: the weight of each knot in each period. Between two knots they run linearly from 1 to 0 and sum to 1;
// before the first and after the last the nearest knot counts whole (Meridian, model/knots.py).
Mat knot_columns(const std::vector<int>& positions, Eigen::Index periods);

// The periods of the knots, in order: evenly spaced with the first in the first period and the last in the last (a single
// one: a constant), one a period, at dates, or selected.
std::vector<int> place_knots(const Specification& spec, const Dataset& data, const StopFlag& stop = StopFlag{false});

// Knots that follow the KPI where it bends, by adaptive ridge regression (Goepp, Bouaziz & Nuel 2018, arXiv:1808.01770,
// sec. 2.2-2.4): degree 1, a candidate in every period; for each of a series of penalties the second differences of the
// coefficients are penalised by lambda sum w_j (D2 a)_j^2 with w_j = 1 / ((D2 a)_j^2 + 1e-10) until w settles, knots with
// w_j (D2 a)_j^2 > 0.99 are kept, and the set of least AICc of an unpenalised fit wins.
// `y`: one column a geo, each without its mean; NaN-free. `weight` is 0 where a cell is held out. Returns internal periods.
std::vector<int> select_knots(ConstMatRef y, ConstMatRef weight, const StopFlag& stop);

void check_knots(const Specification& spec, const Dataset& data, ColumnChecks& checks);

}  // namespace mmm
