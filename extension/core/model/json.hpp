// JSON documents as the engine reads them: every value is asked for by key, is checked where it is asked for, and a key
// that nobody asked for is an error. Messages start with the path of the value: `media.tv.adstock.family: ...`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// The library's assertions would abort the backend, and stand in noexcept functions where nothing can be thrown. They
// guard against misuse by this code (a missing key, a wrong type), which never uses an unchecked accessor.
#define JSON_ASSERT(condition) static_cast<void>(0)
#include <nlohmann/json.hpp>

#include "core/error.hpp"

namespace mmm {

using Json = nlohmann::ordered_json;

constexpr int max_json_depth = 64;
constexpr int max_json_keys = 10'000;  // of one object

// Throws Error(kind) for text that is not JSON, nests deeper than max_json_depth or has an object of more keys.
Json parse_json(std::string_view text, ErrorKind kind);

[[noreturn]] void specification_error(const std::string& path, const std::string& message, const std::string& hint = {});

// "an object", "the string \"abc\"", "the number 3": what was found, for messages.
std::string describe(const Json& value);

// One object of a document and its path. Copies are cheap: the JSON itself is not copied.
class JsonObject {
public:
    // Throws unless `value` is an object.
    JsonObject(const Json& value, std::string path);

    const std::string& path() const { return path_; }
    std::string path_of(const std::string& key) const { return path_.empty() ? key : path_ + "." + key; }
    const Json& value() const { return *value_; }

    // The value of a key, nullptr where it is absent or null. Marks the key as known.
    const Json* find(const std::string& key);
    const Json& require(const std::string& key, const std::string& what);

    // Where a key that is missing may have been misspelled: how to rename it.
    std::string hint_for_missing(const std::string& key) const;

    double number(const std::string& key, double fallback, double least, double most);
    int integer(const std::string& key, int fallback, int least, int most);
    bool boolean(const std::string& key, bool fallback);
    std::string string(const std::string& key, const std::string& fallback);
    // One of `words`; `what` names the kind of thing, e.g. "an adstock family".
    std::size_t choice(const std::string& key, const std::vector<std::string>& words, std::size_t fallback,
                       const std::string& what);

    // Throws for a key that was never asked for.
    void finish() const;

private:
    const Json* value_;
    std::string path_;
    std::vector<std::string> known_;
};

// Checked conversions of single values; `path` is for the message.
double as_number(const Json& value, const std::string& path, double least, double most);
std::int64_t as_integer(const Json& value, const std::string& path, std::int64_t least, std::int64_t most);
std::string as_string(const Json& value, const std::string& path);
std::size_t as_choice(const Json& value, const std::string& path, const std::vector<std::string>& words,
                      const std::string& what);

// Calls `one` for each element of an array, with its path.
template <typename One>
void each(const Json* list, const std::string& path, One&& one) {
    if (list == nullptr) return;
    if (!list->is_array()) specification_error(path, "found " + describe(*list) + ", expected an array");
    for (std::size_t i = 0; i < list->size(); ++i) one((*list)[i], path + "[" + std::to_string(i) + "]");
}

}  // namespace mmm
