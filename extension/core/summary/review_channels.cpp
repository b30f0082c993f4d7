#include <algorithm>
#include <cmath>

#include "core/model/column_statistics.hpp"
#include "core/model/data_review.hpp"
#include "core/sampler/convergence.hpp"
#include "core/summary/prior_review.hpp"
#include "core/summary/psis.hpp"
#include "core/summary/review_posterior.hpp"

namespace mmm {

namespace {

class ChannelReview {
public:
    ChannelReview(const FittedModel& model, const ReviewDraws& draws, const Poll& poll)
        : model_(model), draws_(draws), poll_(poll) {
        for (std::size_t m = 0; m < media(); ++m) {
            priors_.emplace_back(model, m);
            if (medium(m).paid()) total_spend_ += spend(m);
        }
    }

    std::vector<DiagnosticRow> run() {
        using Check = void (ChannelReview::*)(std::size_t);
        for (const Check check :
             {&ChannelReview::shift, &ChannelReview::consistency, &ChannelReview::sensitivity,
              &ChannelReview::implausible_roi, &ChannelReview::high_variance, &ChannelReview::potential_bias})
            for (std::size_t m = 0; m < media(); ++m) {
                poll_();
                (this->*check)(m);
            }
        return std::move(rows_);
    }

private:
    std::size_t media() const { return model_.spec.media.size(); }
    const Medium& medium(std::size_t m) const { return model_.spec.media[m]; }
    double spend(std::size_t m) const { return model_.data.spend.col(static_cast<Eigen::Index>(m)).sum(); }
    auto outcome(std::size_t m) const { return draws_.outcome.col(static_cast<Eigen::Index>(m)); }
    std::string kind(std::size_t m) const { return effect_kind_names()[static_cast<std::size_t>(medium(m).effect)]; }
    std::string prior_path(std::size_t m) const { return medium_path(medium(m)) + ".prior"; }

    void add(const std::string& metric, std::size_t m, double value, double threshold, bool ok, const std::string& good,
             const std::string& bad) {
        rows_.push_back(review_row(metric + "." + medium(m).name, value, threshold, ok, false, good, bad));
    }

    std::vector<double> parameter_draws(int p) const {
        const float* values = model_.parameter_draws(p);
        return {values, values + model_.total_draws()};
    }

    // Kolmogorov's distance of prior and posterior; of an effect by geo the median over geos. Meridian asks whether
    // bootstrapped statistics of the posterior differ from the prior's at 5 %; with thousands of draws anything does,
    // so a tenth is asked for here, or what chance makes of so few draws (1.36 / sqrt(ESS), the 5 % point of
    // Kolmogorov's test) if that is more.
    void shift(std::size_t m) {
        if (!priors_[m].sampled()) return;
        std::vector<double> distances;
        double ess = INFINITY;
        for (const int p : priors_[m].parameters()) {
            poll_();
            auto values = parameter_draws(p);
            const std::size_t most =
                priors_[m].parameters().size() > 1 || model_.layout.at(p).hierarchical() ? 100 : 10'000;
            distances.push_back(kolmogorov_distance(
                values, [&](double x) { return priors_[m].probability(p, x); }, most));
            const double bulk = model_.convergence[static_cast<std::size_t>(p)].ess_bulk;
            ess = std::min(ess, std::isfinite(bulk) ? bulk : static_cast<double>(values.size()));
        }
        if (std::any_of(distances.begin(), distances.end(), [](double d) { return std::isnan(d); })) return;
        std::sort(distances.begin(), distances.end());
        const double distance = quantile_sorted(distances.data(), distances.size(), 0.5);
        const double threshold = std::max(0.1, 1.36 / std::sqrt(std::max(ess, 1.0)));
        add(kind(m) + "_prior_shift", m, distance, threshold, distance >= threshold,
            "the data moved the posterior away from the prior",
            "the posterior is the prior still, so the result is what " + prior_path(m) +
                " says: support the prior by an experiment, or give the channel more variation");
    }

