// Events that stand in a table: "events": {"table": "name"}. Whoever can read tables replaces the name by the rows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mmm {

// The name in the specification, or "" where events are listed or absent.
std::string event_table(std::string_view spec_json);

// One row of the table: a name and a date as ISO text.
struct EventRow {
    std::string name;
    std::string date;
};

// The specification with the events listed: one event a name, dates in the order of the rows.
std::string with_events(std::string_view spec_json, const std::vector<EventRow>& rows);

}  // namespace mmm
