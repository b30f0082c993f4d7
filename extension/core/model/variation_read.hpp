// "time_varying_media", and what a trend by a Gaussian process is given.
#pragma once

#include "core/model/json.hpp"
#include "core/model/presets.hpp"
#include "core/model/specification.hpp"

namespace mmm {

// The keys amplitude, lengthscale and basis of `object`.
Variation parse_variation(JsonObject& object, const Preset& preset);

// false, true, or {"scope": "common" | "channel", amplitude, lengthscale, basis}.
void read_media_variation(JsonObject& root, const Preset& preset, Specification& spec);

Json variation_json(const Variation& variation);

// Whether the process multiplies what it varies, or is added to it (time_variation.hpp).
bool trend_multiplies(const Specification& spec);

}  // namespace mmm
