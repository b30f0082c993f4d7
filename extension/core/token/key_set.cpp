#include "core/token/key_set.hpp"

#include <algorithm>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "core/error.hpp"
#include "core/token/base64url.hpp"
#include "core/token/strict_json.hpp"

namespace mmm {

namespace {

constexpr std::size_t most_keys = 64, most_kid = 128, least_secret = 32;
constexpr int least_rsa_bits = 2048, most_rsa_bits = 8192;
constexpr std::size_t coordinate_size = 32;

struct Free {
    void operator()(OSSL_PARAM_BLD* p) const { OSSL_PARAM_BLD_free(p); }
    void operator()(OSSL_PARAM* p) const { OSSL_PARAM_free(p); }
    void operator()(EVP_PKEY_CTX* p) const { EVP_PKEY_CTX_free(p); }
    void operator()(BIGNUM* p) const { BN_free(p); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;
using Key = std::shared_ptr<EVP_PKEY>;

[[noreturn]] void refuse(const std::string& which, const std::string& why, const std::string& hint = {}) {
    throw Error(ErrorKind::invalid_argument, "JSON Web Key Set: " + which + ": " + why, {}, hint);
}

std::string text_at(const Json& jwk, const char* name, const std::string& which) {
    const auto found = jwk.find(name);
    if (found == jwk.end()) return {};
    if (!found->is_string()) refuse(which, std::string(name) + " is not a string");
    return found->get<std::string>();
}

std::string bytes_at(const Json& jwk, const char* name, const std::string& which) {
    const auto bytes = base64url_decode(text_at(jwk, name, which));
    if (!bytes || bytes->empty()) refuse(which, std::string(name) + " is missing or not base64url without padding");
    return *bytes;
}

Owned<BIGNUM> number_of(const std::string& bytes) {
    return Owned<BIGNUM>(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), nullptr));
}

Key key_from(const char* type, OSSL_PARAM_BLD* builder) {
    const Owned<OSSL_PARAM> parameters(OSSL_PARAM_BLD_to_param(builder));
    const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* made = nullptr;
    if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
        return nullptr;
    return Key(made, EVP_PKEY_free);
}

bool is_valid_public_key(const Key& key) {
    if (!key) return false;
    const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    return context && EVP_PKEY_public_check(context.get()) == 1;
}

Key rsa_key(const Json& jwk, const std::string& which) {
    const Owned<BIGNUM> n = number_of(bytes_at(jwk, "n", which)), e = number_of(bytes_at(jwk, "e", which));
    if (BN_num_bits(n.get()) < least_rsa_bits || BN_num_bits(n.get()) > most_rsa_bits)
        refuse(which, "an RSA key of " + std::to_string(BN_num_bits(n.get())) + " bits", "Use 2048 to 8192 bits.");
    if (BN_is_one(e.get()) || !BN_is_odd(e.get()) || BN_num_bits(e.get()) > 32) refuse(which, "its exponent cannot be one");
    const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
    return key_from("RSA", builder.get());
}

Key p256_key(const Json& jwk, const std::string& which) {
    if (text_at(jwk, "crv", which) != "P-256") refuse(which, "crv is not P-256", "Use a key of P-256 for ES256.");
    const std::string x = bytes_at(jwk, "x", which), y = bytes_at(jwk, "y", which);
    if (x.size() != coordinate_size || y.size() != coordinate_size) refuse(which, "a coordinate is not of 32 bytes");
    const std::string point = "\x04" + x + y;
    const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
    OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
    return key_from("EC", builder.get());
}

Key ed25519_key(const Json& jwk, const std::string& which) {
    if (text_at(jwk, "crv", which) != "Ed25519") refuse(which, "crv is not Ed25519", "Use a key of Ed25519 for EdDSA.");
    const std::string x = bytes_at(jwk, "x", which);
    if (x.size() != coordinate_size) refuse(which, "x is not of 32 bytes");
    return Key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, reinterpret_cast<const unsigned char*>(x.data()), x.size()), EVP_PKEY_free);
}

TokenAlgorithm algorithm_of(const std::string& kty, const std::string& alg, const std::string& which) {
    struct Pair {
        const char* kty;
        TokenAlgorithm algorithm;
    };
    // The first of a kind is what a key without alg is for.
    constexpr Pair pairs[] = {{"oct", TokenAlgorithm::hs256}, {"RSA", TokenAlgorithm::rs256}, {"RSA", TokenAlgorithm::ps256},
                              {"EC", TokenAlgorithm::es256},  {"OKP", TokenAlgorithm::eddsa}};
    for (const Pair& pair : pairs)
        if (kty == pair.kty && (alg.empty() || alg == name_of(pair.algorithm))) return pair.algorithm;
    refuse(which, "alg does not suit its kty", "Known are HS256 (oct), RS256 and PS256 (RSA), ES256 (EC) and EdDSA (OKP).");
}

