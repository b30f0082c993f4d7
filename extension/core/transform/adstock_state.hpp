// Running adstock: one row in, one value out, in O(max_lag) a row. The state of the SQL window aggregates.
#pragma once

#include <cstddef>

namespace mmm {

enum class AdstockFamily { none, geometric, delayed, binomial, weibull_cdf, weibull_pdf };

constexpr int max_adstock_lag = 1023;
constexpr int unlimited_lag = -1;  // geometric only: every row before counts

// Plain old data, so that it can live in any allocator: `bytes(max_lag)` of memory, no pointers inside.
// Holds the weights, the oldest lag's first, and a ring of the last max_lag + 1 inputs, twice over: wherever the ring stands, the
// window lies in one piece.
struct AdstockState {
    int max_lag;       // unlimited_lag for the recursive geometric form
    int position;      // of the newest input in the ring's first copy
    double parameters[2];
    int family;
    int normalize;
    double carried;    // recursive form only: the current value, before normalising

    static std::size_t bytes(int max_lag);
    // Places a state in `memory`. Throws Error(invalid_argument) naming the parameter for values outside its range.
    static AdstockState* create(void* memory, AdstockFamily family, double p1, double p2, int max_lag, bool normalize);
    bool same(AdstockFamily family, double p1, double p2, int max_lag, bool normalize) const;
    void push(double x);   // NULL is pushed as 0 by the caller
    double value() const;  // does not change the state

private:
    double* weights();
    double* ring();
    const double* weights() const;
    const double* ring() const;
};

}  // namespace mmm
