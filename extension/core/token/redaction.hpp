// Takes signed tokens out of texts that others may read.
#pragma once

namespace mmm {

// Whether there is one: three parts of base64url with dots between them, the first beginning as JSON objects do, "eyJ" or "ew".
bool holds_token(const char* text);

// Writes "[token]" in the place of each; the text never grows.
void redact_tokens(char* text);

}  // namespace mmm
