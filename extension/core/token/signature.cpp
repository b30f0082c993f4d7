#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include "core/token/key_set.hpp"

namespace mmm {

namespace {

constexpr std::size_t hmac_size = 32, curve_signature_size = 64;

struct Free {
    void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
    void operator()(ECDSA_SIG* p) const { ECDSA_SIG_free(p); }
};

const unsigned char* raw(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

bool verify_hmac(const std::string& secret, std::string_view text, std::string_view signature) {
    unsigned char expected[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (signature.size() != hmac_size ||
        HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), raw(text), text.size(), expected, &size) == nullptr)
        return false;
    return size == hmac_size && CRYPTO_memcmp(expected, signature.data(), hmac_size) == 0;
}

// r and s one after the other -> the DER that OpenSSL reads.
std::string der_of(std::string_view signature) {
    const auto half = static_cast<int>(curve_signature_size / 2);
    const std::unique_ptr<ECDSA_SIG, Free> pair(ECDSA_SIG_new());
    BIGNUM *r = BN_bin2bn(raw(signature), half, nullptr), *s = BN_bin2bn(raw(signature) + half, half, nullptr);
    if (!pair || ECDSA_SIG_set0(pair.get(), r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return {};
    }
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(pair.get(), &der);
    std::string bytes;
    if (size > 0) bytes.assign(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return bytes;
}

bool verify_with_key(const TokenKey& key, std::string_view text, std::string_view signature) {
    const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
    const EVP_MD* digest = key.algorithm == TokenAlgorithm::eddsa ? nullptr : EVP_sha256();
    EVP_PKEY_CTX* options = nullptr;
    if (!context || EVP_DigestVerifyInit(context.get(), &options, digest, nullptr, key.key.get()) != 1) return false;
    if (key.algorithm == TokenAlgorithm::ps256 &&
        (EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) != 1 ||
         EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) != 1 || EVP_PKEY_CTX_set_rsa_mgf1_md(options, EVP_sha256()) != 1))
        return false;
    return EVP_DigestVerify(context.get(), raw(signature), signature.size(), raw(text), text.size()) == 1;
}

}  // namespace

bool verify_signature(const TokenKey& key, std::string_view text, std::string_view signature) {
    switch (key.algorithm) {
        case TokenAlgorithm::hs256: return verify_hmac(key.secret, text, signature);
        case TokenAlgorithm::es256:
            return signature.size() == curve_signature_size && verify_with_key(key, text, der_of(signature));
        case TokenAlgorithm::eddsa: return signature.size() == curve_signature_size && verify_with_key(key, text, signature);
        case TokenAlgorithm::rs256:
        case TokenAlgorithm::ps256:
            return signature.size() == static_cast<std::size_t>(EVP_PKEY_get_size(key.key.get())) && verify_with_key(key, text, signature);
    }
    return false;
}

}  // namespace mmm
