// JSON of tokens and keys: what two readers could understand in two ways is refused (RFC 8725, section 2.4; RFC 7519, section 4).
#pragma once

#include <optional>
#include <string_view>

#include "core/model/json.hpp"

namespace mmm {

// An object without duplicate keys, invalid UTF-8, NUL characters (which jsonb cannot hold) or deep nesting; nothing otherwise.
std::optional<Json> parse_strict_object(std::string_view text);

}  // namespace mmm
