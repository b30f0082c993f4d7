#include <algorithm>

#include "sql/fitting.hpp"

#include "core/format.hpp"
#include "core/model/event_table.hpp"

#include "pg/reader.hpp"
#include "pg/settings.hpp"
#include "pg/text_rows.hpp"

namespace mmm::sql {

namespace {

constexpr std::uint64_t most_event_rows = 10'000;

std::string quoted(const std::string& text, char mark) {
    std::string out(1, mark);
    for (const char c : text) {
        if (c == mark || (mark == '\'' && c == '\\')) out += c;
        out += c;
    }
    return out + mark;
}

std::string identifier(const std::string& name) { return quoted(name, '"'); }

// E'...' reads the same whatever standard_conforming_strings says.
std::string literal(const std::string& text) { return "E" + quoted(text, '\''); }

std::string country_text(const EventTable& events) { return identifier(events.country) + "::pg_catalog.text"; }

// "country::text IN (...)", or nothing.
std::string country_filter(const EventTable& events) {
    std::string list;
    for (const auto& country : events.countries) list += (list.empty() ? "" : ", ") + literal(country);
    return list.empty() ? "" : " WHERE " + country_text(events) + " IN (" + list + ")";
}

// Each country asked for must be in the table.
void require_countries(const EventTable& events, const std::string& name) {
    constexpr std::uint64_t most_countries = 1000;
    if (events.countries.empty()) return;
    const auto rows = pg::read_text_rows("SELECT DISTINCT " + country_text(events) + " FROM " + name + " WHERE " + identifier(events.country) +
                                             " IS NOT NULL ORDER BY 1",
                                         most_countries);
    std::vector<std::string> known;
    std::string list;
    for (const auto& row : rows) {
        known.push_back(row[0]);
        list += (list.empty() ? "" : ", ") + row[0];
    }
    for (const auto& country : events.countries)
        if (std::find(known.begin(), known.end(), country) == known.end())
            throw Error(ErrorKind::invalid_specification,
                        "events.country: \"" + country + "\" is not in column \"" + events.country + "\" of " + name +
                            did_you_mean(country, known),
                        {}, known.empty() ? "The table has no rows that this role may see." : "The table has " + list + ".");
}

std::vector<EventRow> read_events(const EventTable& table) {
    const std::string name = pg::relation_name(pg::relation_by_name(table.table));
    const std::string query = "SELECT " + identifier(table.name) + ", pg_catalog.to_char(CAST(" + identifier(table.date) +
                              " AS pg_catalog.date), 'YYYY-MM-DD') FROM " + name + country_filter(table) + " ORDER BY 2, 1";
    const auto rows = pg::with_spi(0, [&] {
        require_countries(table, name);
        return pg::read_text_rows(query, most_event_rows + 1);
    });
    std::vector<EventRow> events;
    for (const auto& row : rows) {
        if (row[0].empty() || row[1].empty())
            throw Error(ErrorKind::invalid_data,
                        "events.table: " + table.name + " or " + table.date + " is null or empty in a row of " + name, {},
                        "Fill or delete this row.");
        events.push_back({row[0], row[1]});
    }
    if (events.size() > most_event_rows)
        throw Error(ErrorKind::invalid_data,
                    "events.table: " + name + " has more than " + std::to_string(most_event_rows) + " rows", {},
                    "Name the country, or a view with the events of the modelled market and time.");
    return events;
}

}  // namespace

SpecificationPtr read_specification(const std::string& json) {
    const auto table = event_table(json);
    return parse_specification(table ? with_events(json, *table, read_events(*table)) : json);
}

pg::Request request_of(const Specification& spec) {
    return {{}, time_column(spec), geo_column(spec), value_columns(spec)};
}

Table read_relation_for(const Specification& spec, Oid relation) {
    return pg::with_spi(
        0, [&] { return pg::read_relation(relation, request_of(spec), pg::max_memory_bytes()); });
}

Table read_query_for(const Specification& spec, const std::string& query) {
    return pg::with_spi(
        0, [&] { return pg::read_query(query, request_of(spec), pg::max_memory_bytes()); });
}

}  // namespace mmm::sql
