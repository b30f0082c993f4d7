#include "core/report/history.hpp"

#include <cmath>

#include "core/random.hpp"
#include "core/summary/contributions.hpp"
#include "core/summary/noise.hpp"

namespace mmm::page {

namespace {

constexpr Eigen::Index most_points = 520;  // ten years of weeks
constexpr std::size_t most_single_controls = 4;

Part::Kind kind_of(const std::string& kind) {
    if (kind == "baseline" || kind == "trend") return Part::Kind::baseline;
    if (kind == "seasonality" || kind == "event") return Part::Kind::season;
    return Part::Kind::control;
}

// Of each component of the model, the part of the report that it belongs to.
class Grouping {
public:
    Grouping(const FittedModel& model, const std::vector<ComponentName>& components) {
        std::size_t controls = 0;
        bool trend = false, events = false, season = false;
        for (const auto& component : components) {
            controls += component.kind == "control" ? 1 : 0;
            trend = trend || component.kind == "trend";
            events = events || component.kind == "event";
            season = season || component.kind == "seasonality";
        }
        const std::string season_name = season && events ? "Season and events" : season ? "Season" : "Events";
        const std::size_t first_medium = components.size() - model.spec.media.size();
        for (std::size_t c = 0; c < components.size(); ++c) {
            if (c >= first_medium) {
                const Medium& medium = model.spec.media[c - first_medium];
                add(medium.name,
                    medium.paid()                          ? Part::Kind::paid
                    : medium.kind == MediumKind::treatment ? Part::Kind::treatment
                                                           : Part::Kind::organic,
                    false);
                continue;
            }
            if (components[c].kind == "interaction") {
                add("Interaction", Part::Kind::control, false);
                continue;
            }
            const Part::Kind kind = kind_of(components[c].kind);
            const bool merged = kind != Part::Kind::control || controls > most_single_controls;
            add(kind == Part::Kind::baseline ? (trend ? "Baseline and trend" : "Baseline")
                : kind == Part::Kind::season ? season_name
                : merged                     ? "Controls"
                                             : components[c].name,
                kind, merged);
        }
    }

    std::size_t part_of(std::size_t component) const { return part_of_[component]; }
    std::vector<Part> take() { return std::move(parts_); }
    const std::vector<Part>& parts() const { return parts_; }

private:
    void add(const std::string& name, Part::Kind kind, bool merged) {
        for (std::size_t i = 0; merged && i < parts_.size(); ++i)
            if (parts_[i].kind == kind) return part_of_.push_back(i);
        part_of_.push_back(parts_.size());
        parts_.push_back({name, kind, {}, {}});
    }

    std::vector<Part> parts_;
    std::vector<std::size_t> part_of_;
};

// Walks over the draws. The quantities of a draw, one after the other: predictive KPI of each point; total of each
// part; totals fitted, of media and of paid media; of each geo its paid contribution, then of each geo its ROI.
class Walk {
public:
    Walk(const FittedModel& model, double level)
        : model_(model),
          level_(level),
          contributions_(model),
          grouping_(model, contributions_.names()),
          periods_a_point_((model.data.periods() + most_points - 1) / most_points),
          points_((model.data.periods() + periods_a_point_ - 1) / periods_a_point_),
          geos_(!model.data.geos.empty() && model.data.geos.size() <= most_geos ? model.data.n_geos() : 0),
          parts_(static_cast<Eigen::Index>(grouping_.parts().size())),
          all_(Vec::Zero(points_ + parts_ + 3 + 2 * geos_)),
          by_point_(Mat::Zero(points_, parts_)),
          spend_(Vec::Zero(geos_)) {
        for (Eigen::Index g = 0; g < geos_; ++g)
            spend_[g] = model.data.spend.middleRows(g * model.data.periods(), model.data.periods()).sum();
    }

    History run(const Poll& poll) {
        const auto fill = [&](std::size_t draw, std::size_t first, VecRef values) {
            evaluate(draw, first == 0);
            values = all_.segment(static_cast<Eigen::Index>(first), values.size());
        };
        const auto summaries =
            summarise_draws(static_cast<std::size_t>(all_.size()), model_.total_draws(), level_, fill, poll);
        return history(summaries);
    }

private:
    Eigen::Index point_of(Eigen::Index row) const { return row % model_.data.periods() / periods_a_point_; }
    double periods_of(Eigen::Index point) const {
        return static_cast<double>(std::min(periods_a_point_, model_.data.periods() - point * periods_a_point_));
    }
    Eigen::Index first_medium() const {
        return static_cast<Eigen::Index>(contributions_.names().size() - model_.spec.media.size());
    }

