// The readable part of a stored model: version, specification, parameter names, diagnostics. Both forms carry it.
#pragma once

#include <string>

#include "core/model/fitted_model.hpp"

namespace mmm {

constexpr int model_format_version = 1;
constexpr int totals_version = 1;  // of how ChannelTotals computes what a model keeps: raise it when that changes

// How a reader complains: invalid text or invalid bytes.
struct Fault {
    ErrorKind kind;
    [[noreturn]] void raise(const std::string& what) const {
        throw Error(kind, "invalid mmm_model: " + what, {},
                    "The value is damaged or was not written by mmm; restore it from a backup or fit again.");
    }
};

// Checked access to a document that may be anything.
// Numbers that JSON cannot hold (a NaN R-hat) come back from null.
double number_or_nan(const Json& value, const Fault& fault);
std::int64_t count_at(const Json& json, const char* key, std::int64_t most, const Fault& fault);
const Json& array_at(const Json& json, const char* key, std::size_t size, const Fault& fault);

Json header_json(const FittedModel& model);
void check_version(const Json& header, const Fault& fault);
FittedModel read_header(const Json& header, const Fault& fault);  // all but data and draws

}  // namespace mmm