    // Meridian: the posterior mean lies between the 1 % and 99 % quantiles of its prior. A small value that the prior
    // favours (a half-normal at 0) is no surprise to it. Of an effect by geo, the geo farthest out.
    void consistency(std::size_t m) {
        constexpr double tail = 0.01;
        if (!priors_[m].sampled()) return;
        double farthest = 0.5, most = -1;
        bool surprising = false;
        for (const int p : priors_[m].parameters()) {
            const auto values = parameter_draws(p);
            double mean = 0;
            for (const double value : values) mean += value / static_cast<double>(values.size());
            const double probability = priors_[m].probability(p, mean);
            if (std::isnan(probability)) return;
            const bool favourite = probability < 0.5 && !priors_[m].rises_at(p, mean);
            const double distance = favourite ? 0 : std::fabs(probability - 0.5);
            if (distance <= most) continue;
            most = distance;
            farthest = probability;
            surprising = !favourite && !(probability >= tail && probability <= 1 - tail);
        }
        const bool low = farthest < 0.5;
        add(kind(m) + "_prior_consistency", m, farthest, low ? tail : 1 - tail, !surprising,
            "the posterior mean is one that the prior expects",
            (low ? "only " + figure(100 * farthest) + " % of the prior lies below the posterior mean"
                 : "only " + figure(100 * (1 - farthest)) + " % of the prior lies above the posterior mean") +
                ": the data contradict " + prior_path(m) +
                "; check spend and units, look for a missing driver, or reconsider the prior");
    }

    void sensitivity(std::size_t m) {
        constexpr double worth_a_look = 0.05;
        if (!priors_[m].sampled()) return;
        Vec log_prior(static_cast<Eigen::Index>(model_.total_draws()));
        for (Eigen::Index draw = 0; draw < log_prior.size(); ++draw)
            log_prior[draw] = priors_[m].log_density(static_cast<std::size_t>(draw));
        const Vec quantity = outcome(m);
        if (!log_prior.allFinite() || !quantity.allFinite() || !draws_.log_likelihood.allFinite()) return;
        const Sensitivity prior = power_sensitivity(quantity, log_prior);
        const Sensitivity likelihood = power_sensitivity(quantity, draws_.log_likelihood);
        const bool conflict = likelihood.value >= worth_a_look;
        add("prior_sensitivity", m, prior.value, worth_a_look, prior.value < worth_a_look,
            "the outcome credited to it hardly depends on how strong its prior is",
            "the outcome credited to it depends on how strong " + prior_path(m) +
                " is (likelihood: " + figure(likelihood.value) + "): " +
                (conflict
                     ? "prior and data both shape it, and may contradict each other; state where the prior comes from "
                       "and report "
                       "results under another"
                     : "the data say little of it; state where the prior comes from, or support it by an experiment"));
    }

    // Meridian: an ROI that is large for a channel of its share of spend, or small for it.
    void implausible_roi(std::size_t m) {
        constexpr double most = 20, least = 0.5;
        if (!medium(m).paid() || !model_.spec.has_revenue() || !(spend(m) > 0)) return;
        const double share = spend(m) / total_spend_, roi = outcome(m).mean() / spend(m);
        const bool high = roi * share > most;
        const std::string figures = "an ROI of " + figure(roi) + " with " + figure(100 * share) + " % of spend";
        add("implausible_roi", m, high ? roi * share : roi / share, high ? most : least, !high && roi / share >= least,
            "an ROI of ordinary size for its share of spend",
            figures + (high ? " (ROI times share above " : " (ROI over share below ") + figure(high ? most : least) +
                "): check the units of spend and KPI, and whether a driver that moves with it is missing");
    }

    // Meridian: the relative width of the 80 % interval in units of that of its default prior, weighted by the share of
    // spend.
    void high_variance(std::size_t m) {
        constexpr double width_of_default_prior = 2.0687, interval = 0.8;
        if (!medium(m).paid() || !(spend(m) > 0)) return;
        std::vector<double> values(outcome(m).begin(), outcome(m).end());
        const double width = shortest_interval(values, interval);
        const double median = quantile_sorted(values.data(), values.size(), 0.5);
        if (median == 0) return;
        const double ratio = width / std::fabs(median) / width_of_default_prior * spend(m) / total_spend_;
        add("high_variance", m, ratio, 1, ratio <= 1, "known well enough for its share of spend",
            "the 80 % interval of its ROI is " + figure(width / std::fabs(median)) +
                " times as wide as its median, with " + figure(100 * spend(m) / total_spend_) +
                " % of spend: use a longer history, data by geo, or an experiment");
    }

