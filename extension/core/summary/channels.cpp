// Per-channel results: incremental outcome, ROI and their relatives.
//
//   contribution   sum over periods of the incremental KPI                     share: contribution / fitted KPI
//   roi            sum of revenue_per_kpi * incremental KPI, per unit of spend
//   mroi           the same of the next 1 %: (I(1.01 x) - I(x)) / (0.01 spend)
//   cpik           spend / contribution           effectiveness  contribution / exposure
// (Meridian's definitions; summary statistics are over posterior draws of each quantity, cpik and effectiveness over
// the posterior mean of the contribution.)
#include <algorithm>
#include <cmath>
#include <optional>

#include "core/api.hpp"
#include "core/model/fitted_model.hpp"
#include "core/summary/channel_totals.hpp"
#include "core/summary/contributions.hpp"
#include "core/summary/selection.hpp"

namespace mmm {

namespace {

struct ChannelDraws {
    std::vector<double> contribution, outcome, marginal;
};

std::vector<ChannelDraws> collect(const FittedModel& model, const Vec& mask, double& fitted_total, const Poll& poll) {
    const bool stored = !model.totals.empty() && (mask.array() == 1).all();
    std::optional<ChannelTotals> totals;
    if (!stored) totals.emplace(model, mask);
    std::vector<ChannelDraws> channels(model.spec.media.size());
    TotalsOfDraw of_draw;
    fitted_total = 0;
    for (std::size_t draw = 0; draw < model.total_draws(); ++draw) {
        if (stored) {
            read_totals(model, draw, of_draw);
        } else {
            poll();
            totals->evaluate(draw, of_draw);
        }
        fitted_total += of_draw.fitted;
        for (std::size_t m = 0; m < channels.size(); ++m) {
            const auto k = static_cast<Eigen::Index>(m);
            channels[m].contribution.push_back(of_draw.media(k, 0));
            channels[m].outcome.push_back(of_draw.media(k, 1));
            if (model.spec.media[m].paid()) channels[m].marginal.push_back(of_draw.media(k, 2));
        }
    }
    fitted_total /= static_cast<double>(model.total_draws());
    return channels;
}

void fill_roi(ChannelRow& row, ChannelDraws& draws, double spend, double level) {
    row.spend = spend;
    if (!(spend > 0)) return;
    for (double& outcome : draws.outcome) outcome /= spend;
    for (double& marginal : draws.marginal) marginal /= marginal_step * spend;
    row.roi = mean_of(draws.outcome);
    const Bounds roi = interval(draws.outcome, level);
    row.roi_lower = roi.lower;
    row.roi_upper = roi.upper;
    row.mroi = mean_of(draws.marginal);
    const Bounds mroi = interval(draws.marginal, level);
    row.mroi_lower = mroi.lower;
    row.mroi_upper = mroi.upper;
    if (row.contribution != 0) row.cpik = spend / row.contribution;
}

}  // namespace

std::vector<ChannelRow> channels(const FittedModel& model, double level, const TimeRange& range, const Poll& poll) {
    check_level(level);
    const Vec mask = selected_rows(model, range);
    double fitted_total = 0;
    auto all = collect(model, mask, fitted_total, poll);
    std::vector<ChannelRow> rows;
    for (std::size_t m = 0; m < all.size(); ++m) {
        const auto& medium = model.spec.media[m];
        const auto k = static_cast<Eigen::Index>(m);
        ChannelRow row{};
        row.channel = medium.name;
        row.kind = medium.paid() ? "paid" : medium.kind == MediumKind::treatment ? "treatment" : "organic";
        row.contribution = mean_of(all[m].contribution);
        row.contribution_share = row.contribution / fitted_total;
        const Bounds bounds = interval(all[m].contribution, level);
        row.contribution_lower = bounds.lower;
        row.contribution_upper = bounds.upper;
        const double exposure = mask.dot(model.data.media_units(k));
        if (exposure > 0 && medium.kind != MediumKind::treatment) row.effectiveness = row.contribution / exposure;
        if (medium.paid()) fill_roi(row, all[m], mask.dot(model.data.spend.col(k)), level);
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace mmm
