// Makes keys and signs tokens, right ones and wrong ones, for tests of those that verify them.
#pragma once

#include <memory>
#include <string>

#include "core/token/key_set.hpp"

namespace mmm::test {

// A key pair, or the secret of HS256.
class Signer {
public:
    Signer(TokenAlgorithm algorithm, std::string kid, int rsa_bits = 2048);

    const std::string& kid() const { return kid_; }
    std::string jwk() const;  // public, with kid and alg
    std::string public_pem() const;
    std::string signature(const std::string& text) const;
    std::string signature_as(TokenAlgorithm algorithm, const std::string& text) const;  // by another algorithm of the same kind of key
    // header.payload.signature of JSON texts as they are given
    std::string token(const std::string& header, const std::string& payload) const;
    std::string token(const std::string& payload) const;  // with the header that suits

private:
    TokenAlgorithm algorithm_;
    std::string kid_, secret_;
    std::shared_ptr<evp_pkey_st> key_;
};

std::string hmac_sha256(const std::string& secret, const std::string& text);
std::string jwks_of(std::initializer_list<const Signer*> signers);

}  // namespace mmm::test
