#include "core/model/json.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/format.hpp"
#include "core/limits.hpp"

namespace mmm {

Json parse_json(std::string_view text, ErrorKind kind) {
    std::array<int, max_json_depth + 2> keys{};
    // The parser itself does not recurse, but a destructor or a printer of a deeply nested value would; and an ordered
    // object searches its keys one by one.
    const auto limit_size = [&](int depth, Json::parse_event_t event, Json&) {
        using Step = Json::parse_event_t;
        const bool starts = event == Step::object_start || event == Step::array_start;
        if (starts && depth > max_json_depth)
            throw Error(kind, "JSON is nested more than " + std::to_string(max_json_depth) + " levels deep");
        if (event == Step::object_start) keys[static_cast<std::size_t>(depth) + 1] = 0;
        if (event == Step::key && ++keys[static_cast<std::size_t>(depth)] > max_json_keys)
            throw Error(kind, "a JSON object has more than " + std::to_string(max_json_keys) + " keys");
        return true;
    };
    try {
        return Json::parse(text.begin(), text.end(), limit_size);
    } catch (const Json::out_of_range&) {
        throw Error(kind, "invalid JSON", "A number is out of the range of double precision.");
    } catch (const Json::exception& error) {
        throw Error(kind, "invalid JSON", error.what());
    }
}

void specification_error(const std::string& path, const std::string& message, const std::string& hint) {
    throw Error(ErrorKind::invalid_specification, path + ": " + message, {}, hint);
}

namespace {

// At most 60 bytes, cut between characters of UTF-8.
std::string shortened(const std::string& text) {
    std::size_t end = 60;
    if (text.size() <= end) return text;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return text.substr(0, end) + "...";
}

}  // namespace

std::string describe(const Json& value) {
    switch (value.type()) {
        case Json::value_t::object: return "an object";
        case Json::value_t::array: return "an array";
        case Json::value_t::null: return "null";
        case Json::value_t::boolean: return value.get<bool>() ? "true" : "false";
        case Json::value_t::string: return "\"" + shortened(value.get<std::string>()) + "\"";
        default: return format_number(value.get<double>());
    }
}

double as_number(const Json& value, const std::string& path, double least, double most) {
    if (!value.is_number()) specification_error(path, "found " + describe(value) + ", expected a number");
    const double number = value.get<double>();
    if (number >= least && number <= most && std::isfinite(number)) return number;
    std::string range = "a finite number";
    const bool bounded_below = std::isfinite(least), bounded_above = std::isfinite(most);
    if (bounded_below && bounded_above)
        range = "a number from " + format_number(least) + " to " + format_number(most);
    else if (bounded_below)
        range = least == least_positive ? "a number above 0"
                                                                   : "a number of " + format_number(least) + " or more";
    specification_error(path, "found " + format_number(number) + ", expected " + range);
}

std::int64_t as_integer(const Json& value, const std::string& path, std::int64_t least, std::int64_t most) {
    // Integers stay integers: as doubles those beyond 2^53 would lose digits, and the largest leave the type.
    bool whole = false;
    std::int64_t number = 0;
    if (value.is_number_float()) {
        const double real = value.get<double>();
        whole = std::floor(real) == real && real >= -0x1p63 && real < 0x1p63;
        if (whole) number = static_cast<std::int64_t>(real);
    } else if (value.is_number()) {
        number = value.get<std::int64_t>();
        whole = !value.is_number_unsigned() || number >= 0;
    }
    if (whole && number >= least && number <= most) return number;
    specification_error(path, "found " + describe(value) + ", expected a whole number from " + std::to_string(least) +
                                  " to " + std::to_string(most));
}

std::string as_string(const Json& value, const std::string& path) {
    if (!value.is_string()) specification_error(path, "found " + describe(value) + ", expected a string");
    return value.get<std::string>();
}

std::size_t as_choice(const Json& value, const std::string& path, const std::vector<std::string>& words,
                      const std::string& what) {
    if (!value.is_string())
        specification_error(path, "found " + describe(value) + ", expected " + join_or(words));
    const auto word = value.get<std::string>();
    const auto found = std::find(words.begin(), words.end(), word);
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
    specification_error(path, describe(value) + " is not " + what + did_you_mean(word, words),
                        "Use " + join_or(words) + ".");
}

JsonObject::JsonObject(const Json& value, std::string path) : value_(&value), path_(std::move(path)) {
    if (!value.is_object())
        specification_error(path_.empty() ? "specification" : path_, "found " + describe(value) + ", expected an object");
}

const Json* JsonObject::find(const std::string& key) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
    const auto found = value_->find(key);
    return found == value_->end() || found->is_null() ? nullptr : &*found;
}

const Json& JsonObject::require(const std::string& key, const std::string& what) {
    const Json* found = find(key);
    if (found == nullptr) specification_error(path_of(key), "missing, expected " + what, hint_for_missing(key));
    return *found;
}

std::string JsonObject::hint_for_missing(const std::string& key) const {
    std::vector<std::string> unread;
    for (const auto& item : value_->items())
        if (std::find(known_.begin(), known_.end(), item.key()) == known_.end()) unread.push_back(item.key());
    for (const auto& candidate : unread)
        if (!did_you_mean(candidate, {key}).empty()) return "Rename \"" + shortened(candidate) + "\" to \"" + key + "\".";
    return {};
}

double JsonObject::number(const std::string& key, double fallback, double least, double most) {
    const Json* found = find(key);
    return found == nullptr ? fallback : as_number(*found, path_of(key), least, most);
}

int JsonObject::integer(const std::string& key, int fallback, int least, int most) {
    const Json* found = find(key);
    return found == nullptr ? fallback : static_cast<int>(as_integer(*found, path_of(key), least, most));
}

bool JsonObject::boolean(const std::string& key, bool fallback) {
    const Json* found = find(key);
    if (found == nullptr) return fallback;
    if (!found->is_boolean())
        specification_error(path_of(key), "found " + describe(*found) + ", expected true or false");
    return found->get<bool>();
}

std::string JsonObject::string(const std::string& key, const std::string& fallback) {
    const Json* found = find(key);
    return found == nullptr ? fallback : as_string(*found, path_of(key));
}

std::size_t JsonObject::choice(const std::string& key, const std::vector<std::string>& words, std::size_t fallback,
                               const std::string& what) {
    const Json* found = find(key);
    return found == nullptr ? fallback : as_choice(*found, path_of(key), words, what);
}

void JsonObject::finish() const {
    for (const auto& item : value_->items()) {
        if (std::find(known_.begin(), known_.end(), item.key()) != known_.end()) continue;
        specification_error(path_of(shortened(item.key())), "unknown key" + did_you_mean(item.key(), known_),
                            known_.empty() ? "No key is known here." : "Use " + join_or(known_) + ".");
    }
}

}  // namespace mmm
