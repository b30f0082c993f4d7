#include "core/model/lift_test.hpp"

#include <algorithm>

#include "core/model/design.hpp"

namespace mmm {

namespace {

// A geo's own transforms as those of a panel of one.
MediumPosition position_of(MediumPosition position, Eigen::Index geo) {
    const auto pick = [&](Slot& slot) { slot = {slot.at(geo), false}; };
    for (auto& slot : position.adstock) pick(slot);
    for (auto& slot : position.saturation) pick(slot);
    return position;
}

struct LiftWindow {
    Eigen::Index begin, from, to, end;  // history, window and what is measured: begin <= from < to <= end, ends excluded
};

LiftWindow lift_window(const LiftTest& test, const Medium& medium, const Dataset& data) {
    const auto at = [&](auto found) { return static_cast<Eigen::Index>(found - data.time.begin()); };
    const Eigen::Index from = at(std::lower_bound(data.time.begin(), data.time.end(), test.from));
    const Eigen::Index to = at(std::upper_bound(data.time.begin(), data.time.end(), test.to));
    const Eigen::Index end = at(std::upper_bound(data.time.begin(), data.time.end(), test.measured_to.value_or(test.to)));
    return {std::max<Eigen::Index>(0, from - medium.adstock.form.max_lag), from, to, end};
}

std::vector<Eigen::Index> lift_geos(const LiftTest& test, const Dataset& data) {
    std::vector<Eigen::Index> geos;
    for (Eigen::Index g = 0; g < data.n_geos(); ++g)
        if (test.geos.empty() || std::find(test.geos.begin(), test.geos.end(), data.geos[static_cast<std::size_t>(g)]) != test.geos.end())
            geos.push_back(g);
    return geos;
}

// Spend, or exposure in the model's scale, of the window in all its geos.
double window_sum(ConstVecRef column, const LiftWindow& window, const std::vector<Eigen::Index>& geos, Eigen::Index periods) {
    double sum = 0;
    for (const Eigen::Index g : geos) sum += column.segment(g * periods + window.from, window.to - window.from).sum();
    return sum;
}

// Builds the scenarios of one experiment.
class ScenarioBuilder {
public:
    ScenarioBuilder(const LiftTest& test, std::size_t m, const Specification& spec, const Dataset& data, const Design& design)
        : test_(test), data_(data), design_(design), m_(static_cast<Eigen::Index>(m)), medium_(spec.media[m]),
          window_(lift_window(test, medium_, data)), geos_(lift_geos(test, data)),
          spend_(window_sum(data.spend.col(m_), window_, geos_, data.periods())) {
        // Data that passed check_lift_tests() holds both.
        if (window_.to <= window_.from || geos_.empty())
            throw Error(ErrorKind::invalid_data, "a lift test of channel \"" + test.channel + "\" has no window in the data");
    }

    LiftScenario build() const {
        LiftScenario scenario{static_cast<std::size_t>(m_), window_.from - window_.begin, window_.begin, {}, {}, test_.lift, test_.standard_error};
        for (const Eigen::Index g : geos_) {
            LiftGeo part{g, actual(scaled(), g), {}, {}};
            part.after = part.before;
            set(part.before, g, test_.spend_before);
            set(part.after, g, test_.spend_before + test_.spend_delta);
            if (medium_.has_frequency()) part.frequency = actual(design_.media.col(m_), g);
            scenario.geos.push_back(part);
            scenario.kpi_unit.push_back(design_.row_scale[g * data_.periods()]);
        }
        return scenario;
    }

private:
    // What grows with spend: exposure, or reach.
    Vec scaled() const { return medium_.has_frequency() ? design_.reach.col(m_) : design_.media.col(m_); }

    Vec actual(ConstVecRef column, Eigen::Index g) const {
        return column.segment(g * data_.periods() + window_.begin, window_.end - window_.begin);
    }

    void set(Vec& x, Eigen::Index g, double spend) const {
        auto inside = x.segment(window_.from - window_.begin, window_.to - window_.from);
        if (spend_ > 0) inside *= spend / spend_;
        else inside.setConstant(spend * exposure_per_spend(g) / static_cast<double>(inside.size()));
    }

