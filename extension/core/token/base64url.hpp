// base64url without padding (RFC 4648, section 5; RFC 7515, appendix C), strictly: one text for each sequence of bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mmm {

// Nothing for other characters, padding, impossible lengths, and bits that no byte uses.
std::optional<std::string> base64url_decode(std::string_view text);
std::string base64url_encode(std::string_view bytes);

}  // namespace mmm
