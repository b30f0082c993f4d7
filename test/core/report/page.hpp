// A report read back as a document, for tests of what it says.
#pragma once

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>

#include <functional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace mmm::test {

using Element = boost::property_tree::ptree;

// Throws where the page is not well-formed XML.
inline Element parsed(const std::string& page) {
    std::istringstream stream(page);
    Element document;
    boost::property_tree::read_xml(stream, document);
    return document;
}

// Every element with its name, parents first.
inline void walk(const Element& element, const std::function<void(const std::string&, const Element&)>& visit) {
    for (const auto& [name, child] : element) {
        if (name.front() == '<') continue;
        visit(name, child);
        walk(child, visit);
    }
}

inline std::string attribute(const Element& element, const std::string& name) {
    return element.get<std::string>(Element::path_type("<xmlattr>/" + name, '/'), "");
}

inline std::string text_of(const Element& element) {
    std::string text = element.data();
    for (const auto& [name, child] : element)
        if (name != "<xmlattr>" && name != "style") text += " " + text_of(child);
    return text;
}

// The exact numbers behind those shown.
inline std::set<std::string> data_values(const Element& document) {
    std::set<std::string> values;
    walk(document, [&](const std::string& name, const Element& element) {
        if (name == "data") values.insert(attribute(element, "value"));
    });
    return values;
}

inline std::vector<std::string> section_ids(const Element& document) {
    std::vector<std::string> ids;
    walk(document, [&](const std::string& name, const Element& element) {
        if (name == "section") ids.push_back(attribute(element, "id"));
    });
    return ids;
}

}  // namespace mmm::test
