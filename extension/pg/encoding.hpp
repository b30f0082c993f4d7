// The engine speaks UTF-8, the server its database's encoding. Both functions may raise an ERROR and return their
// argument when there is nothing to convert: call them under `guarded` or where nothing with a destructor is alive.
#pragma once

#include "pg/pg.hpp"

namespace mmm::pg {

inline const char* server_text(const char* utf8) {
    return pg_any_to_server(utf8, static_cast<int>(std::strlen(utf8)), PG_UTF8);
}

inline const char* utf8_text(const char* text) {
    return pg_server_to_any(text, static_cast<int>(std::strlen(text)), PG_UTF8);
}

}  // namespace mmm::pg
