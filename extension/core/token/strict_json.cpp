#include "core/token/strict_json.hpp"

#include <set>

namespace mmm {

namespace {

constexpr int deepest = 16;

// Sees every key and value while they are read.
class Watch {
public:
    bool operator()(int depth, Json::parse_event_t event, Json& value) {
        using Event = Json::parse_event_t;
        if (depth > deepest) accepted = false;
        if (event == Event::object_start) keys_.emplace_back();
        else if (event == Event::object_end) keys_.pop_back();
        else if (event == Event::key) {
            const auto& key = value.get_ref<const std::string&>();
            if (has_nul(key) || !keys_.back().insert(key).second) accepted = false;
        } else if (event == Event::value && value.is_string() && has_nul(value.get_ref<const std::string&>())) {
            accepted = false;
        }
        return true;
    }

    bool accepted = true;

private:
    static bool has_nul(const std::string& text) { return text.find('\0') != std::string::npos; }

    std::vector<std::set<std::string>> keys_;
};

// Brackets within brackets, before anything recurses over them.
bool nests_too_deep(std::string_view text) {
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted && c == '\\') ++i;
        else if (c == '"') quoted = !quoted;
        else if (!quoted && (c == '{' || c == '[')) depth += 1;
        else if (!quoted && (c == '}' || c == ']')) depth -= 1;
        if (depth > deepest) return true;
    }
    return false;
}

}  // namespace

std::optional<Json> parse_strict_object(std::string_view text) {
    if (nests_too_deep(text)) return std::nullopt;
    Watch watch;
    Json json = Json::parse(text, [&](int depth, Json::parse_event_t event, Json& value) { return watch(depth, event, value); }, false);
    if (json.is_discarded() || !watch.accepted || !json.is_object()) return std::nullopt;
    return json;
}

}  // namespace mmm
