// One thing that a check of the data has to say.
#pragma once

#include <string>

namespace mmm {

struct Finding {
    std::string severity;  // error | warning | info
    std::string code;      // e.g. duplicate_time
    std::string field;     // e.g. media.tv.spend
    std::string message;
    std::string hint;
};

}  // namespace mmm
