// A good table to damage, and what is found in it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "core/api.hpp"
#include "core/model/json.hpp"
#include "support/tables.hpp"

namespace mmm::test {

inline const char* const good_document = R"({"time": "week", "kpi": "sales", "media": {"tv": "tv",
    "web": {"spend": "web", "exposure": "clicks"}}, "controls": ["rain"], "seasonality": false, "trend": "none",
    "simulate": {"periods": 60, "start": "2024-01-01"}})";

inline SpecificationPtr specification_with(const std::string& rest) {
    Json json = Json::parse(good_document);
    json.update(Json::parse("{" + rest + "}"));
    return parse_specification(json.dump());
}

inline TableColumn& column(Table& table, const std::string& name) {
    return *std::find_if(table.columns.begin(), table.columns.end(), [&](const auto& c) { return c.name == name; });
}

// So that no cost stands out by chance, or for clicks that a test made up.
inline void pay_the_same_for_each_click(Table& table) {
    for (std::size_t t = 0; t < table.rows(); ++t) column(table, "web").values[t] = 0.01 * column(table, "clicks").values[t];
}

inline Table good() {
    Table table = simulated_table(good_document, 1);
    pay_the_same_for_each_click(table);
    return table;
}

inline std::string text(const Finding& f) {
    return f.severity + " " + f.code + " " + f.field + ": " + f.message + " | " + f.hint;
}

// The mean of `x`, and a column of its variance around 0 without correlation with it.
inline std::pair<double, std::vector<double>> uncorrelated_with(const std::vector<double>& x) {
    const auto n = static_cast<Eigen::Index>(x.size());
    const Vec values = Eigen::Map<const Vec>(x.data(), n);
    const Vec centred = values.array() - values.mean();
    Vec e(n);
    for (Eigen::Index i = 0; i < n; ++i) e[i] = std::sin(static_cast<double>(i * i));
    e.array() -= e.mean();
    e -= centred * (centred.dot(e) / centred.squaredNorm());
    e *= centred.norm() / e.norm();
    return {values.mean(), {e.begin(), e.end()}};
}

inline std::vector<std::string> codes_of(const std::vector<Finding>& findings) {
    std::vector<std::string> codes;
    for (const auto& finding : findings) codes.push_back(finding.severity + " " + finding.code + " " + finding.field);
    return codes;
}

// `rest`: keys that the specification has besides, or instead of, those of the good one.
inline void expect_findings(const Table& table, const std::vector<std::string>& expected,
                            const std::string& rest = "") {
    std::vector<std::string> found;
    for (const auto& finding : validate(*specification_with(rest), table, Host{})) found.push_back(text(finding));
    EXPECT_EQ(found, expected);
}

}  // namespace mmm::test
