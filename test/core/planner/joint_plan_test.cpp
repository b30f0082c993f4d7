// Plans whose cells work together never leave their region, and are the best there is where the outcome is concave.
// 1,000 random problems; 10,000 with MMM_FULL=1.
#include <gtest/gtest.h>

#include <cstdlib>

#include "core/error.hpp"
#include "core/planner/concave.hpp"
#include "core/planner/joint_plan.hpp"
#include "planner/curves.hpp"
#include "support/idle.hpp"

namespace mmm {
namespace {

using test::idle;

// sum_g sum_i c_gi h((A_g x_g)_i) with A_g an adstock: h(u) = 1 - e^-u, or u^2 / (1 + u^2), which is S-shaped.
class ToyOutcome : public JointOutcome {
public:
    ToyOutcome(RandomStream& random, std::size_t groups, Eigen::Index cells, Eigen::Index draw_count, bool s_shaped,
               double unit)
        : draws_(draw_count), s_shaped_(s_shaped), sizes_(groups, cells) {
        for (std::size_t g = 0; g < groups; ++g) {
            Mat carry = Mat::Zero(cells, cells);
            const double alpha = 0.9 * random.uniform(), scale = 3 * random.uniform() / unit;
            for (Eigen::Index i = 0; i < cells; ++i)
                for (Eigen::Index j = 0; j <= i && i - j <= 3; ++j)
                    carry(i, j) = scale * std::pow(alpha, static_cast<double>(i - j));
            carry_.push_back(carry);
            Mat worth(cells, draw_count);
            for (Eigen::Index i = 0; i < worth.size(); ++i) worth.data()[i] = std::exp(random.normal());
            worth_.push_back(worth);
        }
    }

    Eigen::Index draws() const override { return draws_; }
    const std::vector<Eigen::Index>& groups() const override { return sizes_; }
    bool concave() const override { return !s_shaped_; }

    Vec totals(const Vec& spend, const Poll&) override {
        Vec sums = Vec::Zero(draws_);
        for (std::size_t g = 0; g < carry_.size(); ++g) {
            Vec u = carried(g, spend);
            for (double& x : u) x = s_shaped_ ? x * x / (1 + x * x) : -std::expm1(-x);
            sums += worth_[g].transpose() * u;
        }
        return sums;
    }

    JointSlopes slopes(const Vec& spend, const Vec& weights, const Poll&) override {
        JointSlopes s{totals(spend, idle).dot(weights), Vec(spend.size()), {}};
        for (std::size_t g = 0; g < carry_.size(); ++g) {
            const Vec u = carried(g, spend), worth = worth_[g] * weights;
            Vec slope(u.size()), bend(u.size());
            for (Eigen::Index i = 0; i < u.size(); ++i) {
                const double q = 1 + u[i] * u[i];
                slope[i] = worth[i] * (s_shaped_ ? 2 * u[i] / (q * q) : std::exp(-u[i]));
                bend[i] = std::max(0.0, worth[i] * (s_shaped_ ? (6 * u[i] * u[i] - 2) / (q * q * q) : std::exp(-u[i])));
            }
            s.gradient.segment(static_cast<Eigen::Index>(g) * sizes_[g], sizes_[g]) = carry_[g].transpose() * slope;
            s.curvature.push_back(carry_[g].transpose() * bend.asDiagonal() * carry_[g]);
        }
        return s;
    }

private:
    Vec carried(std::size_t g, const Vec& spend) const {
        return carry_[g] * spend.segment(static_cast<Eigen::Index>(g) * sizes_[g], sizes_[g]);
    }

