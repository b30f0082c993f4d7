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

std::vector<std::string> countries_of(const EventTable& events, const std::string& name, const std::string& filter, std::uint64_t most) {
    std::vector<std::string> found;
    for (const auto& row : pg::read_text_rows("SELECT DISTINCT " + country_text(events) + " FROM " + name + filter + " ORDER BY 1", most))
        found.push_back(row[0]);
    return found;
}

// Each country asked for must be in the table.
void require_countries(const EventTable& events, const std::string& name) {
    constexpr std::uint64_t most_listed = 300;  // more are no countries
    if (events.countries.empty()) return;
    const auto found = countries_of(events, name, country_filter(events), events.countries.size());
    const auto missing = std::find_if(events.countries.begin(), events.countries.end(), [&](const std::string& country) {
        return std::find(found.begin(), found.end(), country) == found.end();
    });
    if (missing == events.countries.end()) return;
    const auto known = countries_of(events, name, " WHERE " + identifier(events.country) + " IS NOT NULL", most_listed + 1);
    std::string list;
    for (const auto& country : known) list += (list.empty() ? "" : ", ") + country;
    const std::string hint = known.empty()              ? "The table has no rows that this role may see."
                             : known.size() > most_listed ? "It has more than 300 different values: is it the column with countries?"
                                                          : "The table has " + list + ".";
    throw Error(ErrorKind::invalid_specification,
                "events.country: \"" + *missing + "\" is not in column \"" + events.country + "\" of " + name + did_you_mean(*missing, known),
                {}, hint);
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
