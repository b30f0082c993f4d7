// Takes signed tokens out of texts that others may read.
#pragma once

namespace mmm {

// Whether there is one: three parts of base64url with dots between them, the first beginning as a
// JSON object does: a brace and then a quotation mark or white space.
bool holds_token(const char* text);

// Writes "[token]" in the place of each; the text never grows.
void redact_tokens(char* text);

// The same for the secret of a JSON Web Key, "k": "...", whose characters become stars.
bool holds_secret(const char* text);
void redact_secrets(char* text);

}  // namespace mmm
