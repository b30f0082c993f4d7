// Contributions: what each component adds to the KPI in each period, draw by draw, in the user's units.
#pragma once

#include <string>
#include <vector>

#include "core/model/fitted_model.hpp"
#include "core/model/media_effect.hpp"

namespace mmm {

struct ComponentName {
    std::string name;
    std::string kind;  // baseline | trend | seasonality | event | control | media
};

// Evaluates one draw at a time; scratch space is allocated once.
class Contributions {
public:
    explicit Contributions(const FittedModel& model);

    // Baseline components in the order of the layout, then the media.
    const std::vector<ComponentName>& names() const { return names_; }

    // periods x components; rows sum to the fitted mean of the KPI.
    void evaluate(std::size_t draw, Mat& out);

    // The mean of the KPI alone (periods).
    void mean(std::size_t draw, Vec& out);

    // Incremental KPI of medium m in each period if its exposure were multiplied by `multiplier` throughout, with the
    // coefficient of this draw held (periods). Loads the draw.
    void load(std::size_t draw);
    void medium(std::size_t m, double multiplier, Vec& out);

    double parameter(int index) const { return parameters_[index]; }

private:
    double coefficient(std::size_t m);
    const FittedModel& model_;
    std::vector<ComponentName> names_;
    std::vector<MediumTape> tapes_;
    Vec parameters_, coefficients_, scaled_;
    Mat scratch_;
};

// Lower and upper quantile of an equal-tailed interval at `level`; reorders `values`.
struct Bounds {
    double lower, upper;
};
Bounds interval(std::vector<double>& values, double level);
double mean_of(const std::vector<double>& values);

// Throws Error(invalid_argument) unless 0 < level < 1.
void check_level(double level);

}  // namespace mmm
