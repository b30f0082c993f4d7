// The settings that say which tokens are good, and the verification of one against them, remembered.
#pragma once

#include "core/token/token.hpp"

namespace mmm::sql {

void define_token_settings();  // from _PG_init

// Throws TokenError, or Error where keys are missing or cannot be read. `now`: seconds since 1970.
const Token& verified(const char* token, double now);
// The same without a look at times: of a parallel worker, whose leader has looked.
const Token& verified_before(const char* token);

}  // namespace mmm::sql
