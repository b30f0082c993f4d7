// The log posterior density in the parameters' own coordinates, written the long way from the formulas of
// specification.hpp and the textbook laws of Boost.Math, without any code of the engine: one period, one lag at a time.
#pragma once

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/cauchy.hpp>
#include <boost/math/distributions/exponential.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/laplace.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <map>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/model/dataset.hpp"

namespace mmm::test {

class NaiveModel {
public:
    NaiveModel(const Specification& spec, const Dataset& data) : spec_(spec), data_(data), n_(data.time.size()) {
        scale();
    }

    double log_density(const std::map<std::string, double>& parameters, const std::map<std::string, Prior>& priors) {
        p_ = parameters;
        double sum = 0;
        for (const auto& [name, prior] : priors) sum += log_pdf(prior, p_.at(name));
        const std::vector<double> mu = mean();
        for (std::size_t t = 0; t < n_; ++t) {
            if (data_.holdout[t]) continue;
            const double e = (kpi(t) - offset_) / scale_ - mu[t], sigma = p_.at("sigma");
            sum += spec_.likelihood == Likelihood::normal
                       ? std::log(boost::math::pdf(boost::math::normal(0, sigma), e))
                       : std::log(boost::math::pdf(boost::math::students_t(p_.at("nu")), e / sigma) / sigma);
        }
        return sum;
    }

private:
    double kpi(std::size_t t) const { return data_.kpi[static_cast<Eigen::Index>(t)]; }
    double day(std::size_t t) const { return static_cast<double>(data_.time[t]) / 86'400e6; }

    void scale() {
        double sum = 0, squares = 0, count = 0, largest = -INFINITY;
        for (std::size_t t = 0; t < n_; ++t) {
            if (data_.holdout[t]) continue;
            sum += kpi(t);
            largest = std::max(largest, kpi(t));
            ++count;
        }
        for (std::size_t t = 0; t < n_; ++t)
            if (!data_.holdout[t]) squares += (kpi(t) - sum / count) * (kpi(t) - sum / count);
        switch (spec_.kpi_scaling) {
            case KpiScaling::none: break;
            case KpiScaling::max: scale_ = largest; break;
            case KpiScaling::mean: scale_ = sum / count; break;
            case KpiScaling::factor: scale_ = spec_.kpi_factor; break;
            case KpiScaling::standardize: offset_ = sum / count, scale_ = std::sqrt(squares / count);
        }
    }

    std::vector<double> mean() const {
        std::vector<double> mu(n_, p_.at("intercept"));
        for (std::size_t t = 0; t < n_; ++t) mu[t] += trend(t) + seasons(t) + events(t) + controls(t);
        for (std::size_t m = 0; m < spec_.media.size(); ++m) add_medium(m, mu);
        return mu;
    }

    double trend(std::size_t t) const {
        if (spec_.trend.family == TrendFamily::none) return 0;
        const double s = (day(t) - day(0)) / (day(n_ - 1) - day(0));
        double sum = p_.at("trend.slope") * s;
        if (spec_.trend.family == TrendFamily::linear) return sum;
        for (int j = 1; j <= spec_.trend.changepoints; ++j) {
            const double bend = s - j / (spec_.trend.changepoints + 1.0);
            if (bend > 0) sum += p_.at("trend.delta[" + std::to_string(j) + "]") * bend;
        }
        return sum;
    }

    double seasons(std::size_t t) const {
        double sum = 0;
        for (const auto& season : spec_.seasonality) {
            const double position = season.cycle.unit == PeriodUnit::year   ? day_of_year(data_.time[t]) / 365.25
                                    : season.cycle.unit == PeriodUnit::week ? day_of_week(data_.time[t]) / 7.0
                                                                            : day(t) / season.cycle.days;
            for (int k = 1; k <= season.cycle.order; ++k) {
                const std::string path = "seasonality." + season.name + ".", order = std::to_string(k);
                sum += p_.at(path + "sin" + order) * std::sin(2 * std::numbers::pi * k * position);
                sum += p_.at(path + "cos" + order) * std::cos(2 * std::numbers::pi * k * position);
            }
        }
        return sum;
    }

    // Weekly data, period shapes: 1 in the week of each date and `before` and `after` weeks around it.
    double events(std::size_t t) const {
        double sum = 0;
        for (const auto& event : spec_.events)
            for (const Timestamp date : event.dates) {
                const double weeks = std::floor((static_cast<double>(date) / 86'400e6 - day(t)) / 7);
                if (weeks <= event.shape.before && weeks >= -event.shape.after) sum += p_.at("events." + event.name);
            }
        return sum;
    }

    double controls(std::size_t t) const {
        double sum = 0;
        for (std::size_t c = 0; c < spec_.controls.size(); ++c) {
            const auto column = data_.controls.col(static_cast<Eigen::Index>(c));
            double value = column[static_cast<Eigen::Index>(t)];
            if (spec_.control_scaling == ControlScaling::standardize)
                value = (value - column.mean()) / std::sqrt((column.array() - column.mean()).square().mean());
            sum += p_.at("controls." + spec_.controls[c].name) * value;
        }
        return sum;
    }

    double media_scale(std::size_t m) const {
        std::vector<double> x;
        for (const double value : data_.exposure.col(static_cast<Eigen::Index>(m))) x.push_back(value);
        if (spec_.media_scaling == MediaScaling::none) return 1;
        if (spec_.media_scaling == MediaScaling::max) return *std::max_element(x.begin(), x.end());
        double sum = 0;
        for (const double value : x) sum += value;
        if (spec_.media_scaling == MediaScaling::mean) return sum / static_cast<double>(x.size());
        std::erase(x, 0);
        std::sort(x.begin(), x.end());
        return (x[(x.size() - 1) / 2] + x[x.size() / 2]) / 2;
    }

    double weight(const Medium& medium, const std::string& path, int lag) const {
        const auto at = [&](const char* name) { return p_.at(path + ".adstock." + name); };
        switch (medium.adstock.form.family) {
            case AdstockFamily::none: return lag == 0 ? 1 : 0;
            case AdstockFamily::geometric: return std::pow(at("alpha"), lag);
            case AdstockFamily::delayed: return std::pow(at("alpha"), (lag - at("theta")) * (lag - at("theta")));
            case AdstockFamily::binomial:
                return std::pow(1 - lag / (medium.adstock.form.max_lag + 1.0), 1 / at("alpha") - 1);
            default: throw std::logic_error("not written");
        }
    }

    std::vector<double> carry(const Medium& medium, const std::string& path, const std::vector<double>& x) const {
        std::vector<double> out(n_, 0.0);
        double total = 0;
        for (int lag = 0; lag <= medium.adstock.form.max_lag; ++lag) total += weight(medium, path, lag);
        for (std::size_t t = 0; t < n_; ++t)
            for (int lag = 0; lag <= medium.adstock.form.max_lag && static_cast<std::size_t>(lag) <= t; ++lag)
                out[t] += weight(medium, path, lag) / (medium.adstock.form.normalize ? total : 1) *
                          x[t - static_cast<std::size_t>(lag)];
        return out;
    }

    std::vector<double> saturate(const Medium& medium, const std::string& path, std::vector<double> x) const {
        const auto at = [&](const char* name) { return p_.at(path + ".saturation." + name); };
        for (double& value : x) switch (medium.saturation.family) {
                case SaturationFamily::none: break;
                case SaturationFamily::hill:
                    value = std::pow(value, at("slope")) /
                            (std::pow(value, at("slope")) + std::pow(at("half"), at("slope")));
                    break;
                case SaturationFamily::logistic:
                    value = (1 - std::exp(-at("rate") * value)) / (1 + std::exp(-at("rate") * value));
                    break;
                case SaturationFamily::root: value = std::pow(value, at("power")); break;
                default: throw std::logic_error("not written");
            }
        return x;
    }

    void add_medium(std::size_t m, std::vector<double>& mu) const {
        const auto& medium = spec_.media[m];
        const std::string path = (medium.paid() ? "media." : "organic_media.") + medium.name;
        const double unit = media_scale(m);
        const auto k = static_cast<Eigen::Index>(m);
        std::vector<double> x;
        for (const double value : data_.exposure.col(k)) x.push_back(value / unit);
        const auto h = medium.saturation_first ? carry(medium, path, saturate(medium, path, x))
                                               : saturate(medium, path, carry(medium, path, x));
        // What a coefficient of 1 would bring, in revenue: over all periods, and over the fitted ones beside their
        // outcome.
        double brought = 0, brought_fitted = 0, outcome = 0, spend = 0;
        for (std::size_t t = 0; t < n_; ++t) {
            const double worth = data_.revenue_per_kpi[static_cast<Eigen::Index>(t)];
            brought += scale_ * h[t] * worth;
            spend += data_.spend(static_cast<Eigen::Index>(t), k);
            if (data_.holdout[t]) continue;
            brought_fitted += scale_ * h[t] * worth;
            outcome += kpi(t) * worth;
        }
        double beta = 0;
        switch (medium.effect) {
            case EffectKind::coefficient: beta = p_.at(path + ".coefficient"); break;
            case EffectKind::roi: beta = p_.at(path + ".roi") * spend / brought; break;
            case EffectKind::mroi: throw std::logic_error("not a model of these tests");
            case EffectKind::contribution: beta = p_.at(path + ".contribution") * outcome / brought_fitted; break;
        }
        for (std::size_t t = 0; t < n_; ++t) mu[t] += beta * h[t];
    }

    static double log_pdf(const Prior& prior, double x) {
        namespace bm = boost::math;
        const auto& p = prior.p;
        switch (prior.family) {
            case PriorFamily::normal:
            case PriorFamily::truncated_normal: return std::log(bm::pdf(bm::normal(p[0], p[1]), x));
            case PriorFamily::half_normal: return std::log(bm::pdf(bm::normal(0, p[0]), x));
            case PriorFamily::log_normal: return std::log(bm::pdf(bm::lognormal(p[0], p[1]), x - p[2]));
            case PriorFamily::beta: return std::log(bm::pdf(bm::beta_distribution<>(p[0], p[1]), x));
            case PriorFamily::gamma: return std::log(bm::pdf(bm::gamma_distribution<>(p[0], 1 / p[1]), x));
            case PriorFamily::exponential: return std::log(bm::pdf(bm::exponential(p[0]), x));
            case PriorFamily::laplace: return std::log(bm::pdf(bm::laplace(p[0], p[1]), x));
            case PriorFamily::half_cauchy: return std::log(bm::pdf(bm::cauchy(0, p[0]), x));
            case PriorFamily::student_t: return std::log(bm::pdf(bm::students_t(p[0]), (x - p[1]) / p[2]));
            case PriorFamily::uniform:
            case PriorFamily::fixed: return 0;
            default: throw std::logic_error("not written");
        }
    }

    const Specification& spec_;
    const Dataset& data_;
    std::size_t n_;
    double offset_ = 0, scale_ = 1;
    std::map<std::string, double> p_;
};

}  // namespace mmm::test
