// Warm-up: the schedule of metric updates, the search for a step size, and what they lead to.
#include <gtest/gtest.h>

#include "core/sampler/step_size.hpp"
#include "core/sampler/warmup.hpp"
#include "sampler/targets.hpp"

namespace mmm {
namespace {

TEST(WarmupSchedule, LearnsOftenAtFirstThenAtGrowingDistancesAndLeavesTimeToSettle) {
    for (const int warmup : {50, 100, 300, 1000, 5000}) {
        const WarmupSchedule schedule(warmup);
        EXPECT_EQ(schedule.updates.front(), 5) << warmup;
        EXPECT_EQ(schedule.updates.back(), schedule.last_update);
        EXPECT_GE(warmup - schedule.last_update, std::min(20, warmup / 3));
        EXPECT_LE(warmup - schedule.last_update, std::max(20, warmup / 8)) << "most of warm-up learns the metric";
        for (std::size_t i = 2; i + 1 < schedule.updates.size(); ++i) {
            const int gap = schedule.updates[i] - schedule.updates[i - 1];
            EXPECT_GE(gap, schedule.updates[i - 1] - schedule.updates[i - 2]) << "before " << schedule.updates[i];
        }
        EXPECT_LT(schedule.updates.size(), 40u);
    }
}

TEST(WarmupSchedule, WindowsOverlapAndForgetTheFirstDraws) {
    const WarmupSchedule schedule(1000);
    for (std::size_t i = 1; i < schedule.updates.size(); ++i) {
        const int start = schedule.updates[i] - schedule.window(schedule.updates[i]);
        EXPECT_GT(start, 0);
        EXPECT_LT(start, schedule.updates[i - 1]);
    }
}

TEST(WarmupSchedule, ExistsHoweverShortWarmupIs) {
    for (const int warmup : {0, 1, 2, 3, 7, 10}) {
        const WarmupSchedule schedule(warmup);
        EXPECT_LE(schedule.last_update, warmup);
        for (int done = 1; done <= schedule.last_update; ++done) EXPECT_LE(schedule.window(done), done);
    }
}

TEST(FirstStepSize, IsTheOneWhoseAcceptanceCrossesFourFifthsWhateverItStartedFrom) {
    const Density density = test::standard_normal(10);
    Place place(10);
    place.position.setConstant(0.5);
    place.log_density = density.evaluate(place.position, place.gradient);
    const Metric metric = Metric::diagonal(Vec::Ones(10));
    const RandomStream random(1, 0, 0, stream::nuts);
    std::int64_t gradients = 0;
    const double up = first_step_size(place, density, metric, 1e-6, random, gradients);
    const double down = first_step_size(place, density, metric, 1e3, random, gradients);
    EXPECT_GT(up, 0.1);
    EXPECT_LT(up, 4);
    EXPECT_LE(std::fabs(std::log2(up / down)), 2.01);
    EXPECT_GT(gradients, 20);
}

TEST(FirstStepSize, EndsOnADensityThatIsFlatAndOnOneThatIsNowhereElse) {
    const Metric metric = Metric::diagonal(Vec::Ones(1));
    const RandomStream random(1, 0, 0, stream::nuts);
    Place place(1);
    place.position[0] = 0;
    place.gradient[0] = 0;
    std::int64_t gradients = 0;
    const Density flat = test::density_of(1, [](ConstVecRef, VecRef g) { g.setZero(); return 0.0; });
    EXPECT_TRUE(std::isfinite(first_step_size(place, flat, metric, 1, random, gradients)));
    const Density nowhere = test::density_of(1, [](ConstVecRef, VecRef) { return -INFINITY; });
    EXPECT_GT(first_step_size(place, nowhere, metric, 1, random, gradients), 0);
}

// Acceptance of a made-up sampler falls with the step as 1 - (e / 2)^2; a target of 0.75 is met at e = 1.
TEST(DualAveraging, ConvergesToTheStepThatMeetsTheTarget) {
    for (const double first : {1e-4, 1.0, 50.0}) {
        DualAveraging steps(0.75);
        steps.restart(first, 2 * first, DualAveraging::searching);
        for (int i = 0; i < 2000; ++i) steps.update(std::max(0.0, 1 - 0.25 * steps.step_size() * steps.step_size()));
        EXPECT_NEAR(steps.averaged_step_size(), 1, 0.1) << "from " << first;
    }
}

TEST(DualAveraging, StaysFiniteWhereEverythingIsAcceptedOrNothing) {
    for (const double accept : {0.0, 1.0}) {
        DualAveraging steps(0.8);
        steps.restart(1, 1, DualAveraging::searching);
        for (int i = 0; i < 5000; ++i) steps.update(accept);
        EXPECT_TRUE(std::isfinite(steps.step_size()) && steps.step_size() > 0);
    }
}

double gradients_a_draw(const ChainResult& long_run, const ChainResult& warmup_only) {
    return static_cast<double>(long_run.gradients - warmup_only.gradients) / static_cast<double>(long_run.draws.cols());
}

TEST(Warmup, AHundredTransitionsLearnANormalWhoseScalesDifferByAMillion) {
    const int n = 10;
    Vec precision(n);
    for (int i = 0; i < n; ++i) precision[i] = std::pow(10.0, 6 - 12.0 * i / (n - 1));
    const Density density = test::normal_with_precision(Mat(precision.asDiagonal()));
    const ChainResult run = test::run_chain(density, Vec::Ones(n), 500, 0, 1, 100);
    EXPECT_LT(gradients_a_draw(run, test::run_chain(density, Vec::Ones(n), 0, 0, 1, 100)), 10);
    EXPECT_LT(run.gradients, 12000) << "and learning it does not cost much either";
}

TEST(Warmup, AStartFarFromThePosteriorIsLeftBehind) {
    // Log density -5e9 at the start.
    const Density density = test::standard_normal(20);
    const ChainResult run = test::run_chain(density, Vec::Constant(20, 2.2e4), 300, 0, 1, 300);
    EXPECT_LT(run.draws.cwiseAbs().maxCoeff(), 6);
}

TEST(Warmup, AKnownCovarianceSavesGradients) {
    const int n = 30;
    Mat covariance(n, n);
    for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j) covariance(i, j) = std::pow(0.98, std::abs(i - j));
    const Density density = test::normal_with_precision(covariance.inverse());
    NutsOptions options;
    options.warmup = 50;
    options.draws = 0;
    ChainProgress progress;
    const StopFlag stop{false};
    const auto informed = run_nuts(density, {Vec::Ones(n), covariance}, options, 0, progress, stop).gradients;
    const auto uninformed = run_nuts(density, {Vec::Ones(n), {}}, options, 0, progress, stop).gradients;
    EXPECT_LT(informed, 0.7 * static_cast<double>(uninformed));
}

}  // namespace
}  // namespace mmm
