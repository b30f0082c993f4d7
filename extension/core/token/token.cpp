#include "core/token/token.hpp"

#include <algorithm>
#include <cmath>

#include "core/token/base64url.hpp"
#include "core/token/strict_json.hpp"

namespace mmm {

namespace {

constexpr std::size_t most_kid = 128;
constexpr double latest_time = 1e12;  // seconds: beyond any calendar

struct Parts {
    std::string_view signed_text, header, payload, signature;
};

Parts split(std::string_view text) {
    if (text.size() > most_token_bytes) throw TokenError("it is longer than 8 kB");
    const std::size_t first = text.find('.'), second = first == text.npos ? first : text.find('.', first + 1);
    if (second == text.npos || text.find('.', second + 1) != text.npos)
        throw TokenError("it is not three parts with dots between them", "Give the signed token itself, without the word Bearer.");
    return {text.substr(0, second), text.substr(0, first), text.substr(first + 1, second - first - 1), text.substr(second + 1)};
}

Json object_of(std::string_view part, const char* name) {
    const auto bytes = base64url_decode(part);
    if (!bytes) throw TokenError(std::string("its ") + name + " is not base64url without padding");
    // Neither white space nor a mark of byte order before it: what looks like a token begins like one.
    auto json = bytes->empty() || bytes->front() != '{' ? std::nullopt : parse_strict_object(*bytes);
    if (!json) throw TokenError(std::string("its ") + name + " is not a JSON object without duplicate keys");
    return *json;
}

// Where absent, nothing; where it is not a string, refused.
std::optional<std::string> text_at(const Json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end()) return std::nullopt;
    if (!found->is_string()) throw TokenError(std::string(name) + " is not a string");
    return found->get<std::string>();
}

bool same_in_lower_case(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if ((a[i] >= 'A' && a[i] <= 'Z' ? a[i] + 32 : a[i]) != b[i]) return false;
    return true;
}

const TokenKey& key_of(const Json& header, const KeySet& keys) {
    // What would change the meaning of the rest: none of it is understood here, so all of it is refused (RFC 7515, 4.1.11).
    for (const char* name : {"crit", "b64", "enc", "zip"})
        if (header.contains(name)) throw TokenError(std::string("its header has ") + name);
    const auto type = text_at(header, "typ");
    if (type && !same_in_lower_case(*type, "jwt") && !same_in_lower_case(*type, "at+jwt") &&
        !same_in_lower_case(*type, "application/jwt") && !same_in_lower_case(*type, "application/at+jwt"))
        throw TokenError("its typ is not JWT");
    if (const auto content = text_at(header, "cty")) throw TokenError("it holds another token");
    const auto alg = text_at(header, "alg");
    const auto kid = text_at(header, "kid");
    if (!alg) throw TokenError("its header has no alg");
    if (kid && (kid->empty() || kid->size() > most_kid)) throw TokenError("its kid has no characters, or more than 128");
    const TokenKey* key = keys.find(kid.value_or(""), *alg);
    if (key == nullptr) throw TokenError("no key has its kid and its algorithm", "Add the signer's current keys to mmm.jwks.");
    return *key;
}

// A time claim, nothing where it is absent.
std::optional<double> time_at(const Json& claims, const char* name) {
    const auto found = claims.find(name);
    if (found == claims.end()) return std::nullopt;
    if (!found->is_number()) throw TokenError(std::string(name) + " is not a number");
    const double seconds = found->get<double>();
    if (!(std::fabs(seconds) < latest_time)) throw TokenError(std::string(name) + " is out of range");
    return seconds;
}

double check_times(const Json& claims, const TokenPolicy& policy, std::optional<double> now) {
    const auto expires = time_at(claims, "exp"), begins = time_at(claims, "nbf"), issued = time_at(claims, "iat");
    const double leeway = policy.leeway;
    if (!expires) throw TokenError("it has no exp", "Tokens must expire.");
    double until = *expires + leeway;
    if (policy.max_age > 0) {
        if (!issued) throw TokenError("it has no iat", "mmm.token_max_age counts from it.");
        until = std::min(until, *issued + policy.max_age + leeway);
    }
    if (!now) return until;
    if (*now >= until) throw TokenError("it has expired", "Ask for a new one.");
    if (begins && *now < *begins - leeway) throw TokenError("it is not valid yet");
    if (issued && *now < *issued - leeway) throw TokenError("it was issued in the future", "Compare the clocks of the signer and of this server.");
    return until;
}

void check_parties(const Json& claims, const TokenPolicy& policy) {
    const auto issuer = text_at(claims, "iss");
    if (!policy.issuer.empty() && issuer != policy.issuer) throw TokenError("it is not of the issuer that is expected");
    const auto audience = claims.find("aud");
    bool meant = policy.audience.empty();
    if (audience != claims.end() && audience->is_string()) {
        meant = meant || audience->get_ref<const std::string&>() == policy.audience;
    } else if (audience != claims.end() && audience->is_array()) {
        for (const auto& one : *audience) {
            if (!one.is_string()) throw TokenError("aud holds something that is not a string");
            meant = meant || one.get_ref<const std::string&>() == policy.audience;
        }
    } else if (audience != claims.end()) {
        throw TokenError("aud is not a string or an array of strings");
    }
    if (!meant) throw TokenError("it is meant for another audience");
}

TenantId tenant_of(const Json& claims, const std::string& path) {
    const Json* at = &claims;
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find('.', begin), path.size());
        if (!at->is_object()) throw TokenError("it has no claim " + path);
        const auto found = at->find(path.substr(begin, end - begin));
        if (found == at->end()) throw TokenError("it has no claim " + path);
        at = &*found;
        begin = end + 1;
    }
    TenantId id;
    if (!at->is_string() || !read_tenant_id(at->get_ref<const std::string&>(), id)) throw TokenError("its claim " + path + " is not a UUID");
    return id;
}

int digit_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

bool read_tenant_id(std::string_view text, TenantId& id) {
    constexpr std::size_t length = 36;
    if (text.size() != length) return false;
    std::size_t byte = 0;
    for (std::size_t i = 0; i < length;) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (text[i++] != '-') return false;
            continue;
        }
        const int high = digit_of(text[i]), low = digit_of(text[i + 1]);
        if (high < 0 || low < 0) return false;
        id[byte++] = static_cast<std::uint8_t>(16 * high + low);
        i += 2;
    }
    return true;
}

Token verify_token(std::string_view text, const KeySet& keys, const TokenPolicy& policy, std::optional<double> now) {
    const Parts parts = split(text);
    const TokenKey& key = key_of(object_of(parts.header, "header"), keys);
    const auto signature = base64url_decode(parts.signature);
    // The payload is not looked at before this.
    if (!signature || !verify_signature(key, parts.signed_text, *signature)) throw TokenError("its signature does not match");
    const Json claims = object_of(parts.payload, "payload");
    Token token;
    token.expires = check_times(claims, policy, now);
    check_parties(claims, policy);
    token.tenant = tenant_of(claims, policy.tenant_claim);
    token.claims = *base64url_decode(parts.payload);
    return token;
}

}  // namespace mmm
