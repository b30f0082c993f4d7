// What each medium brought over some rows, draw by draw: the sums behind mmm_channels(). A model keeps those of all its rows, as
// a panel's take seconds to compute.
#pragma once

#include <functional>
#include <memory>

#include "core/model/fitted_model.hpp"
#include "core/stop.hpp"

namespace mmm {

// Of each medium the incremental KPI, its value in revenue, and what 1 % more would have brought beyond that (paid media).
using TotalsOfMedia = Eigen::Matrix<double, Eigen::Dynamic, 3>;

struct TotalsOfDraw {
    double fitted = 0;  // the fitted KPI itself
    TotalsOfMedia media;
};

// One per thread; scratch space is allocated once.
class ChannelTotals {
public:
    // `mask`: 1 for rows that count, 0 for the others.
    ChannelTotals(const FittedModel& model, const Vec& mask);
    ~ChannelTotals();
    void evaluate(std::size_t draw, TotalsOfDraw& out);

private:
    struct Work;
    std::unique_ptr<Work> work_;
};

// Whether a model keeps them: where they are few beside its draws. Elsewhere they are quick to compute.
bool keeps_totals(const FittedModel& model);

// Computes those of all rows for every draw, on so many threads.
void store_totals(FittedModel& model, int threads, const std::function<void()>& wait);

// The stored ones of a draw.
void read_totals(const FittedModel& model, std::size_t draw, TotalsOfDraw& out);

}  // namespace mmm
