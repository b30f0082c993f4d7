// Bearer tokens: JSON Web Tokens with a signature (RFC 7519, 7515), verified as RFC 8725 (best current practices) asks.
//
// The algorithm is the key's; the header may only name it. Nothing that a token says of where keys are (jku, x5u, jwk, x5c) is
// looked at. Errors say why a token was refused and never what is in it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/token/key_set.hpp"

namespace mmm {

constexpr std::size_t most_token_bytes = 8192;

struct TokenPolicy {
    std::string issuer;                     // iss must be this; empty: any
    std::string audience;                   // aud must be or hold this; empty: any
    std::string tenant_claim = "tenant_id"; // where the tenant's UUID stands; a path with dots
    int leeway = 5;                         // seconds that clocks may differ, 0 to 30
    int max_age = 0;                        // seconds since iat; 0: as long as exp says
};

using TenantId = std::array<std::uint8_t, 16>;

struct Token {
    TenantId tenant{};
    std::string claims;  // the payload, an object of JSON
    double expires = 0;  // seconds since 1970: refused from then on, leeway included
};

// Why a token is refused, without the words "token was refused: ". Its kind is invalid_argument.
class TokenError : public Error {
public:
    explicit TokenError(const std::string& why, std::string hint = {})
        : Error(ErrorKind::invalid_argument, "token was refused: " + why, {}, std::move(hint)) {}
};

// `now`: seconds since 1970; nothing: times were looked at before. Throws TokenError.
Token verify_token(std::string_view text, const KeySet& keys, const TokenPolicy& policy, std::optional<double> now);

// Thirty-two hexadecimal digits in groups of 8, 4, 4, 4 and 12; false for anything else.
bool read_tenant_id(std::string_view text, TenantId& id);

}  // namespace mmm
