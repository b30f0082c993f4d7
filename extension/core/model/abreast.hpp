// Media of a panel with eight geos abreast: row t of eight geos lies in eight neighbouring numbers, eight geos after another.
//
// For media whose adstock and saturation are the same in every geo. Along one geo, sums over lags wait for one another and
// for values that lie across two lines of cache, and every geo ends in the middle of a register; across geos nothing does.
// Derivatives of the response by adstock and saturation go along with the response, so that the way back is sums of products.
#pragma once

#include <array>
#include <vector>

#include "core/model/design.hpp"
#include "core/model/media_effect.hpp"

namespace mmm {

// What does not change during sampling. Geos that fill up the last eight have no exposure and count nothing.
struct AbreastPanel {
    struct Column {
        std::size_t medium;
        Vec exposure;             // of every eight geos: max_lag periods without exposure, then the periods
        Eigen::Index before = 0;  // those periods
        Vec AbreastPanel::*counts = nullptr;  // what each row counts in the sum over a geo's response
    };

    Eigen::Index geos = 0, periods = 0;
    std::vector<Column> columns;  // one of each medium that is computed this way; none: no medium is
    Vec ones, revenue, fitted_revenue;

    Eigen::Index groups() const { return (geos + geos_abreast - 1) / geos_abreast; }
    Eigen::Index group_rows() const { return periods * geos_abreast; }  // numbers of one group
    Eigen::Index rows() const { return groups() * group_rows(); }
};

AbreastPanel make_abreast_panel(const Specification& spec, const Layout& layout, const Design& design);

// One per thread; `panel` and `spec` must live as long.
class AbreastMedia {
public:
    AbreastMedia(const AbreastPanel& panel, const Specification& spec, const Layout& layout, const StopFlag* stop);

    bool has(std::size_t medium) const { return place_[medium] >= 0; }
    bool empty() const { return media_.empty(); }

    // The response and its derivatives.
    void forward(std::size_t medium, ConstVecRef parameters);
    // Of each geo: the sum of the response, counted as the panel says.
    const Vec& outcome(std::size_t medium) const { return at(medium).outcome; }
    // `by_geo`: the coefficient of each geo.
    void set_coefficient(std::size_t medium, ConstVecRef by_geo);
    // mean += sum over media of coefficient times response; after every medium has its coefficient.
    void add_to(VecRef mean);

    // Given d f / d mean: d f / d coefficient of each geo through the mean, by medium.
    void reverse(ConstVecRef d_mean);
    const Vec& d_by_geo(std::size_t medium) const { return at(medium).d_by_geo; }
    // Adds the gradient of adstock and saturation, given d f / d outcome(medium).
    void reverse_medium(std::size_t medium, ConstVecRef d_outcome, VecRef d_parameters) const;

private:
    struct Tape {
        std::size_t index;                         // among the panel's columns
        const Medium* medium;
        MediumPosition position;
        std::vector<int> moving;                   // parameters of adstock that derivatives are taken by
        int slopes = 0;                            // how many of saturation likewise: up to the last that is not known
        Mat weights, weight_derivatives;           // of a geometric adstock before they are normalised
        double alpha = 0, scale = 1, d_scale = 0;  // which then takes these
        SaturationCurve curve;
        Mat derivatives;                           // of the response: by adstock, then by saturation
        Mat counted, by_mean;                      // sums over each geo: of the response, then of its derivatives
        Vec outcome, coefficient, d_by_geo;
        bool decays = false;                       // geometric
        bool steady = false, known = false;        // no parameter moves the response; it is there already
    };

    const Tape& at(std::size_t medium) const { return media_[static_cast<std::size_t>(place_[medium])]; }
    Tape& at(std::size_t medium) { return media_[static_cast<std::size_t>(place_[medium])]; }
    void set_parameters(Tape& tape, ConstVecRef parameters) const;
    void carry_over(Tape& tape, Eigen::Index group);
    void sum_up(Tape& tape, Eigen::Index group);
    static const AbreastKernel& kernel_of(const Tape& tape);
    double* response_of(const Tape& tape, Eigen::Index group);

    const AbreastPanel* panel_;
    const Kernels* kernels_;
    const StopFlag* stop_;
    std::vector<int> place_;  // of each medium in media_, or -1
    std::vector<Tape> media_;
    Mat responses_;           // a column for each of media_
    Vec abreast_, ends_;      // mean or d f / d mean; scratch
    Mat factors_;             // of one group
};

}  // namespace mmm
