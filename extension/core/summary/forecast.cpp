#include "core/summary/forecast.hpp"

#include <algorithm>

#include "core/api.hpp"
#include "core/summary/draw_summary.hpp"

namespace mmm {

Forecast::Forecast(const FittedModel& model, const FuturePeriods& future)
    : model_(continue_model(model, future)), contributions_(model_), periods_(future.periods()) {}

Noise Forecast::noise(Eigen::Index row) const {
    const Eigen::Index geo = row / periods_, all = model_.data.periods();
    return noise_of(model_, contributions_, (geo + 1) * all - periods_ + row % periods_);
}

void Forecast::evaluate(std::size_t draw, Vec& mean, Vec& kpi) {
    contributions_.mean(draw, all_);
    const Eigen::Index geos = model_.data.n_geos(), all = model_.data.periods();
    mean.resize(rows());
    kpi.resize(rows());
    for (Eigen::Index g = 0; g < geos; ++g) {
        mean.segment(g * periods_, periods_) = all_.segment((g + 1) * all - periods_, periods_);
        RandomStream random(static_cast<std::uint64_t>(model_.spec.sampler.seed), static_cast<std::uint32_t>(g),
                            static_cast<std::uint32_t>(draw), stream::forecast);
        // In order of time: a longer forecast starts as a shorter one does.
        for (Eigen::Index row = g * periods_; row < (g + 1) * periods_; ++row)
            kpi[row] = noise(row).draw(mean[row], random);
    }
}

std::vector<std::string> predictor_columns(const Specification& spec) {
    std::vector<std::string> columns;
    const auto add = [&](const std::string& name) {
        if (std::find(columns.begin(), columns.end(), name) == columns.end()) columns.push_back(name);
    };
    for (const auto& medium : spec.media) {
        if (medium.has_frequency()) add(medium.reach);
        add(medium.has_frequency() ? medium.frequency : medium.exposure);
    }
    for (const auto& control : spec.controls) add(control.column);
    return columns;
}

const Specification& specification(const FittedModel& model) {
    return model.spec;
}

std::vector<PredictRow> predict(const FittedModel& model, const Table& table, double level, const Poll& poll) {
    check_level(level);
    const FuturePeriods future = read_future(model, table);
    Forecast forecast(model, future);
    Vec mean, kpi, sum = Vec::Zero(forecast.rows());
    const auto fill = [&](std::size_t draw, std::size_t first, VecRef values) {
        forecast.evaluate(draw, mean, kpi);
        const auto at = static_cast<Eigen::Index>(first);
        sum.segment(at, values.size()) += mean.segment(at, values.size());
        values = kpi.segment(at, values.size());
    };
    const auto summaries =
        summarise_draws(static_cast<std::size_t>(forecast.rows()), model.total_draws(), level, fill, poll);
    std::vector<PredictRow> rows;
    const std::size_t periods = future.time.size();
    const auto geo_at = [&](std::size_t row) {
        return model.data.geos.empty() ? std::nullopt : std::optional(model.data.geos[row / periods]);
    };
    for (std::size_t i = 0; i < summaries.size(); ++i)
        rows.push_back({future.time[i % periods], geo_at(i),
                        sum[static_cast<Eigen::Index>(i)] / static_cast<double>(model.total_draws()),
                        summaries[i].lower, summaries[i].upper});
    return rows;
}

}  // namespace mmm
