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

// A brace followed by a quotation mark or a space (ey and I to L, A to D), or by a tabulator or an end of line (ew and k to r, 0 to 3).
bool begins_object(const char* text) {
    if (text[0] != 'e' || text[1] == '\0') return false;
    const char c = text[2];
    if (text[1] == 'y') return (c >= 'I' && c <= 'L') || (c >= 'A' && c <= 'D');
    return text[1] == 'w' && ((c >= 'k' && c <= 'r') || (c >= '0' && c <= '3'));
}

// The length of the token at `text`, 0: none begins here.
std::size_t token_at(const char* text) {
    if (!begins_object(text)) return 0;
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

namespace {

// The first character of the secret of the next JSON Web Key, null where there is none.
char* secret_from(char* text) {
    for (char* at = std::strstr(text, "\"k\""); at != nullptr; at = std::strstr(at + 1, "\"k\"")) {
        char* next = at + 3;
        next += std::strspn(next, " \t\r\n");
        if (*next != ':') continue;
        ++next;
        next += std::strspn(next, " \t\r\n");
        if (*next == '"') return next + 1;
    }
    return nullptr;
}

}  // namespace

bool holds_secret(const char* text) { return secret_from(const_cast<char*>(text)) != nullptr; }

void redact_secrets(char* text) {
    for (char* at = secret_from(text); at != nullptr; at = secret_from(at))
        for (; *at != '\0' && *at != '"'; ++at) *at = '*';
}

}  // namespace mmm
