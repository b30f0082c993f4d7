// Contributions: what each component adds to the KPI in each row of the panel (geo-major), draw by draw, in the user's units.
// A treatment adds what it brings over its baseline value; the baseline value itself belongs to the baseline.
//
// Link identity: a component's part is what it adds. Link log: components multiply, and with mu the mean of the KPI and x_c
// what c adds to its logarithm, the part of c is the counterfactual difference mu (1 - exp(-x_c)); the baseline's is what it
// gives alone; what is left of mu is a component of its own, "interaction" (kind interaction): what components bring
// together is counted in the part of each, so it is negative where all of them help. Under lognormal noise mu is the mean,
// exp(sigma^2 / 2) above the median.
#pragma once

#include <string>
#include <vector>

#include "core/model/fitted_model.hpp"
#include "core/model/linear.hpp"
#include "core/model/media_coefficients.hpp"
#include "core/model/media_response.hpp"

namespace mmm {

struct ComponentName {
    std::string name;
    std::string kind;  // baseline | trend | seasonality | event | control | interaction | media | treatment
};

// Evaluates one draw at a time; scratch space is allocated once.
class Contributions {
public:
    explicit Contributions(const FittedModel& model);

    // Baseline components in the order of the layout, under link log the interaction, then the media.
    const std::vector<ComponentName>& names() const { return names_; }

    // rows x components; rows sum to the fitted mean of the KPI.
    void evaluate(std::size_t draw, Mat& out);

    // The mean of the KPI alone (rows).
    void mean(std::size_t draw, Vec& out);

    // Loads a draw for the questions below.
    void load(std::size_t draw);
    // Incremental KPI of medium m in each row if its exposure (of reach and frequency, its reach) were multiplied by
    // `multiplier` throughout, with the coefficients of this draw held.
    void medium(std::size_t m, double multiplier, Vec& out);
    // The same for any exposure of every row, in the model's scale (Design::media; of reach and frequency, `reach` too).
    void medium_at(std::size_t m, ConstVecRef x, ConstVecRef reach, Vec& out);
    // Of a geo; what one unit of response brings is this times row_scale, and times how media vary over time.
    const Vec& coefficient_by_geo(std::size_t m) const { return coefficients_[m].by_geo(); }
    // How a medium varies over time: one value a period, no elements where it does not.
    const Vec& variation_of(std::size_t m) const;
    // Link log: the mean over rows of the KPI without medium m.
    double mean_without(std::size_t m) const;
    const MediaResponse& response(std::size_t m) const { return responses_[m]; }
    // Standard deviation of the noise of a row, in the user's units.
    double sigma(Eigen::Index row) const;

    double parameter(int index) const { return parameters_[index]; }
    // What a trend that varies by a process adds, summed over rows with these weights.
    double trend_variation_total(ConstVecRef weights) const;

private:
    bool logarithmic() const { return model_.spec.link == Link::log; }
    void fill_terms(Mat& out);
    void add_trend_variation(VecRef trend) const;
    void find_mean();
    void vary(std::size_t m, ConstVecRef response, Vec& out) const;
    void scale(std::size_t m, ConstVecRef response, Vec& out) const;

    const FittedModel& model_;
    std::vector<ComponentName> names_;
    std::vector<LinearPredictor> linear_;  // one a component
    std::vector<MediaResponse> responses_, others_;
    std::vector<MediaCoefficients> coefficients_;
    std::vector<TimeVariation> variations_;
    Vec parameters_, scaled_;
    Mat scratch_;
    Mat terms_;       // link log: rows x components, what each adds to the logarithm
    Vec logarithm_;   // of the mean, and the mean itself
    Vec mean_;
};

// Lower and upper quantile of an equal-tailed interval at `level`.
struct Bounds {
    double lower, upper;
};
Bounds interval(const std::vector<double>& values, double level);
double mean_of(const std::vector<double>& values);

// Throws Error(invalid_argument) unless 0 < level < 1.
void check_level(double level);

}  // namespace mmm
