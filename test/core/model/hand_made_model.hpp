// Fitted models made by hand, for tests of what is asked of a model: draws that lie around the truth of simulated rows.
#pragma once

#include <map>
#include <stdexcept>
#include <string>

#include "core/model/constrain.hpp"
#include "core/model/fitted_model.hpp"
#include "core/model/knots.hpp"
#include "support/tables.hpp"

namespace mmm::test {

// Specification, data, layout and design; no draws yet.
inline FittedModel unfitted_model(const std::string& spec_json, std::int64_t seed) {
    FittedModel model;
    model.spec = read_specification(Json::parse(spec_json));
    const auto findings = check_data(model.spec, simulated_table(spec_json, seed), model.data);
    if (has_errors(findings)) throw_findings(findings, "simulated");
    if (model.spec.trend.family == TrendFamily::knots && model.spec.trend.positions.empty())
        model.spec.trend.positions = place_knots(model.spec, model.data);
    model.rebuild();
    return model;
}

inline std::map<std::string, double> truth_of(const std::string& spec_json, std::int64_t seed) {
    std::map<std::string, double> truth;
    for (const auto& row : simulate_truth(spec_json, seed)) truth[row.name] = row.value;
    return truth;
}

inline void summarise(FittedModel& model) {
    for (int p = 0; p < model.layout.size(); ++p) {
        const Eigen::Map<const Eigen::MatrixXf> values(model.parameter_draws(p), model.draws, model.chains);
        model.convergence.push_back(convergence(values.cast<double>()));
    }
}

// One draw: the parameters given.
inline FittedModel model_of_draw(const std::string& spec_json, std::int64_t seed,
                                 const std::map<std::string, double>& draw) {
    FittedModel model = unfitted_model(spec_json, seed);
    model.chains = model.draws = 1;
    for (const auto& parameter : model.layout.parameters)
        model.values.push_back(static_cast<float>(draw.at(parameter.name)));
    model.convergence.resize(model.layout.parameters.size());
    return model;
}

// Draws that differ from the truth by 5 % or so.
inline FittedModel hand_made_model(const std::string& spec_json, std::int64_t seed = 1, int chains = 2,
                                   int draws = 25) {
    FittedModel model = unfitted_model(spec_json, seed);
    const auto truth = truth_of(spec_json, seed);
    model.chains = chains;
    model.draws = draws;
    for (int p = 0; p < model.layout.size(); ++p) {
        const auto& parameter = model.layout.parameters[static_cast<std::size_t>(p)];
        const double u = parameter.sampled() ? unconstrain(parameter.support, truth.at(parameter.name)) : 0;
        RandomStream random(5, 0, static_cast<std::uint32_t>(p), stream::start);
        for (std::size_t d = 0; d < model.total_draws(); ++d) {
            const double moved = u + 0.05 * random.normal();
            model.values.push_back(static_cast<float>(parameter.sampled() ? constrain(parameter.support, moved).value
                                                                          : parameter.prior.p[0]));
        }
    }
    summarise(model);
    model.sampler = {12345,
                     3,
                     1,
                     0.87,
                     4.5,
                     std::vector<double>(static_cast<std::size_t>(chains), 0.9),
                     std::vector<double>(static_cast<std::size_t>(chains), 0.123456789)};
    return model;
}

}  // namespace mmm::test
