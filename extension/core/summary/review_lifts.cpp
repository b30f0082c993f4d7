// Experiments against the model that learned from them.
#include <algorithm>
#include <cmath>

#include "core/model/data_review.hpp"
#include "core/summary/contributions.hpp"
#include "core/summary/draw_summary.hpp"
#include "core/summary/review_posterior.hpp"

namespace mmm {

std::vector<DiagnosticRow> review_lifts(const FittedModel& model, const Poll& poll) {
    constexpr double most = 2;  // standard deviations: one experiment in twenty of a right model lies farther off
    const auto& scenarios = model.design.lifts;
    if (scenarios.empty()) return {};
    Contributions contributions(model);
    std::vector<LiftLikelihood> tests;
    for (const auto& scenario : scenarios) tests.emplace_back(scenario, model.spec, model.layout, nullptr);
    Vec parameters(model.layout.size());
    const auto fill = [&](std::size_t draw, std::size_t first, VecRef values) {
        contributions.load(draw);
        model.copy_draw(draw, parameters);
        for (Eigen::Index i = 0; i < values.size(); ++i) {
            const std::size_t test = first + static_cast<std::size_t>(i), m = tests[test].medium();
            values[i] = tests[test].lift(parameters, contributions.coefficient_by_geo(m), contributions.variation_of(m));
        }
    };
    std::vector<DiagnosticRow> rows;
    for (const DrawSummary& said : summarise_draws(tests.size(), model.total_draws(), 0.9, fill, poll)) {
        const LiftTest& test = model.spec.lift_tests[rows.size()];
        const double z = (test.lift - said.mean) / test.standard_error;
        const std::string figures = "measured " + figure(test.lift) + " with a standard error of " + figure(test.standard_error) +
                                    ", the model says " + figure(said.mean) + " (" + figure(said.lower) + " to " + figure(said.upper) + ")";
        rows.push_back(review_row("lift_test[" + std::to_string(rows.size() + 1) + "]." + test.channel, std::fabs(z), most,
                                  std::fabs(z) <= most, false, "the model agrees with the experiment: " + figures,
                                  "the model contradicts the experiment: " + figures +
                                      "; check its window, geos and units, or widen the channel's prior"));
    }
    return rows;
}

}  // namespace mmm
