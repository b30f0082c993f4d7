#include "core/summary/forecast.hpp"

#include <algorithm>

#include "core/api.hpp"
#include "core/summary/draw_summary.hpp"

namespace mmm {

Forecast::Forecast(const FittedModel& model, const FuturePeriods& future)
    : model_(continue_model(model, future)),
      contributions_(model_),
      periods_(static_cast<Eigen::Index>(future.time.size())) {}

Noise Forecast::noise(Eigen::Index period) const {
    return noise_of(model_, contributions_, model_.data.periods() - periods_ + period);
}

void Forecast::evaluate(std::size_t draw, Vec& mean, Vec& kpi) {
    contributions_.mean(draw, all_);
    mean = all_.tail(periods_);
    RandomStream random(static_cast<std::uint64_t>(model_.spec.sampler.seed), 0, static_cast<std::uint32_t>(draw),
                        stream::forecast);
    kpi.resize(periods_);
    // In order of time: a longer forecast starts as a shorter one does.
    for (Eigen::Index t = 0; t < periods_; ++t) kpi[t] = mean[t] + noise(t).draw(random);
}

std::vector<std::string> predictor_columns(const Specification& spec) {
    std::vector<std::string> columns;
    const auto add = [&](const std::string& name) {
        if (std::find(columns.begin(), columns.end(), name) == columns.end()) columns.push_back(name);
    };
    for (const auto& medium : spec.media) add(medium.exposure);
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
    Vec mean, kpi, sum = Vec::Zero(forecast.periods());
    const auto fill = [&](std::size_t draw, std::size_t first, VecRef values) {
        forecast.evaluate(draw, mean, kpi);
        const auto at = static_cast<Eigen::Index>(first);
        sum.segment(at, values.size()) += mean.segment(at, values.size());
        values = kpi.segment(at, values.size());
    };
    const auto summaries = summarise_draws(future.time.size(), model.total_draws(), level, fill, poll);
    std::vector<PredictRow> rows;
    for (std::size_t i = 0; i < summaries.size(); ++i)
        rows.push_back({future.time[i], std::nullopt,
                        sum[static_cast<Eigen::Index>(i)] / static_cast<double>(model.total_draws()),
                        summaries[i].lower, summaries[i].upper});
    return rows;
}

}  // namespace mmm
