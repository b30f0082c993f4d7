#include "core/summary/review_draws.hpp"

#include <algorithm>
#include <numeric>

#include "core/summary/contributions.hpp"
#include "core/summary/noise.hpp"

namespace mmm {

namespace {

constexpr std::size_t all_densities = 2'000'000;  // 16 MB: no more, and all are kept
constexpr std::size_t first_draws = 128;
constexpr double varies_enough = 0.06;  // a little less than influence.hpp asks for, as the sample is small

// Mean and sum of squared deviations of many quantities, one draw at a time (Welford 1962, Technometrics 4(3)).
class RunningVariance {
public:
    explicit RunningVariance(std::size_t size) : mean_(Vec::Zero(static_cast<Eigen::Index>(size))), squares_(mean_) {}

    void add(ConstVecRef values) {
        ++count_;
        before_ = values - mean_;
        mean_ += before_ / count_;
        squares_.array() += before_.array() * (values - mean_).array();
    }
    Vec variance() const { return squares_ / std::max(count_ - 1, 1.0); }

private:
    Vec mean_, squares_, before_;
    double count_ = 0;
};

std::vector<Eigen::Index> reviewed_rows(const Dataset& data) {
    std::vector<Eigen::Index> rows;
    for (Eigen::Index row = 0; row < data.rows(); ++row)
        if (!data.holdout[static_cast<std::size_t>(row)]) rows.push_back(row);
    return rows;
}

// ln p(y_i | theta) of the fitted rows under the draw that `contributions` evaluated last; `fitted` is its mean.
void fill_densities(const FittedModel& model, const Contributions& contributions, const std::vector<Eigen::Index>& rows,
                    ConstVecRef fitted, Vec& densities) {
    densities.resize(static_cast<Eigen::Index>(rows.size()));
    for (std::size_t i = 0; i < rows.size(); ++i)
        densities[static_cast<Eigen::Index>(i)] =
            noise_of(model, contributions, rows[i]).log_density(model.data.kpi[rows[i]], fitted[rows[i]]);
}

// Positions of the rows whose densities to keep: `most` of those that vary over some draws, evenly spread.
std::vector<Eigen::Index> rows_to_keep(const FittedModel& model, const std::vector<Eigen::Index>& rows,
                                       std::size_t most, const Poll& poll) {
    std::vector<Eigen::Index> kept(rows.size());
    std::iota(kept.begin(), kept.end(), Eigen::Index{0});
    if (model.total_draws() * rows.size() <= std::min(all_densities, most)) return kept;
    Contributions contributions(model);
    RunningVariance running(rows.size());
    Vec fitted, densities;
    const std::size_t draws = std::min(first_draws, model.total_draws());
    for (std::size_t i = 0; i < draws; ++i) {
        poll();
        contributions.mean(i * model.total_draws() / draws, fitted);
        fill_densities(model, contributions, rows, fitted, densities);
        running.add(densities);
    }
    const Vec variance = running.variance();
    std::erase_if(kept, [&](Eigen::Index k) { return variance[k] < varies_enough; });
    const std::size_t room = most / model.total_draws();
    std::stable_sort(kept.begin(), kept.end(),
                     [&](Eigen::Index x, Eigen::Index y) { return variance[x] > variance[y]; });
    kept.resize(std::min(kept.size(), room));
    std::sort(kept.begin(), kept.end());
    return kept;
}

}  // namespace

ReviewDraws review_draws(const FittedModel& model, const Poll& poll, std::size_t densities) {
    Contributions contributions(model);
    const auto draws = static_cast<Eigen::Index>(model.total_draws());
    const auto media = static_cast<Eigen::Index>(model.spec.media.size());
    ReviewDraws review;
    review.fitted = reviewed_rows(model.data);
    review.kept = rows_to_keep(model, review.fitted, densities, poll);
    review.mean = Vec::Zero(model.data.rows());
    review.total = review.log_likelihood = Vec::Zero(draws);
    review.outcome.resize(draws, media);
    review.log_density.resize(draws, static_cast<Eigen::Index>(review.kept.size()));
    Vec revenue = model.data.revenue_per_kpi;
    for (Eigen::Index row = 0; row < revenue.size(); ++row)
        if (model.data.holdout[static_cast<std::size_t>(row)]) revenue[row] = 0;
    RunningVariance variance(review.fitted.size());
    Mat parts;
    Vec fitted, density;
    Eigen::Index negative = 0;
    for (Eigen::Index draw = 0; draw < draws; ++draw) {
        poll();
        contributions.evaluate(static_cast<std::size_t>(draw), parts);
        fitted = parts * Vec::Ones(parts.cols());
        review.mean += fitted;
        // Under link log the KPI without media is above 0 whatever they bring.
        if (model.spec.link == Link::identity) negative += parts.leftCols(parts.cols() - media).sum() < 0 ? 1 : 0;
        review.outcome.row(draw) = model.data.revenue_per_kpi.transpose() * parts.rightCols(media);
        review.total[draw] = revenue.dot(fitted);
        fill_densities(model, contributions, review.fitted, fitted, density);
        review.log_likelihood[draw] = density.sum();
        variance.add(density);
        for (std::size_t k = 0; k < review.kept.size(); ++k)
            review.log_density(draw, static_cast<Eigen::Index>(k)) = density[review.kept[k]];
    }
    review.mean /= static_cast<double>(draws);
    review.negative_baseline = static_cast<double>(negative) / static_cast<double>(draws);
    review.density_variance = variance.variance();
    return review;
}

}  // namespace mmm
