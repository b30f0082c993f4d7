#include "core/token/base64url.hpp"

#include <array>
#include <cstdint>

namespace mmm {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t none = 255;

constexpr std::array<std::uint8_t, 256> values_of_characters() {
    std::array<std::uint8_t, 256> values{};
    values.fill(none);
    for (std::size_t i = 0; i < alphabet.size(); ++i) values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    return values;
}

constexpr auto base64url_value = values_of_characters();

}  // namespace

std::optional<std::string> base64url_decode(std::string_view text) {
    if (text.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t bits = 0;
    int waiting = 0;  // bits that are not a whole byte yet
    for (const char c : text) {
        const std::uint8_t value = base64url_value[static_cast<unsigned char>(c)];
        if (value == none) return std::nullopt;
        bits = bits << 6 | value;
        waiting += 6;
        if (waiting < 8) continue;
        waiting -= 8;
        bytes.push_back(static_cast<char>(bits >> waiting & 0xff));
    }
    if ((bits & ((1u << waiting) - 1)) != 0) return std::nullopt;
    return bytes;
}

std::string base64url_encode(std::string_view bytes) {
    std::string text;
    text.reserve((bytes.size() * 4 + 2) / 3);
    std::uint32_t bits = 0;
    int waiting = 0;
    for (const char c : bytes) {
        bits = bits << 8 | static_cast<unsigned char>(c);
        waiting += 8;
        for (; waiting >= 6; waiting -= 6) text.push_back(alphabet[bits >> (waiting - 6) & 63]);
    }
    if (waiting > 0) text.push_back(alphabet[bits << (6 - waiting) & 63]);
    return text;
}

}  // namespace mmm
