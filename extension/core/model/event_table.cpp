#include "core/model/event_table.hpp"

#include <unordered_map>

#include "core/model/json.hpp"

namespace mmm {

std::string event_table(std::string_view spec_json) {
    const Json document = parse_json(spec_json, ErrorKind::invalid_specification);
    if (!document.is_object()) return {};
    const auto events = document.find("events");
    if (events == document.end() || !events->is_object()) return {};
    JsonObject object(*events, "events");
    std::string table = as_string(object.require("table", "the name of a table with columns name and date"), "events.table");
    object.finish();
    if (table.empty()) specification_error("events.table", "found \"\", expected the name of a table");
    return table;
}

std::string with_events(std::string_view spec_json, const std::vector<EventRow>& rows) {
    Json document = parse_json(spec_json, ErrorKind::invalid_specification);
    Json events = Json::array();
    std::unordered_map<std::string, std::size_t> position;
    for (const auto& row : rows) {
        const auto [at, is_new] = position.emplace(row.name, events.size());
        if (is_new) events.push_back({{"name", row.name}, {"dates", Json::array()}});
        events[at->second]["dates"].push_back(row.date);
    }
    document["events"] = std::move(events);
    return document.dump();
}

}  // namespace mmm
