// Mutations of JSON documents that know JSON: types, extreme numbers, odd strings, keys in wrong places.
#pragma once

#include <string>
#include <vector>

#include "core/model/json.hpp"
#include "fuzz_support.hpp"

namespace mmm::fuzz {

inline double odd_number(Dice& dice) {
    static const std::vector<double> odd = {0,
                                            -0.0,
                                            1,
                                            -1,
                                            0.5,
                                            2,
                                            1e-300,
                                            5e-324,
                                            -5e-324,
                                            1e300,
                                            1e308,
                                            -1e308,
                                            1.7976931348623157e308,
                                            0.1,
                                            1e-16,
                                            1 - 1e-16,
                                            1e6,
                                            1e15,
                                            9007199254740993.0,
                                            9.3e18,
                                            1.9e19,
                                            -9.3e18,
                                            1000000.5};
    return dice.chance(0.7) ? dice.pick(odd) : 20 * dice.uniform() - 10;
}

inline std::string odd_string(Dice& dice) {
    static const std::vector<std::string> odd = {"",
                                                 "tv",
                                                 "week",
                                                 "sales",
                                                 "normal",
                                                 "geometric",
                                                 "hill",
                                                 "none",
                                                 "linear",
                                                 "positive",
                                                 "year",
                                                 "2024-02-29",
                                                 "2024-02-30",
                                                 "0000-01-01",
                                                 "9999-12-31",
                                                 "a.b.c",
                                                 ".",
                                                 "..",
                                                 "price",
                                                 "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80",
                                                 std::string("a\0b", 3),
                                                 "\"\\\n\t",
                                                 "media.tv.adstock.alpha",
                                                 "roi",
                                                 "contribution",
                                                 "gamma",
                                                 "total_paid_share",
                                                 "default",
                                                 "meridian",
                                                 "max",
                                                 "9223372036854775808",
                                                 "'; DROP TABLE x; --",
                                                 "%s%n%d"};
    if (!dice.chance(0.1)) return dice.pick(odd);
    std::string text;
    for (std::size_t n = dice.below(300); n > 0; --n)
        text += dice.chance(0.2) ? "\xE2\x82\xAC" : std::string(1, static_cast<char>('a' + dice.below(26)));
    return text;
}

inline Json odd_value(Dice& dice, int depth = 0) {
    switch (dice.below(depth > 3 ? 6 : 9)) {
        case 0: return nullptr;
        case 1: return dice.chance(0.5);
        case 2: return static_cast<std::int64_t>(dice.below(5000)) - 1000;
        case 3:
            return dice.chance(0.5) ? Json(INT64_MIN + static_cast<std::int64_t>(dice.below(3)))
                                    : Json(UINT64_MAX - dice.below(3));
        case 4: return odd_number(dice);
        case 5: return odd_string(dice);
        case 6: {
            Json list = Json::array();
            for (std::size_t n = dice.below(4); n > 0; --n) list.push_back(odd_value(dice, depth + 1));
            return list;
        }
        case 7: {
            Json object = Json::object();
            for (std::size_t n = dice.below(4); n > 0; --n) object[odd_string(dice)] = odd_value(dice, depth + 1);
            return object;
        }
        default: {
            Json nest = 1;
            for (std::size_t n = dice.below(80); n > 0; --n)
                nest = dice.chance(0.5) ? Json::array({nest}) : Json{{"a", nest}};
            return nest;
        }
    }
}

// Every node, the root included.
inline void collect(Json& value, std::vector<Json*>& nodes) {
    nodes.push_back(&value);
    if (value.is_structured())
        for (auto& child : value) collect(child, nodes);
}

// One random change; `vocabulary` are keys that mean something somewhere, `parts` values that do.
inline void mutate(Json& document, const std::vector<std::string>& vocabulary, const std::vector<Json>& parts,
                   Dice& dice) {
    std::vector<Json*> nodes;
    collect(document, nodes);
    Json& node = *dice.pick(nodes);
    const std::string key = dice.chance(0.8) ? dice.pick(vocabulary) : odd_string(dice);
    switch (dice.below(8)) {
        case 0: node = odd_value(dice); return;
        case 1: node = dice.pick(parts); return;
        case 2: node = Json(*dice.pick(nodes)); return;
        case 3:
            if (node.is_number()) node = odd_number(dice);
            return;
        case 4:
            if (node.is_object() && !node.empty())
                node.erase(std::next(node.begin(), static_cast<std::ptrdiff_t>(dice.below(node.size()))).key());
            return;
        case 5:
            if (node.is_object()) node[key] = dice.chance(0.5) ? odd_value(dice) : dice.pick(parts);
            return;
        case 6:
            if (node.is_object()) node[key] = odd_number(dice);
            return;
        default:
            if (node.is_array())
                node.push_back(dice.chance(0.5) || node.empty() ? odd_value(dice)
                                                                : Json(node[dice.below(node.size())]));
    }
}

}  // namespace mmm::fuzz
