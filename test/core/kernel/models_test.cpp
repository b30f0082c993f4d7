// A log posterior and its gradient are the same by every instruction set, for every family of model.
#include <gtest/gtest.h>

#include "core/kernel/kernels.hpp"
#include "model/panel_support.hpp"
#include "recovery/family_models.hpp"

namespace mmm {
namespace {

struct Point {
    double value;
    Vec gradient;
};

Point evaluated(const PosteriorData& data, const Vec& u, InstructionSet set) {
    use_instruction_set(set);
    Point point{0, Vec::Zero(u.size())};
    point.value = Posterior(data).evaluate(u, point.gradient);
    use_best_instruction_set();
    return point;
}

void expect_same_by_every_set(const std::string& spec) {
    const test::Panel panel = test::make_panel(spec);
    for (std::uint32_t start = 0; start < 3; ++start) {
        RandomStream random(3, 0, start, stream::start);
        const Vec u = Posterior(panel.posterior).initial_point(random);
        const Point portable = evaluated(panel.posterior, u, InstructionSet::portable);
        ASSERT_TRUE(std::isfinite(portable.value));
        for (const InstructionSet set : every_instruction_set) {
            if (kernels_of(set) == nullptr) continue;
            SCOPED_TRACE(name_of(set));
            const Point point = evaluated(panel.posterior, u, set);
            EXPECT_NEAR(point.value, portable.value, 1e-10 * std::max(1.0, std::fabs(portable.value)));
            EXPECT_LE((point.gradient - portable.gradient).norm(), 1e-10 * std::max(1.0, portable.gradient.norm()));
        }
    }
}

TEST(InstructionSets, AgreeOnTheGradientsOfAllFamilies) {
    for (const auto& model : test::family_models()) {
        SCOPED_TRACE(model.name);
        expect_same_by_every_set(model.spec);
    }
    for (const std::string* spec : {&test::every_kind, &test::hierarchical, &test::unpooled}) expect_same_by_every_set(*spec);
}

}  // namespace
}  // namespace mmm
