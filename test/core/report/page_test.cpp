// Whatever the model, the report is one well-formed page that stands alone, and reads well for those who cannot see it.
#include <gtest/gtest.h>

#include <regex>

#include "core/api.hpp"
#include "report/models.hpp"
#include "report/page.hpp"
#include "support/idle.hpp"

namespace mmm {
namespace {

struct Case {
    const char* name;
    const char* spec;
    int chains, draws;
};

class ReportPage : public ::testing::TestWithParam<Case> {
protected:
    void SetUp() override {
        model_ = test::hand_made_model(GetParam().spec, 1, GetParam().chains, GetParam().draws);
        // What has one draw was not sampled.
        if (model_.total_draws() == 1) model_.spec.sampler.method = Method::map;
        page_ = report(model_, "{}", test::idle);
    }

    FittedModel model_;
    std::string page_;
};

TEST_P(ReportPage, IsWellFormed) {
    EXPECT_TRUE(page_.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
    EXPECT_NO_THROW(test::parsed(page_));
}

TEST_P(ReportPage, HoldsNoValueThatIsNotANumber) {
    const std::regex not_a_number("(^|[^a-z])-?(nan|inf(inity)?)([^a-z]|$)", std::regex::icase);
    test::walk(test::parsed(page_), [&](const std::string& name, const test::Element& element) {
        EXPECT_FALSE(std::regex_search(element.data(), not_a_number) && name != "style")
            << name << ": " << element.data();
        const auto attributes = element.get_child_optional("<xmlattr>");
        if (!attributes) return;
        for (const auto& [key, value] : *attributes)
            EXPECT_FALSE(value.data().size() < 100'000 && value.data().find("nan") != std::string::npos)
                << name << " " << key;
    });
}

TEST_P(ReportPage, StandsAloneWithoutScript) {
    test::walk(test::parsed(page_), [&](const std::string& name, const test::Element& element) {
        for (const char* foreign : {"script", "link", "img", "iframe", "object", "embed", "base", "use", "image"})
            EXPECT_NE(name, foreign);
        const auto attributes = element.get_child_optional("<xmlattr>");
        if (!attributes) return;
        for (const auto& [key, value] : *attributes) {
            EXPECT_NE(key, "src");
            EXPECT_NE(key, "href");
            EXPECT_FALSE(key.starts_with("on")) << key;
            EXPECT_TRUE(value.data().find("url(") == std::string::npos || value.data().starts_with("url(#fill"))
                << value.data();
        }
    });
    EXPECT_EQ(page_.find("http"), std::string::npos);
    EXPECT_EQ(page_.find("@import"), std::string::npos);
}

TEST_P(ReportPage, NamesEveryPictureAndTable) {
    int pictures = 0, tables = 0;
    const std::function<void(const test::Element&, bool)> look = [&](const test::Element& parent, bool inside) {
        for (const auto& [name, element] : parent) {
            if (name == "svg" && !inside) {
                ++pictures;
                EXPECT_TRUE(
                    test::attribute(element, "aria-hidden") == "true" ||
                    (test::attribute(element, "role") == "img" && !element.get<std::string>("title", "").empty()));
            }
            if (name == "table") {
                ++tables;
                EXPECT_FALSE(test::text_of(element.get_child("caption")).empty());
            }
            look(element, inside || name == "svg");
        }
    };
    look(test::parsed(page_), false);
    EXPECT_GT(pictures, 10);
    EXPECT_GT(tables, 4);
}

TEST_P(ReportPage, IsTheSameForTheSameModel) {
    EXPECT_EQ(report(model_, "{}", test::idle), page_);
}

TEST_P(ReportPage, IsBounded) {
    std::printf("    %zu bytes\n", page_.size());
    EXPECT_LT(page_.size(), 1'000'000u);
}

INSTANTIATE_TEST_SUITE_P(
    Models, ReportPage,
    ::testing::Values(Case{"TwoChannels", test::two_channels, 2, 25}, Case{"OneChannel", test::one_channel, 2, 25},
                      Case{"OneDraw", test::two_channels, 1, 1}, Case{"HeldOut", test::held_out, 2, 10},
                      Case{"InUnits", test::in_units, 2, 10}, Case{"LongSeries", test::long_series, 1, 4},
                      Case{"Panel", test::panel, 2, 10}),
    [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace mmm
