#include "core/summary/review_draws.hpp"

#include "core/summary/contributions.hpp"
#include "core/summary/noise.hpp"

namespace mmm {

namespace {

constexpr std::size_t densities_kept = 2'000'000;  // 16 MB

// Mean and sum of squared deviations, one value at a time (Welford 1962, Technometrics 4(3)).
class RunningVariance {
public:
    explicit RunningVariance(std::size_t size) : mean_(Vec::Zero(static_cast<Eigen::Index>(size))), squares_(mean_) {}

    void start_draw() { ++count_; }
    void add(Eigen::Index i, double value) {
        const double before = value - mean_[i];
        mean_[i] += before / count_;
        squares_[i] += before * (value - mean_[i]);
    }
    Vec variance() const { return squares_ / std::max(count_ - 1, 1.0); }

private:
    Vec mean_, squares_;
    double count_ = 0;
};

std::vector<Eigen::Index> fitted_rows(const Dataset& data) {
    std::vector<Eigen::Index> rows;
    for (Eigen::Index row = 0; row < data.rows(); ++row)
        if (!data.holdout[static_cast<std::size_t>(row)]) rows.push_back(row);
    return rows;
}

}  // namespace

ReviewDraws review_draws(const FittedModel& model, const Poll& poll) {
    Contributions contributions(model);
    const auto draws = static_cast<Eigen::Index>(model.total_draws()), media = static_cast<Eigen::Index>(model.spec.media.size());
    ReviewDraws review;
    review.fitted = fitted_rows(model.data);
    review.mean = Vec::Zero(model.data.rows());
    review.total = review.log_likelihood = Vec::Zero(draws);
    review.outcome.resize(draws, media);
    const std::size_t cells = model.total_draws() * review.fitted.size();
    if (cells <= densities_kept) review.log_density.resize(draws, static_cast<Eigen::Index>(review.fitted.size()));
    RunningVariance variance(review.fitted.size());
    Mat parts;
    Vec fitted;
    Eigen::Index negative = 0;
    for (Eigen::Index draw = 0; draw < draws; ++draw) {
        poll();
        contributions.evaluate(static_cast<std::size_t>(draw), parts);
        fitted = parts.rowwise().sum();
        review.mean += fitted;
        negative += parts.leftCols(parts.cols() - media).sum() < 0 ? 1 : 0;
        review.outcome.row(draw) = model.data.revenue_per_kpi.transpose() * parts.rightCols(media);
        variance.start_draw();
        for (std::size_t i = 0; i < review.fitted.size(); ++i) {
            const Eigen::Index row = review.fitted[i], k = static_cast<Eigen::Index>(i);
            const double density = noise_of(model, contributions, row).log_density(model.data.kpi[row], fitted[row]);
            review.total[draw] += model.data.revenue_per_kpi[row] * fitted[row];
            review.log_likelihood[draw] += density;
            variance.add(k, density);
            if (review.log_density.size() > 0) review.log_density(draw, k) = density;
        }
    }
    review.mean /= static_cast<double>(draws);
    review.negative_baseline = static_cast<double>(negative) / static_cast<double>(draws);
    review.density_variance = variance.variance();
    return review;
}

}  // namespace mmm