    void evaluate(std::size_t draw, bool first_time) {
        contributions_.evaluate(draw, components_);
        all_.setZero();
        predict(draw);
        for (Eigen::Index c = 0; c < components_.cols(); ++c) {
            const auto part = static_cast<Eigen::Index>(grouping_.part_of(static_cast<std::size_t>(c)));
            const double total = components_.col(c).sum();
            const Part::Kind kind = grouping_.parts()[static_cast<std::size_t>(part)].kind;
            all_[points_ + part] += total;
            all_[points_ + parts_] += total;
            if (kind == Part::Kind::paid || kind == Part::Kind::organic) all_[points_ + parts_ + 1] += total;
            if (kind == Part::Kind::paid) by_geo(c, total);
            for (Eigen::Index row = 0; first_time && row < components_.rows(); ++row)
                by_point_(point_of(row), part) += components_(row, c);
        }
        for (Eigen::Index g = 0; g < geos_; ++g) all_[all_.size() - geos_ + g] /= spend_[g];
    }

    void by_geo(Eigen::Index c, double total) {
        all_[points_ + parts_ + 2] += total;
        const Eigen::Index periods = model_.data.periods(), contribution = points_ + parts_ + 3;
        for (Eigen::Index g = 0; g < geos_; ++g) {
            const auto part = components_.col(c).segment(g * periods, periods);
            all_[contribution + g] += part.sum();
            all_[contribution + geos_ + g] += part.dot(model_.data.revenue_per_kpi.segment(g * periods, periods));
        }
    }

    // The same random numbers in the same order as fitted().
    void predict(std::size_t draw) {
        const Vec mean = components_.rowwise().sum();
        RandomStream random(static_cast<std::uint64_t>(model_.spec.sampler.seed), 0, static_cast<std::uint32_t>(draw),
                            stream::predictive);
        for (Eigen::Index row = 0; row < mean.size(); ++row)
            all_[point_of(row)] += noise_of(model_, contributions_, row).draw(mean[row], random);
        for (Eigen::Index point = 0; point < points_; ++point) all_[point] /= periods_of(point);
    }

    History history(const std::vector<DrawSummary>& summaries) {
        History h;
        h.periods_a_point = periods_a_point_;
        over_time(h, summaries);
        const auto at = [&](Eigen::Index i) { return summaries[static_cast<std::size_t>(i)]; };
        h.parts = grouping_.take();
        for (Eigen::Index p = 0; p < parts_; ++p) {
            Part& part = h.parts[static_cast<std::size_t>(p)];
            part.total = at(points_ + p);
            part.by_point = by_point_.col(p) / static_cast<double>(model_.total_draws());
            for (Eigen::Index i = 0; i < points_; ++i) part.by_point[i] /= periods_of(i);
        }
        h.fitted_total = at(points_ + parts_);
        h.media_total = at(points_ + parts_ + 1);
        h.paid_total = at(points_ + parts_ + 2);
        h.mean = Vec::Zero(points_);
        for (const Part& part : h.parts) h.mean += part.by_point;
        for (Eigen::Index g = 0; g < geos_; ++g)
            h.geos.push_back({model_.data.geos[static_cast<std::size_t>(g)], actual_of(g),
                              spend_[g], at(points_ + parts_ + 3 + g), at(points_ + parts_ + 3 + geos_ + g)});
        return h;
    }

    // Periods whose KPI is not known count as the mean of the others: what it is compared with is of all periods.
    double actual_of(Eigen::Index geo) const {
        double sum = 0, known = 0;
        const Eigen::Index periods = model_.data.periods();
        for (Eigen::Index row = geo * periods; row < (geo + 1) * periods; ++row) {
            if (!model_.data.kpi_known(row)) continue;
            sum += model_.data.kpi[row];
            known += 1;
        }
        return sum / known * static_cast<double>(periods);
    }

    void over_time(History& h, const std::vector<DrawSummary>& summaries) const {
        h.actual = Vec::Zero(points_);
        h.lower = h.upper = Vec::Zero(points_);
        std::vector<Eigen::Index> held(static_cast<std::size_t>(points_), 0);
        for (Eigen::Index row = 0; row < model_.data.rows(); ++row) {
            h.actual[point_of(row)] += (model_.data.kpi_known(row) ? model_.data.kpi[row] : std::nan("")) / periods_of(point_of(row));
            if (model_.data.holdout[static_cast<std::size_t>(row)]) ++held[static_cast<std::size_t>(point_of(row))];
        }
        h.actual_total = model_.data.kpi.sum();
        for (Eigen::Index i = 0; i < points_; ++i) {
            const auto k = static_cast<std::size_t>(i);
            h.time.push_back(model_.data.time[static_cast<std::size_t>(i * periods_a_point_)]);
            const auto rows = static_cast<Eigen::Index>(periods_of(i)) * model_.data.n_geos();
            h.holdout.push_back(held[k] == rows);
            h.scattered_holdout = h.scattered_holdout || (held[k] > 0 && held[k] < rows);
            h.lower[i] = summaries[k].lower;
            h.upper[i] = summaries[k].upper;
        }
    }

    const FittedModel& model_;
    double level_;
    Contributions contributions_;
    Grouping grouping_;
    Eigen::Index periods_a_point_, points_, geos_, parts_;
    Vec all_;
    Mat by_point_, components_;
    Vec spend_;
};

}  // namespace

History history_of(const FittedModel& model, double level, const Poll& poll) {
    return Walk(model, level).run(poll);
}

}  // namespace mmm::page
