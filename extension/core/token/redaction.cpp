#include "core/token/redaction.hpp"

#include <cstring>

namespace mmm {

namespace {

constexpr char mark[] = "[token]";
constexpr std::size_t least_part = 8;  // characters of a header and of a payload

bool is_base64url(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; }

std::size_t part_at(const char* text) {
    std::size_t n = 0;
    while (is_base64url(text[n])) ++n;
    return n;
}

// The length of the token at `text`, 0: none begins here.
std::size_t token_at(const char* text) {
    // {" and { followed by white space
    if (std::strncmp(text, "eyJ", 3) != 0 && std::strncmp(text, "ew", 2) != 0) return 0;
    const std::size_t header = part_at(text);
    if (header < least_part || text[header] != '.') return 0;
    const std::size_t payload = part_at(text + header + 1);
    if (payload < least_part) return 0;
    std::size_t length = header + 1 + payload;
    // One that was cut, or has no signature, says as much.
    if (text[length] == '.') length += 1 + part_at(text + length + 1);
    return length;
}

bool begins_word(const char* text, const char* at) { return at == text || !is_base64url(at[-1]); }

}  // namespace

bool holds_token(const char* text) {
    for (const char* at = text; *at != '\0'; ++at)
        if (*at == 'e' && begins_word(text, at) && token_at(at) > 0) return true;
    return false;
}

void redact_tokens(char* text) {
    char* to = text;
    for (const char* from = text; *from != '\0';) {
        const std::size_t length = *from == 'e' && begins_word(text, from) ? token_at(from) : 0;
        if (length == 0) {
            *to++ = *from++;
            continue;
        }
        std::memcpy(to, mark, sizeof mark - 1);
        to += sizeof mark - 1;
        from += length;
    }
    *to = '\0';
}

}  // namespace mmm
