// The media part of a specification: `media`, `organic_media`, and the defaults `adstock`, `saturation`, `max_lag`.
#pragma once

#include "core/model/specification.hpp"

namespace mmm {

void read_media(JsonObject& root, Specification& spec);

}  // namespace mmm
