// Events that stand in a table: "events": {"table": "name", ...}. Whoever can read tables replaces the name by the rows.
//
//   {"table": "holidays", "country": "DE", "date": "ds", "name": "holiday"}      a calendar as Prophet and Robyn ship it
//   "country"         a country or a list; without it every row counts         "country_column"  "country" by default
//   "names"           only these events                                        "together"        one event of all their dates:
//   "shape", "prior"  of every event                                                             true, or its name
//
// Each name is one event with all its dates; a date given twice counts once. Events of a calendar (with a country) may lie
// outside the data: those without a date in it are left out of the model.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mmm {

class Specification;
struct Table;

struct EventTable {
    std::string table;
    std::string name = "name", date = "date", country = "country";  // columns
    std::vector<std::string> countries;                             // empty: all rows
    std::vector<std::string> names;                                 // empty: all events
    std::string together;                                           // name of the one event; empty: one a name
    std::string shape, prior;                                       // JSON; empty: defaults
};

// The object under "events".
EventTable read_event_table(std::string_view events_json);

// The table in the specification; none where events are listed or absent.
std::optional<EventTable> event_table(std::string_view spec_json);

// One row of the table: a name and a date as ISO text.
struct EventRow {
    std::string name;
    std::string date;
};

// The specification with the events listed: one event a name, dates in the order of the rows. Error(invalid_specification)
// for names that no row has.
std::string with_events(std::string_view spec_json, const EventTable& table, const std::vector<EventRow>& rows);

// Without optional events that have no date between the first time of the rows and one step after the last.
Specification without_absent_events(const Specification& spec, const Table& rows);

}  // namespace mmm
