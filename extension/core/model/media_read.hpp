// The media part of a specification: `media`, `reach_frequency`, `organic_media`, `treatments`, and the defaults `adstock`,
// `saturation`, `max_lag`, `order`, `media_geo_effect`.
#pragma once

#include "core/model/presets.hpp"
#include "core/model/specification.hpp"

namespace mmm {

void read_media(JsonObject& root, Specification& spec);

AdstockChoice default_adstock(const PresetForm& form, AdstockFamily family, int max_lag, bool normalize);
SaturationChoice default_saturation(const PresetForm& form, SaturationFamily family);

// {"family": "geometric", "max_lag": 8, "normalize": true, "alpha": 0.5}: priors may be numbers. Starts from `fallback`.
AdstockChoice parse_adstock(const Json& value, const std::string& path, const AdstockChoice& fallback,
                            const PresetForm& form);
SaturationChoice parse_saturation(const Json& value, const std::string& path, const SaturationChoice& fallback,
                                  const PresetForm& form);

// A column name; throws for another kind of value and for an empty name.
std::string column_name(const Json& value, const std::string& path);

}  // namespace mmm
