// Datums to C++ values and back. Strings are UTF-8 on the C++ side. Each function throws what PostgreSQL raises.
#pragma once

#include "pg/boundary.hpp"

namespace mmm::pg {

std::string string_from_text(Datum value);
std::string string_from_jsonb(Datum jsonb);
std::string string_from_cstring(const char* text);
std::vector<std::string> strings_from_array(Datum text_array);  // SqlError 22004 for a null element
std::vector<double> doubles_from_array(Datum float8_array);  // null counts as 0; SqlError 2202E unless one-dimensional
// Of an argument: SqlError 22004 with its name for a null element.
std::vector<double> doubles_without_nulls(Datum float8_array, const char* name);

// Of an array of varlenas, such as a VARIADIC argument: SqlError 22004 with its name for a null element.
std::vector<Datum> elements_without_nulls(Datum array, const char* name);

Datum text_from_string(const std::string& text);
Datum cstring_from_string(const std::string& text);
Datum jsonb_from_string(const std::string& json);
Datum array_from_doubles(const std::vector<double>& values);

// A value that lives in a varlena: its bytes, without a copy unless it was compressed or stored out of line.
std::string_view bytes_from_varlena(Datum value);
// A new varlena around `bytes`; SqlError 54000 above PostgreSQL's limit of 1 GB for one value.
Datum varlena_from_bytes(std::string_view bytes);

}  // namespace mmm::pg
