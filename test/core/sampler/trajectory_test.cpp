// The leapfrog integrator: reversible, and its energy error is of second order in the step.
#include <gtest/gtest.h>

#include "core/sampler/trajectory.hpp"
#include "sampler/targets.hpp"

namespace mmm {
namespace {

Density quartic() {
    return test::density_of(2, [](ConstVecRef u, VecRef g) {
        g[0] = -u[0] * u[0] * u[0] - 0.5 * u[1];
        g[1] = -u[1] - 0.5 * u[0];
        return -0.25 * std::pow(u[0], 4) - 0.5 * u[1] * u[1] - 0.5 * u[0] * u[1];
    });
}

PhasePoint start(const Density& density, const Metric& metric) {
    Place place(2);
    place.position << 0.7, -0.3;
    place.log_density = density.evaluate(place.position, place.gradient);
    PhasePoint point(2);
    RandomStream random(3, 0, 0, 97);
    start_trajectory(point, place, metric, random);
    return point;
}

TEST(Leapfrog, StepsForwardAndBackReturnToTheStart) {
    const Density density = quartic();
    for (const Metric& metric : {Metric::diagonal(Vec::Constant(2, 1.3)), metric_from_covariance((Mat(2, 2) << 2, 0.5, 0.5, 1).finished(), true)}) {
        PhasePoint point = start(density, metric);
        const Vec position = point.place.position, momentum = point.momentum;
        for (int i = 0; i < 20; ++i) leapfrog(point, density, metric, 0.1);
        for (int i = 0; i < 20; ++i) leapfrog(point, density, metric, -0.1);
        EXPECT_LT((point.place.position - position).norm(), 1e-12);
        EXPECT_LT((point.momentum - momentum).norm(), 1e-12);
    }
}

TEST(Leapfrog, HalvingTheStepQuartersTheEnergyError) {
    const Density density = quartic();
    const Metric metric = Metric::diagonal(Vec::Ones(2));
    const auto error = [&](double step) {
        PhasePoint point = start(density, metric);
        const double before = point.energy();
        for (int i = 0; i < static_cast<int>(std::lround(1 / step)); ++i) leapfrog(point, density, metric, step);
        return std::fabs(point.energy() - before);
    };
    EXPECT_NEAR(error(0.02) / error(0.01), 4, 0.4);
    EXPECT_NEAR(error(0.01) / error(0.005), 4, 0.2);
}

}  // namespace
}  // namespace mmm
