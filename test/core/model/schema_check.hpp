// Checks a document against a JSON Schema, as far as the keywords go that the project's schema uses. An unknown keyword
// throws, so that the schema cannot outgrow the check unnoticed.
#pragma once

#include <cmath>
#include <stdexcept>

#include "core/model/json.hpp"

namespace mmm::test {

class SchemaCheck {
public:
    explicit SchemaCheck(Json schema) : root_(std::move(schema)) {}

    bool accepts(const Json& value) const { return valid(root_, value); }

private:
    static bool is_type(const std::string& type, const Json& value) {
        if (type == "integer") return value.is_number() && std::floor(value.get<double>()) == value.get<double>();
        return type == "object"   ? value.is_object()
               : type == "array"  ? value.is_array()
               : type == "string" ? value.is_string()
               : type == "number" ? value.is_number()
                                  : type == "boolean" && value.is_boolean();
    }

    static bool has_date_shape(const std::string& text) {
        const std::string shape = "0000-00-00 00:00:00";
        if (text.size() != 10 && text.size() != shape.size()) return false;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const bool digit = text[i] >= '0' && text[i] <= '9';
            if (shape[i] == '0' ? !digit : text[i] != shape[i] && !(i == 10 && text[i] == 'T')) return false;
        }
        return true;
    }

    static bool contains(const Json& list, const Json& value) {
        return std::find(list.begin(), list.end(), value) != list.end();
    }

    bool object_valid(const Json& schema, const Json& value) const {
        const Json none = Json::object();
        const Json& properties = schema.contains("properties") ? schema["properties"] : none;
        for (const auto& item : value.items()) {
            const bool known = properties.contains(item.key());
            if (known && !valid(properties[item.key()], item.value())) return false;
            if (known || !schema.contains("additionalProperties")) continue;
            const Json& others = schema["additionalProperties"];
            if (others.is_boolean() ? !others.get<bool>() : !valid(others, item.value())) return false;
        }
        return true;
    }

    bool valid(const Json& schema, const Json& value) const {
        for (const auto& item : schema.items())
            if (!keyword(item.key(), item.value(), value)) return false;
        return !value.is_object() || object_valid(schema, value);
    }

    bool keyword(const std::string& key, const Json& argument, const Json& value) const {
        if (key == "$ref") {
            const auto name = argument.get<std::string>().substr(std::string("#/$defs/").size());
            return valid(root_.at("$defs").at(name), value);
        }
        if (key == "type") return is_type(argument, value);
        if (key == "enum") return contains(argument, value);
        if (key == "const") return argument == value;
        if (key == "anyOf")
            return std::any_of(argument.begin(), argument.end(), [&](const Json& one) { return valid(one, value); });
        if (key == "required")
            return !value.is_object() || std::all_of(argument.begin(), argument.end(), [&](const Json& name) {
                return value.contains(name.get<std::string>());
            });
        if (key == "items")
            return !value.is_array() ||
                   std::all_of(value.begin(), value.end(), [&](const Json& one) { return valid(argument, one); });
        if (key == "minItems") return !value.is_array() || value.size() >= argument.get<std::size_t>();
        if (key == "minLength")
            return !value.is_string() || value.get<std::string>().size() >= argument.get<std::size_t>();
        if (key == "minimum") return !value.is_number() || value.get<double>() >= argument.get<double>();
        if (key == "maximum") return !value.is_number() || value.get<double>() <= argument.get<double>();
        if (key == "exclusiveMinimum") return !value.is_number() || value.get<double>() > argument.get<double>();
        if (key == "pattern") {
            // The only pattern in use; std::regex would not compile without warnings under every sanitizer.
            if (argument != R"(^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}:\d{2})?$)") throw std::logic_error("unknown pattern");
            return !value.is_string() || has_date_shape(value.get<std::string>());
        }
        const bool annotation = key == "description" || key == "title" || key == "$schema" || key == "$defs";
        if (annotation || key == "properties" || key == "additionalProperties") return true;
        throw std::logic_error("schema keyword " + key + " is not checked");
    }

    Json root_;
};

}  // namespace mmm::test
