// Tokens that verify bind what they say; every other token is refused, and says why without repeating what is in it.
#include "core/token/token.hpp"

#include <gtest/gtest.h>

#include "core/token/base64url.hpp"
#include "core/token/redaction.hpp"
#include "support/signer.hpp"

namespace mmm {
namespace {

using test::Signer;

constexpr double now = 1'800'000'000;
const std::string tenant = "0d9f1c52-6a3b-4e8f-9c1d-2b7a5e4f6081";

const Signer& signer_of(TokenAlgorithm algorithm) {
    static const Signer hs(TokenAlgorithm::hs256, "hs"), rs(TokenAlgorithm::rs256, "rs"), ps(TokenAlgorithm::ps256, "ps"),
        es(TokenAlgorithm::es256, "es"), ed(TokenAlgorithm::eddsa, "ed");
    switch (algorithm) {
        case TokenAlgorithm::hs256: return hs;
        case TokenAlgorithm::rs256: return rs;
        case TokenAlgorithm::ps256: return ps;
        case TokenAlgorithm::es256: return es;
        case TokenAlgorithm::eddsa: return ed;
    }
    return hs;
}

const std::vector<TokenAlgorithm> algorithms{TokenAlgorithm::hs256, TokenAlgorithm::rs256, TokenAlgorithm::ps256, TokenAlgorithm::es256,
                                             TokenAlgorithm::eddsa};

const KeySet& every_key() {
    static const KeySet keys = KeySet::parse(test::jwks_of({&signer_of(TokenAlgorithm::hs256), &signer_of(TokenAlgorithm::rs256),
                                                            &signer_of(TokenAlgorithm::ps256), &signer_of(TokenAlgorithm::es256),
                                                            &signer_of(TokenAlgorithm::eddsa)}));
    return keys;
}

std::string seconds(double at) { return std::to_string(static_cast<long long>(at)); }

// Claims that are in order, and more.
std::string claims(const std::string& more = "", double expires = now + 600) {
    return R"({"iss": "https://issuer", "aud": ["api", "other"], "sub": "7", "role": "authenticated", "iat": )" + seconds(now - 10) +
           R"(, "exp": )" + seconds(expires) + R"(, "tenant_id": ")" + tenant + "\"" + (more.empty() ? "" : ", " + more) + "}";
}

TokenPolicy policy() {
    TokenPolicy p;
    p.issuer = "https://issuer";
    p.audience = "api";
    return p;
}

std::string refusal(const std::string& token, const TokenPolicy& asked = policy(), double at = now, const KeySet& keys = every_key()) {
    try {
        verify_token(token, keys, asked, at);
    } catch (const TokenError& error) {
        EXPECT_EQ(std::string(error.what()).find(tenant), std::string::npos);
        return error.what();
    }
    return "accepted";
}

const Signer& hs() { return signer_of(TokenAlgorithm::hs256); }
const Signer& es() { return signer_of(TokenAlgorithm::es256); }
const Signer& rs() { return signer_of(TokenAlgorithm::rs256); }

TEST(Token, OfEveryAlgorithmBindsItsTenant) {
    for (const TokenAlgorithm algorithm : algorithms) {
        const Token token = verify_token(signer_of(algorithm).token(claims()), every_key(), policy(), now);
        TenantId expected;
        ASSERT_TRUE(read_tenant_id(tenant, expected));
        EXPECT_EQ(token.tenant, expected);
        EXPECT_EQ(token.expires, now + 600 + policy().leeway);
        EXPECT_NE(token.claims.find("\"role\": \"authenticated\""), std::string::npos);
    }
}

TEST(Token, OfAnotherKeyIsRefused) {
    for (const TokenAlgorithm algorithm : algorithms) {
        const Signer stranger(algorithm, signer_of(algorithm).kid());
        EXPECT_NE(refusal(stranger.token(claims())).find("its signature does not match"), std::string::npos);
    }
}

TEST(Token, WithAnyCharacterChangedIsRefused) {
    for (const TokenAlgorithm algorithm : algorithms) {
        const std::string token = signer_of(algorithm).token(claims());
        for (std::size_t i = 0; i < token.size(); i += 7) {
            std::string changed = token;
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            EXPECT_NE(refusal(changed), "accepted") << i;
        }
    }
}

TEST(Token, CutAnywhereIsRefused) {
    const std::string token = es().token(claims());
    for (std::size_t n = 0; n < token.size(); ++n) EXPECT_NE(refusal(token.substr(0, n)), "accepted") << n;
    EXPECT_NE(refusal(token + "A"), "accepted");
    EXPECT_NE(refusal(token + "="), "accepted");
    EXPECT_NE(refusal(token + "."), "accepted");
    EXPECT_NE(refusal(" " + token), "accepted");
    EXPECT_NE(refusal(token + "\n"), "accepted");
}

// ---- attacks: one line each ----

struct Attack {
    const char* name;
    std::string token, why;
};

std::string with_header(const Signer& signer, const std::string& header) { return signer.token(header, claims()); }
std::string unsigned_token(const std::string& header) { return base64url_encode(header) + "." + base64url_encode(claims()) + "."; }

std::string with_signature(const std::string& header, const std::string& payload, const std::function<std::string(const std::string&)>& sign) {
    const std::string text = base64url_encode(header) + "." + base64url_encode(payload);
    return text + "." + base64url_encode(sign(text));
}

std::string hmac_with(const std::string& secret, const std::string& header) {
    return with_signature(header, claims(), [&](const std::string& text) { return test::hmac_sha256(secret, text); });
}

std::vector<Attack> attacks_on_the_algorithm() {
    const std::string no_key = "no key has its kid and its algorithm";
    return {
        {"none", unsigned_token(R"({"alg": "none"})"), no_key},
        {"None", unsigned_token(R"({"alg": "None"})"), no_key},
        {"nOnE with a kid", unsigned_token(R"({"alg": "nOnE", "kid": "hs"})"), no_key},
        {"empty alg", unsigned_token(R"({"alg": "", "kid": "hs"})"), no_key},
        {"no alg", unsigned_token(R"({"kid": "hs"})"), "no alg"},
        {"alg a number", unsigned_token(R"({"alg": 5, "kid": "hs"})"), "alg is not a string"},
        {"alg a list", unsigned_token(R"({"alg": ["HS256"], "kid": "hs"})"), "alg is not a string"},
        {"no signature", unsigned_token(R"({"alg": "HS256", "kid": "hs"})"), "signature"},
        {"HS256 with the public key's PEM", hmac_with(rs().public_pem(), R"({"alg": "HS256", "kid": "rs"})"), no_key},
        {"HS256 with the public key's PEM, no kid", hmac_with(rs().public_pem(), R"({"alg": "HS256"})"), "signature"},
        {"HS256 with the key's JWK", hmac_with(es().jwk(), R"({"alg": "HS256", "kid": "es"})"), no_key},
        {"HS256 with an empty secret", hmac_with("", R"({"alg": "HS256", "kid": "hs"})"), "signature"},
        {"RS256 by a key of PS256", with_signature(R"({"alg": "RS256", "kid": "ps"})", claims(), [](const std::string& text) {
             return signer_of(TokenAlgorithm::ps256).signature_as(TokenAlgorithm::rs256, text); }), no_key},
        {"PS256 named, PKCS 1 signed", with_signature(R"({"alg": "PS256", "kid": "ps"})", claims(), [](const std::string& text) {
             return signer_of(TokenAlgorithm::ps256).signature_as(TokenAlgorithm::rs256, text); }), "signature"},
        {"RS256 named, PSS signed", with_signature(R"({"alg": "RS256", "kid": "rs"})", claims(), [](const std::string& text) {
             return rs().signature_as(TokenAlgorithm::ps256, text); }), "signature"},
        {"ES384 named", with_header(es(), R"({"alg": "ES384", "kid": "es"})"), no_key},
        {"ES256K named", with_header(es(), R"({"alg": "ES256K", "kid": "es"})"), no_key},
        {"HS512 named", with_header(hs(), R"({"alg": "HS512", "kid": "hs"})"), no_key},
        {"hs256 in lower case", with_header(hs(), R"({"alg": "hs256", "kid": "hs"})"), no_key},
        {"alg with a space", with_header(hs(), R"({"alg": "HS256 ", "kid": "hs"})"), no_key},
        {"EdDSA by a key of ES256", with_header(es(), R"({"alg": "EdDSA", "kid": "es"})"), no_key}};
}

std::vector<Attack> attacks_on_the_header() {
    const std::string json = "not a JSON object without duplicate keys";
    return {
        {"unknown kid", with_header(hs(), R"({"alg": "HS256", "kid": "other"})"), "no key"},
        {"kid of a path", with_header(hs(), R"({"alg": "HS256", "kid": "../../dev/null"})"), "no key"},
        {"kid of SQL", with_header(hs(), R"({"alg": "HS256", "kid": "x' UNION SELECT 'k"})"), "no key"},
        {"kid with NUL", with_header(hs(), R"({"alg": "HS256", "kid": "hs\u0000"})"), json},
        {"kid of 129 characters", with_header(hs(), R"({"alg": "HS256", "kid": ")" + std::string(129, 'k') + "\"}"), "kid"},
        {"empty kid", with_header(hs(), R"({"alg": "HS256", "kid": ""})"), "kid"},
        {"kid a number", with_header(hs(), R"({"alg": "HS256", "kid": 1})"), "kid is not a string"},
        {"kid of another key", with_header(hs(), R"({"alg": "HS256", "kid": "es"})"), "no key"},
        {"crit", with_header(hs(), R"({"alg": "HS256", "kid": "hs", "crit": ["exp"]})"), "crit"},
        {"crit, empty", with_header(hs(), R"({"alg": "HS256", "kid": "hs", "crit": []})"), "crit"},
        {"b64 false", with_header(hs(), R"({"alg": "HS256", "kid": "hs", "b64": false})"), "b64"},
        {"encrypted", with_header(hs(), R"({"alg": "HS256", "kid": "hs", "enc": "A256GCM"})"), "enc"},
        {"compressed", with_header(hs(), R"({"alg": "HS256", "kid": "hs", "zip": "DEF"})"), "zip"},
        {"nested", with_header(hs(), R"({"alg": "HS256", "kid": "hs", "cty": "JWT"})"), "another token"},
        {"typ of another kind", with_header(hs(), R"({"alg": "HS256", "kid": "hs", "typ": "logout+jwt"})"), "typ"},
        {"duplicate alg", with_header(hs(), R"({"alg": "none", "alg": "HS256", "kid": "hs"})"), json},
        {"duplicate kid", with_header(hs(), R"({"alg": "HS256", "kid": "x", "kid": "hs"})"), json},
        {"its own key in jwk", Signer(TokenAlgorithm::es256, "es").token(R"({"alg": "ES256", "kid": "es", "jwk": )" + Signer(TokenAlgorithm::es256, "es").jwk() + "}", claims()), "signature"},
        {"keys elsewhere", Signer(TokenAlgorithm::es256, "es").token(R"({"alg": "ES256", "kid": "es", "jku": "http://127.0.0.1/jwks"})", claims()), "signature"},
        {"header a list", with_header(hs(), R"(["HS256"])"), json},
        {"header a string", with_header(hs(), R"("HS256")"), json},
        {"header empty", with_header(hs(), ""), json},
        {"header with a comment", with_header(hs(), R"({"alg": "HS256", /* */ "kid": "hs"})"), json},
        {"header with more behind it", with_header(hs(), R"({"alg": "HS256", "kid": "hs"} {})"), json},
        {"header not UTF-8", with_header(hs(), "{\"alg\": \"HS256\", \"kid\": \"hs\", \"x\": \"\xff\"}"), json},
        {"header of brackets", with_header(hs(), std::string(2000, '[')), json},
        {"header of nested objects", with_header(hs(), R"({"alg": "HS256", "kid": "hs", "x": )" + std::string(40, '[') + std::string(40, ']') + "}"), json}};
}

std::vector<Attack> attacks_on_the_claims() {
    const auto without = [](const std::string& payload) { return hs().token(payload); };
    const std::string head = R"({"iss": "https://issuer", "aud": "api", )", id = R"("tenant_id": ")" + tenant + "\"", exp = "\"exp\": " + seconds(now + 60);
    return {
        {"no exp", without(head + id + "}"), "no exp"},
        {"exp a string", without(head + id + R"(, "exp": "1900000000"})"), "exp is not a number"},
        {"exp null", without(head + id + R"(, "exp": null})"), "exp is not a number"},
        {"exp beyond all calendars", without(head + id + R"(, "exp": 1e300})"), "exp is out of range"},
        {"exp negative", without(head + id + R"(, "exp": -1})"), "expired"},
        {"expired", without(claims("", now - 6)), "expired"},
        {"not valid yet", without(claims("\"nbf\": " + seconds(now + 6))), "not valid yet"},
        {"issued in the future", without(head + id + ", " + exp + ", \"iat\": " + seconds(now + 6) + "}"), "future"},
        {"duplicate exp", without(head + id + ", \"exp\": 1, " + exp + "}"), "duplicate"},
        {"duplicate tenant", without(claims(R"("tenant_id": "11111111-1111-1111-1111-111111111111")")), "duplicate"},
        {"duplicate tenant, escaped", without(claims(R"("tenant\u005fid": "11111111-1111-1111-1111-111111111111")")), "duplicate"},
        {"no tenant", without(head + exp + "}"), "no claim tenant_id"},
        {"tenant null", without(head + exp + R"(, "tenant_id": null})"), "not a UUID"},
        {"tenant a list", without(head + exp + R"(, "tenant_id": [")" + tenant + "\"]}"), "not a UUID"},
        {"tenant in braces", without(head + exp + R"(, "tenant_id": "{)" + tenant + "}\"}"), "not a UUID"},
        {"tenant without dashes", without(head + exp + R"(, "tenant_id": "0d9f1c526a3b4e8f9c1d2b7a5e4f6081"})"), "not a UUID"},
        {"tenant with SQL", without(head + exp + R"(, "tenant_id": "' OR true --"})"), "not a UUID"},
        {"another issuer", without(R"({"iss": "https://issuer.evil", "aud": "api", )" + id + ", " + exp + "}"), "issuer"},
        {"issuer with a slash", without(R"({"iss": "https://issuer/", "aud": "api", )" + id + ", " + exp + "}"), "issuer"},
        {"no issuer", without(R"({"aud": "api", )" + id + ", " + exp + "}"), "issuer"},
        {"issuer a list", without(R"({"iss": ["https://issuer"], "aud": "api", )" + id + ", " + exp + "}"), "iss is not a string"},
        {"another audience", without(R"({"iss": "https://issuer", "aud": "ap", )" + id + ", " + exp + "}"), "audience"},
        {"no audience", without(R"({"iss": "https://issuer", )" + id + ", " + exp + "}"), "audience"},
        {"no audience among many", without(R"({"iss": "https://issuer", "aud": ["a", "b"], )" + id + ", " + exp + "}"), "audience"},
        {"audience an object", without(R"({"iss": "https://issuer", "aud": {"api": 1}, )" + id + ", " + exp + "}"), "aud"},
        {"payload a list", without("[]"), "JSON object"},
        {"payload empty", without(""), "JSON object"},
        {"payload with NUL", without(claims(R"("x": "a\u0000b")")), "JSON object"},
        {"payload of 9 kB", without(claims("\"x\": \"" + std::string(9000, 'x') + "\"")), "longer than 8 kB"}};
}

std::vector<Attack> attacks_on_the_form() {
    const std::string good = es().token(claims());
    const std::size_t first = good.find('.'), second = good.rfind('.');
    const std::string header = good.substr(0, first), payload = good.substr(first + 1, second - first - 1), signature = good.substr(second + 1);
    std::string stray = signature;  // 64 bytes leave four bits of the last character unused
    stray.back() = stray.back() == 'A' ? 'B' : static_cast<char>(stray.back() + 1);
    const std::string text = header + "." + payload, raw = *base64url_decode(signature);
    const auto signed_by = [&](const std::string& bytes) { return text + "." + base64url_encode(bytes); };
    return {
        {"empty", "", "three parts"},
        {"one part", "abc", "three parts"},
        {"two parts", text, "three parts"},
        {"four parts", good + ".x", "three parts"},
        {"five parts, as if encrypted", good + ".x.y", "three parts"},
        {"Bearer before it", "Bearer " + good, "base64url"},
        {"padding", header + "=." + payload + "." + signature, "base64url"},
        {"plus and slash", "+/" + header.substr(2) + "." + payload + "." + signature, "base64url"},
        {"stray bits in the signature", text + "." + stray, "signature"},
        {"signature of zeros", signed_by(std::string(64, '\0')), "signature"},
        {"r is 0", signed_by(std::string(32, '\0') + raw.substr(32)), "signature"},
        {"s is 0", signed_by(raw.substr(0, 32) + std::string(32, '\0')), "signature"},
        {"r and s beyond the order", signed_by(std::string(64, '\xff')), "signature"},
        {"signature of 63 bytes", signed_by(raw.substr(0, 63)), "signature"},
        {"signature of 65 bytes", signed_by(raw + "x"), "signature"},
        {"signature in DER", signed_by("\x30\x44\x02\x20" + raw.substr(0, 32) + "\x02\x20" + raw.substr(32)), "signature"},
        {"signature of another token", text + "." + es().token(claims("\"x\": 1")).substr(es().token(claims("\"x\": 1")).rfind('.') + 1), "signature"},
        {"NUL inside", header + std::string(1, '\0') + "." + payload + "." + signature, "base64url"},
        {"a megabyte", std::string(1 << 20, 'a'), "longer than 8 kB"},
        {"a megabyte of dots", std::string(1 << 20, '.'), "longer than 8 kB"},
        {"only dots", "..", "JSON object"}};
}

TEST(TokenAttack, IsRefusedForItsReason) {
    int tried = 0;
    for (const auto& list : {attacks_on_the_algorithm(), attacks_on_the_header(), attacks_on_the_claims(), attacks_on_the_form()})
        for (const Attack& attack : list) {
            SCOPED_TRACE(attack.name);
            const std::string why = refusal(attack.token);
            EXPECT_NE(why, "accepted");
            EXPECT_NE(why.find(attack.why), std::string::npos) << why;
            ++tried;
        }
    EXPECT_GE(tried, 90);
}

// ---- what is allowed ----

TEST(Token, MayNameNoKeyWhereOneOfItsAlgorithmExists) {
    EXPECT_EQ(refusal(hs().token(R"({"alg": "HS256"})", claims())), "accepted");
    const Signer next(TokenAlgorithm::hs256, "next");
    const KeySet two = KeySet::parse(test::jwks_of({&hs(), &next}));
    EXPECT_NE(refusal(hs().token(R"({"alg": "HS256"})", claims()), policy(), now, two), "accepted");
    EXPECT_EQ(refusal(next.token(claims()), policy(), now, two), "accepted");
}

TEST(Token, MayHaveATypeOfAccessTokensAndUnknownMembers) {
    for (const std::string type : {"JWT", "jwt", "at+jwt", "application/at+jwt"})
        EXPECT_EQ(refusal(hs().token(R"({"alg": "HS256", "kid": "hs", "x": {"y": [1]}, "typ": ")" + type + "\"}", claims(R"("y": {"z": null})"))), "accepted");
}

TEST(Token, MayBeOutOfStepWithThisClockByTheLeeway) {
    TokenPolicy lenient = policy();
    lenient.leeway = 30;
    EXPECT_EQ(refusal(hs().token(claims("", now - 29)), lenient), "accepted");
    EXPECT_NE(refusal(hs().token(claims("", now - 30)), lenient), "accepted");
    EXPECT_EQ(refusal(hs().token(claims("\"nbf\": " + seconds(now + 30))), lenient), "accepted");
    EXPECT_NE(refusal(hs().token(claims("\"nbf\": " + seconds(now + 31))), lenient), "accepted");
}

TEST(Token, IsNoOlderThanThePolicyAllows) {
    TokenPolicy strict = policy();
    strict.max_age = 60;
    const std::string token = hs().token(claims());  // issued 10 seconds ago
    EXPECT_EQ(refusal(token, strict), "accepted");
    EXPECT_EQ(verify_token(token, every_key(), strict, now).expires, now - 10 + 60 + strict.leeway);
    EXPECT_NE(refusal(token, strict, now + 55), "accepted");
    const std::string undated = hs().token(R"({"iss": "https://issuer", "aud": "api", "exp": )" + seconds(now + 60) + R"(, "tenant_id": ")" + tenant + "\"}");
    EXPECT_NE(refusal(undated, strict).find("no iat"), std::string::npos);
}

TEST(Token, IsReplayedUntilItExpiresAndNotBeyond) {
    const std::string token = hs().token(claims("", now + 1));
    EXPECT_EQ(refusal(token, policy(), now), "accepted");
    EXPECT_EQ(refusal(token, policy(), now + 5.9), "accepted");
    EXPECT_NE(refusal(token, policy(), now + 6), "accepted");
}

TEST(Token, HasItsTenantWhereThePolicySays) {
    TokenPolicy nested = policy();
    nested.tenant_claim = "app_metadata.tenant_id";
    const std::string other = "11111111-2222-3333-4444-555555555555";
    const std::string token = hs().token(claims(R"("app_metadata": {"tenant_id": ")" + other + "\"}"));
    TenantId expected;
    ASSERT_TRUE(read_tenant_id(other, expected));
    EXPECT_EQ(verify_token(token, every_key(), nested, now).tenant, expected);
    nested.tenant_claim = "sub.tenant_id";
    EXPECT_NE(refusal(token, nested).find("no claim sub.tenant_id"), std::string::npos);
}

TEST(Token, OfAnyPartyIsAcceptedWhereThePolicyNamesNone) {
    EXPECT_EQ(refusal(hs().token(R"({"exp": )" + seconds(now + 60) + R"(, "tenant_id": ")" + tenant + "\"}"), TokenPolicy{}), "accepted");
}

// ---- keys ----

std::string refusal_of_keys(const std::string& jwks) {
    try {
        KeySet::parse(jwks);
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::invalid_argument);
        return error.what();
    }
    return "accepted";
}

TEST(KeySet, SaysWhichKeyIsWrongAndHow) {
    const Signer small(TokenAlgorithm::rs256, "small", 1024);
    const std::string secret = base64url_encode(std::string(32, 's'));
    const std::vector<std::pair<std::string, std::string>> cases{
        {"", "not a JSON object"},
        {"[]", "not a JSON object"},
        {R"({"keys": {}})", "no array"},
        {R"({"keys": []})", "no key that verifies"},
        {R"({"keys": [1]})", "keys[0]: it is not an object"},
        {R"({"keys": [{"kty": "oct", "k": "c2hvcnQ"}]})", "keys[0]: a secret of 5 bytes"},
        {R"({"keys": [{"kty": "oct", "k": "not base64!"}]})", "keys[0]: k is missing or not base64url"},
        {R"({"keys": [{"kty": "oct"}]})", "keys[0]: k is missing"},
        {R"({"keys": [{"kty": "oct", "alg": "RS256", "k": ")" + secret + "\"}]}", "alg does not suit"},
        {R"({"keys": [{"kty": "RSA", "alg": "none", "n": "AQ", "e": "AQAB"}]})", "alg does not suit"},
        {test::jwks_of({&small}), "an RSA key of 1024 bits"},
        {R"({"keys": [{"kty": "EC", "crv": "P-384", "x": "AQ", "y": "AQ"}]})", "crv is not P-256"},
        {R"({"keys": [{"kty": "EC", "crv": "P-256", "x": ")" + secret + R"(", "y": ")" + secret + "\"}]}", "not a valid public key"},
        {R"({"keys": [{"kty": "OKP", "crv": "X25519", "x": ")" + secret + "\"}]}", "crv is not Ed25519"},
        {R"({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": ")" + secret + R"(", "d": ")" + secret + "\"}]}", "it is a private key"},
        {R"({"keys": [{"kty": "oct", "kid": "a", "k": ")" + secret + R"("}, {"kty": "oct", "kid": "a", "k": ")" + secret + "\"}]}", "keys[1]: its kid is that of another key"}};
    for (const auto& [jwks, why] : cases) {
        const std::string found = refusal_of_keys(jwks);
        EXPECT_NE(found.find(why), std::string::npos) << found;
        EXPECT_EQ(found.find(secret), std::string::npos);
    }
}

TEST(KeySet, PassesOverKeysThatVerifyNothing) {
    const std::string secret = base64url_encode(std::string(32, 's'));
    const KeySet keys = KeySet::parse(R"({"keys": [{"kty": "RSA", "use": "enc", "n": "AQ", "e": "AQ"}, {"kty": "AKP"},
        {"kty": "oct", "kid": "a", "key_ops": ["encrypt"], "k": ")" + secret + R"("}, {"kty": "oct", "kid": "b", "key_ops": ["verify"], "k": ")" + secret + "\"}]}");
    EXPECT_EQ(keys.size(), 1u);
    EXPECT_NE(keys.find("b", "HS256"), nullptr);
}

// ---- tokens of others: the examples of RFC 7515 (A.1, A.3) and RFC 8037 (A.4) ----

bool verifies(const std::string& jwk, const std::string& token) {
    const KeySet keys = KeySet::parse("{\"keys\": [" + jwk + "]}");
    const std::size_t dot = token.rfind('.');
    const std::string algorithm = token.find("eyJhbGciOiJFUzI1NiJ9") == 0 ? "ES256" : token.find("eyJhbGciOiJFZERTQSJ9") == 0 ? "EdDSA" : "HS256";
    return verify_signature(*keys.find("", algorithm), token.substr(0, dot), *base64url_decode(token.substr(dot + 1)));
}

TEST(Signature, VerifiesTheExamplesOfTheStandards) {
    const std::string payload = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    EXPECT_TRUE(verifies(R"({"kty": "oct", "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"})",
                         "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + payload + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
    EXPECT_TRUE(verifies(R"({"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})",
                         "eyJhbGciOiJFUzI1NiJ9." + payload + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"));
    EXPECT_TRUE(verifies(R"({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})",
                         "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"));
}

// ---- traces ----

std::string redacted(std::string text) {
    redact_tokens(text.data());
    redact_secrets(text.data());
    return text.c_str();
}

TEST(Redaction, TakesOutTokensHoweverTheirJsonIsWrittenAndNothingElse) {
    for (const std::string header : {R"({"alg": "HS256", "kid": "hs"})", R"({ "alg": "HS256", "kid": "hs"})", "{\n\"alg\": \"HS256\", \"kid\": \"hs\"}", "{\t\"alg\": \"HS256\", \"kid\": \"hs\"}"}) {
        const std::string token = hs().token(header, claims());
        EXPECT_EQ(refusal(token), "accepted");
        EXPECT_EQ(redacted("SET LOCAL mmm.token = '" + token + "';"), "SET LOCAL mmm.token = '[token]';");
    }
    for (const std::string text : {"SELECT * FROM ewallet_transactions.customer_payments", "ewww-longhost1.example-domain.com", "eyesight_data.measurements", "e", "ey", ""})
        EXPECT_EQ(redacted(text), text);
}

TEST(Redaction, TakesOutSecretsOfKeys) {
    EXPECT_EQ(redacted(R"(changed to "{"keys": [{"kty": "oct", "k" : "c2VjcmV0", "kid": "k"}]}")"), R"(changed to "{"keys": [{"kty": "oct", "k" : "********", "kid": "k"}]}")");
    EXPECT_EQ(redacted(R"({"k": 5, "kid": "k"})"), R"({"k": 5, "kid": "k"})");
}

TEST(Token, BeginsWithItsBrace) {
    for (const std::string before : {" ", "\n", "\xef\xbb\xbf"}) {
        EXPECT_NE(refusal(hs().token(before + R"({"alg": "HS256", "kid": "hs"})", claims())), "accepted");
        EXPECT_NE(refusal(hs().token(before + claims())), "accepted");
    }
}

TEST(Base64url, HasOneTextForEachSequenceOfBytes) {
    EXPECT_EQ(base64url_decode(""), "");
    EXPECT_EQ(base64url_decode("_-8"), "\xff\xef");
    for (const char* text : {"A", "AB=", "AB==", "A B", "A+B", "A/B", "AAAAA", "AB"}) EXPECT_EQ(base64url_decode(text), std::nullopt) << text;
    std::string bytes;
    for (int i = 0; i < 300; ++i) {
        EXPECT_EQ(base64url_decode(base64url_encode(bytes)), bytes);
        bytes.push_back(static_cast<char>(i * 37));
    }
}

}  // namespace
}  // namespace mmm
