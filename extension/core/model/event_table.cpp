#include "core/model/event_table.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "core/format.hpp"
#include "core/model/json.hpp"
#include "core/model/specification.hpp"
#include "core/model/table.hpp"

namespace mmm {

namespace {

// A text or a list of texts.
std::vector<std::string> texts(const Json* value, const std::string& path) {
    std::vector<std::string> list;
    if (value == nullptr) return list;
    if (value->is_string()) return {as_string(*value, path)};
    each(value, path, [&](const Json& item, const std::string& where) { list.push_back(as_string(item, where)); });
    if (list.empty()) specification_error(path, "found an empty array, expected names");
    return list;
}

std::string column_of(JsonObject& object, const std::string& key, const std::string& fallback) {
    const std::string column = object.string(key, fallback);
    if (column.empty()) specification_error(object.path_of(key), "found \"\", expected the name of a column");
    return column;
}

void require_names(const EventTable& table, const std::vector<EventRow>& rows) {
    std::vector<std::string> known;
    for (const auto& row : rows)
        if (std::find(known.begin(), known.end(), row.name) == known.end()) known.push_back(row.name);
    for (const auto& name : table.names)
        if (std::find(known.begin(), known.end(), name) == known.end())
            specification_error("events.names", "the table has no event \"" + name + "\"" + did_you_mean(name, known),
                                known.empty() ? "" : "It has " + join_or(known) + ".");
}

}  // namespace

EventTable read_event_table(std::string_view events_json) {
    const Json events = parse_json(events_json, ErrorKind::invalid_specification);
    JsonObject object(events, "events");
    EventTable found;
    found.table = as_string(object.require("table", "the name of a table with columns name and date"), "events.table");
    if (found.table.empty()) specification_error("events.table", "found \"\", expected the name of a table");
    found.name = column_of(object, "name", found.name);
    found.date = column_of(object, "date", found.date);
    found.country = column_of(object, "country_column", found.country);
    found.countries = texts(object.find("country"), "events.country");
    found.names = texts(object.find("names"), "events.names");
    if (const Json* together = object.find("together")) {
        if (!together->is_boolean()) found.together = as_string(*together, "events.together");
        else if (together->get<bool>()) found.together = "holidays";
    }
    if (const Json* shape = object.find("shape")) found.shape = shape->dump();
    if (const Json* prior = object.find("prior")) found.prior = prior->dump();
    object.finish();
    return found;
}

std::optional<EventTable> event_table(std::string_view spec_json) {
    const Json document = parse_json(spec_json, ErrorKind::invalid_specification);
    if (!document.is_object()) return std::nullopt;
    const auto events = document.find("events");
    if (events == document.end() || !events->is_object()) return std::nullopt;
    return read_event_table(events->dump());
}

std::string with_events(std::string_view spec_json, const EventTable& table, const std::vector<EventRow>& rows) {
    require_names(table, rows);
    Json document = parse_json(spec_json, ErrorKind::invalid_specification);
    Json events = Json::array();
    std::unordered_map<std::string, std::size_t> position;
    std::set<std::pair<std::string, std::string>> seen;
    for (const auto& row : rows) {
        if (!table.names.empty() && std::find(table.names.begin(), table.names.end(), row.name) == table.names.end()) continue;
        const std::string& name = table.together.empty() ? row.name : table.together;
        if (!seen.emplace(name, row.date).second) continue;
        const auto [at, is_new] = position.emplace(name, events.size());
        if (is_new) {
            events.push_back({{"name", name}, {"dates", Json::array()}});
            if (!table.shape.empty()) events.back()["shape"] = parse_json(table.shape, ErrorKind::invalid_specification);
            if (!table.prior.empty()) events.back()["prior"] = parse_json(table.prior, ErrorKind::invalid_specification);
            if (!table.countries.empty()) events.back()["optional"] = true;
        }
        events[at->second]["dates"].push_back(row.date);
    }
    document["events"] = std::move(events);
    return document.dump();
}

Specification without_absent_events(const Specification& spec, const Table& rows) {
    Specification kept = spec;
    if (std::none_of(spec.events.begin(), spec.events.end(), [](const Event& event) { return event.optional; })) return kept;
    std::vector<Timestamp> times;
    for (std::size_t i = 0; i < rows.rows(); ++i)
        if (!rows.time_is_null[i]) times.push_back(rows.time[i]);
    std::sort(times.begin(), times.end());
    times.erase(std::unique(times.begin(), times.end()), times.end());
    if (times.size() < 2) return kept;
    // The last period may be short where periods are missing before it, never long.
    TimeStep step;
    step.kind = TimeStep::Kind::fixed;
    step.microseconds = times[1] - times[0];
    for (std::size_t i = 2; i < times.size(); ++i) step.microseconds = std::min(step.microseconds, times[i] - times[i - 1]);
    if (const TimeStep regular = detect_step(times); regular.kind != TimeStep::Kind::irregular) step = regular;
    std::erase_if(kept.events, [&](const Event& event) {
        return event.optional && !event_reaches(event.shape, event.dates, times, step);
    });
    return kept;
}

}  // namespace mmm
