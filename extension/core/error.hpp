// What can go wrong for a reason the user can act on. Anything else is a plain std::exception: an internal error.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace mmm {

enum class ErrorKind {
    invalid_specification,  // 22023: the message starts with the JSON path
    invalid_data,           // 22023: the data cannot be modelled; detail lists every finding
    invalid_argument,       // 22023: an argument of a question asked of a model
    unsupported,            // 0A000
    limit_exceeded,         // 54000: memory estimate above the allowed limit
    invalid_text,           // 22P02: text that is not a model
    invalid_binary,         // 22P03: bytes that are not a model, damaged or of a newer version
    cancelled,              // 57014: only seen by workers; the leader rethrows what made it stop
};

// Message, detail and hint follow PostgreSQL's error message style: the message in lower case without a full stop,
// detail and hint in sentences.
class Error : public std::runtime_error {
public:
    Error(ErrorKind kind, const std::string& message, std::string detail = {}, std::string hint = {})
        : std::runtime_error(message), kind_(kind), detail_(std::move(detail)), hint_(std::move(hint)) {}
    ErrorKind kind() const { return kind_; }
    const std::string& detail() const { return detail_; }
    const std::string& hint() const { return hint_; }

private:
    ErrorKind kind_;
    std::string detail_;
    std::string hint_;
};

}  // namespace mmm
