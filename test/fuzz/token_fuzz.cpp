// Fuzzed tokens and key sets: whatever the bytes, the outcome is an Error or what a key has signed.
#include <gtest/gtest.h>

#include "core/token/base64url.hpp"
#include "core/token/redaction.hpp"
#include "core/token/token.hpp"
#include "json_mutations.hpp"
#include "support/signer.hpp"

namespace mmm {
namespace {

using test::Signer;

constexpr double now = 1'800'000'000;
const char* const claims = R"({"iss": "https://issuer", "aud": "api", "iat": 1799999990, "exp": 1800000600, "tenant_id": "0d9f1c52-6a3b-4e8f-9c1d-2b7a5e4f6081"})";

const std::vector<std::string> words{"alg", "kid", "typ", "crit", "b64", "enc", "zip", "cty", "iss", "aud", "exp", "nbf", "iat", "tenant_id", "keys", "kty", "crv", "x", "y", "n", "e", "k", "d", "use"};

const std::vector<Json>& values() {
    static const std::vector<Json> all{Json("none"), Json("HS256"), Json(nullptr), Json::array(), Json::object(), Json(true), Json("0d9f1c52-6a3b-4e8f-9c1d-2b7a5e4f6081")};
    return all;
}

struct Corpus {
    std::vector<Signer> signers;
    std::vector<std::string> tokens, jwks;
    KeySet keys;

    Corpus() {
        for (const auto algorithm : {TokenAlgorithm::hs256, TokenAlgorithm::rs256, TokenAlgorithm::ps256, TokenAlgorithm::es256, TokenAlgorithm::eddsa})
            signers.emplace_back(algorithm, name_of(algorithm));
        std::string all;
        for (const Signer& signer : signers) {
            tokens.push_back(signer.token(claims));
            jwks.push_back("{\"keys\": [" + signer.jwk() + "]}");
            all += (all.empty() ? "" : ", ") + signer.jwk();
        }
        jwks.push_back("{\"keys\": [" + all + "]}");
        keys = KeySet::parse(jwks.back());
    }
};

const Corpus& corpus() {
    static const Corpus one;
    return one;
}

std::vector<std::string> parts_of(const std::string& token) {
    const std::size_t first = token.find('.'), second = token.rfind('.');
    return {token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1)};
}

std::string joined(const std::vector<std::string>& parts) { return parts[0] + "." + parts[1] + "." + parts[2]; }

// JSON that is JSON still.
std::string other_json(const std::string& text, fuzz::Dice& dice) {
    Json json = Json::parse(text);
    fuzz::mutate(json, words, values(), dice);
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// A token that nobody has signed.
std::string forged(fuzz::Dice& dice) {
    const std::string& token = dice.pick(corpus().tokens);
    std::vector<std::string> parts = parts_of(token);
    switch (dice.below(7)) {
        case 0: return fuzz::mutated(token, dice);
        case 1: {  // bytes behind the base64url
            std::string& part = parts[dice.below(3)];
            part = base64url_encode(fuzz::mutated(*base64url_decode(part), dice));
            return joined(parts);
        }
        case 2: {  // parts of others
            for (std::size_t i = 0; i < 3; ++i) parts[i] = parts_of(dice.pick(corpus().tokens))[i];
            return joined(parts);
        }
        case 3: {  // JSON that is JSON still
            std::string& part = parts[dice.below(2)];
            part = base64url_encode(other_json(*base64url_decode(part), dice));
            return joined(parts);
        }
        case 4: {  // another algorithm is named
            static const std::vector<std::string> names{"none", "HS256", "RS256", "PS256", "ES256", "EdDSA", "HS512", ""};
            parts[0] = base64url_encode("{\"alg\": \"" + dice.pick(names) + "\", \"kid\": \"" + dice.pick(names) + "\"}");
            return joined(parts);
        }
        case 5: {  // signed with something that is known to everybody
            const std::string& key = dice.pick(corpus().jwks);
            const std::string text = parts[0] + "." + parts[1];
            return text + "." + base64url_encode(test::hmac_sha256(dice.chance(0.5) ? key : std::string(), text));
        }
        default: {
            std::string bytes(dice.below(300), '\0');
            for (char& c : bytes) c = dice.chance(0.1) ? '.' : dice.byte();
            return bytes;
        }
    }
}

bool is_signed(const std::string& token) {
    const auto& tokens = corpus().tokens;
    return std::find(tokens.begin(), tokens.end(), token) != tokens.end();
}

TEST(TokenFuzz, NoTokenBindsThatNobodyHasSigned) {
    TokenPolicy policy;
    policy.issuer = "https://issuer";
    policy.audience = "api";
    for (std::uint32_t i = 0; i < fuzz::amount(20'000); ++i) {
        fuzz::Dice dice(31, i);
        const std::string token = forged(dice);
        const bool bound = fuzz::outcome(token, [&] { verify_token(token, corpus().keys, policy, now); });
        ASSERT_TRUE(!bound || is_signed(token)) << fuzz::shown(token);
    }
}

// Claims that a key has signed, whatever they are: an Error or a token whose tenant stands in them.
TEST(TokenFuzz, SignedClaimsAreUnderstoodOrRefused) {
    for (std::uint32_t i = 0; i < fuzz::amount(4'000); ++i) {
        fuzz::Dice dice(32, i);
        const std::string payload = dice.chance(0.5) ? other_json(claims, dice) : fuzz::mutated(claims, dice);
        const std::string token = corpus().signers[0].token(payload);
        fuzz::outcome(payload, [&] {
            const Token bound = verify_token(token, corpus().keys, TokenPolicy{}, now);
            EXPECT_TRUE(Json::parse(bound.claims).is_object());
        });
    }
}

TEST(TokenFuzz, KeySetsAreReadOrRefused) {
    for (std::uint32_t i = 0; i < fuzz::amount(2'000); ++i) {
        fuzz::Dice dice(33, i);
        const std::string& given = dice.pick(corpus().jwks);
        const std::string jwks = dice.chance(0.6) ? other_json(given, dice) : fuzz::mutated(given, dice);
        fuzz::outcome(jwks, [&] { KeySet::parse(jwks); });
    }
}

TEST(TokenFuzz, TokensDoNotStandInRedactedTexts) {
    for (std::uint32_t i = 0; i < fuzz::amount(5'000); ++i) {
        fuzz::Dice dice(34, i);
        const std::string& token = dice.pick(corpus().tokens);
        std::string text(dice.below(40), '\0');
        for (char& c : text) c = static_cast<char>(' ' + dice.below(95));
        text += (dice.chance(0.5) ? "'" : " ") + token + (dice.chance(0.5) ? "'" : " ") + text;
        EXPECT_TRUE(holds_token(text.c_str()));
        std::vector<char> buffer(text.c_str(), text.c_str() + text.size() + 1);
        redact_tokens(buffer.data());
        EXPECT_EQ(std::string(buffer.data()).find(parts_of(token)[2]), std::string::npos);
        EXPECT_FALSE(holds_token(buffer.data()));
    }
}

}  // namespace
}  // namespace mmm