    // Of a geo whose share of the money is its share of people. Exposure is per head where the model scales so.
    double exposure_per_spend(Eigen::Index g) const {
        double people = 0;
        for (const Eigen::Index other : geos_) people += data_.population[other];
        const double exposure = scaled().dot(design_.row_scale);
        const double share = data_.population[g] / people;
        return share * exposure / (design_.row_scale[g * data_.periods()] * data_.spend.col(m_).sum());
    }

    const LiftTest& test_;
    const Dataset& data_;
    const Design& design_;
    Eigen::Index m_;
    const Medium& medium_;
    LiftWindow window_;
    std::vector<Eigen::Index> geos_;
    double spend_;
};

}  // namespace

std::vector<LiftScenario> make_lift_scenarios(const Specification& spec, const Dataset& data, const Design& design) {
    std::vector<LiftScenario> scenarios;
    for (const auto& test : spec.lift_tests) {
        const auto found = std::find_if(spec.media.begin(), spec.media.end(), [&](const Medium& m) { return m.name == test.channel; });
        scenarios.push_back(ScenarioBuilder(test, static_cast<std::size_t>(found - spec.media.begin()), spec, data, design).build());
    }
    return scenarios;
}

LiftLikelihood::LiftLikelihood(const LiftScenario& scenario, const Specification& spec, const Layout& layout, const StopFlag* stop)
    : scenario_(&scenario), has_frequency_(spec.media[scenario.medium].has_frequency()) {
    const Medium& medium = spec.media[scenario.medium];
    const Eigen::Index periods = scenario.geos.front().before.size();
    for (const auto& part : scenario.geos) {
        const MediaResponse response(medium, position_of(layout.media[scenario.medium], part.geo), 1, periods, stop);
        pairs_.push_back({response, response});
    }
    d_response_ = Vec::Zero(periods);
}

double LiftLikelihood::lift(ConstVecRef parameters, ConstVecRef by_geo, ConstVecRef variation) {
    double lift = 0;
    const Eigen::Index counted = d_response_.size() - scenario_->lead;
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
        const LiftGeo& part = scenario_->geos[i];
        Pair& pair = pairs_[i];
        const Vec& frequency = part.frequency;
        pair.before.forward(has_frequency_ ? frequency : part.before, has_frequency_ ? part.before : frequency, parameters);
        pair.after.forward(has_frequency_ ? frequency : part.after, has_frequency_ ? part.after : frequency, parameters);
        const auto before = pair.before.value().tail(counted), after = pair.after.value().tail(counted);
        pair.difference = variation.size() == 0 ? after.sum() - before.sum()
                                                : (after - before).dot(variation.segment(scenario_->begin + scenario_->lead, counted));
        lift += scenario_->kpi_unit[i] * by_geo[part.geo] * pair.difference;
    }
    return lift;
}

double LiftLikelihood::evaluate(ConstVecRef parameters, ConstVecRef by_geo, ConstVecRef variation) {
    const double z = (scenario_->lift - lift(parameters, by_geo, variation)) / scenario_->standard_error;
    d_lift_ = z / scenario_->standard_error;
    return -0.5 * z * z;
}

void LiftLikelihood::reverse(ConstVecRef by_geo, ConstVecRef variation, VecRef d_by_geo, VecRef d_variation, VecRef d_parameters) {
    const Eigen::Index lead = scenario_->lead, length = d_response_.size() - lead;
    auto counted = d_response_.tail(length);
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
        const LiftGeo& part = scenario_->geos[i];
        Pair& pair = pairs_[i];
        const double d_difference = d_lift_ * scenario_->kpi_unit[i] * by_geo[part.geo];
        d_by_geo[part.geo] += d_lift_ * scenario_->kpi_unit[i] * pair.difference;
        const Vec& frequency = part.frequency;
        counted.setConstant(d_difference);
        if (variation.size() > 0) {
            d_variation.segment(scenario_->begin + lead, length) +=
                d_difference * (pair.after.value().tail(length) - pair.before.value().tail(length));
            counted = d_difference * variation.segment(scenario_->begin + lead, length);
        }
        pair.after.reverse(has_frequency_ ? frequency : part.after, has_frequency_ ? part.after : frequency, d_response_, d_parameters);
        counted = -counted;
        pair.before.reverse(has_frequency_ ? frequency : part.before, has_frequency_ ? part.before : frequency, d_response_, d_parameters);
    }
}

}  // namespace mmm
