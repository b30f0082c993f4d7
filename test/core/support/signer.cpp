#include "support/signer.hpp"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include <stdexcept>

#include "core/token/base64url.hpp"

namespace mmm::test {

namespace {

std::string number_of(EVP_PKEY* key, const char* name, int size) {
    BIGNUM* number = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &number) != 1) throw std::runtime_error("no such parameter of a key");
    std::string bytes(static_cast<std::size_t>(size > 0 ? size : BN_num_bytes(number)), '\0');
    BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    BN_free(number);
    return base64url_encode(bytes);
}

EVP_PKEY* generated(TokenAlgorithm algorithm, int rsa_bits) {
    switch (algorithm) {
        case TokenAlgorithm::es256: return EVP_EC_gen("P-256");
        case TokenAlgorithm::eddsa: return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
        default: return EVP_RSA_gen(static_cast<unsigned>(rsa_bits));
    }
}

// DER -> r and s one after the other
std::string joined(const std::string& der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
    std::string bytes(64, '\0');
    BN_bn2binpad(ECDSA_SIG_get0_r(pair), reinterpret_cast<unsigned char*>(bytes.data()), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair), reinterpret_cast<unsigned char*>(bytes.data()) + 32, 32);
    ECDSA_SIG_free(pair);
    return bytes;
}

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

}  // namespace

std::string hmac_sha256(const std::string& secret, const std::string& text) {
    std::string bytes(32, '\0');
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(bytes.data()), nullptr);
    return bytes;
}

Signer::Signer(TokenAlgorithm algorithm, std::string kid, int rsa_bits) : algorithm_(algorithm), kid_(std::move(kid)) {
    if (algorithm == TokenAlgorithm::hs256) {
        secret_.resize(32);
        RAND_bytes(reinterpret_cast<unsigned char*>(secret_.data()), static_cast<int>(secret_.size()));
        return;
    }
    key_ = std::shared_ptr<EVP_PKEY>(generated(algorithm, rsa_bits), EVP_PKEY_free);
}

std::string Signer::jwk() const {
    std::string jwk = "{\"alg\": " + quoted(name_of(algorithm_)) + (kid_.empty() ? "" : ", \"kid\": " + quoted(kid_));
    switch (algorithm_) {
        case TokenAlgorithm::hs256: jwk += ", \"kty\": \"oct\", \"k\": " + quoted(base64url_encode(secret_)); break;
        case TokenAlgorithm::es256:
            jwk += ", \"kty\": \"EC\", \"crv\": \"P-256\", \"x\": " + quoted(number_of(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, 32)) +
                   ", \"y\": " + quoted(number_of(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, 32));
            break;
        case TokenAlgorithm::eddsa: {
            std::string x(32, '\0');
            std::size_t size = x.size();
            EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(x.data()), &size);
            jwk += ", \"kty\": \"OKP\", \"crv\": \"Ed25519\", \"x\": " + quoted(base64url_encode(x));
            break;
        }
        default:
            jwk += ", \"kty\": \"RSA\", \"n\": " + quoted(number_of(key_.get(), OSSL_PKEY_PARAM_RSA_N, 0)) +
                   ", \"e\": " + quoted(number_of(key_.get(), OSSL_PKEY_PARAM_RSA_E, 0));
    }
    return jwk + "}";
}

std::string Signer::public_pem() const {
    BIO* memory = BIO_new(BIO_s_mem());
    PEM_write_bio_PUBKEY(memory, key_.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory, &text);
    const std::string pem(text, static_cast<std::size_t>(size));
    BIO_free(memory);
    return pem;
}

std::string Signer::signature(const std::string& text) const { return signature_as(algorithm_, text); }

std::string Signer::signature_as(TokenAlgorithm algorithm, const std::string& text) const {
    if (algorithm == TokenAlgorithm::hs256) return hmac_sha256(secret_, text);
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_PKEY_CTX* options = nullptr;
    EVP_DigestSignInit(context.get(), &options, algorithm == TokenAlgorithm::eddsa ? nullptr : EVP_sha256(), nullptr, key_.get());
    if (algorithm == TokenAlgorithm::ps256) {
        EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
        EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
    }
    std::size_t size = 0;
    const auto* data = reinterpret_cast<const unsigned char*>(text.data());
    EVP_DigestSign(context.get(), nullptr, &size, data, text.size());
    std::string bytes(size, '\0');
    if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size, data, text.size()) != 1)
        throw std::runtime_error("signing failed");
    bytes.resize(size);
    return algorithm == TokenAlgorithm::es256 ? joined(bytes) : bytes;
}

std::string Signer::token(const std::string& header, const std::string& payload) const {
    const std::string text = base64url_encode(header) + "." + base64url_encode(payload);
    return text + "." + base64url_encode(signature(text));
}

std::string Signer::token(const std::string& payload) const {
    return token("{\"alg\": " + quoted(name_of(algorithm_)) + ", \"typ\": \"JWT\"" + (kid_.empty() ? "" : ", \"kid\": " + quoted(kid_)) + "}", payload);
}

std::string jwks_of(std::initializer_list<const Signer*> signers) {
    std::string keys;
    for (const Signer* signer : signers) keys += (keys.empty() ? "" : ", ") + signer->jwk();
    return "{\"keys\": [" + keys + "]}";
}

}  // namespace mmm::test