void read_material(const Json& jwk, const std::string& which, TokenKey& key) {
    if (key.algorithm == TokenAlgorithm::hs256) {
        key.secret = bytes_at(jwk, "k", which);
        if (key.secret.size() < least_secret)
            refuse(which, "a secret of " + std::to_string(key.secret.size()) + " bytes", "Use 32 bytes or more for HS256.");
        return;
    }
    if (jwk.contains("d")) refuse(which, "it is a private key", "Give the public part alone; who signs keeps the rest.");
    switch (key.algorithm) {
        case TokenAlgorithm::es256: key.key = p256_key(jwk, which); break;
        case TokenAlgorithm::eddsa: key.key = ed25519_key(jwk, which); break;
        default: key.key = rsa_key(jwk, which);
    }
    if (!is_valid_public_key(key.key)) refuse(which, "it is not a valid public key");
}

bool is_for_signatures(const Json& jwk, const std::string& which) {
    const std::string use = text_at(jwk, "use", which);
    if (!use.empty() && use != "sig") return false;
    const auto operations = jwk.find("key_ops");
    if (operations == jwk.end()) return true;
    if (!operations->is_array()) refuse(which, "key_ops is not an array");
    for (const auto& operation : *operations)
        if (operation == "verify" || operation == "sign") return true;
    return false;
}

}  // namespace

const char* name_of(TokenAlgorithm algorithm) {
    switch (algorithm) {
        case TokenAlgorithm::hs256: return "HS256";
        case TokenAlgorithm::rs256: return "RS256";
        case TokenAlgorithm::ps256: return "PS256";
        case TokenAlgorithm::es256: return "ES256";
        case TokenAlgorithm::eddsa: return "EdDSA";
    }
    return "";
}

KeySet KeySet::parse(std::string_view jwks) {
    const auto document = parse_strict_object(jwks);
    const std::string hint = "Give an object with an array \"keys\", as https://.../.well-known/jwks.json has it.";
    if (!document) throw Error(ErrorKind::invalid_argument, "JSON Web Key Set: it is not a JSON object without duplicate keys", {}, hint);
    const auto keys = document->find("keys");
    if (keys == document->end() || !keys->is_array()) throw Error(ErrorKind::invalid_argument, "JSON Web Key Set: it has no array \"keys\"", {}, hint);
    if (keys->size() > most_keys) throw Error(ErrorKind::invalid_argument, "JSON Web Key Set: more than 64 keys", {}, "Leave out keys that no longer sign.");
    KeySet set;
    for (std::size_t i = 0; i < keys->size(); ++i) {
        const Json& jwk = (*keys)[i];
        const std::string which = "keys[" + std::to_string(i) + "]";
        if (!jwk.is_object()) refuse(which, "it is not an object");
        const std::string kty = text_at(jwk, "kty", which);
        const bool known = kty == "oct" || kty == "RSA" || kty == "EC" || kty == "OKP";
        if (!known || !is_for_signatures(jwk, which)) continue;
        TokenKey key;
        key.kid = text_at(jwk, "kid", which);
        if (key.kid.size() > most_kid) refuse(which, "a kid of more than 128 characters");
        for (const TokenKey& other : set.keys_)
            if (!key.kid.empty() && other.kid == key.kid) refuse(which, "its kid is that of another key", "Give every key a kid of its own.");
        key.algorithm = algorithm_of(kty, text_at(jwk, "alg", which), which);
        read_material(jwk, which, key);
        set.keys_.push_back(std::move(key));
    }
    if (set.empty()) throw Error(ErrorKind::invalid_argument, "JSON Web Key Set: no key that verifies signatures", {}, "Known are oct, RSA, EC (P-256) and OKP (Ed25519) keys.");
    return set;
}

bool KeySet::has_secrets() const {
    return std::any_of(keys_.begin(), keys_.end(), [](const TokenKey& key) { return !key.secret.empty(); });
}

const TokenKey* KeySet::find(std::string_view kid, std::string_view alg) const {
    const TokenKey* found = nullptr;
    for (const TokenKey& key : keys_) {
        if (alg != name_of(key.algorithm) || (!kid.empty() && key.kid != kid)) continue;
        if (found != nullptr) return nullptr;
        found = &key;
    }
    return found;
}

}  // namespace mmm
