// Events that stand in a table: its name is taken out of the specification, its rows are put in.
#include <gtest/gtest.h>

#include "core/api.hpp"
#include "core/model/event_table.hpp"
#include "core/model/specification.hpp"

namespace mmm {
namespace {

const char* const document =
    R"({"time": "t", "kpi": "y", "media": {"tv": "x"}, "events": {"table": "public.holidays"}})";

TEST(EventTable, IsTheNameInTheSpecification) {
    EXPECT_EQ(event_table(document), "public.holidays");
    EXPECT_EQ(event_table(R"({"events": []})"), "");
    EXPECT_EQ(event_table(R"({"events": null})"), "");
    EXPECT_EQ(event_table("{}"), "");
    EXPECT_EQ(event_table("3"), "");
}

TEST(EventTable, WronglyGivenIsRefusedByPath) {
    for (const auto& [text, message] : std::vector<std::pair<std::string, std::string>>{
             {R"({"events": {}})", "events.table: missing, expected the name of a table with columns name and date"},
             {R"({"events": {"table": 3}})", "events.table: found 3, expected a string"},
             {R"({"events": {"table": ""}})", "events.table: found \"\", expected the name of a table"},
             {R"({"events": {"tabel": "x", "table": "y"}})", "events.tabel: unknown key (did you mean \"table\"?)"},
             {"{", "invalid JSON"}}) {
        try {
            event_table(text);
            ADD_FAILURE() << "accepted: " << text;
        } catch (const Error& error) {
            EXPECT_EQ(error.what(), message);
        }
    }
}

TEST(EventTable, BecomesOneEventANameWithItsDatesInOrder) {
    const std::string filled =
        with_events(document, {{"easter", "2024-03-31"}, {"sale", "2024-02-01"}, {"easter", "2025-04-20"}});
    const Specification spec = read_specification(Json::parse(filled));
    ASSERT_EQ(spec.events.size(), 2u);
    EXPECT_EQ(spec.events[0].name, "easter");
    EXPECT_EQ(spec.events[0].dates.size(), 2u);
    EXPECT_LT(spec.events[0].dates[0], spec.events[0].dates[1]);
    EXPECT_EQ(spec.events[1].name, "sale");
    EXPECT_TRUE(read_specification(Json::parse(with_events(document, {}))).events.empty());
}

}  // namespace
}  // namespace mmm
