// Whatever is asked for: a plan never leaves its region, and what has no plan is reported as such.
// 1,000 random problems; 10,000 with MMM_FULL=1.
#include <gtest/gtest.h>

#include <cstdlib>

#include "core/error.hpp"
#include "core/planner/concave.hpp"
#include "core/planner/maximise.hpp"
#include "planner/curves.hpp"
#include "support/idle.hpp"

namespace mmm {
namespace {

using test::idle;
using test::Shape;

struct RandomProblem {
    std::vector<Shape> shapes;
    Region region;
    Vec known;  // a plan that lies in the region
};

std::vector<Shape> mixed_shapes(RandomStream& random, std::size_t n) {
    std::vector<Shape> shapes;
    const double kinds = random.uniform();
    for (std::size_t i = 0; i < n; ++i) {
        const double beta = (random.uniform() < 0.1 ? -1 : 1) * std::exp(4 * random.uniform()), u = random.uniform();
        if (u < 0.15)
            shapes.push_back({Shape::Kind::line, beta, 0, 0});
        else if (u < 0.25)
            shapes.push_back({Shape::Kind::power, std::fabs(beta), 0, 0.2 + 0.7 * random.uniform()});
        else
            shapes.push_back({Shape::Kind::hill, beta, 0.1 + 3 * random.uniform(),
                              kinds < 0.7 ? 0.4 + 0.6 * random.uniform() : 0.5 + 3 * random.uniform()});
    }
    return shapes;
}

PlanRow random_row(RandomStream& random, const Vec& known, std::size_t number) {
    PlanRow row{"constraints[" + std::to_string(number) + "]", Vec(known.size()), -INFINITY, INFINITY};
    for (double& weight : row.weights)
        weight = random.uniform() < 0.4 ? 0 : random.uniform() < 0.6 ? 1 : 2 * random.normal();
    if (row.weights.cwiseAbs().maxCoeff() == 0) row.weights[0] = 1;
    const double used = row.weights.dot(known),
                 room = random.uniform() < 0.2 ? 0 : 0.3 * random.uniform() * (1 + std::fabs(used));
    const double u = random.uniform();
    if (u < 0.6) row.most = used + room;
    if (u > 0.4) row.least = used - (random.uniform() < 0.3 ? 0 : room);
    return row;
}

// Money in units from thousandths to millions; some cells fixed, some known plans at a bound.
RandomProblem random_problem(std::uint32_t number) {
    auto random = test::random_of(number);
    const auto n = static_cast<Eigen::Index>(1 + 9 * random.uniform() * random.uniform() + random.uniform());
    RandomProblem problem;
    problem.shapes = mixed_shapes(random, static_cast<std::size_t>(n));
    const double unit = std::exp(8 * (random.uniform() - 0.3));
    Vec lower(n), upper(n);
    problem.known.resize(n);
    for (Eigen::Index i = 0; i < n; ++i) {
        lower[i] = random.uniform() < 0.3 ? 0 : unit * random.uniform();
        upper[i] = lower[i] + (random.uniform() < 0.1 ? 0 : unit * 2 * random.uniform());
        const double u = random.uniform();
        problem.known[i] = u < 0.15  ? lower[i]
                           : u < 0.3 ? upper[i]
                                     : lower[i] + random.uniform() * (upper[i] - lower[i]);
        problem.shapes[static_cast<std::size_t>(i)].half *= unit;
    }
    problem.region = test::region_of(lower, upper);
    const auto rows = static_cast<std::size_t>(4 * random.uniform());
    for (std::size_t r = 0; r < rows; ++r) problem.region.rows.push_back(random_row(random, problem.known, r));
    if (random.uniform() < 0.8) problem.region = test::with_budget(problem.region, problem.known.sum());
    return problem;
}

bool infinitely_steep(const Curves& curves, const Vec& plan) {
    for (Eigen::Index i = 0; i < plan.size(); ++i)
        if (!std::isfinite(curves.at(static_cast<std::size_t>(i), plan[i]).slope)) return true;
    return false;
}

std::uint32_t how_many() {
    return std::getenv("MMM_FULL") != nullptr ? 10'000 : 1'000;
}

TEST(RandomPlans, NeverLeaveTheirRegionNorFallBehindAKnownPlan) {
    for (std::uint32_t number = 0; number < how_many(); ++number) {
        const RandomProblem problem = random_problem(number);
        const test::ShapedCurves curves(problem.shapes);
        ASSERT_LE(violation(problem.region, problem.known), 1e-12);
        Vec plan;
        try {
            plan = maximise(curves, problem.region, idle);
        } catch (const Error& error) {
            ADD_FAILURE() << "problem " << number << " has a plan, but: " << error.what();
            continue;
        }
        EXPECT_LE(violation(problem.region, plan), 1e-9) << "problem " << number;
        const double ours = total_value(curves, plan), known = total_value(curves, problem.known);
        EXPECT_GE(ours, known - 1e-7 * std::fabs(known)) << "problem " << number;
        if (!is_concave(curves, problem.region)) continue;
        double size = 0;
        for (Eigen::Index i = 0; i < plan.size(); ++i)
            size += std::fabs(curves.at(static_cast<std::size_t>(i), problem.region.upper[i]).value);
        if (infinitely_steep(curves, plan)) continue;  // a cell that other rows hold at 0: no linearisation there
        EXPECT_LE(optimality_gap(curves, problem.region, plan, idle), 1e-6 * size) << "problem " << number;
    }
}

// A row is pushed beyond what the others and the bounds allow.
TEST(RandomPlans, ThatCannotBeAreReportedWithTheRowAtFault) {
    std::uint32_t reported = 0;
    for (std::uint32_t number = 0; number < how_many(); ++number) {
        RandomProblem problem = random_problem(number);
        Region& region = problem.region;
        auto random = test::random_of(1'000'000 + number);
        const auto pick = static_cast<Eigen::Index>(random.uniform() * static_cast<double>(region.size()));
        // The other rows leave this cell as they did; two new ones ask it for more and for less than the same figure.
        Vec one = Vec::Zero(region.lower.size());
        one[pick] = 1;
        const double at = problem.known[pick], apart = 1e-3 * (1e-3 + region.upper[pick]);
        region.rows.push_back({"low", one, -INFINITY, at - apart});
        region.rows.push_back({"high", 3 * one, 3 * at + apart, INFINITY});
        try {
            maximise(test::ShapedCurves(problem.shapes), region, idle);
            ADD_FAILURE() << "problem " << number << " has no plan, but one was given";
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::invalid_argument);
            const std::string text = error.what();
            EXPECT_TRUE(text.find("low") != std::string::npos || text.find("high") != std::string::npos) << text;
            EXPECT_FALSE(error.hint().empty());
            ++reported;
        }
    }
    EXPECT_EQ(reported, how_many());
}

std::string message_of(const Region& region) {
    try {
        check_feasible(region, idle);
        return "feasible";
    } catch (const Error& error) {
        return std::string(error.what()) + " | " + error.detail();
    }
}

TEST(InfeasiblePlans, SayWhatConflictsInFigures) {
    const Region box = test::region_of(Vec{{10, 20}}, Vec{{30, 40}});
    EXPECT_EQ(message_of(test::with_budget(box, 100)),
              "budget asks for exactly 100, but the bounds allow no more than 70 | Bounds in spend: c0 10 to 30, c1 20 "
              "to 40.");
    EXPECT_EQ(message_of(test::with_budget(box, 20)),
              "budget asks for exactly 20, but the bounds allow no less than 30 | Bounds in spend: c0 10 to 30, c1 20 "
              "to 40.");
    Region two = test::with_budget(box, 60);
    two.rows.push_back({"constraints[0]", Vec{{1, 0}}, -INFINITY, 15});
    EXPECT_EQ(
        message_of(two),
        "budget and constraints[0] cannot hold together within the bounds: they are 5 apart | budget asks for exactly "
        "60 (the "
        "bounds alone allow 30 to 70). constraints[0] asks for at most 15 (the bounds alone allow 10 to 30). Bounds in "
        "spend: c0 10 to 30, c1 20 to 40.");
    two.rows.push_back({"constraints[1]", Vec{{1, 2}}, -INFINITY, 109});
    EXPECT_EQ(message_of(two).find("constraints[1]"), std::string::npos) << "a row that is not at fault is not named";
}

}  // namespace
}  // namespace mmm
