// The questions that walk over all draws: summary, decomposition, fitted values, draws.
#include <algorithm>
#include <cmath>

#include "core/api.hpp"
#include "core/format.hpp"
#include "core/model/fitted_model.hpp"
#include "core/random.hpp"
#include "core/summary/contributions.hpp"
#include "core/summary/noise.hpp"
#include "core/summary/quantiles.hpp"

namespace mmm {

std::vector<SummaryRow> summary(const FittedModel& model, double level, const Poll& poll) {
    check_level(level);
    std::vector<SummaryRow> rows;
    std::vector<double> values(model.total_draws());
    Quantiles quantiles;
    for (int p = 0; p < model.layout.size(); ++p) {
        poll();
        std::copy_n(model.parameter_draws(p), values.size(), values.begin());
        const auto at = quantiles(values, std::array{(1 - level) / 2, 0.5, (1 + level) / 2});
        const double undefined = values.size() < 2 ? std::nan("") : 0;  // one draw (MAP) says nothing of uncertainty
        const auto& c = model.convergence[static_cast<std::size_t>(p)];
        rows.push_back({model.layout.parameters[static_cast<std::size_t>(p)].name, c.mean, c.sd,
                        at[1], at[0] + undefined, at[2] + undefined, c.rhat,
                        c.ess_bulk, c.ess_tail, c.mcse_mean});
    }
    return rows;
}

namespace {

constexpr std::size_t cells_at_once = 8'000'000;  // draws held at once: 64 MB

// What of the answer is held at once: some components in some rows of the panel.
struct Part {
    std::size_t component, components;
    std::size_t row, rows;
};

std::optional<std::string> geo_of(const FittedModel& model, std::size_t row) {
    if (model.data.geos.empty()) return std::nullopt;
    return model.data.geos[row / model.data.time.size()];
}

Timestamp time_of(const FittedModel& model, std::size_t row) { return model.data.time[row % model.data.time.size()]; }

void decompose_part(const FittedModel& model, Contributions& contributions, const Part& part, double level,
                    const Poll& poll, std::vector<DecompositionRow>& rows) {
    const std::size_t total = model.total_draws(), n_components = contributions.names().size();
    std::vector<std::vector<double>> cells(part.rows * part.components, std::vector<double>(total));
    Mat values_of_draw;
    for (std::size_t draw = 0; draw < total; ++draw) {
        poll();
        contributions.evaluate(draw, values_of_draw);
        for (std::size_t c = 0; c < part.components; ++c)
            for (std::size_t t = 0; t < part.rows; ++t)
                cells[c * part.rows + t][draw] =
                    values_of_draw(static_cast<Eigen::Index>(part.row + t), static_cast<Eigen::Index>(part.component + c));
    }
    for (std::size_t c = 0; c < part.components; ++c)
        for (std::size_t t = 0; t < part.rows; ++t) {
            if (t % 16 == 0) poll();
            auto& values = cells[c * part.rows + t];
            const double mean = mean_of(values);
            const Bounds bounds = interval(values, level);
            const auto& name = contributions.names()[part.component + c];
            rows[(part.row + t) * n_components + part.component + c] = {
                time_of(model, part.row + t), geo_of(model, part.row + t), name.name, name.kind, mean, bounds.lower, bounds.upper};
        }
}

}  // namespace

std::vector<DecompositionRow> decomposition(const FittedModel& model, double level, const Poll& poll) {
    check_level(level);
    Contributions contributions(model);
    const std::size_t n_components = contributions.names().size();
    const auto n_rows = static_cast<std::size_t>(model.data.rows());
    const std::size_t at_once = std::max<std::size_t>(1, cells_at_once / model.total_draws());
    std::vector<DecompositionRow> rows(n_rows * n_components);
    // Whole components where they fit, otherwise one component in stretches of rows.
    const std::size_t components = std::max<std::size_t>(1, at_once / n_rows), stretch = std::min(n_rows, at_once);
    for (std::size_t c = 0; c < n_components; c += components)
        for (std::size_t t = 0; t < n_rows; t += stretch)
            decompose_part(model, contributions, {c, std::min(components, n_components - c), t, std::min(stretch, n_rows - t)},
                           level, poll, rows);
    return rows;
}

std::vector<FittedRow> fitted(const FittedModel& model, double level, const Poll& poll) {
    check_level(level);
    Contributions contributions(model);
    const auto n_rows = static_cast<std::size_t>(model.data.rows());
    const std::size_t stretch = std::clamp<std::size_t>(cells_at_once / model.total_draws(), 1, n_rows);
    std::vector<FittedRow> rows;
    Vec mean;
    for (std::size_t first = 0; first < n_rows; first += stretch) {
        const std::size_t last = std::min(n_rows, first + stretch);
        std::vector<std::vector<double>> predictive(last - first, std::vector<double>(model.total_draws()));
        Vec sum = Vec::Zero(model.data.rows());
        for (std::size_t draw = 0; draw < model.total_draws(); ++draw) {
            poll();
            contributions.mean(draw, mean);
            sum += mean;
            RandomStream random(static_cast<std::uint64_t>(model.spec.sampler.seed), 0, static_cast<std::uint32_t>(draw),
                                stream::predictive);
            // The noise of a row must not depend on the stretch it is computed in.
            for (std::size_t t = 0; t < last; ++t) {
                const auto row = static_cast<Eigen::Index>(t);
                const double kpi = noise_of(model, contributions, row).draw(mean[row], random);
                if (t >= first) predictive[t - first][draw] = kpi;
            }
        }
        for (std::size_t t = first; t < last; ++t) {
            if (t % 16 == 0) poll();
            const Bounds bounds = interval(predictive[t - first], level);
            const auto k = static_cast<Eigen::Index>(t);
            rows.push_back({time_of(model, t), geo_of(model, t), model.data.kpi_known(k) ? model.data.kpi[k] : std::nan(""), sum[k] / static_cast<double>(model.total_draws()),
                            bounds.lower, bounds.upper, model.data.holdout[t]});
        }
    }
    return rows;
}

DrawsTable draws(const FittedModel& model, const std::optional<std::vector<std::string>>& parameters) {
    DrawsTable table;
    table.chains = model.chains;
    table.draws = model.draws;
    std::vector<std::string> known;
    for (const auto& parameter : model.layout.parameters) known.push_back(parameter.name);
    for (const auto& name : parameters.value_or(known)) {
        const auto found = std::find(known.begin(), known.end(), name);
        if (found == known.end())
            throw Error(ErrorKind::invalid_argument,
                        "the model has no parameter \"" + name + "\"" + did_you_mean(name, known), {},
                        "mmm_summary() lists the parameters.");
        table.parameters.push_back(name);
        table.values.push_back(model.parameter_draws(static_cast<int>(found - known.begin())));
    }
    return table;
}

}  // namespace mmm
