// Events that stand in a table: its name is taken out of the specification, its rows are put in.
#include <gtest/gtest.h>

#include "core/api.hpp"
#include "core/model/event_table.hpp"
#include "core/model/specification.hpp"

namespace mmm {
namespace {

const char* const event_spec =
    R"({"time": "t", "kpi": "y", "media": {"tv": "x"}, "events": {"table": "public.holidays"}})";

TEST(EventTable, IsTheNameInTheSpecification) {
    ASSERT_TRUE(event_table(event_spec));
    EXPECT_EQ(event_table(event_spec)->table, "public.holidays");
    EXPECT_EQ(event_table(event_spec)->name, "name");
    EXPECT_EQ(event_table(event_spec)->date, "date");
    for (const char* none : {R"({"events": []})", R"({"events": null})", "{}", "3"}) EXPECT_FALSE(event_table(none)) << none;
}

TEST(EventTable, OfACalendarNamesItsColumnsAndCountries) {
    const auto one = event_table(
        R"({"events": {"table": "h", "country": "DE", "date": "ds", "name": "holiday", "country_column": "land", "names": ["Easter"], "together": true}})");
    EXPECT_EQ(one->name, "holiday");
    EXPECT_EQ(one->date, "ds");
    EXPECT_EQ(one->country, "land");
    EXPECT_EQ(one->countries, std::vector<std::string>{"DE"});
    EXPECT_EQ(one->names, std::vector<std::string>{"Easter"});
    EXPECT_EQ(one->together, "holidays");
    EXPECT_EQ(event_table(R"({"events": {"table": "h", "country": ["DE", "AT"]}})")->countries.size(), 2u);
}

std::string listed_events(const std::string& table, const std::vector<EventRow>& rows) {
    const std::string text = R"({"time": "t", "kpi": "y", "media": {"tv": "x"}, "events": )" + table + "}";
    return with_events(text, *event_table(text), rows);
}

TEST(EventTable, TakesTheNamesAskedForAndRefusesUnknownOnes) {
    const std::vector<EventRow> rows = {{"Easter", "2024-03-31"}, {"Christmas", "2024-12-25"}};
    const Specification spec = read_specification(Json::parse(listed_events(R"({"table": "h", "names": ["Easter"]})", rows)));
    ASSERT_EQ(spec.events.size(), 1u);
    EXPECT_EQ(spec.events[0].name, "Easter");
    try {
        listed_events(R"({"table": "h", "names": ["Eastre"]})", rows);
        ADD_FAILURE();
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(), "events.names: the table has no event \"Eastre\" (did you mean \"Easter\"?)");
    }
}

TEST(EventTable, TogetherIsOneEventInWhichADayCountsOnce) {
    const Specification spec = read_specification(Json::parse(
        listed_events(R"({"table": "h", "together": "free days", "shape": {"family": "period", "before": 1}, "prior": {"family": "normal", "sigma": 0.3}})",
                      {{"Easter", "2024-03-31"}, {"Ostern", "2024-03-31"}, {"Christmas", "2024-12-25"}})));
    ASSERT_EQ(spec.events.size(), 1u);
    EXPECT_EQ(spec.events[0].name, "free days");
    EXPECT_EQ(spec.events[0].dates.size(), 2u);
    EXPECT_EQ(spec.events[0].shape.before, 1);
    EXPECT_EQ(spec.events[0].prior.p[1], 0.3);
}

// Weeks from Monday 2024-01-01 on.
Table weeks(std::size_t n) {
    Table table;
    for (std::size_t i = 0; i < n; ++i) table.time.push_back(*parse_timestamp("2024-01-01") + static_cast<Timestamp>(i) * 7 * microseconds_per_day);
    table.time_is_null.assign(n, false);
    return table;
}

TEST(Calendar, LeavesOutEventsThatTheDataDoesNotTouch) {
    const std::string filled = listed_events(R"({"table": "h", "country": "DE"})",
                                             {{"before", "2023-12-31"}, {"first", "2024-01-01"}, {"last", "2024-01-28"}, {"after", "2024-01-29"}});
    const Specification spec = read_specification(Json::parse(filled));
    const Specification kept = without_absent_events(spec, weeks(4));
    ASSERT_EQ(kept.events.size(), 2u);
    EXPECT_EQ(kept.events[0].name, "first");
    EXPECT_EQ(kept.events[1].name, "last");
    // Nor does one just before them whose shape reaches in.
    const std::string fading = listed_events(R"({"table": "h", "country": "DE", "shape": {"family": "decay", "half_life": 7}})",
                                             {{"long_before", "2023-01-01"}, {"before", "2023-12-31"}, {"after", "2024-01-29"}});
    const auto reaching = without_absent_events(read_specification(Json::parse(fading)), weeks(4)).events;
    ASSERT_EQ(reaching.size(), 1u);
    EXPECT_EQ(reaching[0].name, "before");
    // Events that were listed by hand stay, and are an error elsewhere.
    const Specification list = read_specification(Json::parse(listed_events(R"({"table": "h"})", {{"before", "2023-12-31"}})));
    EXPECT_EQ(without_absent_events(list, weeks(4)).events.size(), 1u);
    EXPECT_TRUE(read_specification(write_specification(spec)).events[0].optional);
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
        with_events(event_spec, *event_table(event_spec), {{"easter", "2024-03-31"}, {"sale", "2024-02-01"}, {"easter", "2025-04-20"}});
    const Specification spec = read_specification(Json::parse(filled));
    ASSERT_EQ(spec.events.size(), 2u);
    EXPECT_EQ(spec.events[0].name, "easter");
    EXPECT_EQ(spec.events[0].dates.size(), 2u);
    EXPECT_LT(spec.events[0].dates[0], spec.events[0].dates[1]);
    EXPECT_EQ(spec.events[1].name, "sale");
    EXPECT_TRUE(read_specification(Json::parse(with_events(event_spec, *event_table(event_spec), {}))).events.empty());
}

}  // namespace
}  // namespace mmm
