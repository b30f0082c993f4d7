// Text of the user's as it may stand in a page, and the few pieces of HTML that every part of the report writes.
// Everything written is well-formed XML as well: tags are closed, attributes quoted.
#pragma once

#include <string>
#include <string_view>

namespace mmm::page {

// Fit for element content and quoted attributes: & < > " ' are escaped; control characters that neither HTML nor XML
// allows become U+FFFD.
std::string escape(std::string_view text);

// A name of the user's in a sentence: escaped, and kept apart from the direction of the text around it.
std::string name_html(std::string_view name);

// The first part of a text of at most `width` columns (wide characters are two), with an ellipsis where it was cut.
// Cuts between code points only.
std::string shortened(std::string_view text, int width);

// Columns that a text takes, in units of a Latin letter.
int columns_of(std::string_view text);

// <data value="...">shown</data>: a number as people read it, with the exact one for machines.
std::string data_html(double value, const std::string& shown);

}  // namespace mmm::page
