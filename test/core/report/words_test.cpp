// What a report says in words, what it lets its readers choose, and names that would like to be markup.
#include <gtest/gtest.h>

#include <cmath>

#include "core/api.hpp"
#include "core/report/context.hpp"
#include "core/report/html.hpp"
#include "report/models.hpp"
#include "report/page.hpp"
#include "support/idle.hpp"

namespace mmm {
namespace {

bool says(const std::string& page, const std::string& text) {
    const std::string all = test::text_of(test::parsed(page));
    std::string single;
    for (const char c : all)
        if (!std::isspace(static_cast<unsigned char>(c)) || (!single.empty() && single.back() != ' '))
            single += c == '\n' ? ' ' : c;
    return single.find(text) != std::string::npos;
}

std::string error_of(const std::string& options) {
    static const FittedModel model = test::hand_made_model(test::one_channel, 1, 1, 3);
    try {
        report(model, options, test::idle);
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

TEST(ReportWords, OptionsThatAreWrongAreErrorsThatNameThem) {
    EXPECT_EQ(error_of(R"({"titel": "x"})"), "titel: unknown key (did you mean \"title\"?)");
    EXPECT_EQ(error_of(R"({"level": 1})"), "level: found 1, expected a number between 0 and 1");
    EXPECT_EQ(error_of(R"({"budget": 5})"), "budget: found 5, expected false or an object");
    EXPECT_EQ(error_of(R"({"sections": ["sumary"]})"),
              R"(sections[0]: "sumary" is not a section of the report (did you mean "summary"?))");
    EXPECT_EQ(error_of(R"({"sections": []})"), "sections: the list is empty");
    EXPECT_EQ(error_of(R"({"title": 3})"), "title: found 3, expected a string");
    EXPECT_EQ(error_of("[]"), "options: found an array, expected an object");
    EXPECT_EQ(error_of(R"({"budget": {"bugdet": 1}})"), "bugdet: unknown key (did you mean \"budget\"?)");
    EXPECT_EQ(error_of(R"({"currency": "many euros"})"), "currency: found 10 bytes, expected at most 8");
}

TEST(ReportWords, SectionsAreThoseAskedForInTheOrderOfThePage) {
    const FittedModel model = test::hand_made_model(test::panel, 1, 1, 5);
    using Ids = std::vector<std::string>;
    EXPECT_EQ(test::section_ids(test::parsed(report(model, "{}", test::idle))),
              (Ids{"summary", "fit", "contributions", "returns", "response", "adstock", "frequency", "budget", "geos",
                   "review"}));
    EXPECT_EQ(test::section_ids(test::parsed(report(model, R"({"sections": ["review", "fit"]})", test::idle))),
              (Ids{"fit", "review"}));
    EXPECT_EQ(test::section_ids(
                  test::parsed(report(model, R"({"budget": false, "sections": ["fit", "budget"]})", test::idle))),
              (Ids{"fit"}));
}

TEST(ReportWords, TitleCurrencyAndLevelAreThoseAskedFor) {
    const FittedModel model = test::hand_made_model(test::two_channels);
    const std::string page = report(model, R"({"title": "Spring", "currency": "€", "level": 0.5})", test::idle);
    EXPECT_EQ(test::parsed(page).get<std::string>("html.head.title"), "Spring");
    EXPECT_TRUE(says(page, "For each €1.00 spent, "));
    EXPECT_TRUE(says(page, "50\u00a0% interval"));
    EXPECT_FALSE(says(page, "90\u00a0% interval"));
    EXPECT_TRUE(says(report(model, R"({"currency": "EUR"})", test::idle), "For each EUR\u00a01.00 spent, "));
}

TEST(ReportWords, OneChannelIsNotComparedWithItself) {
    const std::string page =
        report(test::hand_made_model(test::one_channel), R"({"sections": ["summary"]})", test::idle);
    EXPECT_TRUE(says(page, "in 1 channel"));
    EXPECT_FALSE(says(page, "overlap"));
    EXPECT_FALSE(says(page, "the least"));
    EXPECT_FALSE(says(page, "1 channels"));
}

TEST(ReportWords, WhatHasNoDrawsClaimsNoIntervals) {
    FittedModel model = test::hand_made_model(test::two_channels, 1, 1, 1);
    model.spec.sampler.method = Method::map;
    const std::string page = report(model, "{}", test::idle);
    EXPECT_TRUE(says(page, "This is a single best estimate without uncertainty"));
    EXPECT_FALSE(says(page, "interval 9"));
    EXPECT_FALSE(says(page, "Lines are"));
}

TEST(ReportWords, ChainsThatDisagreeAreToldFirst) {
    FittedModel model = test::hand_made_model(test::two_channels);
    for (auto& one : model.convergence) one.rhat = 1.5;
    EXPECT_TRUE(says(report(model, R"({"sections": ["summary"]})", test::idle), "The chains have not converged"));
}

// An actual total that leaves rows out says so: what drivers bring counts in all rows.
TEST(ReportWords, RowsWithoutKpiAreNamed) {
    FittedModel model = test::hand_made_model(test::one_channel, 1, 1, 5);
    EXPECT_FALSE(says(report(model, "{}", test::idle), "It is not known"));
    model.data.kpi_unknown.assign(static_cast<std::size_t>(model.data.rows()), false);
    for (const std::size_t row : {3u, 4u}) {
        model.data.kpi_unknown[row] = model.data.holdout[row] = true;
        model.data.kpi[static_cast<Eigen::Index>(row)] = 0;
    }
    model.rebuild();
    const std::string page = report(model, "{}", test::idle);
    EXPECT_TRUE(says(page, "It is not known in 2 rows, which this total leaves out"));
    EXPECT_TRUE(says(page, "Actual total of measured rows"));
}

TEST(ReportWords, NamesAreTextWhateverTheyAre) {
    const std::string script = "<script>alert(1)</script>", quotes = R"(Tom & "Jerry" 'x')",
                      closing = "</title></svg>]]>", control = "bell\x07";
    Json spec = Json::parse(test::one_channel);
    spec["kpi"] = "<b>kpi</b> & co";
    spec["media"] = {{script, "a"}, {quotes, "b"}, {closing, "c"}, {"テレビ広告", "d"}, {std::string(60, 'w'), "e"}};
    const FittedModel model = test::hand_made_model(spec.dump(), 1, 1, 5);
    const Json options = {{"title", "</title><script>x</script>"}, {"currency", "<$>"}};
    const std::string page = report(model, options.dump(), test::idle);
    const test::Element document = test::parsed(page);
    test::walk(document,
               [](const std::string& name, const test::Element&) { EXPECT_TRUE(name != "script" && name != "b0"); });
    EXPECT_EQ(document.get<std::string>("html.head.title"), "</title><script>x</script>");
    for (const auto& name : {script, quotes, closing, std::string("テレビ広告"), std::string("<b>kpi</b> & co")})
        EXPECT_TRUE(says(page, name)) << name;
    EXPECT_EQ(page::escape(control), "bell\uFFFD");
}

TEST(ReportWords, LongNamesAreCutBetweenLettersOnly) {
    EXPECT_EQ(page::shortened("search", 6), "search");
    EXPECT_EQ(page::shortened("searching", 6), "searc…");
    EXPECT_EQ(page::shortened("テレビ広告", 6), "テレ…");
    EXPECT_EQ(page::columns_of("テレビ"), 6);
}

// WCAG 2.1, relative luminance and contrast ratio.
double luminance(const std::string& colour) {
    double sum = 0;
    const double weights[] = {0.2126, 0.7152, 0.0722};
    for (std::size_t i = 0; i < 3; ++i) {
        const std::string part = colour.size() == 4 ? std::string(2, colour[1 + i]) : colour.substr(1 + 2 * i, 2);
        const double c = static_cast<double>(std::stoi(part, nullptr, 16)) / 255;
        sum += weights[i] * (c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4));
    }
    return sum;
}

TEST(ReportWords, ColoursContrastWithThePaperInBothModes) {
    const std::string& css = page::style_sheet();
    const std::size_t dark = css.find("prefers-color-scheme:dark");
    for (const std::size_t mode : {std::size_t{0}, dark}) {
        const auto colour = [&](const std::string& name) {
            const std::size_t at = css.find("--" + name + ":#", mode) + name.size() + 3;
            return css.substr(at, css.find_first_of(";}\n", at) - at);
        };
        const auto contrast = [&](const std::string& name) {
            const double a = luminance(colour(name)), b = luminance(colour("paper"));
            return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
        };
        for (const char* text : {"ink", "soft", "good", "fair", "bad"}) EXPECT_GE(contrast(text), 4.5) << text;
        for (const char* graphic : {"accent", "zero", "c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7"})
            EXPECT_GE(contrast(graphic), 3) << graphic;
    }
}

}  // namespace
}  // namespace mmm