    Eigen::Index draws_;
    bool s_shaped_;
    std::vector<Eigen::Index> sizes_;
    std::vector<Mat> carry_, worth_;
};

// Straight lines with the slopes given.
class Tangent : public Curves {
public:
    explicit Tangent(Vec slopes) : slopes_(std::move(slopes)) {}
    CurvePoint at(std::size_t cell, double spend) const override {
        const double slope = slopes_[static_cast<Eigen::Index>(cell)];
        return {slope * spend, slope};
    }

private:
    Vec slopes_;
};

struct JointProblem {
    Region region;
    Vec known;
    double unit;
    std::size_t groups;
    Eigen::Index cells;
};

JointProblem joint_problem(RandomStream& random) {
    JointProblem p;
    p.groups = static_cast<std::size_t>(1 + 3 * random.uniform());
    p.cells = static_cast<Eigen::Index>(1 + 6 * random.uniform());
    p.unit = std::exp(8 * (random.uniform() - 0.3));
    const Eigen::Index n = static_cast<Eigen::Index>(p.groups) * p.cells;
    Vec lower(n), upper(n);
    p.known.resize(n);
    for (Eigen::Index i = 0; i < n; ++i) {
        lower[i] = random.uniform() < 0.3 ? 0 : p.unit * random.uniform();
        upper[i] = lower[i] + (random.uniform() < 0.1 ? 0 : 2 * p.unit * random.uniform());
        const double u = random.uniform();
        p.known[i] = u < 0.1 ? lower[i] : u < 0.2 ? upper[i] : lower[i] + random.uniform() * (upper[i] - lower[i]);
    }
    p.region = test::region_of(lower, upper);
    // Sums over the cells of some groups.
    for (std::size_t r = 0; r < static_cast<std::size_t>(3 * random.uniform()); ++r) {
        PlanRow row{"constraints[" + std::to_string(r) + "]", Vec::Zero(n), -INFINITY, INFINITY};
        for (std::size_t g = 0; g < p.groups; ++g)
            row.weights.segment(static_cast<Eigen::Index>(g) * p.cells, p.cells)
                .setConstant(std::round(2 * random.normal()));
        if (row.weights.isZero(0)) row.weights.setOnes();
        const double used = row.weights.dot(p.known),
                     room = random.uniform() < 0.3 ? 0 : 0.2 * random.uniform() * std::fabs(used);
        row.most = used + room;
        if (random.uniform() < 0.4) row.least = used - room;
        p.region.rows.push_back(row);
    }
    if (random.uniform() < 0.8) p.region = test::with_budget(p.region, p.known.sum());
    return p;
}

TEST(JointPlans, NeverLeaveTheirRegionNorFallBehindAKnownPlan) {
    const std::uint32_t count = std::getenv("MMM_FULL") != nullptr ? 10'000 : 1'000;
    for (std::uint32_t number = 0; number < count; ++number) {
        auto random = test::random_of(2'000'000 + number);
        const JointProblem p = joint_problem(random);
        const bool s_shaped = random.uniform() < 0.2;
        ToyOutcome outcome(random, p.groups, p.cells, 3, s_shaped, p.unit);
        const Vec even = Vec::Constant(3, 1.0 / 3), middle = (p.region.lower + p.region.upper) / 2;
        Vec plan;
        try {
            plan = maximise_jointly(outcome, {}, p.region, middle, idle);
        } catch (const Error& error) {
            ADD_FAILURE() << "problem " << number << " has a plan, but: " << error.what();
            continue;
        }
        EXPECT_LE(violation(p.region, plan), 1e-9) << "problem " << number;
        if (s_shaped) continue;
        const double ours = outcome.totals(plan, idle).dot(even), known = outcome.totals(p.known, idle).dot(even);
        EXPECT_GE(ours, known - 1e-9 * std::fabs(known)) << "problem " << number;
        const Tangent tangent(outcome.slopes(plan, even, idle).gradient);
        const double size = 3 * std::fabs(outcome.totals(p.region.upper, idle).dot(even));
        EXPECT_LE(optimality_gap(tangent, p.region, plan, idle), 1e-6 * size) << "problem " << number;
    }
}

TEST(JointPlans, OfOtherObjectivesAreNoWorseThanTheMeanPlan) {
    for (std::uint32_t number = 0; number < 10; ++number) {
        auto random = test::random_of(3'000'000 + number);
        ToyOutcome outcome(random, 2, 4, 60, false, 1);
        const Region region = test::with_budget(test::region_of(Vec::Zero(8), Vec::Constant(8, 2)), 5);
        const Vec start = Vec::Constant(8, 5.0 / 8), mean = maximise_jointly(outcome, {}, region, start, idle);
        const Vec with_mean = outcome.totals(mean, idle);
        for (const Objective& objective : {Objective{ObjectiveKind::quantile, 0.1}, Objective{ObjectiveKind::cvar, 0.2},
                                           Objective{ObjectiveKind::probability, with_mean.mean()}}) {
            const Vec plan = maximise_jointly(outcome, objective, region, start, idle);
            EXPECT_LE(violation(region, plan), 1e-9);
            EXPECT_GE(score(objective, outcome.totals(plan, idle)), score(objective, with_mean) * (1 - 1e-12));
        }
    }
}

TEST(JointPlans, ThatCannotBeSayWhatConflicts) {
    auto random = test::random_of(1);
    ToyOutcome outcome(random, 1, 2, 1, false, 1);
    const Region region = test::with_budget(test::region_of(Vec{{10, 20}}, Vec{{30, 40}}), 100);
    try {
        maximise_jointly(outcome, {}, region, region.lower, idle);
        ADD_FAILURE() << "an empty region has no plan";
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(), "budget asks for exactly 100, but the bounds allow no more than 70");
    }
}

}  // namespace
}  // namespace mmm
