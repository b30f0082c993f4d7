#include "sql/fitting.hpp"

#include "core/model/event_table.hpp"

#include "pg/reader.hpp"
#include "pg/settings.hpp"
#include "pg/text_rows.hpp"

namespace mmm::sql {

namespace {

constexpr std::uint64_t most_event_rows = 10'000;

std::vector<EventRow> read_events(const std::string& table) {
    const std::string name = pg::relation_name(pg::relation_by_name(table));
    const std::string query =
        "SELECT name, pg_catalog.to_char(date, 'YYYY-MM-DD') FROM " + name + " ORDER BY date, name";
    std::vector<EventRow> events;
    for (const auto& row : pg::with_spi(0, [&] { return pg::read_text_rows(query, most_event_rows + 1); })) {
        if (row[0].empty() || row[1].empty())
            throw Error(ErrorKind::invalid_data, "events.table: name or date is null or empty in a row of " + name, {},
                        "Fill or delete this row.");
        events.push_back({row[0], row[1]});
    }
    if (events.size() > most_event_rows)
        throw Error(ErrorKind::invalid_data,
                    "events.table: " + name + " has more than " + std::to_string(most_event_rows) + " rows", {},
                    "Name a view with the events of the modelled market and time.");
    return events;
}

}  // namespace

SpecificationPtr read_specification(const std::string& json) {
    const std::string table = event_table(json);
    return parse_specification(table.empty() ? json : with_events(json, read_events(table)));
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
