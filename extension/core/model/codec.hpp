// The two forms of a stored model.
//
// Bytes: "MMM\0", version (uint16), flags (uint16, 0), CRC-32 of what follows (uint32), then length (uint64) and text of a
// JSON header, float64 data, float32 draws. All little-endian.
// JSON: the same header with the data as numbers and the draws as base64 of little-endian float32, so that text
// loses nothing and stays near the size of the draws.
#pragma once

#include <string>
#include <string_view>

#include "core/model/codec_header.hpp"
#include "core/model/fitted_model.hpp"

namespace mmm {

std::string encode_model(const FittedModel& model);
FittedModel decode_model(std::string_view bytes);       // Error(invalid_binary)
std::string model_text(const FittedModel& model);
FittedModel read_model_text(std::string_view text);     // Error(invalid_text)

}  // namespace mmm
