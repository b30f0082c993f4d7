#include "core/model/event_table.hpp"

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
    for (const auto& row : rows) {
        auto found = events.begin();
        while (found != events.end() && (*found)["name"] != row.name) ++found;
        if (found == events.end()) {
            events.push_back({{"name", row.name}, {"dates", Json::array()}});
            found = events.end() - 1;
        }
        (*found)["dates"].push_back(row.date);
    }
    document["events"] = std::move(events);
    return document.dump();
}

}  // namespace mmm
