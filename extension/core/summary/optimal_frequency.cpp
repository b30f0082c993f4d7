// How often the people reached should see an advertisement: the outcome of the same impressions at another frequency.
//
//   at frequency f every period has frequency f and reach_t freq_t / f of what was (Meridian, Analyzer.optimal_freq)
//   response(f)  adstock(reach_t freq_t / f * s(f))_t = adstock(reach_t freq_t)_t s(f) / f
//   roi(f)       sum over periods and geos of revenue_per_kpi * incremental KPI, per unit of spend; coefficients held
//   optimal      the f of the grid with the largest posterior mean (without spend, of the outcome)
// The grid is 1, 1.1, 1.2, ... up to the largest frequency seen of the channel, or the one asked for. Reach is not
// capped: how many people could be reached is not known to a model (Meridian does not cap it either).
#include <algorithm>
#include <cmath>

#include "core/api.hpp"
#include "core/format.hpp"
#include "core/model/fitted_model.hpp"
#include "core/summary/contributions.hpp"
#include "core/summary/draw_summary.hpp"
#include "core/transform/saturation.hpp"

namespace mmm {

namespace {

constexpr double furthest_frequency = 1000;

// Media of reach and frequency, by their number in the specification.
std::vector<std::size_t> frequency_media(const FittedModel& model, const std::optional<std::string>& channel) {
    std::vector<std::string> known, named;
    std::vector<std::size_t> media;
    bool other = false;
    for (std::size_t m = 0; m < model.spec.media.size(); ++m) {
        const Medium& medium = model.spec.media[m];
        if (channel && *channel == medium.name) other = !medium.has_frequency();
        known.push_back(medium.name);
        if (!medium.has_frequency()) continue;
        named.push_back(medium.name);
        if (!channel || *channel == medium.name) media.push_back(m);
    }
    if (named.empty())
        throw Error(ErrorKind::invalid_argument, "the model has no channel of reach and frequency", {},
                    "Channels with columns of reach and frequency stand under reach_frequency in the specification.");
    if (other)
        throw Error(ErrorKind::invalid_argument, "\"" + *channel + "\" is not a channel of reach and frequency", {},
                    "Use " + join_or(named) + ".");
    if (media.empty())
        throw Error(ErrorKind::invalid_argument,
                    "the model has no channel \"" + *channel + "\"" + did_you_mean(*channel, known), {},
                    "Use " + join_or(named) + ".");
    return media;
}

void check_furthest(const std::optional<double>& furthest) {
    if (!furthest || (*furthest >= 1 && *furthest <= furthest_frequency)) return;
    throw Error(ErrorKind::invalid_argument, "max_frequency = " + format_number(*furthest) + " is outside its range",
                {}, "Use a frequency from 1 to " + format_number(furthest_frequency) + ".");
}

// 1, 1.1, 1.2, ...: whole tenths, so that no rounding adds up.
Vec frequency_grid(double furthest) {
    const double most = std::clamp(furthest, 1.0, furthest_frequency);
    const auto last = static_cast<Eigen::Index>(std::floor(10 * most * (1 + 1e-12)));
    Vec grid(last - 9);
    for (Eigen::Index i = 0; i < grid.size(); ++i) grid[i] = static_cast<double>(10 + i) / 10;
    return grid;
}

// The outcome of one medium at each frequency of its grid, under the draw that `contributions` loaded last.
class FrequencyOutcome {
public:
    FrequencyOutcome(const FittedModel& model, std::size_t m, const std::optional<double>& furthest)
        : model_(model), medium_(model.spec.media[m]), m_(m) {
        const auto k = static_cast<Eigen::Index>(m);
        grid_ = frequency_grid(furthest.value_or(model.design.media.col(k).maxCoeff()));
        most_ = Vec::Constant(model.data.rows(), grid_.tail(1)[0]);
        reach_ = model.design.media.col(k).cwiseProduct(model.design.reach.col(k)) / grid_.tail(1)[0];
    }

    std::size_t medium() const { return m_; }
    const Vec& grid() const { return grid_; }
    const Vec& values() const { return values_; }