    // Meridian: a medium that moves with no control is adjusted for nothing. In a panel, within geos.
    void potential_bias(std::size_t m) {
        constexpr double least = 0.1;
        if (!medium(m).paid() || model_.data.controls.cols() == 0) return;
        std::vector<Eigen::Index> geo(static_cast<std::size_t>(model_.data.rows()));
        for (std::size_t i = 0; i < geo.size(); ++i) geo[i] = static_cast<Eigen::Index>(i) / model_.data.periods();
        Mat columns(model_.data.rows(), model_.data.controls.cols() + 1);
        columns.col(0) = within_groups(model_.data.media_units(static_cast<Eigen::Index>(m)), geo);
        for (Eigen::Index c = 0; c < model_.data.controls.cols(); ++c) {
            poll_();
            columns.col(c + 1) = within_groups(model_.data.controls.col(c), geo);
        }
        const Mat r = correlations(columns, poll_);
        Eigen::Index control = 0;
        const double largest = r.col(0).tail(r.rows() - 1).cwiseAbs().maxCoeff(&control);
        add("potential_bias", m, largest, least, largest >= least,
            "moves with the control " + model_.spec.controls[static_cast<std::size_t>(control)].name +
                ", which adjusts for it",
            "no control moves with it (largest |r| " + figure(largest) +
                "), so nothing adjusts for what drives both its budget and the KPI: add controls such as demand, price "
                "or search volume");
    }

    const FittedModel& model_;
    const ReviewDraws& draws_;
    const Poll& poll_;
    std::vector<EffectPrior> priors_;
    double total_spend_ = 0;
    std::vector<DiagnosticRow> rows_;
};

// What the score asks of a family of rows: the share that is ok, 1 where there are none.
double share_ok(const std::vector<DiagnosticRow>& rows, const std::string& part) {
    double count = 0, ok = 0;
    for (const auto& row : rows) {
        if (row.metric.find(part) == std::string::npos) continue;
        ++count;
        ok += row.verdict == "ok" ? 1 : 0;
    }
    return count > 0 ? ok / count : 1;
}

double value_of(const std::vector<DiagnosticRow>& rows, const std::string& metric) {
    for (const auto& row : rows)
        if (row.metric == metric) return row.value.value_or(std::nan(""));
    return std::nan("");
}

}  // namespace

std::vector<DiagnosticRow> review_channels(const FittedModel& model, const ReviewDraws& draws, const Poll& poll) {
    if (model.total_draws() < least_review_draws) return {};
    return ChannelReview(model, draws, poll).run();
}

DiagnosticRow health_score(const std::vector<DiagnosticRow>& rows) {
    constexpr double steepness = 15, midpoint = 0.5, power = 0.4, not_converged = 10, good = 75, poor = 50;
    const double baseline =
        1 - std::clamp((value_of(rows, "negative_baseline_probability") - 0.2) / (0.8 - 0.2), 0.0, 1.0);
    const double total = value_of(rows, "ppp_total_outcome") >= 0.05 ? 1 : 0;
    const double fit = 1 / (1 + std::exp(-steepness * (value_of(rows, "r2") - midpoint)));
    const double shift = std::pow(share_ok(rows, "_prior_shift."), power);
    const double consistency = std::pow(share_ok(rows, "_prior_consistency."), power);
    double score = 100 * (0.3 * baseline + 0.3 * total + 0.1 * fit + 0.15 * shift + 0.15 * consistency);
    const double rhat = value_of(rows, "max_rhat");
    if (rhat >= not_converged || std::isnan(score)) score = 0;
    return review_row("health_score", score, good, score >= good, score < poor,
                      "of 100 points: baseline, total, fit and priors are in order",
                      "of 100 points: see the rows that are not ok among negative_baseline_probability, "
                      "ppp_total_outcome, r2, prior_shift "
                      "and prior_consistency");
}

}  // namespace mmm
