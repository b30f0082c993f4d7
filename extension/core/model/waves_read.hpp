// The parts of a specification that become linear columns of known shape: trend, seasonality, events.
#pragma once

#include <string>
#include <vector>

#include "core/model/presets.hpp"
#include "core/model/specification.hpp"

namespace mmm {

// Absent values (nullptr) come from the preset.
Trend parse_trend(const Json* value, const Preset& preset);
std::vector<Seasonality> parse_seasonality(const Json* value, const Preset& preset);
Event parse_event(const Json& value, const std::string& path, const Preset& preset);

}  // namespace mmm