    // Evaluated at the largest frequency, where saturation is largest; the others are in proportion to s(f) / f. Under
    // link log, where they are not, each is evaluated.
    void evaluate(Contributions& contributions, const Poll& poll) {
        if (model_.spec.link == Link::log) return evaluate_each(contributions, poll);
        contributions.medium_at(m_, most_, reach_, rows_);
        const auto& slots = model_.layout.media[m_].saturation;
        const int n = saturation_parameter_count(medium_.saturation.family);
        values_.setZero(grid_.size());
        const Eigen::Index periods = model_.data.periods();
        for (Eigen::Index g = 0; g < model_.data.n_geos(); ++g) {
            const auto parameter = [&](int i) {
                return i < n ? contributions.parameter(slots[static_cast<std::size_t>(i)].at(g)) : 0;
            };
            saturated_ = grid_;
            saturate(medium_.saturation.family, parameter(0), parameter(1), saturated_);
            const double largest = saturated_.tail(1)[0] / grid_.tail(1)[0];
            if (!(largest > 0)) continue;
            const double outcome =
                rows_.segment(g * periods, periods).dot(model_.data.revenue_per_kpi.segment(g * periods, periods));
            values_ += outcome / largest * saturated_.cwiseQuotient(grid_);
        }
    }

private:
    void evaluate_each(Contributions& contributions, const Poll& poll) {
        values_.resize(grid_.size());
        const Vec impressions = grid_.tail(1)[0] * reach_;
        for (Eigen::Index i = 0; i < grid_.size(); ++i) {
            poll();
            contributions.medium_at(m_, Vec::Constant(impressions.size(), grid_[i]), impressions / grid_[i], rows_);
            values_[i] = rows_.dot(model_.data.revenue_per_kpi);
        }
    }

    const FittedModel& model_;
    const Medium& medium_;
    std::size_t m_;
    Vec grid_, most_, reach_, rows_, saturated_, values_;
};

std::vector<DrawSummary> summarise_outcomes(const FittedModel& model, std::vector<FrequencyOutcome>& outcomes,
                                            double level, const Poll& poll) {
    std::vector<std::size_t> begins = {0};
    for (const auto& one : outcomes) begins.push_back(begins.back() + static_cast<std::size_t>(one.grid().size()));
    Contributions contributions(model);
    const auto fill = [&](std::size_t draw, std::size_t first, VecRef values) {
        contributions.load(draw);
        const std::size_t end = first + static_cast<std::size_t>(values.size());
        for (std::size_t i = 0; i < outcomes.size(); ++i) {
            const std::size_t from = std::max(first, begins[i]), to = std::min(end, begins[i + 1]);
            if (from >= to) continue;
            poll();
            outcomes[i].evaluate(contributions, poll);
            values.segment(static_cast<Eigen::Index>(from - first), static_cast<Eigen::Index>(to - from)) =
                outcomes[i].values().segment(static_cast<Eigen::Index>(from - begins[i]),
                                             static_cast<Eigen::Index>(to - from));
        }
    };
    return summarise_draws(begins.back(), model.total_draws(), level, fill, poll);
}

}  // namespace

std::vector<FrequencyRow> optimal_frequency(const FittedModel& model, const std::optional<std::string>& channel,
                                            double level, const std::optional<double>& max_frequency,
                                            const Poll& poll) {
    check_level(level);
    check_furthest(max_frequency);
    std::vector<FrequencyOutcome> outcomes;
    for (const std::size_t m : frequency_media(model, channel)) outcomes.emplace_back(model, m, max_frequency);
    const auto summaries = summarise_outcomes(model, outcomes, level, poll);
    std::vector<FrequencyRow> rows;
    for (const auto& one : outcomes) {
        const Medium& medium = model.spec.media[one.medium()];
        const double spend = medium.paid() ? model.data.spend.col(static_cast<Eigen::Index>(one.medium())).sum() : 0;
        const auto begin = summaries.begin() + static_cast<std::ptrdiff_t>(rows.size());
        const auto best = std::max_element(begin, begin + one.grid().size(),
                                           [](const auto& a, const auto& b) { return a.mean < b.mean; });
        for (auto at = begin; at != begin + one.grid().size(); ++at) {
            FrequencyRow row{medium.name, one.grid()[at - begin], {}, {}, {}, at == best};
            if (spend > 0)
                row.roi = at->mean / spend, row.roi_lower = at->lower / spend, row.roi_upper = at->upper / spend;
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

}  // namespace mmm
