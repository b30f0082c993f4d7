// Keys that tokens are verified with, from a JSON Web Key Set (RFC 7517, 7518, 8037).
//
// A key has one algorithm: that of its "alg", or the one of its kind (oct HS256, RSA RS256, P-256 ES256, Ed25519 EdDSA). Keys for
// encryption and kinds that are not known are passed over, as RFC 7517 section 5 asks; a key of a known kind that cannot be
// used is an error that names it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct evp_pkey_st;

namespace mmm {

enum class TokenAlgorithm { hs256, rs256, ps256, es256, eddsa };

const char* name_of(TokenAlgorithm algorithm);

struct TokenKey {
    std::string kid;  // empty: none
    TokenAlgorithm algorithm = TokenAlgorithm::hs256;
    std::string secret;                    // of HS256
    std::shared_ptr<evp_pkey_st> key;      // of the others
};

class KeySet {
public:
    // Throws Error(invalid_argument) that says which key is wrong and how; never what is in it.
    static KeySet parse(std::string_view jwks);

    // The key that a header with this kid and alg may mean: that of the kid if its algorithm is alg; without a kid the only key
    // of the algorithm. Null otherwise.
    const TokenKey* find(std::string_view kid, std::string_view alg) const;

    bool empty() const { return keys_.empty(); }
    bool has_secrets() const;  // keys that sign as well: of HS256
    std::size_t size() const { return keys_.size(); }

private:
    std::vector<TokenKey> keys_;
};

// Whether `signature` is that of `text` by the key. Lengths and encodings are those of RFC 7518, section 3.
bool verify_signature(const TokenKey& key, std::string_view text, std::string_view signature);

}  // namespace mmm
