#include "core/report/html.hpp"

#include <cmath>
#include <cstdint>

#include "core/format.hpp"

namespace mmm::page {

namespace {

// The code point that begins at `at`, and how many bytes it takes; a stray byte stands for itself.
struct CodePoint {
    std::uint32_t value;
    std::size_t bytes;
};

CodePoint code_point_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
    const std::uint32_t lead = byte(at);
    const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (bytes == 1 || at + bytes > text.size()) return {lead, 1};
    std::uint32_t value = lead & (0xFFu >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i) value = (value << 6) | (byte(at + i) & 0x3Fu);
    return {value, bytes};
}

// East Asian letters and pictures take two columns; what joins the letter before takes none.
int columns_of_point(std::uint32_t point) {
    if ((point >= 0x300 && point <= 0x36F) || point == 0x200D || (point >= 0xFE00 && point <= 0xFE0F)) return 0;
    const bool wide = (point >= 0x1100 && point <= 0x115F) || (point >= 0x2E80 && point <= 0xA4CF) ||
                      (point >= 0xAC00 && point <= 0xD7A3) || (point >= 0xF900 && point <= 0xFAFF) ||
                      (point >= 0xFE30 && point <= 0xFE6F) || (point >= 0xFF00 && point <= 0xFF60) || point >= 0x1F300;
    return wide ? 2 : 1;
}

}  // namespace

std::string escape(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default:
                if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r')
                    out += "\xEF\xBF\xBD";
                else
                    out += c;
        }
    }
    return out;
}

std::string name_html(std::string_view name) {
    return "<bdi>" + escape(name) + "</bdi>";
}

int columns_of(std::string_view text) {
    int columns = 0;
    for (std::size_t i = 0; i < text.size();) {
        const CodePoint point = code_point_at(text, i);
        columns += columns_of_point(point.value);
        i += point.bytes;
    }
    return columns;
}

std::string shortened(std::string_view text, int width) {
    if (columns_of(text) <= width) return std::string(text);
    int columns = 1;  // of the ellipsis
    std::size_t end = 0;
    while (end < text.size()) {
        const CodePoint point = code_point_at(text, end);
        columns += columns_of_point(point.value);
        if (columns > width) break;
        end += point.bytes;
    }
    return std::string(text.substr(0, end)) + "\u2026";
}

std::string data_html(double value, const std::string& shown) {
    if (!std::isfinite(value)) return shown;
    return "<data value=\"" + format_number(value) + "\">" + shown + "</data>";
}

}  // namespace mmm::page
